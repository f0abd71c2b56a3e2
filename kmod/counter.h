/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The counter set: a per-CPU statistic with a fold-in at CPU hotplug, the model
 * of mem_cgroup_read_stat() of Linux 2.6.36 (mm/memcontrol.c).
 */
#ifndef INTXBENCH_COUNTER_H
#define INTXBENCH_COUNTER_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "uapi/intxbench.h"

struct intxbench_reader;
struct intxbench_writer;

struct intxbench_counter {
	/* Fixed before it starts. */
	enum intxbench_counter_read read;
	bool busted;		/* the fold-in forgets */
	unsigned int readers;

	/*
	 * Each is its own CPU's, added to in hard irq; a dead CPU's is folded.
	 * Beyond that, what keeps a reader from seeing a fold half done is what
	 * its way of reading is about.
	 */
	u64 __percpu *count;
	struct intxbench_writer __percpu *writer;

	spinlock_t base_lock;
	u64 base;		/* under base_lock: what was folded in */
	struct intxbench_hist fold_hist; /* the same, until the set is stopped */

	struct hlist_node fold_node;	/* the hotplug core's: this set is */
	struct hlist_node writer_node;	/* told of CPUs */

	struct intxbench_reader *reader; /* [readers] */
	bool stopped;
	/* From the stop on. */
	u64 sum;
	struct intxbench_hist read_hist;
};

int intxbench_counter_init(void);
void intxbench_counter_exit(void);

/* The specification's ranges and permissions: 0, -EINVAL, -EPERM. */
int intxbench_counter_check(const struct intxbench_counter_start *start);

/*
 * Checked arguments only; ERR_PTR(-ENOMEM), ERR_PTR(-EINTR). These may sleep,
 * and wait for a CPU that is on its way: not under a lock that CPU hotplug, or
 * a session of others', waits for. One call at a time.
 */
struct intxbench_counter *
intxbench_counter_start(const struct intxbench_counter_start *start);
/* Nothing of it runs any more when this returns; again, does nothing. */
void intxbench_counter_stop(struct intxbench_counter *counter);
/* -EBUSY not stopped, -EFAULT. */
int intxbench_counter_result(const struct intxbench_counter *counter,
			     struct intxbench_counter_result *result);
/* Stops it; NULL is fine. */
void intxbench_counter_free(struct intxbench_counter *counter);

#endif
