/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ran beside the floods of a scenario's curve, over its executions. */
#ifndef BENCH_SCENARIO_STRESS_H
#define BENCH_SCENARIO_STRESS_H

#include "scenario.h"

enum stress_metric {
	STRESS_OFFLINE,
	STRESS_ONLINE,
	STRESS_STAT_READ,
	STRESS_COUNTER_READ,
	STRESS_COUNTER_FOLD,
	STRESS_MOVE,
	STRESS_METRICS
};

/* One percentile of it, over blocks. */
struct spread scenario_stress_spread(const struct scenario *scenario,
				     size_t curve, enum stress_metric metric,
				     enum report_percentile percentile);

/* A step of the kernel's, its mean over all operations of a curve. */
struct scenario_step {
	const char *name;
	uint64_t count;
	double mean_ns;
};

#define SCENARIO_STEPS_MAX 256

/* The slowest first; how many there are, `most` at most. */
size_t scenario_steps(const struct scenario *scenario, size_t curve,
		      enum report_direction direction,
		      struct scenario_step *step, size_t most);

#endif
