/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The points of a job and the order in which they run. Pure. */
#ifndef BENCH_PLAN_H
#define BENCH_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "job.h"

struct plan_point {
	const struct job_points *section;
	uint32_t arm;
	uint32_t rate_hz;
	uint64_t service_ns;
	uint32_t mask_hz; /* the guest toggles its INTx mask; 0: never */
	enum mask_order mask_order;
	struct stress stress;
};

/* One execution of a point. */
struct plan_step {
	uint32_t block; /* 0.. */
	uint32_t point; /* index into plan.point */
};

struct plan {
	struct plan_point *point;
	size_t points;
	struct plan_step *step; /* points * blocks, block after block, each
				 * block a permutation of all points */
	size_t steps;
	uint64_t seed;
};

/* Same job and seed, same plan, on any machine. Returns 0 or -ENOMEM. */
int plan_build(const struct job *job, uint64_t seed, struct plan *plan);
void plan_free(struct plan *plan);

/* splitmix64: next number of the sequence that *state walks. */
uint64_t plan_random(uint64_t *state);

#endif
