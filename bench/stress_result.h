/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came of what ran beside a point's flood. */
#ifndef BENCH_STRESS_RESULT_H
#define BENCH_STRESS_RESULT_H

#include "counter.h"
#include "hotplug.h"
#include "irq_mover.h"
#include "latency_track.h"
#include "pressure.h"
#include "stress_cpus.h"

#define STRESS_WHY_MAX 256

/* Each part is there if its `ran` is set. */
struct stress_result {
	uint64_t flooded_ns; /* how long the flood was on in the end */

	struct {
		bool ran;
		struct stress_cpus cpus;
		bool asserted_known; /* result.asserted says something */
		struct hotplug_result result;
		struct stress_cpus not_back; /* offline though all is over */
	} hotplug;

	struct {
		bool ran;
		uint64_t begun_ns, length_ns; /* CLOCK_MONOTONIC */
		struct pressure_result result;
	} pressure;

	struct {
		bool ran;
		char why[STRESS_WHY_MAX]; /* of one that could not be read; "" */
		struct counter_result result;
	} counter;

	struct {
		bool ran;
		struct stress_cpus cpus;
		struct irq_mover_result result;
	} move;

	struct latency_track track; /* where any of them ran */
};

/* What it holds; all 0 is fine, and so is twice. */
void stress_result_free(struct stress_result *result);

#endif
