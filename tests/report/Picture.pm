# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is on a picture: enough of PNG (W3C PNG, sections 7 to 9) to count the
# pixels of a colour, 8 bits per sample, not interlaced.

package Picture;

use strict;
use warnings;
use Compress::Zlib;

sub paeth {
	my ($left, $above, $corner) = @_;
	my $guess = $left + $above - $corner;
	my @distance = map { abs($guess - $_) } $left, $above, $corner;

	return $left if $distance[0] <= $distance[1] &&
		$distance[0] <= $distance[2];
	return $distance[1] <= $distance[2] ? $above : $corner;
}

# Undo one row's filter; $above is the row before, without its filter.
sub row {
	my ($type, $row, $above, $bytes) = @_;

	for my $i (0 .. $#$row) {
		my $left = $i >= $bytes ? $row->[$i - $bytes] : 0;
		my $corner = $i >= $bytes ? $above->[$i - $bytes] : 0;
		my @add = (0, $left, $above->[$i],
			($left + $above->[$i]) >> 1);

		push @add, paeth($left, $above->[$i], $corner) if $type == 4;
		$row->[$i] = ($row->[$i] + $add[$type]) & 255;
	}
}

# (width, height, {'rrggbb' => pixels})
sub colours {
	my ($path) = @_;
	my ($data, %colour, $width, $height, $depth, $type) = ('');

	open(my $in, '<:raw', $path) or die "$path: $!";
	local $/;
	my $png = <$in>;
	die "$path: no PNG" unless $png =~ s/^\x89PNG\r\n\x1a\n//;
	while (length $png) {
		my ($length, $name) = unpack('Na4', $png);
		my $chunk = substr($png, 8, $length);

		($width, $height, $depth, $type) = unpack('NNCC', $chunk)
			if $name eq 'IHDR';
		$data .= $chunk if $name eq 'IDAT';
		$png = substr($png, 12 + $length);
	}
	my $bytes = { 2 => 3, 6 => 4 }->{$type};
	die "$path: not 8 bit RGB" unless $depth == 8 && $bytes;
	$data = uncompress($data);
	my $above = [(0) x ($bytes * $width)];
	for my $y (0 .. $height - 1) {
		my ($filter, @row) = unpack('C*', substr($data,
			$y * ($bytes * $width + 1), $bytes * $width + 1));

		row($filter, \@row, $above, $bytes);
		$colour{sprintf('%02x%02x%02x',
			@row[$bytes * $_ .. $bytes * $_ + 2])}++
			for 0 .. $width - 1;
		$above = \@row;
	}
	return ($width, $height, \%colour);
}

1;
