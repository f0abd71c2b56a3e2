/* SPDX-License-Identifier: GPL-2.0-only */
/* Who sums a counter set up. */
#ifndef INTXBENCH_COUNTER_READER_H
#define INTXBENCH_COUNTER_READER_H

#include <linux/types.h>

#include "uapi/intxbench.h"

struct intxbench_counter;
struct task_struct;

/* Its thread's own while that runs. */
struct intxbench_reader {
	struct intxbench_counter *counter;
	struct task_struct *task;	/* NULL: none */
	u64 last;			/* what it read before */
	u64 backwards;
	u64 blocked;
	struct intxbench_hist hist;
};

/* One read, by nobody's thread; INSIDE as HOISTED. May sleep. */
u64 intxbench_counter_sum(struct intxbench_counter *counter);

/*
 * All of counter->reader[]; -EINTR, -ENOMEM, and none runs then. May sleep.
 * Stop waits for reads under way.
 */
int intxbench_readers_start(struct intxbench_counter *counter);
void intxbench_readers_stop(struct intxbench_counter *counter);

#endif
