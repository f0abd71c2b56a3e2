/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the processor's TSC to CLOCK_MONOTONIC: both are read at the same moment
 * time and again, and what lies between two readings is interpolated. So the
 * rate need not be known, and may change (NTP slews CLOCK_MONOTONIC).
 */
#ifndef BENCH_VMM_TSC_H
#define BENCH_VMM_TSC_H

#include <stddef.h>
#include <stdint.h>

/* Kept so far apart, the pairs reach back 20 s: more than the longest service,
 * with whose begin they must cope at its end. */
#define TSC_PAIRS 2048
#define TSC_SPACING_NS 10000000

struct tsc_pair {
	uint64_t tsc, ns; /* of one moment */
	uint64_t error_ns; /* ns is off by this at most */
};

struct tsc_clock {
	struct tsc_pair pair[TSC_PAIRS]; /* pair i in slot i % TSC_PAIRS */
	uint64_t pairs; /* ever kept */
	/*
	 * What a conversion was off at most: half of the widest bracket, and
	 * how far from the line through its neighbours a pair was.
	 */
	uint64_t error_ns;
};

/* After all loads before it, and before what follows. */
static inline uint64_t tsc_now(void)
{
	uint64_t tsc;

	__builtin_ia32_lfence();
	tsc = __builtin_ia32_rdtsc();
	__builtin_ia32_lfence();
	return tsc;
}

/* The TSC between two looks at the clock, the closest two of some. */
struct tsc_pair tsc_pair_take(void);

/* Any time; what is to be converted should lie before the newest pair. */
void tsc_clock_add(struct tsc_clock *clock, const struct tsc_pair *pair);

/* There must be two pairs. Before the oldest and after the newest, the two next
 * to it say how fast the clock is. */
uint64_t tsc_clock_ns(const struct tsc_clock *clock, uint64_t tsc);

#endif
