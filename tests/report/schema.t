#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
#
# results/schema/run.schema.json accepts records as they are specified and
# refuses each of a list of broken ones. Needs python3-jsonschema.

use strict;
use warnings;
use FindBin qw($Bin);
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

my $directory = tempdir(CLEANUP => 1);
my $json = JSON::PP->new->utf8->canonical;

sub read_record {
	open(my $in, '<', $_[0]) or die "$_[0]: $!";
	local $/;
	return $json->decode(<$in>);
}

sub validate {
	my $files = join(' ', map { qq("$_") } @_);
	my $said = qx("$Bin/validate" $files 2>&1);

	return ($? >> 8, $said);
}

for my $change ('', qw(one-arm no-neighbours failed skipped interrupted
		not-restored hostile unknown-host many-neighbours old placed faulty stress)) {
	system("$Bin/synthetic", "$directory/good", $change || ()) and
		die "synthetic failed";
	my ($status, $said) = validate("$directory/good/run.json");
	is($status, 0, 'accepted: ' . ($change || 'as it should be')) or
		diag($said);
}

# Each breaks one thing and says where it must be found.
my @broken = (
	['another schema', sub { $_[0]{schema} = 'intxbench/2' }, 'schema'],
	['no run_id', sub { delete $_[0]{run_id} }, 'run_id'],
	['a field nobody knows', sub { $_[0]{colour} = 'red' }, 'colour'],
	['a verdict nobody knows', sub { $_[0]{verdict} = 'good' }, 'verdict'],
	['a number as text', sub { $_[0]{job}{seed} = '42' }, 'seed'],
	['a negative count', sub { $_[0]{counts}{fail} = -1 }, 'fail'],
	['a local time', sub { $_[0]{started_utc} = '2026-01-01 12:00' },
		'started_utc'],
	['an unknown arm', sub { $_[0]{points}[0]{arm} = 'magic' }, 'arm'],
	['a failure without a reason',
		sub { $_[0]{points}[0]{verdict} = 'fail' }, 'reasons'],
	['a pass with a reason',
		sub { $_[0]{points}[0]{reasons} = ['but'] }, 'reasons'],
	['a pass that never started',
		sub { delete $_[0]{points}[0]{started_ns} }, 'started_ns'],
	['an account that lacks a column', sub {
		delete $_[0]{points}[0]{functions}[0]{accounting}{lost} },
		'lost'],
	['a metric without values', sub {
		$_[0]{points}[0]{functions}[0]{metrics}{mask}{count} = 0 },
		'count'],
	['a metric nobody knows', sub {
		$_[0]{points}[0]{functions}[0]{metrics}{speed} =
			$_[0]{points}[0]{functions}[0]{metrics}{mask} },
		'speed'],
	['a neighbour that masks', sub {
		$_[0]{points}[-1]{functions}[1]{metrics}{mask} =
			$_[0]{points}[-1]{functions}[0]{metrics}{mask} },
		'mask'],
	['a target without its counters', sub {
		delete $_[0]{points}[0]{functions}[0]{target} }, 'target'],
	['a policy nobody knows',
		sub { $_[0]{placement}{policies}{irq} = 'anywhere' }, 'irq'],
	['a line that is nowhere',
		sub { $_[0]{placement}{policies}{irq} = 'none' }, 'irq'],
	['a guest without a vCPU',
		sub { $_[0]{placement}{vcpu_cpus} = [] }, 'vcpu_cpus'],
	['a seat without a CPU',
		sub { delete $_[0]{placement}{seats}[1]{cpu} }, 'cpu'],
	['a pass with a fault of the kernel', sub {
		$_[0]{points}[0]{kernel_faults} = [{ kind => 'warn',
			text => 'WARNING: ', log_us => 1, seen_ns => 1 }] },
		'kernel_faults'],
	['a pass with lines missing', sub {
		$_[0]{points}[0]{kernel_log_overruns} = 1 },
		'kernel_log_overruns'],
	['a fault without a time', sub {
		$_[0]{kernel_faults} = [{ kind => 'warn', text => 'WARNING: ',
			seen_ns => 1 }] }, 'log_us'],
	['no address', sub { $_[0]{line}{functions}[0]{address} = '4.0' },
		'address'],
);

sub refuse {
	my ($what, $break, $where) = @_;
	my $record = read_record("$directory/good/run.json");

	$break->($record);
	open(my $out, '>', "$directory/broken.json") or die "broken.json: $!";
	print $out $json->encode($record);
	close($out) or die "broken.json: $!";
	my ($status, $said) = validate("$directory/broken.json");
	is($status, 1, "refused: $what");
	like($said, qr/\Q$where\E/, "... at $where");
}

system("$Bin/synthetic", "$directory/good") and die "synthetic failed";
refuse(@$_) for @broken;

sub first { return (grep { $_->{$_[1]} } @{$_[0]{points}})[0] }

# The same of a record in which something ran beside the flood.
my @beside = (
	['a pass without its pressure', sub {
		first($_[0], 'pressure')->{pressure_reached} =
			JSON::PP::false }, 'pressure_reached'],
	['pressure that is not said to be reached', sub {
		delete first($_[0], 'pressure')->{pressure_reached} },
		'pressure_reached'],
	['a choice nobody knows', sub {
		first($_[0], 'hotplug')->{hotplug}{choice} = 'all' }, 'choice'],
	['hotplug without its timeline', sub {
		delete first($_[0], 'hotplug')->{timeline} }, 'timeline'],
	['a timeline elsewhere', sub {
		first($_[0], 'hotplug')->{timeline} = '../x.json' },
		'timeline'],
	['a read nobody knows', sub {
		first($_[0], 'counter')->{counter}{read} = 'outside' }, 'read'],
	['a counter without its sum', sub {
		delete first($_[0], 'counter')->{counter}{sum} }, 'sum'],
	['a line that moves on one CPU', sub {
		first($_[0], 'move_irq')->{move_irq}{cpus} = [1] }, 'cpus'],
);

system("$Bin/synthetic", "$directory/good", 'stress') and
	die "synthetic failed";
refuse(@$_) for @beside;

my ($status, $said) = validate(glob("$directory/good/timeline/*.json"));
is($status, 0, 'accepted: timelines') or diag($said);

done_testing();
