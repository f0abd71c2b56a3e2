/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading the histograms of kmod/uapi/intxbench_hist.h: merge, percentiles,
 * HdrHistogram percentile text. Recording is the shared header's. Pure.
 */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdint.h>
#include <stdio.h>

#include "../kmod/uapi/intxbench_hist.h"

/* Add from to into. */
void histogram_merge(struct intxbench_hist *into,
		     const struct intxbench_hist *from);

/*
 * The value at a percentile (0 < percentile <= 100): the midpoint of the
 * bucket that holds the ceil(percentile / 100 * count)th smallest value,
 * clamped to [min_ns, max_ns]. Within 1/128 of that value, or max_ns where it
 * lies in `above`. 0 where count is 0.
 */
uint64_t histogram_percentile_ns(const struct intxbench_hist *hist,
				 double percentile);

double histogram_mean_ns(const struct intxbench_hist *hist); /* exact; 0 */

/* HdrHistogram's percentile distribution text (.hgrm), values in ns.
 * Returns 0 or -EIO. */
int histogram_write_hgrm(const struct intxbench_hist *hist, FILE *out);

#endif
