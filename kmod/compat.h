/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that differs between kernels, as far as known; 6.1 is what it is built
 * and tested with.
 */
#ifndef INTXBENCH_COMPAT_H
#define INTXBENCH_COMPAT_H

#include <linux/eventfd.h>
#include <linux/hrtimer.h>
#include <linux/version.h>

/* 6.8 dropped the count of eventfd_signal(). */
static inline void intxbench_eventfd_signal(struct eventfd_ctx *eventfd)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
	eventfd_signal(eventfd, 1);
#else
	eventfd_signal(eventfd);
#endif
}

/* 6.13 brought hrtimer_setup(), 6.15 took hrtimer_init() away. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock_id, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock_id, mode);
	timer->function = function;
}
#endif

#endif
