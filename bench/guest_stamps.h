/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the module's timeline and a guest's own two stamps to its metrics. */
#ifndef BENCH_GUEST_STAMPS_H
#define BENCH_GUEST_STAMPS_H

#include "guest.h"

/* One visit of the guest's interrupt handler. */
struct guest_visit {
	uint64_t guest_ns, ack_ns; /* CLOCK_MONOTONIC */
	uint64_t sequence; /* of the injection that led to it; 0: not known */
	struct intxbench_timeline stamps;
};

/* The newest injection's number, any time. */
uint64_t guest_stamps_newest(const struct guest_config *config);

/*
 * Copy the record of injection `sequence` into visit->stamps and set
 * visit->sequence; 0 where the record has gone or is being replaced.
 */
void guest_stamps_take(const struct guest_config *config, uint64_t sequence,
		       struct guest_visit *visit);

/* t_unmask of an injection, once its ack has been handled; 0: not unmasked by
 * it, which then led to the next injection, or the record has gone. */
uint64_t guest_stamps_unmasked_ns(const struct guest_config *config,
				  uint64_t sequence);

/* Record all that a visit says; unmasked_ns: 0 where it is not known. */
void guest_stamps_record(const struct guest_config *config,
			 const struct guest_visit *visit, uint64_t unmasked_ns,
			 struct guest_result *result);

#endif
