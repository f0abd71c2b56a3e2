/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of a summary, one scenario at a time but for the kernel's. */
#ifndef BENCH_SUMMARY_TABLE_H
#define BENCH_SUMMARY_TABLE_H

#include <stdio.h>

#include "scenario.h"

/*
 * From the shortest to the longest service time, what became of each
 * neighbour's wait: p50 where it is periodic, p99 where it is not. Nothing
 * where there is no neighbour or a single service time.
 */
void summary_table_short(const struct scenario *scenario, FILE *out);

/* p50 and p99 by arm, service time and function: medians over blocks. */
void summary_table_medians(const struct scenario *scenario, FILE *out);

/* The same, lowest and highest block. */
void summary_table_ranges(const struct scenario *scenario, FILE *out);

/*
 * The target's interrupt stage by stage: means over all interrupts of all
 * blocks, which add up to the round trip's. Nothing where none was measured.
 */
void summary_table_stages(const struct scenario *scenario, FILE *out);

/* The guest's changes of its INTx mask, by curve. Nothing where it made none. */
void summary_table_mask(const struct scenario *scenario, FILE *out);

/* Hotplug, memory pressure, the counter set and the line's moves, by curve.
 * Nothing of what did not run. */
void summary_table_stress(const struct scenario *scenario, FILE *out);

/* Hotplug with the counters' lock in one place against another, with its
 * interval. Nothing where there are no two places or no two blocks. */
void summary_table_lock(const struct scenario *scenario, FILE *out);

/* ", hotplug others, pressure"; "" for none. */
#define SUMMARY_STRESS_MAX 128
const char *summary_stress_text(const struct report_stress *stress,
				char text[SUMMARY_STRESS_MAX]);

/* What was seen of each live neighbour's handler. Nothing where none is. */
void summary_table_live(const struct scenario *scenario, FILE *out);

/* Asserts and what became of them: the sum, then each row that is not all
 * well. */
void summary_table_accounting(const struct scenario *scenario, FILE *out);

/* Faults in the kernel's log, by point and kind. Nothing where none was. */
void summary_table_kernel(const struct report *report, FILE *out);

#endif
