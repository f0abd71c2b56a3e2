/* SPDX-License-Identifier: GPL-2.0-only */
/* Turns a line back on that a guest does not ack. */
#ifndef INTXBENCH_WATCHDOG_H
#define INTXBENCH_WATCHDOG_H

#include <linux/hrtimer.h>

struct intxbench_handler;

struct intxbench_watchdog {
	struct hrtimer timer;
	struct intxbench_handler *target;
	u64 bound_ns;
};

/*
 * target must stay until the stop. Looks four times per bound, so a line is
 * off for at most 1.25 times bound_ns. Both may be called in process context
 * only; stop waits for a look under way.
 */
void intxbench_watchdog_start(struct intxbench_watchdog *watchdog,
			      struct intxbench_handler *target, u64 bound_ns);
void intxbench_watchdog_stop(struct intxbench_watchdog *watchdog);

#endif
