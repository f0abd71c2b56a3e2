/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flood's distribution as the table of gaps the module repeats. Pure. */
#ifndef BENCH_SCHEDULE_H
#define BENCH_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "job.h"

/* A Poisson table below this could hold gaps that the module refuses. */
#define SCHEDULE_POISSON_MIN_HZ 25

struct schedule {
	uint32_t *gap_ns;
	size_t gaps;
	bool closed; /* INTXBENCH_SCHEDULE_CLOSED */
	bool follow; /* INTXBENCH_SCHEDULE_FOLLOW */
};

/*
 * rate_hz is the mean. Poisson: 4096 exponential gaps drawn from seed and
 * scaled so that their mean is the period exactly (to a ns). Burst: bursts of
 * flood->burst asserts for one moment, at the mean rate. Back to back: closed,
 * polled at rate_hz. Returns 0 or -errno (ENOMEM; EINVAL: the module could not
 * be given such a table, which job_read() has ruled out).
 */
int schedule_build(const struct job_flood *flood, uint32_t rate_hz,
		   uint64_t seed, struct schedule *schedule);
void schedule_free(struct schedule *schedule);

#endif
