/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The log-linear histogram that kernel and userspace share.
 *
 * Values are ns. Below INTXBENCH_HIST_LINEAR each value has a bucket of its
 * own; from there each power of two is cut into INTXBENCH_HIST_SUB buckets of
 * equal width, so that a bucket is at most 1/64 of its values wide and its
 * midpoint is within 1/128 (0.79 %) of every value in it. Values from
 * INTXBENCH_HIST_LIMIT on are counted in `above`, not dropped; they still
 * count in count, sum_ns, min_ns and max_ns, which are exact.
 */
#ifndef _UAPI_INTXBENCH_HIST_H
#define _UAPI_INTXBENCH_HIST_H

#include <linux/types.h>

#define INTXBENCH_HIST_SUB_BITS	6
#define INTXBENCH_HIST_SUB	(1U << INTXBENCH_HIST_SUB_BITS)
#define INTXBENCH_HIST_LINEAR	(2U * INTXBENCH_HIST_SUB)
#define INTXBENCH_HIST_BITS	36
#define INTXBENCH_HIST_LIMIT	(1ULL << INTXBENCH_HIST_BITS)	/* 68.7 s */
#define INTXBENCH_HIST_BUCKETS \
	(INTXBENCH_HIST_LINEAR + \
	 (INTXBENCH_HIST_BITS - INTXBENCH_HIST_SUB_BITS - 1) * INTXBENCH_HIST_SUB)

struct intxbench_hist {
	__u64 count;
	__u64 sum_ns;
	__u64 min_ns;		/* undefined while count is 0 */
	__u64 max_ns;
	__u64 above;		/* values of INTXBENCH_HIST_LIMIT and more */
	__u64 bucket[INTXBENCH_HIST_BUCKETS];
};

/* value_ns must be below INTXBENCH_HIST_LIMIT. */
static inline __u32 intxbench_hist_index(__u64 value_ns)
{
	__u32 shift;

	if (value_ns < INTXBENCH_HIST_LINEAR)
		return value_ns;
	shift = 63 - __builtin_clzll(value_ns) - INTXBENCH_HIST_SUB_BITS;
	return shift * INTXBENCH_HIST_SUB + (__u32)(value_ns >> shift);
}

/* The smallest value of a bucket; index up to INTXBENCH_HIST_BUCKETS. */
static inline __u64 intxbench_hist_lowest(__u32 index)
{
	__u32 shift;

	if (index < INTXBENCH_HIST_LINEAR)
		return index;
	shift = index / INTXBENCH_HIST_SUB - 1;
	return (__u64)(index - shift * INTXBENCH_HIST_SUB) << shift;
}

/* One writer at a time; any context. */
static inline void intxbench_hist_record(struct intxbench_hist *hist,
					 __u64 value_ns)
{
	if (!hist->count || value_ns < hist->min_ns)
		hist->min_ns = value_ns;
	if (value_ns > hist->max_ns)
		hist->max_ns = value_ns;
	hist->sum_ns += value_ns;
	if (value_ns < INTXBENCH_HIST_LIMIT)
		hist->bucket[intxbench_hist_index(value_ns)]++;
	else
		hist->above++;
	hist->count++;
}

#endif
