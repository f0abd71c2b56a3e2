/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the guest's ring of records to what a guest_result has of them. It takes
 * time stamps only: what was served and how often is counted by the guest
 * itself, so that a ring that was not emptied in time costs stamps and nothing
 * else. Pure, but for the memory that others write.
 */
#ifndef BENCH_VMM_COLLECTOR_H
#define BENCH_VMM_COLLECTOR_H

#include "../guest.h"
#include "layout.h"
#include "tsc.h"

struct collector {
	const struct guest_config *config;
	const struct vmm_shared *shared;
	const struct vmm_record *ring;
	const struct tsc_clock *clock;
	uint64_t tsc_offset; /* the guest's TSC - ours */
	uint64_t visits; /* taken from the ring, or overrun */
	uint64_t newest; /* injection of the last one */
	struct guest_result *result;
};

/* A stamp of the guest's in CLOCK_MONOTONIC. */
uint64_t collector_ns(const struct collector *collector, uint64_t guest_tsc);

/* How many visits have ended. The clock needs a pair after this. */
uint32_t collector_count(const struct collector *collector);

/* Take what came up to then. At least every 2^32 visits. */
void collector_take(struct collector *collector, uint32_t count);

/* Nothing of the guest runs any more, and all was taken. */
void collector_end(struct collector *collector);

#endif
