/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The module's per-CPU counter set with a fold-in at CPU hotplug, and its
 * readers: the model of the memory cgroup's statistics and their lock.
 *
 * Failures are -errno with error_set(), unless noted.
 */
#ifndef BENCH_COUNTER_H
#define BENCH_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

#include "../kmod/uapi/intxbench_hist.h"

enum counter_read {
	COUNTER_NONE,
	COUNTER_INSIDE, /* cpus_read_lock() within the RCU read section: the bug */
	COUNTER_HOISTED, /* cpus_read_lock() around the RCU read section */
	COUNTER_LOCKLESS, /* no lock: possible CPUs, nothing to fold */
	COUNTER_READS
};

struct counter_config {
	enum counter_read read; /* not NONE */
	uint32_t readers; /* kernel threads that read back to back, 1..64 */
	bool allow_inside;
};

struct counter_result {
	uint64_t added; /* what was counted, in all */
	uint64_t sum; /* what the last read, after the writers' end, found */
	uint64_t reads;
	uint64_t backwards; /* reads that found less than the same reader had
			     * found before */
	uint64_t blocked; /* inside: reads that found the lock taken, and would
			   * have slept in the RCU section */
	uint64_t folds; /* CPUs folded in; none where lockless */
	struct intxbench_hist read_hist; /* one read, its lock included, ns */
	struct intxbench_hist fold_hist; /* the fold-in at a CPU's end, ns */
};

struct counter;

/* Opens the module's device anew: closing it, by SIGKILL too, ends all. */
int counter_start(const struct counter_config *config,
		  struct counter **counter);

/* Writers end, then one last read, then readers; the sum is exact. Frees it. */
int counter_stop(struct counter *counter, struct counter_result *result);

const char *counter_read_name(enum counter_read read); /* "hoisted" */

#endif
