// SPDX-License-Identifier: GPL-2.0-only
/*
 * The starvation watchdog. A timer that looks now and then, instead of one
 * armed at each mask: nothing is added to the path that is measured.
 */
#include "compat.h"
#include "handler.h"
#include "watchdog.h"

static enum hrtimer_restart watchdog_timer(struct hrtimer *timer)
{
	struct intxbench_watchdog *watchdog =
		container_of(timer, struct intxbench_watchdog, timer);

	intxbench_handler_watch(watchdog->target, watchdog->bound_ns);
	hrtimer_forward_now(timer, ns_to_ktime(watchdog->bound_ns / 4));
	return HRTIMER_RESTART;
}

void intxbench_watchdog_start(struct intxbench_watchdog *watchdog,
			      struct intxbench_handler *target, u64 bound_ns)
{
	watchdog->target = target;
	watchdog->bound_ns = bound_ns;
	hrtimer_setup(&watchdog->timer, watchdog_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_HARD);
	hrtimer_start(&watchdog->timer, ns_to_ktime(bound_ns / 4),
		      HRTIMER_MODE_REL_HARD);
}

void intxbench_watchdog_stop(struct intxbench_watchdog *watchdog)
{
	if (!watchdog->target)
		return;
	hrtimer_cancel(&watchdog->timer);
	watchdog->target = NULL;
}
