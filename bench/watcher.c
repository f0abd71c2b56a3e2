// SPDX-License-Identifier: GPL-2.0-or-later
/* The trace buffer in an instance of our own, and bpftrace as a child. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"
#include "watcher.h"

#define INSTANCE "/sys/kernel/tracing/instances/intxbench-overhead"
#define BPFTRACE_LIMIT_MS (120 * 1000)

static const char *const events[] = { "irq_handler_entry", "irq_handler_exit" };

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err = errno;
	if (fd >= 0)
		close(fd);
	if (!err)
		return 0;
	return error_set(EXIT_MACHINE, err, "cannot write to %s: %s", path,
			 strerror(err));
}

static int trace_attach(int irq)
{
	char path[PATH_MAX], filter[32];

	rmdir(INSTANCE); /* of a run that died */
	if (mkdir(INSTANCE, 0700))
		return error_set(EXIT_MACHINE, errno,
				 "cannot make a trace instance %s: %s; is "
				 "tracefs mounted?",
				 INSTANCE, strerror(errno));
	snprintf(filter, sizeof(filter), "irq==%d", irq);
	for (unsigned int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), INSTANCE "/events/irq/%s/filter",
			 events[i]);
		if (write_text(path, filter))
			return -EIO;
		snprintf(path, sizeof(path), INSTANCE "/events/irq/%s/enable",
			 events[i]);
		if (write_text(path, "1"))
			return -EIO;
	}
	return 0;
}

/* Entries of all CPUs, those overwritten included. */
static uint64_t count_entries(void)
{
	uint64_t total = 0, count;
	char path[PATH_MAX], line[128];

	for (int cpu = 0; cpu < (int)sysconf(_SC_NPROCESSORS_CONF); cpu++) {
		FILE *file;

		snprintf(path, sizeof(path), INSTANCE "/per_cpu/cpu%d/stats",
			 cpu);
		file = fopen(path, "re");
		while (file && fgets(line, sizeof(line), file))
			if (sscanf(line, "entries: %" SCNu64, &count) == 1 ||
			    sscanf(line, "overrun: %" SCNu64, &count) == 1)
				total += count;
		if (file)
			fclose(file);
	}
	return total;
}

static int trace_detach(uint64_t *seen)
{
	*seen = count_entries() / 2; /* an entry and an exit each */
	if (rmdir(INSTANCE))
		return error_set(EXIT_MACHINE, errno, "cannot remove %s: %s",
				 INSTANCE, strerror(errno));
	return 0;
}

static pid_t bpftrace_pid;
static FILE *bpftrace_out;

/*
 * The interval comes last, so its first tick says that the other two are
 * attached.
 */
static const char program_format[] =
	"tracepoint:irq:irq_handler_entry /args->irq == %d/ "
	"{ @start[cpu] = nsecs; } "
	"tracepoint:irq:irq_handler_exit /args->irq == %d/ "
	"{ @ns = hist(nsecs - @start[cpu]); @runs = count(); } "
	"interval:ms:200 /!@ready/ { @ready = 1; printf(\"ready\\n\"); }";

static void bpftrace_child(int out, const char *program)
{
	dup2(out, STDOUT_FILENO);
	execlp("bpftrace", "bpftrace", "-B", "line", "-e", program, NULL);
	_exit(127);
}

static void bpftrace_end(void)
{
	if (bpftrace_out)
		fclose(bpftrace_out);
	bpftrace_out = NULL;
	if (bpftrace_pid > 0) {
		kill(bpftrace_pid, SIGKILL);
		waitpid(bpftrace_pid, NULL, 0);
	}
	bpftrace_pid = 0;
}

static int bpftrace_wait(void)
{
	char line[256];
	struct pollfd fd = { .fd = fileno(bpftrace_out), .events = POLLIN };

	setvbuf(bpftrace_out, NULL, _IONBF, 0);
	while (poll(&fd, 1, BPFTRACE_LIMIT_MS) > 0 &&
	       fgets(line, sizeof(line), bpftrace_out))
		if (!strcmp(line, "ready\n"))
			return 0;
	bpftrace_end();
	return error_set(EXIT_MACHINE, EIO,
			 "bpftrace did not start; install the package bpftrace "
			 "or see what it says above");
}

static int bpftrace_attach(int irq)
{
	char program[512];
	int out[2];

	snprintf(program, sizeof(program), program_format, irq, irq);
	if (pipe2(out, O_CLOEXEC))
		return error_set(EXIT_MACHINE, errno, "no pipe: %s",
				 strerror(errno));
	bpftrace_pid = fork();
	if (!bpftrace_pid)
		bpftrace_child(out[1], program);
	close(out[1]);
	bpftrace_out = fdopen(out[0], "r");
	if (bpftrace_pid < 0 || !bpftrace_out) {
		bpftrace_end();
		return error_set(EXIT_MACHINE, EAGAIN, "cannot run bpftrace");
	}
	return bpftrace_wait();
}

static int bpftrace_detach(uint64_t *seen)
{
	char line[256];

	*seen = 0;
	kill(bpftrace_pid, SIGINT);
	while (fgets(line, sizeof(line), bpftrace_out))
		sscanf(line, "@runs: %" SCNu64, seen);
	waitpid(bpftrace_pid, NULL, 0);
	bpftrace_pid = 0;
	bpftrace_end();
	return 0;
}

const struct watcher watchers[] = {
	{ "nothing", "no probe attached", false, NULL, NULL },
	{ "intxbench", "the module's probes and histograms", true, NULL, NULL },
	{ "trace-buffer", "irq_handler_entry and _exit, raw", false,
	  trace_attach, trace_detach },
	{ "bpftrace", "a histogram of entry to exit", false, bpftrace_attach,
	  bpftrace_detach },
};

const unsigned int watcher_count = sizeof(watchers) / sizeof(watchers[0]);
