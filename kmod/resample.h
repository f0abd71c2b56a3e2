/* SPDX-License-Identifier: GPL-2.0-only */
/* Being told of a guest's ack through an eventfd, as drivers/vfio/virqfd.c. */
#ifndef INTXBENCH_RESAMPLE_H
#define INTXBENCH_RESAMPLE_H

#include <linux/poll.h>
#include <linux/wait.h>

struct eventfd_ctx;
struct file;

struct intxbench_resample {
	/* On each signal, in the signaller's context: interrupts off, the
	 * eventfd's wait queue lock held, so no eventfd may be signalled.
	 */
	void (*acked)(struct intxbench_resample *resample);

	struct file *file;	/* held, so that it cannot close under us */
	struct eventfd_ctx *eventfd;
	wait_queue_entry_t wait;
	poll_table table;
};

/* -EBADF, -EINVAL: not an eventfd. May sleep. */
int intxbench_resample_open(struct intxbench_resample *resample, int fd);
/* acked does not run any more when this returns. */
void intxbench_resample_close(struct intxbench_resample *resample);

#endif
