/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what was counted to a point's accounting and verdict. */
#ifndef BENCH_POINT_JUDGE_H
#define BENCH_POINT_JUDGE_H

#include "point.h"
#include "session.h"

/*
 * Read a function's counters and histograms out of its data area, which is
 * exact once the session is closed. pending: the status bits after the drain.
 * Fills what accounting_judge() wants.
 */
void point_collect(const struct session_function *from, uint32_t nr_cpu_ids,
		   uint32_t pending, struct point_function *function,
		   struct accounting_input *input);

/*
 * A guest that is not ours does not say what it served: a status bit that was
 * raised and is clear was cleared by it, for nobody else clears one. A NIC's
 * driver has causes of its own, so that claims without one of ours are no fault.
 */
void point_collect_outside(const struct session_function *from,
			   uint32_t pending, struct accounting_input *input);

/* Who served the target is the guest, not the module. */
void point_collect_guest(const struct guest_result *guest,
			 struct accounting_input *input);

/* One more reason, printf-like; the point fails by it. */
void point_blame(struct point_result *result, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Blame what the accounting finds wrong with a function. */
void point_judge_accounting(struct point_result *result,
			    struct point_function *function,
			    const struct accounting_input *input);

/* What a live neighbour serves is not known: only how its handler did is, and
 * that it was seen and its load got answers. */
void point_judge_live(struct point_result *result,
		      struct point_function *function,
		      const struct accounting_input *input);

/* Blame the guard, the watchdog, a guest or path that ended by itself, a
 * handler that was not found, and an arm that masked what it had masked. */
void point_judge_health(struct point_result *result, bool foreign,
			uint64_t watchdog_ns);

/* Blame the kernel's faults, and a log that was not read whole: what is
 * missing may have been one. After point_conclude(): no signal excuses them. */
void point_judge_log(struct point_result *result);

/* Nothing was judged, and why. */
void point_skip(struct point_result *result, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The verdict once all is said: what a signal cut short is no pass. */
void point_conclude(struct point_result *result, uint64_t flooded_ns,
		    uint64_t asked_ns);

#endif
