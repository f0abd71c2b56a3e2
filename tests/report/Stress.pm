# SPDX-License-Identifier: GPL-2.0-or-later
#
# SYNTHETIC TEST DATA, as all of tests/report/synthetic: what ran beside the
# flood of its points, and their timelines.

package Stress;
use strict;
use warnings;
use JSON::PP;

# Sections of their own: three reads with and without pressure, both arms with
# everything, both arms with a line that moves.
sub plan {
	my @plan;

	for my $read (qw(inside hoisted lockless)) {
		push @plan, { section => 'locks', arm => 'pci23',
			hotplug => 'others', counter => $read,
			pressure => $_ } for 0, 1;
	}
	for my $arm (qw(pci23 line)) {
		push @plan, { section => 'all', arm => $arm,
			hotplug => 'irq', counter => 'hoisted', pressure => 1 };
		push @plan, { section => 'moved', arm => $arm, move => $_ }
			for 0, 1000;
	}
	$_->{rate_hz} = 1000, $_->{service_ns} = 10000 for @plan;
	return sort { $a->{section} cmp $b->{section} } @plan;
}

my %cost = (inside => 1.0, hoisted => 1.1, lockless => 0.7);

# How long one operation takes; hoisted takes a little longer, as does pressure.
sub operation_ns {
	my ($point, $online) = @_;

	return ($online ? 75e6 : 95e6) * $cost{$point->{counter}} *
		($point->{pressure} ? 1.3 : 1);
}

sub brief {
	my ($mean) = @_;

	return { count => 20, mean_ns => $mean, p50_ns => int($mean),
		p99_ns => int(1.5 * $mean), max_ns => int(2 * $mean) };
}

sub states {
	my ($point) = @_;
	my @names = qw(offline create:threads perf:prepare mm/page_alloc:dead
		RCU/tree:prepare sched:waitempty smpboot/threads:online
		workqueue:online sched:active);
	my @states;

	for my $i (0 .. $#names) {
		my %state = (state => $i, name => $names[$i]);

		$state{offline} = brief(operation_ns($point, 0) / (2 << $i));
		$state{online} = brief(operation_ns($point, 1) / (3 << $i))
			if $i != 5;
		push @states, \%state;
	}
	return \@states;
}

# metric: the record's, by name, block, median and tail.
sub put {
	my ($point, $metric, $failed) = @_;
	my $block = $point->{block};

	delete $point->{move} unless $point->{move};
	return unless $point->{hotplug} || $point->{move};
	$point->{flooded_ns} = 2500000000;
	$point->{timeline} = "timeline/p$point->{point}-b$block.json";
	my $choice = delete $point->{hotplug};
	my $read = delete $point->{counter};
	my $pressure = delete $point->{pressure};
	my $rate = delete $point->{move};

	if ($choice) {
		my %how = (counter => $read, pressure => $pressure);
		$point->{hotplug} = { choice => $choice, cpus => [2, 3],
			interval_ms => 0, cycles_asked => 10, cycles => 10,
			failed_offline => $failed ? 1 : 0, failed_online => 0,
			offline_asserted => 4,
			not_back => [], repinned => 10, reaimed => 3,
			strayed => 0, untraced => 0, trace_lost => 0,
			offline => $metric->('o', $block, operation_ns(\%how, 0),
				1.5 * operation_ns(\%how, 0)),
			online => $metric->('o', $block, operation_ns(\%how, 1),
				1.5 * operation_ns(\%how, 1)),
			states => states(\%how) };
		$point->{counter} = { read => $read, readers => 2, added => 5000,
			sum => 5000, reads => 12345, backwards => 0,
			blocked => $read eq 'inside' ? 7 : 0,
			folds => $read eq 'lockless' ? 0 : 10,
			reading => $metric->('r', $block, 900 * $cost{$read},
				9000 * $cost{$read}) };
		$point->{counter}{folding} = $metric->('f', $block, 5e3, 8e3)
			unless $read eq 'lockless';
	}
	if ($pressure) {
		$point->{pressure_reached} = JSON::PP::true;
		$point->{pressure} = { work => ['fault'], readers => 1,
			length_ns => 4000000000, max_bytes => 67108864,
			high_bytes => 58720256, events => { low => 0,
				high => 1234, max => 56, oom => 1,
				oom_kill => 1 },
			some_us => 1000000, full_us => 400000, restarts => 0,
			memory_stat_read => $metric->('s', $block, 80e3, 3e6) };
	}
	if ($rate) {
		$point->{move_irq} = { rate_hz => $rate, cpus => [0, 1, 2, 3],
			moves => 2490, failed => 0, missed => 10,
			moving => $metric->('m', $block, 12e3, 60e3) };
	}
}

# One cycle after the other; what is late is so while a CPU goes.
sub timeline {
	my ($point) = @_;
	my $start = $point->{started_ns};
	my %columns = map { $_ => [] } qw(start_ns end_ns cpu direction errno);
	my %timeline = (schema => 'intxbench-timeline/1',
		started_ns => $start, flooded_ns => 2500000000,
		window_ns => 100000000);
	my %how = (counter => ($point->{counter} // {})->{read} // 'lockless',
		pressure => $point->{pressure} ? 1 : 0);

	if ($point->{hotplug}) {
		my $now = $start + 10e6;

		for my $i (0 .. 19) {
			my $took = operation_ns(\%how, $i % 2);

			push @{$columns{start_ns}}, int($now);
			push @{$columns{end_ns}}, int($now + $took);
			push @{$columns{cpu}}, 2 + int($i / 2) % 2;
			push @{$columns{direction}}, $i % 2 ? 'online' :
				'offline';
			push @{$columns{errno}}, 0;
			$now += $took + 20e6;
		}
		$timeline{hotplug} = { %columns, dropped => 0 };
	}
	if ($how{pressure}) {
		my @time = map { $start - 200000000 + $_ * 100000000 } 0 .. 27;
		my @some = map { $_ * 45000 + ($_ % 3) * 20000 } 0 .. 27;

		$timeline{pressure} = { dropped => 0, time_ns => \@time,
			current_bytes => [(58720256) x 28], some_us => \@some,
			full_us => [map { int($_ / 2) } @some] };
	}
	$timeline{assert_to_entry} = [map { function($_, $start) }
		@{$point->{functions}}];
	return \%timeline;
}

sub function {
	my ($function, $start) = @_;
	my $base = $function->{role} eq 'target' ? 40e3 : 60e3;
	my @windows = 1 .. 24;

	return { name => $function->{name},
		end_ns => [map { $start + $_ * 100000000 } @windows],
		count => [(100) x 24],
		mean_ns => [map { $base * (1 + ($_ % 4) / 2) } @windows],
		highest_ns => [map { int($base * (5 + 100 * ($_ % 2))) }
			@windows] };
}

1;
