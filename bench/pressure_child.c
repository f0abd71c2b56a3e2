// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "error.h"
#include "pressure_child.h"
#include "pressure_text.h"
#include "sysfs.h"
#include "worker.h"

#define LOOK_MS 20
#define RESTART_US 100000
#define LINE_MAX_BYTES 120 /* of what it said, in a message */

struct pressure_child {
	struct pressure_child_config config;
	char procs[PATH_MAX]; /* the group's cgroup.procs */
	pthread_t thread;
	atomic_bool stop;
	atomic_int errnum;

	/* The thread's alone, until it is joined. */
	pid_t pid;
	int output; /* the end of the pipe that it writes to */
	uint64_t restarts;
	char line[LINE_MAX_BYTES]; /* under way */
	size_t line_bytes;
	char said[LINE_MAX_BYTES]; /* its complaint, else its last line */
	bool complained;
	char why[PRESSURE_WHY_MAX];
};

static void end_line(struct pressure_child *child)
{
	bool complaint;

	child->line[child->line_bytes] = '\0';
	child->line_bytes = 0;
	complaint = strstr(child->line, "error") ||
		    strstr(child->line, "fail") || strstr(child->line, "abort");
	if (!child->line[0] || child->complained)
		return;
	memcpy(child->said, child->line, sizeof(child->said));
	child->complained = complaint;
}

static void take_text(struct pressure_child *child, const char *text,
		      size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		if (text[i] == '\n')
			end_line(child);
		else if (child->line_bytes + 1 < sizeof(child->line))
			child->line[child->line_bytes++] = text[i];
	}
}

/* Waits for LOOK_MS at most. */
static void listen(struct pressure_child *child, int limit_ms)
{
	struct pollfd output = { .fd = child->output, .events = POLLIN };
	char text[512];
	ssize_t bytes;

	if (poll(&output, 1, limit_ms) <= 0)
		return;
	bytes = read(child->output, text, sizeof(text));
	if (bytes > 0)
		take_text(child, text, bytes);
	else if (limit_ms) /* it has closed it: do not spin */
		usleep(limit_ms * 1000);
}

static void __attribute__((noreturn)) give_up(const char *what)
{
	dprintf(STDERR_FILENO, "%s: %s\n", what, strerror(errno));
	_exit(127);
}

/*
 * Between fork() and exec(): into the group first, so that all it ever has is
 * the group's. A CPU set that is offline now is no reason to fail: the kernel
 * would move it as well.
 */
static void __attribute__((noreturn))
run_child(const struct pressure_child *child, pid_t owner, int out)
{
	char *const environment[] = { (char *)"LC_ALL=C", NULL };
	const struct pressure_child_config *config = &child->config;
	sigset_t none;
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != owner)
		_exit(127);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	fd = open(child->procs, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1)
		give_up(child->procs);
	if (config->cpus)
		sched_setaffinity(0, sizeof(*config->cpus), config->cpus);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	setpgid(0, 0);
	execvpe(config->command->argument[0],
		(char *const *)config->command->argument, environment);
	give_up(config->command->argument[0]);
}

static int spawn(struct pressure_child *child)
{
	pid_t owner = getpid();
	int out[2], errnum;

	if (pipe2(out, O_CLOEXEC))
		return -errno;
	child->pid = fork();
	if (!child->pid)
		run_child(child, owner, out[1]);
	errnum = errno;
	close(out[1]);
	child->output = out[0];
	if (child->pid > 0)
		return 0;
	close(out[0]);
	return -errnum;
}

static void __attribute__((format(printf, 3, 4)))
fail(struct pressure_child *child, int errnum, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(child->why, sizeof(child->why), format, args);
	va_end(args);
	child->errnum = errnum;
}

/* Until it ends, or is to end. */
static int watch(struct pressure_child *child)
{
	int status = 0;

	while (!waitpid(child->pid, &status, WNOHANG)) {
		if (child->stop) {
			kill(child->pid, SIGKILL);
			waitpid(child->pid, &status, 0);
			break;
		}
		listen(child, LOOK_MS);
	}
	for (int i = 0; i < 16; i++)
		listen(child, 0);
	close(child->output);
	return status;
}

static void explain(struct pressure_child *child, int status)
{
	if (WIFSIGNALED(status))
		fail(child, ECHILD, "stress-ng was ended by signal %d: %s",
		     WTERMSIG(status), child->said);
	else
		fail(child, ECHILD, "stress-ng ended with exit status %d: %s",
		     WEXITSTATUS(status), child->said);
}

static uint64_t oom_kills(const struct pressure_child *child)
{
	struct pressure_events events = { 0 };

	pressure_read_events(child->config.group, &events);
	return events.oom_kill;
}

/* One life of it; false: there is to be no other one. */
static bool run_once(struct pressure_child *child)
{
	uint64_t kills = oom_kills(child);
	int status, err;

	err = spawn(child);
	if (err) {
		fail(child, -err, "cannot start stress-ng: %s", strerror(-err));
		return false;
	}
	status = watch(child);
	if (child->stop)
		return false;
	cgroup_kill(child->config.group);
	if (WIFSIGNALED(status) && oom_kills(child) != kills)
		return true;
	explain(child, status);
	return false;
}

static void *supervise(void *arg)
{
	struct pressure_child *child = arg;

	while (run_once(child)) {
		child->restarts++;
		usleep(RESTART_US);
	}
	return NULL;
}

int pressure_child_start(const struct pressure_child_config *config,
			 struct pressure_child **result)
{
	struct pressure_child *child = calloc(1, sizeof(*child));
	int err = child ? 0 : -ENOMEM;

	if (!err) {
		child->config = *config;
		err = sysfs_path(child->procs, sizeof(child->procs),
				 "%s/cgroup.procs", config->group);
	}
	if (!err)
		err = -worker_start(&child->thread, NULL, supervise, child);
	if (!err) {
		*result = child;
		return 0;
	}
	free(child);
	return error_set(EXIT_MACHINE, -err,
			 "cannot start a thread for stress-ng: %s",
			 strerror(-err));
}

int pressure_child_failed(const struct pressure_child *child)
{
	return child->errnum;
}

void pressure_child_stop(struct pressure_child *child,
			 struct pressure_result *result)
{
	if (!child)
		return;
	child->stop = true;
	pthread_join(child->thread, NULL);
	result->restarts = child->restarts;
	result->errnum = child->errnum;
	memcpy(result->why, child->why, sizeof(result->why));
	free(child);
}
