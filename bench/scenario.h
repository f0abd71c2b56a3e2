/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be compared: the executions of one [points] section at one rate,
 * ordered by curve (arm) and service time. A table or figure shows one
 * scenario; blocks are pooled here and nowhere else.
 */
#ifndef BENCH_SCENARIO_H
#define BENCH_SCENARIO_H

#include <stddef.h>
#include <stdint.h>

#include "report.h"

#define SCENARIO_LABEL_MAX 96

/* What one colour stands for: the arm, and what else varies of path, guest,
 * the order of the guest's masking and what ran beside the flood. */
struct scenario_curve {
	const char *arm, *path, *guest, *order;
	const struct report_stress *stress; /* one execution's */
	char label[SCENARIO_LABEL_MAX];
};

struct scenario_run {
	const struct report_point *point;
	size_t curve, service;
};

struct scenario {
	const char *section;
	uint64_t rate_hz;
	struct scenario_curve *curve; /* in the job's order */
	size_t curves;
	uint64_t *service_ns; /* ascending */
	size_t services;
	const struct report_function **function; /* target first */
	size_t functions;
	struct scenario_run *run;
	size_t runs;
	double *scratch; /* of runs values */
};

struct scenarios {
	struct scenario *scenario; /* in the job's order */
	size_t count;
};

/* One metric's percentile over blocks. */
struct spread {
	size_t blocks; /* executions that have it; 0: none, the rest
				 * is undefined */
	double low_ns, median_ns, high_ns;
	uint64_t least_values; /* of any execution */
};

/* Which executions of a scenario, and what of them. */
struct scenario_query {
	size_t curve;
	size_t service; /* or SCENARIO_ALL */
	size_t function;
	enum report_metric_id metric;
	enum report_percentile percentile;
};

#define SCENARIO_ALL SIZE_MAX

/* The report must outlive it. Returns 0 or -ENOMEM. */
int scenarios_build(const struct report *report, struct scenarios *scenarios);
void scenarios_free(struct scenarios *scenarios);

/* Pass and fail count alike: a failed point was measured too. */
struct spread scenario_spread(const struct scenario *scenario,
			      const struct scenario_query *query);

/* The same of count values, which are sorted. */
struct spread spread_over(double *value, size_t count);

/* The function in one execution, NULL where it took no part. */
const struct report_function *
scenario_function_of(const struct scenario *scenario,
		     const struct scenario_run *run, size_t function);

#endif
