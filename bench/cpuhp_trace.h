/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cpuhp events in a tracefs instance of our own, read after each operation
 * into histograms by state, so that neither the buffer nor memory grows.
 */
#ifndef BENCH_CPUHP_TRACE_H
#define BENCH_CPUHP_TRACE_H

#include "hotplug.h"

struct cpuhp_trace;

/*
 * Makes the instance, journalled. *trace is NULL, and why says so, where it
 * cannot be had; only a journal that cannot be written is an error (-errno
 * with error_set()).
 */
int cpuhp_trace_open(struct cpuhp_trace **trace, char why[HOTPLUG_WHY_MAX]);

/* Before an operation: forget what was traced since the last one. */
void cpuhp_trace_begin(struct cpuhp_trace *trace, int cpu);

/* After it. Returns whether its steps are all there, and recorded; those of an
 * operation that failed never are. */
bool cpuhp_trace_end(struct cpuhp_trace *trace,
		     const struct hotplug_operation *operation);

/* Hands the states and what was lost to *result, removes the instance, frees.
 * NULL is harmless. */
void cpuhp_trace_close(struct cpuhp_trace *trace,
		       struct hotplug_result *result);

#endif
