// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "error.h"
#include "irq_mover.h"
#include "journal.h"
#include "sysfs.h"
#include "worker.h"

#define AFFINITY "/proc/irq/%d/smp_affinity_list"

/* In a row: with hotplug each CPU is away for tens of ms, but not all. */
#define FAILURES_MAX 10000

struct irq_mover {
	struct irq_mover_config config;
	char before[SYSFS_TEXT_MAX];
	int fd;
	pthread_t thread;
	atomic_bool stop;
	atomic_uint_fast64_t moves;
	atomic_int errnum;
	unsigned int failures; /* in a row */
	struct irq_mover_result result; /* the thread's until it is joined */
};

static void sleep_until(uint64_t until_ns)
{
	const struct timespec until = {
		.tv_sec = until_ns / NSEC_PER_SEC,
		.tv_nsec = until_ns % NSEC_PER_SEC,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) ==
	       EINTR)
		;
}

static void count_failure(struct irq_mover *mover, int cpu, int errnum)
{
	struct irq_mover_result *result = &mover->result;

	result->failed++;
	result->last_errnum = errnum;
	/* EIO: the line has gone, or is the kernel's to aim. */
	if (errnum != EIO && ++mover->failures < FAILURES_MAX)
		return;
	result->errnum = errnum;
	snprintf(result->why, sizeof(result->why),
		 "line %d cannot be moved to CPU %d: %s", mover->config.irq,
		 cpu, strerror(errnum));
	atomic_store(&mover->errnum, errnum);
}

static void move(struct irq_mover *mover, int cpu)
{
	uint64_t start_ns;
	char text[16];
	int bytes = snprintf(text, sizeof(text), "%d", cpu);

	start_ns = clock_now_ns();
	if (write(mover->fd, text, bytes) < 0) {
		count_failure(mover, cpu, errno);
		return;
	}
	intxbench_hist_record(&mover->result.write_hist,
			      clock_now_ns() - start_ns);
	mover->failures = 0;
	atomic_fetch_add(&mover->moves, 1);
}

/* The next moment that is not over yet. */
static uint64_t next_time(struct irq_mover *mover, uint64_t time_ns,
			  uint64_t period_ns)
{
	uint64_t now_ns = clock_now_ns(), over;

	time_ns += period_ns;
	if (time_ns >= now_ns)
		return time_ns;
	over = (now_ns - time_ns) / period_ns;
	mover->result.missed += over;
	return time_ns + over * period_ns;
}

static void *run(void *arg)
{
	struct irq_mover *mover = arg;
	const struct irq_mover_config *config = &mover->config;
	uint64_t period_ns = NSEC_PER_SEC / config->rate_hz;
	uint64_t time_ns = clock_now_ns();

	for (size_t i = 0; !atomic_load(&mover->stop) && !mover->result.errnum;
	     i = (i + 1) % config->cpus) {
		move(mover, config->cpu[i]);
		time_ns = next_time(mover, time_ns, period_ns);
		sleep_until(time_ns);
	}
	return NULL;
}

static int check(const struct irq_mover_config *config)
{
	if (config->cpus < 2 || config->cpus > IRQ_MOVER_CPUS_MAX)
		return error_set(EXIT_MACHINE, EINVAL,
				 "%zu CPUs to move line %d between: 2 to %d",
				 config->cpus, config->irq, IRQ_MOVER_CPUS_MAX);
	if (!config->rate_hz || config->rate_hz > IRQ_MOVER_RATE_MAX)
		return error_set(EXIT_MACHINE, EINVAL,
				 "line %d moved at %u Hz: 1 to %d", config->irq,
				 config->rate_hz, IRQ_MOVER_RATE_MAX);
	return 0;
}

static int open_error(int irq, int err)
{
	return error_set(EXIT_MACHINE, -err, "cannot move line %d: %s%s", irq,
			 err == -ENOENT ? "it has no handler" : strerror(-err),
			 err == -EACCES ? "; run as root" : "");
}

static int open_line(struct irq_mover *mover)
{
	int irq = mover->config.irq, err;
	char path[PATH_MAX], subject[16];

	err = sysfs_read(mover->before, sizeof(mover->before), AFFINITY, irq);
	if (err < 0)
		return open_error(irq, err);
	snprintf(subject, sizeof(subject), "%d", irq);
	err = journal_add(JOURNAL_IRQ_AFFINITY, subject, mover->before);
	if (err)
		return err;
	err = sysfs_path(path, sizeof(path), AFFINITY, irq);
	if (err)
		return open_error(irq, err);
	mover->fd = open(path, O_WRONLY | O_CLOEXEC);
	return mover->fd < 0 ? open_error(irq, -errno) : 0;
}

static int start_thread(struct irq_mover *mover)
{
	int errnum = worker_start_on(&mover->thread, mover->config.engine_cpu,
				     run, mover);

	if (!errnum)
		return 0;
	return error_set(EXIT_MACHINE, errnum,
			 "cannot start the thread that moves line %d: %s",
			 mover->config.irq, strerror(errnum));
}

static void free_mover(struct irq_mover *mover)
{
	if (mover->fd >= 0)
		close(mover->fd);
	free(mover);
}

int irq_mover_start(const struct irq_mover_config *config,
		    struct irq_mover **result)
{
	struct irq_mover *mover;
	int err;

	err = check(config);
	if (err)
		return err;
	mover = calloc(1, sizeof(*mover));
	if (!mover)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	mover->config = *config;
	mover->fd = -1;
	err = open_line(mover);
	if (!err)
		err = start_thread(mover);
	if (err) {
		free_mover(mover);
		return err;
	}
	*result = mover;
	return 0;
}

uint64_t irq_mover_moves(const struct irq_mover *mover)
{
	return atomic_load(&mover->moves);
}

int irq_mover_failed(const struct irq_mover *mover)
{
	return atomic_load(&mover->errnum);
}

/*
 * A line that has gone, or whose CPUs are offline now, is the journal's: whoever
 * has taken them brings them back before it is undone.
 */
static void put_back(struct irq_mover *mover)
{
	struct irq_mover_result *result = &mover->result;
	int err;

	err = sysfs_write(mover->before, AFFINITY, mover->config.irq);
	if (!err || err == -ENOENT || err == -EINVAL || result->errnum)
		return;
	result->errnum = -err;
	snprintf(result->why, sizeof(result->why),
		 "line %d cannot be moved back to CPU %.64s: %s",
		 mover->config.irq, mover->before, strerror(-err));
}

void irq_mover_stop(struct irq_mover *mover, struct irq_mover_result *result)
{
	atomic_store(&mover->stop, true);
	pthread_join(mover->thread, NULL);
	put_back(mover);
	mover->result.moves = atomic_load(&mover->moves);
	*result = mover->result;
	free_mover(mover);
}
