// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../kmod/uapi/intxbench.h"
#include "plan.h"
#include "schedule.h"

#define NS_PER_S 1000000000ULL
#define POISSON_GAPS 4096

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b)
{
	uint64_t rest;

	while (b) {
		rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

/* How long count asserts take at rate_hz, to the nearest ns. */
static uint64_t total_ns(uint64_t count, uint32_t rate_hz)
{
	return (count * NS_PER_S + rate_hz / 2) / rate_hz;
}

/*
 * A period that is no whole number of ns needs a table of several gaps to have
 * the exact mean: functions locked in phase would drift apart otherwise. The
 * table is as short as it can be exact, or as long as the module takes it,
 * which leaves less than a ns in a whole table.
 */
static size_t bursts_in_table(uint32_t burst, uint32_t rate_hz)
{
	size_t exact =
		rate_hz / greatest_common_divisor(burst * NS_PER_S, rate_hz);
	size_t most = INTXBENCH_MAX_GAPS / burst;

	return exact < most ? exact : most;
}

static void fill_bursts(struct schedule *schedule, uint32_t burst,
			uint32_t rate_hz)
{
	uint64_t bursts = schedule->gaps / burst;
	uint64_t total = total_ns(schedule->gaps, rate_hz);
	uint64_t now, before = 0;

	for (uint64_t i = 1; i <= bursts; i++) {
		now = i * total / bursts;
		schedule->gap_ns[i * burst - 1] = now - before;
		before = now;
	}
}

/*
 * 32 random bits reach 22.2 mean gaps, which is what SCHEDULE_POISSON_MIN_HZ
 * is made for; longer ones are one in 4e9. Rounding the moments, not the gaps,
 * keeps the sum exact.
 */
static void fill_poisson(struct schedule *schedule, uint32_t rate_hz,
			 uint64_t seed)
{
	double moment[POISSON_GAPS];
	double scale, sum = 0;
	uint64_t now, before = 0;

	for (size_t i = 0; i < POISSON_GAPS; i++) {
		sum -= log(((plan_random(&seed) >> 32) + 1) * 0x1p-32);
		moment[i] = sum;
	}
	scale = total_ns(POISSON_GAPS, rate_hz) / sum;
	for (size_t i = 0; i < POISSON_GAPS; i++) {
		now = llround(moment[i] * scale);
		schedule->gap_ns[i] = now - before;
		before = now;
	}
}

static bool representable(const struct job_flood *flood, uint32_t rate_hz,
			  uint32_t burst)
{
	if (rate_hz < 1 || rate_hz > NS_PER_S / INTXBENCH_MIN_MEAN_GAP_NS)
		return false;
	if (burst < 1 || burst > INTXBENCH_MAX_GAPS ||
	    burst * NS_PER_S > rate_hz * INTXBENCH_MAX_GAP_NS)
		return false;
	return flood->distribution != DISTRIBUTION_POISSON ||
	       rate_hz >= SCHEDULE_POISSON_MIN_HZ;
}

int schedule_build(const struct job_flood *flood, uint32_t rate_hz,
		   uint64_t seed, struct schedule *schedule)
{
	bool poisson = flood->distribution == DISTRIBUTION_POISSON;
	uint32_t burst = 1;

	memset(schedule, 0, sizeof(*schedule));
	if (flood->distribution == DISTRIBUTION_BURST)
		burst = flood->burst;
	if (!representable(flood, rate_hz, burst))
		return -EINVAL;

	schedule->gaps = poisson ? POISSON_GAPS :
				   burst * bursts_in_table(burst, rate_hz);
	schedule->gap_ns = calloc(schedule->gaps, sizeof(*schedule->gap_ns));
	if (!schedule->gap_ns)
		return -ENOMEM;
	schedule->closed = flood->distribution == DISTRIBUTION_BACK_TO_BACK;
	schedule->follow = flood->follow;
	if (poisson)
		fill_poisson(schedule, rate_hz, seed);
	else
		fill_bursts(schedule, burst, rate_hz);
	return 0;
}

void schedule_free(struct schedule *schedule)
{
	free(schedule->gap_ns);
	memset(schedule, 0, sizeof(*schedule));
}
