// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "host_thread.h"
#include "host_undo.h"
#include "journal.h"
#include "sysfs.h"

/* Linux's NR_CPUS is 8192 at most where it is configured at all. */
#define CPUS_MAX 8192
#define SET_BYTES CPU_ALLOC_SIZE(CPUS_MAX)

/* A thread's number may be another's after it; not with the same start. */
struct thread {
	int process, id;
	uint64_t start; /* proc(5), stat, field 22 */
};

static int thread_error(int err, int id, const char *what)
{
	return error_set(EXIT_MACHINE, -err, "cannot %s thread %d: %s", what,
			 id, strerror(-err));
}

/* The name in the second field may have blanks and parentheses in it. */
static int read_start(struct thread *thread)
{
	char text[SYSFS_TEXT_MAX], *rest;
	int err = sysfs_read(text, sizeof(text), "/proc/%d/task/%d/stat",
			     thread->process, thread->id);

	if (err < 0)
		return err == -ENOENT ? -ESRCH : err;
	rest = strrchr(text, ')');
	if (!rest || sscanf(rest + 1,
			    " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u "
			    "%*u %*d %*d %*d %*d %*d %*d %" SCNu64,
			    &thread->start) != 1)
		return -EPROTO;
	return 0;
}

static int read_list(const char *text, cpu_set_t *set)
{
	CPU_ZERO_S(SET_BYTES, set);
	while (*text) {
		char *end;
		long first = strtol(text, &end, 10), last = first;

		if (end != text && *end == '-')
			last = strtol(end + 1, &end, 10);
		if (end == text || first < 0 || last < first ||
		    last >= CPUS_MAX || (*end && *end != ','))
			return -EINVAL;
		for (; first <= last; first++)
			CPU_SET_S(first, SET_BYTES, set);
		text = *end ? end + 1 : end;
	}
	return 0;
}

int host_thread_allowed(pid_t process, pid_t id, char list[SYSFS_TEXT_MAX])
{
	static const char label[] = "\nCpus_allowed_list:\t";
	char text[SYSFS_TEXT_MAX], *found;
	int err = sysfs_read(text, sizeof(text), "/proc/%d/task/%d/status",
			     (int)process, (int)id);

	if (err < 0)
		return err == -ENOENT ? -ESRCH : err;
	found = strstr(text, label);
	if (!found)
		return -EPROTO;
	found += strlen(label);
	found[strcspn(found, "\n")] = '\0';
	strcpy(list, found);
	return 0;
}

static int journal_thread(struct thread *thread)
{
	char subject[64], before[SYSFS_TEXT_MAX];
	int err = read_start(thread);

	if (!err)
		err = host_thread_allowed(thread->process, thread->id, before);
	if (err)
		return thread_error(err, thread->id, "look at");
	snprintf(subject, sizeof(subject), "%d/%d/%" PRIu64, thread->process,
		 thread->id, thread->start);
	return journal_add(JOURNAL_THREAD_AFFINITY, subject, before);
}

int host_thread_pin(pid_t process, pid_t id, int cpu)
{
	struct thread thread = { .process = process, .id = id };
	cpu_set_t *set = CPU_ALLOC(CPUS_MAX);
	int err;

	if (!set)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	err = journal_thread(&thread);
	if (!err) {
		CPU_ZERO_S(SET_BYTES, set);
		CPU_SET_S(cpu, SET_BYTES, set);
		if (sched_setaffinity(id, SET_BYTES, set))
			err = thread_error(-errno, id, "pin");
	}
	CPU_FREE(set);
	return err;
}

static int put_back(const struct thread *was, const char *cpus)
{
	struct thread now = *was;
	cpu_set_t *set;
	int err = read_start(&now);

	if (err == -ESRCH || (!err && now.start != was->start))
		return 0;
	set = CPU_ALLOC(CPUS_MAX);
	if (!set)
		return -ENOMEM;
	if (!err)
		err = read_list(cpus, set);
	if (!err && sched_setaffinity(was->id, SET_BYTES, set))
		err = -errno;
	CPU_FREE(set);
	return err == -ESRCH ? 0 : err;
}

int host_undo_thread_affinity(const char *subject, const char *cpus)
{
	struct thread thread;
	int err = -EINVAL;

	if (sscanf(subject, "%d/%d/%" SCNu64, &thread.process, &thread.id,
		   &thread.start) == 3)
		err = put_back(&thread, cpus);
	if (!err)
		return 0;
	return error_set(EXIT_MACHINE, -err,
			 "cannot let thread %s run on the CPUs %s again: %s",
			 subject, cpus, strerror(-err));
}
