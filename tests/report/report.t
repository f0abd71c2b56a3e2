#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-or-later
#
# `intxbench report` on synthetic records: the numbers of the summary, what is
# on the figures, and what becomes of bad input. `make report-tests` builds the
# program.

use strict;
use warnings;
use FindBin qw($Bin);
use lib $Bin;
use File::Copy;
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use JSON::PP;
use Picture;
use Test::More;

$ENV{LC_ALL} = 'C';
my $program = "$Bin/build/intxbench";
-x $program or BAIL_OUT("$program is not there: make report-tests");
my $scripts = $ENV{INTXBENCH_PLOTS} = "$Bin/../../plots";
my $directory = tempdir(CLEANUP => 1);
my $pci23 = '0072b2';
my $line = 'd55e00';

sub slurp {
	open(my $in, '<', $_[0]) or return "cannot read $_[0]: $!";
	local $/;
	return <$in> // '';
}

sub record {
	my ($name, @changes) = @_;

	remove_tree("$directory/$name");
	system("$Bin/synthetic", "$directory/$name", @changes) and
		die "synthetic failed";
	return "$directory/$name";
}

# Runs `intxbench report` by way of @by; (status, stdout, stderr).
sub report_by {
	my ($by, @arguments) = @_;
	my $pid = fork() // die "fork: $!";

	if (!$pid) {
		open(STDOUT, '>', "$directory/stdout") or die;
		open(STDERR, '>', "$directory/stderr") or die;
		exec(@$by, $program, 'report', @arguments) or exit(99);
	}
	waitpid($pid, 0);
	return ($? & 127 ? 1000 + $? : $? >> 8, slurp("$directory/stdout"),
		slurp("$directory/stderr"));
}

sub report { return report_by([], @_) }

sub drafts { return glob("$_[0]/.*.draft $_[0]/plots/.*.draft") }

sub refused {
	my ($what, $got, $status, $message) = @_;

	is($got->[0], $status, "$what: exit status $status") or
		diag($got->[2]);
	like($got->[2], $message, "$what: says so");
	is(($got->[2] =~ tr/\n//), 1, "$what: in one line") or diag($got->[2]);
}

sub too_wide { return grep { length > 72 } split(/\n/, $_[0]) }

# What matches whole lines of these words, however they were broken.
sub spaced {
	my $words = join('\s+', map { quotemeta } split(/ /, $_[0]));

	return qr/^$words$/m;
}

sub coloured {
	my ($path, $colour) = @_;
	my (undef, undef, $count) = Picture::colours($path);

	return $count->{$colour} // 0;
}

subtest 'the summary of a good record' => sub {
	my $run = record('good');
	my ($status, $out, $err) = report($run);
	my $summary = slurp("$run/summary.txt");

	is($status, 0, 'exit status') or diag($err);
	is($err, '', 'nothing on stderr');
	is(index($out, $summary), 0, 'stdout begins with summary.txt');
	like($summary, qr/\APASS: 42 executed, 42 passed, 0 failed; 0 skipped, 0 not run\n/,
		'verdict first');
	is_deeply([too_wide($summary)], [], 'in 72 columns');
	like($summary, qr/^Question  SYNTHETIC TEST DATA: while/m, 'question');
	like($summary, qr/^CPUs +flood 0, interrupt 1, guest 2 \(spread\)$/m,
		'placement');
	like($summary, qr/^Guest     thread, chosen by the run: a KVM guest cannot be had here:\n {10}there is no \/dev\/kvm$/m,
		'guest');
	like($summary, qr/locked \(neighbour\): 0000:00:08.0, 8086:100e, e1000/,
		'line');
	like($summary, qr/^  locked +p50  pci23 +60\.0 us -> 60\.0 us  \(x 1\)\n +line +60\.0 us -> 4\.86 ms  \(x 81\)$/m,
		'what became of the synchronised neighbour');
	like($summary, qr/^  free +p99  pci23 +110 us -> 110 us  \(x 1\)\n +line +110 us -> 5\.15 ms  \(x 46\.8\)$/m,
		'what became of the other, by its p99');
	like($summary, qr/^line\n(?: .*\n){3} +2 ms +1\.86 ms +2\.63 ms +60\.0 us +2\.00 ms +2\.15 ms +2\.80 ms$/m,
		'a row of medians over blocks');
	like($summary, qr/^ +1 ms 774 us\.\.1\.03 ms +1\.11\.\.1\.48 ms +54\.0\.\.72\.0 us 855 us\.\.1\.14 ms$/m,
		'a row of lowest and highest blocks');
	like($summary, qr/27000 asserts \(0 coalesced\): 0 lost, 0\s+duplicate, 0\s+spurious/,
		'accounting');
	unlike($summary, qr/no difference/, 'no claim of equality');
	like($summary, qr/^Seed      42: --set seed=42/m, 'seed');
	like($summary, qr/'points shared.arm=pci23, line' --set seed=42$/m,
		'command line, quoted');
};

subtest 'where the roles were' => sub {
	my ($status, $out, $err) = report(record('placed', 'placed'));

	is($status, 0, 'exit status') or diag($err);
	like($out, qr/^CPUs {6}flood 8, interrupt 3, guest 2,4-6, pressure 7,0-1 \(flood\n {10}other-numa, interrupt smt-sibling, guest explicit\):\n {10}IRQ and vCPU 0 share a core$/m,
		'role by role, and the note');
	($status, $out, $err) = report(record('old', 'old'));
	is($status, 0, 'an old record: exit status') or diag($err);
	like($out, qr/^CPUs +flood 0, interrupt 1, guest 2 \(spread\)$/m,
		'an old record');
};

subtest 'the figures of a good record' => sub {
	my $run = record('good');
	my ($status, $out, $err) = report("$run/run.json");
	my @names = qw(neighbour-latency latency-percentiles-shared-100hz
		latency-percentiles-arms-1000hz arm-cost);

	is($status, 0, 'exit status') or diag($err);
	for my $name (@names) {
		my $figure = "$run/plots/$name";
		my $text = slurp("$figure.txt");
		my $svg = slurp("$figure.svg");
		my ($width, $height) = Picture::colours("$figure.png");

		cmp_ok($width, '==', 900, "$name: as wide as it should be");
		cmp_ok($height, '>=', 600, "$name: and as high");
		cmp_ok(coloured("$figure.png", $pci23), '>', 200,
			"$name: drawn in colour") unless $name eq 'arm-cost';
		like($svg, qr{</svg>\s*\z}, "$name: SVG complete");
		like($svg, qr/20260101T120000Z-synthetic-testbed \| Linux 6\.1\.0-0-synthetic, qemu \(TCG\), clock tsc, 3 blocks x 3000 ms/,
			"$name: SVG's footer");
		is_deeply([too_wide($text)], [], "$name: text in 72 columns");
		unlike($text, qr/[^\n -~]/, "$name: plain ASCII");
		unlike($text, qr/ $/m, "$name: no blanks at line ends");
		like($text, qr/^20260101T120000Z-synthetic-testbed$/m,
			"$name: text's footer");
		like($out, qr{^\Q$figure\E\.$_$}m, "$name.$_ is announced")
			for qw(svg png txt);
		like(slurp("$figure.dat"), qr/\A# \Q$name\E, from the record 2026/,
			"$name: data says what it is");
	}
	is_deeply([drafts($run)], [], 'no drafts left');
	like(slurp("$run/summary.txt"),
		qr/neighbour-latency-arms-1000hz: no neighbours/,
		'the figure that cannot be drawn is named');
};

subtest 'the headline figure says it at a glance' => sub {
	my $run = record('good');
	my ($status) = report($run);
	my ($panel) = slurp("$run/plots/neighbour-latency.txt") =~
		/locked: periodic, 100 Hz, while the target is served\n(.*?)10 us/s;
	my @rows = map { /\|(.*)/ ? $1 : '' } split(/\n/, $panel // '');
	my ($highest_line) = grep { $rows[$_] =~ /l/ } 0 .. $#rows;
	my ($highest_pci23) = grep { $rows[$_] =~ /p/ } 0 .. $#rows;

	is($status, 0, 'exit status');
	cmp_ok($highest_pci23 - $highest_line, '>', 5,
		'line ends far above pci23');
	is(scalar(grep { /p/ } @rows), 1, 'pci23 is flat');
	is(($panel =~ tr/p//), 5, 'at five service times');
	is(($panel =~ tr/l//), 5, 'and so is line');
	is(scalar(() = slurp("$run/plots/neighbour-latency.svg") =~
		/service time of the target/g), 2, 'two panels');
	like(slurp("$run/plots/neighbour-latency.dat"),
		qr/^5000000 3888000 4860000 6318000 6830000$/m,
		'medians over blocks in the data');
};

subtest 'a blank figure would be seen' => sub {
	my $run = record('good');
	my $blank = "$directory/scripts";

	mkdir($blank);
	copy($_, $blank) for glob("$scripts/*.gp");
	my $style = slurp("$blank/style.gp");
	$style =~ s/#0072b2/#777777/g or die;
	open(my $out, '>', "$blank/style.gp") or die;
	print $out $style;
	close($out);
	local $ENV{INTXBENCH_PLOTS} = $blank;
	my ($status) = report($run);
	is($status, 0, 'exit status');
	is(coloured("$run/plots/neighbour-latency.png", $pci23), 0,
		'a curve that is not drawn is not counted');
	cmp_ok(coloured("$run/plots/neighbour-latency.png", $line), '>', 200,
		'the other is');
};

subtest 'records that lack data' => sub {
	my %lack = (
		'one-arm' => qr/arm-cost: a single arm/,
		'one-service' => qr/neighbour-latency-shared-100hz: a single service time/,
		'no-neighbours' => qr/neighbour-latency-shared-100hz: no neighbours/,
	);

	for my $change (sort keys %lack) {
		my $run = record($change, $change);
		my ($status, undef, $err) = report($run);
		my $missing = $change eq 'one-arm' ? 'arm-cost' :
			'neighbour-latency';

		is($status, 0, "$change: exit status") or diag($err);
		like(slurp("$run/summary.txt"), $lack{$change},
			"$change: told");
		is_deeply([glob("$run/plots/$missing*")], [],
			"$change: not drawn");
		ok(-s "$run/plots/latency-percentiles" .
			($change eq 'one-arm' ? '' : '-shared-100hz') . '.svg',
			"$change: what can be drawn is");
	}
	my $run = record('few', 'few-values');
	report($run);
	like(slurp("$run/summary.txt"), qr/ ~110 us/,
		'a p99 of 50 values is marked');
	unlike(slurp("$run/plots/latency-percentiles-arms-1000hz.dat"),
		qr/^100 /m, 'and not drawn');
	$run = record('one', 'one-block');
	report($run);
	unlike(slurp("$run/summary.txt"), qr/Lowest\.\.highest/,
		'one block has no spread');
	$run = record('unknown', 'unknown-host');
	my ($status) = report($run);
	is($status, 0, 'a host of which nothing is known');
	like(slurp("$run/summary.txt"), qr/^Kernel    Linux unknown/m,
		'is said to be unknown');
};

subtest 'memory is told where two executions can be compared' => sub {
	my $run = record('memory');
	report($run);
	like(slurp("$run/summary.txt"),
		spaced("Memory after the first execution, half of them and the last: the runner's "
			. "3.81 MiB, 3.72 MiB, then 3.81 MiB; the kernel's own "
			. "53.00 MiB, 55.00 MiB, then 54.00 MiB"),
		'runner and kernel');
	$run = record('memory-slabs', 'slabs-only');
	report($run);
	like(slurp("$run/summary.txt"),
		qr{kernel's\s+own\s+63.00 MiB,\s+65.00 MiB,\s+then\s+64.00 MiB},
		'slabs, where what is used of them is not known');
	$run = record('memory-old', 'old');
	report($run);
	my $summary = slurp("$run/summary.txt");
	like($summary, spaced("Memory after the first execution and the last: the runner's "
		. "3.81 MiB, then 3.81 MiB"), 'old records: the runner');
	unlike($summary, qr/kernel's own/, 'old records: nothing of the kernel');
};

subtest 'what went wrong is told' => sub {
	my $run = record('failed', 'failed');
	my ($status) = report($run);
	my $summary = slurp("$run/summary.txt");

	is($status, 0, 'report itself succeeds');
	like($summary, qr/\AFAIL: 42 executed, 41 passed, 1 failed;/, 'failed');
	like($summary, qr/^! +5 ms /m, 'the row is marked');
	like($summary, qr/3\s+lost, 0\s+duplicate, 12345\s+spurious/, 'account');
	like($summary, qr/- target: lost 3 of 300 asserts: the guest never saw them, and the\n +function was left pending after a drain of 1000 ms\n +- locked: 12345 spurious\n/,
		'reasons in full');
	like(slurp("$run/plots/arm-cost.svg"), qr/1 of 42 executions FAILED/,
		'on the figure too');
	$run = record('skipped', 'skipped');
	report($run);
	$summary = slurp("$run/summary.txt");
	like($summary, qr/39 executed, 39 passed, 0 failed; 3 skipped/,
		'skipped is not passed');
	like($summary, qr/- oneshot needs the line alone: ahci/, 'and why');
	$run = record('interrupted', 'interrupted', 'not-restored');
	report($run);
	$summary = slurp("$run/summary.txt");
	like($summary, qr/\AINTERRUPTED: .*22 not run\nThe run is not complete/,
		'interrupted');
	like($summary, qr/NOT RESTORED/, 'not restored');
};

subtest "the kernel's faults" => sub {
	my $run = record('faulty', 'faulty');
	my ($status, undef, $err) = report($run);
	my $summary = slurp("$run/summary.txt");

	is($status, 0, 'exit status') or diag($err);
	is_deeply([too_wide($summary)], [], 'in 72 columns');
	like($summary, qr/^  unbalanced-enable {12}1 {9}9\.500000  outside of the points\n {6}Unbalanced enable for IRQ 20$/m,
		'outside of the points');
	like($summary, qr/^  sleeping-in-atomic {11}2 {8}12\.250000  point 3, block 1\n {6}BUG: sleeping function called from invalid context at\n {6}kernel\/cpu\.c:62$/m,
		'in a point, the same twice');
	like($summary, qr/^  warn {25}1 {8}13\.000000  point 3, block 1$/m,
		'of another kind');
	like($summary, qr/^ +5 more, point 3, block 1$/m, 'more than are kept');
	like($summary, qr/overwritten before it was read: 1234\s+lines are\s+missing, point 3, block 1/,
		'and what is not known');
	report($run = record('good'));
	unlike(slurp("$run/summary.txt"), qr/Faults in/, 'no table without');
	($status, undef, $err) = report(record('old', 'old'));
	is($status, 0, 'an old record: exit status') or diag($err);
};

subtest 'names in a record are data' => sub {
	my $run = record('hostile', 'hostile');
	chdir($directory);
	my ($status, undef, $err) = report($run);

	is($status, 0, 'exit status') or diag($err);
	ok(!-e "$directory/pwned", 'nothing in them is run');
	is_deeply([grep { !/^[\w.-]+$/ } map { s{.*/}{}r }
		glob("$run/plots/*")], [], 'file names are harmless');
	like(slurp("$run/plots/neighbour-latency.txt"), qr/it's "x"; system/,
		'and they are shown as they are');
};

subtest 'options' => sub {
	my $run = record('options');
	my ($status, $out) = report('--json', '--no-plots', $run);
	my $json = decode_json($out);

	is($status, 0, '--json --no-plots');
	is($json->{verdict}, 'pass', 'verdict in JSON');
	is($json->{summary}, "$run/summary.txt", 'path in JSON');
	ok(!-e "$run/plots", 'no plots');
	($status, $out) = report('--json', $run);
	$json = decode_json($out);
	is(scalar(@{$json->{figures}}), 5, 'figures in JSON');
	ok(-s $_, "$_ is there")
		for map { @{$_->{files} // []} } @{$json->{figures}};
	($status, $out) = report('--help');
	is($status, 0, '--help');
	like($out, qr/\Ausage: intxbench report/, 'usage');
	refused('an unknown option', [report('--fast', $run)], 2, qr/--fast/);
	refused('no record', [report()], 2, qr/one RUN_DIR/);
	refused('two records', [report($run, $run)], 2, qr/not 2/);
};

subtest 'what ran beside the flood' => sub {
	my $run = record('stress', 'stress');
	my ($status, undef, $err) = report($run);
	my $summary = slurp("$run/summary.txt");
	my $dat = slurp("$run/plots/hotplug-latency-locks-1000hz.dat");

	is($status, 0, 'exit status') or diag($err);
	is_deeply([too_wide($summary)], [], 'in 72 columns');
	like($summary, qr/^pci23 no-pressure hoisted, others\n +30 +0 +0 +104 ms +157 ms +82\.5 ms +124 ms\n    offline offline 52\.2 ms, create:threads 26\.1 ms,/m,
		'cycles, latency and the slowest steps');
	like($summary, qr/^    INTx +asserted all the while in 12 of 30$/m,
		'how often an interrupt was in flight');
	like($summary, qr/^pci23 pressure hoisted\n +168 +3702 +3 +25\.0 % +10\.0 % +80\.0 us +3\.00 ms$/m,
		'pressure, stalls and memory.stat');
	like($summary, qr/^pci23 no-pressure inside\n +37035 +yes +0 +30 +900 ns +9\.00 us +5\.00 us +8\.00 us\n +21 reads found the hotplug lock taken/m,
		'the counter');
	like($summary, qr/^pci23 no-pressure lockless\n +37035 +yes +0 +0 +630 ns +6\.30 us +- +-$/m,
		'which folds nothing where it needs not to');
	like($summary, qr/holds the true\s+median in 75\.0 % /,
		'how sure three blocks are');
	like($summary, qr/^pci23 no-pressure hoisted over lockless\n +1\.57 \(1\.57\.\.1\.57\) +1\.57/m,
		"what the lock's place costs");
	like($summary, qr/^line moved-1000Hz\n +7470 +0 +30 +12\.0 us/m,
		'moves');
	like($dat, qr/^0 104500000 83600000 156750000$/m, 'medians in the data');
	for my $name (qw(hotplug-timeline-all-1000hz
			hotplug-latency-locks-1000hz hotplug-cycles)) {
		my $figure = "$run/plots/$name";
		my $text = slurp("$figure.txt");

		ok(-s "$figure.svg", "$name is drawn");
		is_deeply([too_wide($text)], [], "$name: text in 72 columns");
		unlike($text, qr/[^\n -~]/, "$name: plain ASCII");
	}
	my $figure = "$run/plots/hotplug-timeline-all-1000hz";
	cmp_ok(coloured("$figure.png", $line), '>', 500,
		'CPUs going are on the timeline');
	cmp_ok(coloured("$figure.png", $pci23), '>', 500, 'and coming');
	like(slurp("$figure.txt"), qr/pci23, hotplug irq, pressure, counter hoisted, block 0/,
		'and what a panel is');
	like(slurp("$figure.dat"), qr/^0\.010000 135850000 0\.135850$/m,
		'an operation in its data');
	ok(!-e "$run/plots/hotplug-timeline-moved-1000hz.svg",
		'none where no CPU goes');
	like(slurp("$run/plots/hotplug-cycles.txt"), qr/180 of 180/,
		'loss-free cycles');
};

subtest 'what ran beside the flood, and went wrong' => sub {
	my $run = record('late', 'stress', 'late');
	my ($status, undef, $err) = report($run);

	is($status, 0, 'exit status') or diag($err);
	like(slurp("$run/summary.txt"), qr/Failures\n +pci23, service 10 us, \[points all\] at 1 kHz, hotplug irq, pressure,\n    counter hoisted, block 0 \(point 0\):\n    - hotplug: 1 times a CPU/,
		'a failure says what ran');
	like(slurp("$run/plots/hotplug-cycles.dat"), qr/^1 20 10 2700$/m,
		'its cycles are not loss-free');
	$run = record('not-reached', 'stress', 'not-reached');
	($status, undef, $err) = report($run);
	is($status, 0, 'no pressure: exit status') or diag($err);
	like(slurp("$run/summary.txt"), qr/\APASS: 35 executed, 35 passed, 0 failed; 1 skipped/,
		'no pressure is no pass');
	$run = record('no-timeline', 'stress', 'no-timeline');
	($status, undef, $err) = report($run);
	is($status, 0, 'no timelines: exit status') or diag($err);
	is_deeply([glob("$run/plots/hotplug-timeline*")], [],
		'no timelines: not drawn');
	ok(-s "$run/plots/hotplug-cycles.svg", 'the others are');
};

subtest 'bad timelines' => sub {
	my @bad = (
		['not JSON', sub { substr($_[0], 0, 100) }, qr/not JSON/],
		['another schema', sub { $_[0] =~ s{timeline/1}{timeline/9}r },
			qr{schema "intxbench-timeline/9"}],
		['a short column', sub { $_[0] =~ s/"end_ns":\[\d+,/"end_ns":[/r },
			qr/23 rows, where 24 are expected|24 rows, where 23|19 rows, where 20/],
		['text for a number', sub {
			$_[0] =~ s/"some_us":\[\d+/"some_us":["x"/r },
			qr/not all of it are numbers/],
		['no functions', sub { $_[0] =~ s/assert_to_entry/entry/r },
			qr/assert_to_entry: missing/],
	);

	for my $case (@bad) {
		my $run = record('bad-timeline', 'stress');
		my $file = "$run/timeline/p0-b0.json";
		my $text = $case->[1]->(slurp($file));

		open(my $out, '>', $file) or die;
		print $out $text;
		close($out);
		refused($case->[0], [report($run)], 2, $case->[2]);
		is_deeply([drafts($run)], [], "$case->[0]: no drafts left");
	}
	my $run = record('elsewhere', 'stress');
	my $json = slurp("$run/run.json");

	$json =~ s{"timeline/p0-b0.json"}{"timeline/../../p0.json"} or die;
	open(my $out, '>', "$run/run.json") or die;
	print $out $json;
	close($out);
	refused('a timeline elsewhere', [report($run)], 2,
		qr{timeline "timeline/\.\./\.\./p0\.json", where timeline/FILE is expected});
};

# Each changes the text of a good run.json.
my @broken = (
	['an empty file', sub { '' }, qr/not JSON/],
	['half a file', sub { substr($_[0], 0, 5000) }, qr/not JSON: line \d+/],
	['an array', sub { '[]' }, qr/run\.json: not a JSON object/],
	['another schema', sub { $_[0] =~ s{intxbench/1}{intxbench/9}r },
		qr{schema "intxbench/9", where "intxbench/1" is expected}],
	['no schema', sub { $_[0] =~ s/"schema"/"scheme"/r },
		qr/run\.json: schema: missing/],
	['a missing field', sub { $_[0] =~ s/"service_ns"/"service"/r },
		qr/points\[0\]\.service_ns: missing/],
	['a missing percentile', sub { $_[0] =~ s/"p99_ns"/"p98_ns"/r },
		qr/points\[0\]\.functions\[0\]\.metrics\.\w+\.p99_ns: missing/],
	['text for a number', sub { $_[0] =~ s/("blocks" : )3/$1"3"/r },
		qr/job\.blocks: a string, where an integer is expected/],
	['a negative count', sub { $_[0] =~ s/("lost" : )0/$1-1/r },
		qr/accounting\.lost: negative/],
	['no vCPU', sub { $_[0] =~ s/("vcpu_cpus" : \[)\s+2\s+/$1/r },
		qr/placement\.vcpu_cpus: 0 CPUs, where 1 to 64 can be/],
	['an unknown verdict', sub { $_[0] =~ s/(\n {9}"verdict" : )"pass"/$1"ok"/r },
		qr/points\[\d+\]: verdict "ok", where pass, fail or skip is expected/],
	['an unknown role', sub { $_[0] =~ s/("rate_hz" : 1000,\s+"role" : )"target"/$1"boss"/r },
		qr/role "boss"/],
);

subtest 'bad records' => sub {
	for my $case (@broken) {
		my ($what, $break, $message) = @$case;
		my $run = record('broken');
		my $good = slurp("$run/run.json");
		my $text = $break->($good);

		ok($text ne $good, "$what: is broken");
		open(my $out, '>', "$run/run.json") or die;
		print $out $text;
		close($out);
		refused($what, [report($run)], 2, $message);
		is_deeply([glob("$run/*")], ["$run/run.json"],
			"$what: nothing is written");
	}
	refused('no such directory', [report("$directory/none")], 2,
		qr{cannot read \Q$directory\E/none: No such file});
	mkdir("$directory/empty");
	refused('a directory without a record', [report("$directory/empty")],
		2, qr{cannot read \Q$directory\E/empty/run.json: No such file});
	refused('another file', [report("$Bin/synthetic")], 2,
		qr/neither a run's directory nor its run.json/);
};

subtest 'what the machine cannot do' => sub {
	my $run = record('machine');

	symlink('/dev/full', "$run/.summary.txt.draft");
	refused('no space for the summary', [report($run)], 3,
		qr{cannot write \Q$run\E/summary.txt: No space left on device});
	is_deeply([glob("$run/*"), drafts($run)], ["$run/run.json"],
		'... and nothing is left');

	my $limit = 'trap "" XFSZ; ulimit -f 20; exec "$@"';
	refused('no room for a figure',
		[report_by(['bash', '-c', $limit, 'sh'], $run)], 3,
		qr{cannot write \Q$run\E/plots/neighbour-latency.svg: });
	is_deeply([drafts($run), glob("$run/plots/*.svg")], [],
		'... and no half of it is left');

	$run = record('machine');
	open(my $file, '>', "$run/plots") or die;
	close($file);
	refused('plots is a file', [report($run)], 3,
		qr{cannot write \Q$run\E/plots/\S+: Not a directory});
	ok(-s "$run/summary.txt", '... but there is a summary');

	$run = record('machine');
	{
		local $ENV{PATH} = '/nonexistent';
		refused('no gnuplot', [report($run)], 3,
			qr/gnuplot is not installed: apt-get install gnuplot-nox/);
	}
	is_deeply([drafts($run), glob("$run/plots/*.svg")], [],
		'... and no empty figure');

	mkdir("$directory/bad");
	copy($_, "$directory/bad") for glob("$scripts/*.gp");
	open($file, '>', "$directory/bad/style.gp") or die;
	print $file "nonsense here\n";
	close($file);
	local $ENV{INTXBENCH_PLOTS} = "$directory/bad";
	my ($status, undef, $err) = report($run);
	is($status, 3, 'gnuplot fails: exit status 3');
	like($err, qr/gnuplot failed on \S+neighbour-latency\.gp:.*nonsense/s,
		'... with what it said');
	$ENV{INTXBENCH_PLOTS} = "$directory/empty";
	refused('no scripts', [report($run)], 3,
		qr/no gnuplot scripts in INTXBENCH_PLOTS=/);
};

done_testing();
