// SPDX-License-Identifier: GPL-2.0-only
/* The resample eventfd. */
#include <linux/eventfd.h>
#include <linux/file.h>

#include "resample.h"

static int wakeup(wait_queue_entry_t *wait, unsigned int mode, int sync,
		  void *key)
{
	struct intxbench_resample *resample =
		container_of(wait, struct intxbench_resample, wait);
	u64 count;

	if (key_to_poll(key) & EPOLLIN) {
		eventfd_ctx_do_read(resample->eventfd, &count);
		resample->acked(resample);
	}
	return 0;
}

static void enqueue(struct file *file, wait_queue_head_t *head,
		    poll_table *table)
{
	struct intxbench_resample *resample =
		container_of(table, struct intxbench_resample, table);

	add_wait_queue(head, &resample->wait);
}

int intxbench_resample_open(struct intxbench_resample *resample, int fd)
{
	struct file *file = fget(fd);

	if (!file)
		return -EBADF;
	resample->eventfd = eventfd_ctx_fileget(file);
	if (IS_ERR(resample->eventfd)) {
		fput(file);
		return PTR_ERR(resample->eventfd);
	}
	resample->file = file;
	init_waitqueue_func_entry(&resample->wait, wakeup);
	init_poll_funcptr(&resample->table, enqueue);
	/* A signal from before is none of ours: nothing was injected yet. */
	vfs_poll(file, &resample->table);
	return 0;
}

void intxbench_resample_close(struct intxbench_resample *resample)
{
	u64 count;

	eventfd_ctx_remove_wait_queue(resample->eventfd, &resample->wait,
				      &count);
	eventfd_ctx_put(resample->eventfd);
	fput(resample->file);
}
