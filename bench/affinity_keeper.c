// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "affinity_keeper.h"
#include "error.h"
#include "host_cpu.h"
#include "host_thread.h"
#include "journal.h"
#include "sysfs.h"

#define IRQ "/proc/irq"
#define AFFINITY IRQ "/%s/smp_affinity_list"
#define THREADS_MAX 256 /* pinned ones; ours are some 80 at most */

struct line {
	char irq[16];
	char *cpus; /* as smp_affinity_list has it */
};

struct affinity_keeper {
	struct affinity_kept kept;
	struct {
		pid_t tid;
		int cpu;
	} thread[THREADS_MAX];
	size_t threads;
	struct line *line;
	size_t lines;
	const cpu_set_t *going; /* while it is opened */
	char irq[16], irq_cpu[16]; /* "": none */
};

static void note(struct affinity_keeper *keeper, int err)
{
	if (!err)
		return;
	keeper->kept.failed++;
	keeper->kept.errnum = -err;
}

static bool is_within(const cpu_set_t *part, const cpu_set_t *whole)
{
	cpu_set_t both;

	CPU_AND(&both, part, whole);
	return CPU_COUNT(part) && CPU_EQUAL(&both, part);
}

static int add_line(struct affinity_keeper *keeper, const char *irq,
		    const char *cpus)
{
	struct line *line;

	line = realloc(keeper->line, (keeper->lines + 1) * sizeof(*line));
	if (!line)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	keeper->line = line;
	line += keeper->lines;
	snprintf(line->irq, sizeof(line->irq), "%s", irq);
	line->cpus = strdup(cpus);
	if (!line->cpus)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	keeper->lines++;
	return journal_add(JOURNAL_IRQ_AFFINITY, irq, cpus);
}

/* A line without a handler has no such file. */
static int look_at_line(const char *irq, void *context)
{
	struct affinity_keeper *keeper = context;
	char cpus[SYSFS_TEXT_MAX];
	cpu_set_t set;

	if (!isdigit((unsigned char)*irq) ||
	    sysfs_read(cpus, sizeof(cpus), AFFINITY, irq) < 0 ||
	    host_cpu_parse(cpus, &set) || !is_within(&set, keeper->going))
		return 0;
	return add_line(keeper, irq, cpus);
}

static void free_keeper(struct affinity_keeper *keeper)
{
	for (size_t i = 0; i < keeper->lines; i++)
		free(keeper->line[i].cpus);
	free(keeper->line);
	free(keeper);
}

int affinity_keeper_open(const cpu_set_t *going, int irq, int irq_cpu,
			 struct affinity_keeper **result)
{
	struct affinity_keeper *keeper = calloc(1, sizeof(*keeper));
	char folder[PATH_MAX];
	int err;

	if (!keeper)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	if (irq) {
		snprintf(keeper->irq, sizeof(keeper->irq), "%d", irq);
		snprintf(keeper->irq_cpu, sizeof(keeper->irq_cpu), "%d",
			 irq_cpu);
	}
	keeper->going = going;
	err = sysfs_path(folder, sizeof(folder), IRQ);
	if (!err)
		err = sysfs_each(folder, look_at_line, keeper);
	keeper->going = NULL;
	if (err) {
		if (!error_message()[0])
			error_set(EXIT_MACHINE, -err,
				  "cannot look at " IRQ ": %s", strerror(-err));
		free_keeper(keeper);
		return err;
	}
	*result = keeper;
	return 0;
}

/* Returns 0, -ESRCH: no thread of ours, -errno. */
static int allowed(pid_t tid, cpu_set_t *set)
{
	char list[SYSFS_TEXT_MAX];
	int err = host_thread_allowed(getpid(), tid, list);

	return err ? err : host_cpu_parse(list, set);
}

/* The only CPU of a set that has but one; -1. */
static int only_cpu(const cpu_set_t *set)
{
	if (CPU_COUNT(set) != 1)
		return -1;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (CPU_ISSET(cpu, set))
			return cpu;
	}
	return -1;
}

static void keep_thread(struct affinity_keeper *keeper, pid_t tid, int cpu)
{
	size_t i;

	for (i = 0; i < keeper->threads; i++) {
		if (keeper->thread[i].tid == tid)
			break;
	}
	if (i == THREADS_MAX) {
		note(keeper, -ENOSPC);
		return;
	}
	keeper->thread[i].tid = tid;
	keeper->thread[i].cpu = cpu;
	if (i == keeper->threads)
		keeper->threads++;
}

static int look_at_thread(const char *name, void *context)
{
	struct affinity_keeper *keeper = context;
	pid_t tid = atoi(name);
	cpu_set_t set;
	int err;

	err = allowed(tid, &set);
	if (!err && only_cpu(&set) >= 0)
		keep_thread(keeper, tid, only_cpu(&set));
	note(keeper, err == -ESRCH ? 0 : err);
	return 0;
}

void affinity_keeper_look(struct affinity_keeper *keeper)
{
	char folder[PATH_MAX];
	int err;

	err = sysfs_path(folder, sizeof(folder), "/proc/self/task");
	if (!err)
		err = sysfs_each(folder, look_at_thread, keeper);
	note(keeper, err);
}

/*
 * Returns whether it is still there. One that somebody has pinned anew
 * meanwhile is theirs.
 */
static bool pin(struct affinity_keeper *keeper, pid_t tid, int cpu)
{
	cpu_set_t set;
	int err;

	err = allowed(tid, &set);
	if (err == -ESRCH)
		return false;
	if (err || only_cpu(&set) >= 0 || host_cpu_online(cpu) != 1) {
		note(keeper, err);
		return true;
	}
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (!sched_setaffinity(tid, sizeof(set), &set))
		keeper->kept.pinned++;
	else
		note(keeper, -errno);
	return true;
}

/* The number of one that has ended may come again. */
static void pin_all(struct affinity_keeper *keeper)
{
	size_t left = 0;

	for (size_t i = 0; i < keeper->threads; i++) {
		if (pin(keeper, keeper->thread[i].tid, keeper->thread[i].cpu))
			keeper->thread[left++] = keeper->thread[i];
	}
	keeper->threads = left;
}

static void aim(struct affinity_keeper *keeper, const char *irq,
		const char *cpus)
{
	char now[SYSFS_TEXT_MAX];
	int err;

	err = sysfs_read(now, sizeof(now), AFFINITY, irq);
	if (err < 0 || !strcmp(now, cpus))
		return;
	err = sysfs_write(cpus, AFFINITY, irq);
	note(keeper, err);
	keeper->kept.aimed += !err;
}

void affinity_keeper_return(struct affinity_keeper *keeper)
{
	pin_all(keeper);
	if (keeper->irq[0] && host_cpu_online(atoi(keeper->irq_cpu)) == 1)
		aim(keeper, keeper->irq, keeper->irq_cpu);
}

struct affinity_kept affinity_keeper_close(struct affinity_keeper *keeper)
{
	struct affinity_kept kept = { 0 };

	if (!keeper)
		return kept;
	affinity_keeper_return(keeper);
	for (size_t i = 0; i < keeper->lines; i++)
		aim(keeper, keeper->line[i].irq, keeper->line[i].cpus);
	kept = keeper->kept;
	free_keeper(keeper);
	return kept;
}
