/* SPDX-License-Identifier: GPL-2.0-only */
/* A session: what one open of /dev/intxbench has taken. */
#ifndef INTXBENCH_SESSION_H
#define INTXBENCH_SESSION_H

#include <linux/fs.h>
#include <linux/mutex.h>

#include "observer.h"
#include "uapi/intxbench.h"
#include "watchdog.h"

struct intxbench_counter;
struct intxbench_member;

enum intxbench_phase {
	INTXBENCH_PHASE_SETUP,
	INTXBENCH_PHASE_STARTED,
	INTXBENCH_PHASE_STOPPED,
};

/*
 * All of it under intxbench_lock but the counter set and what interrupts reach
 * through members.
 */
struct intxbench_session {
	enum intxbench_phase phase;
	unsigned int irq;		/* of the first member */
	struct intxbench_member *member[INTXBENCH_MAX_FUNCTIONS];
	unsigned int members;
	struct intxbench_member *target; /* NULL: none, or gone */
	struct intxbench_observer observer;
	struct intxbench_watchdog watchdog;

	struct mutex counter_lock;
	struct intxbench_counter *counter; /* under counter_lock; NULL: none yet */
};

extern const struct file_operations intxbench_session_fops;

#endif
