/* SPDX-License-Identifier: GPL-2.0-only */
/* A session: what one open of /dev/intxbench has taken. */
#ifndef INTXBENCH_SESSION_H
#define INTXBENCH_SESSION_H

#include <linux/fs.h>

#include "flood.h"
#include "handler.h"
#include "observer.h"
#include "regs.h"
#include "uapi/intxbench.h"
#include "watchdog.h"

struct intxbench_function;
struct intxbench_session;

/* A function in a session: instrument and thing under test side by side. */
struct intxbench_member {
	struct intxbench_session *session;
	struct intxbench_function *function; /* NULL: it has gone */
	struct intxbench_regs regs;
	struct intxbench_area *area;
	struct intxbench_source source;		/* instrument */
	struct intxbench_observed observed;	/* instrument */
	struct intxbench_handler handler;	/* under test */
};

enum intxbench_phase {
	INTXBENCH_PHASE_SETUP,
	INTXBENCH_PHASE_STARTED,
	INTXBENCH_PHASE_STOPPED,
};

/* All of it under intxbench_lock but what interrupts reach through members. */
struct intxbench_session {
	enum intxbench_phase phase;
	unsigned int irq;		/* of the first member */
	struct intxbench_member *member[INTXBENCH_MAX_FUNCTIONS];
	unsigned int members;
	struct intxbench_member *target; /* NULL: none, or gone */
	struct intxbench_observer observer;
	struct intxbench_watchdog watchdog;
};

extern const struct file_operations intxbench_session_fops;

/* Its function goes away: stop and free all of it. intxbench_lock held. */
void intxbench_member_detach(struct intxbench_member *member);

#endif
