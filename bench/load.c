// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "error.h"
#include "load_tool.h"
#include "worker.h"

#define START_LIMIT_NS (10 * NSEC_PER_SEC)
#define SETTLE_US 300000
#define STOP_LIMIT_NS (10 * NSEC_PER_SEC)
#define LOOK_US 2000
#define WORKING_THREADS 3

/* A report of fio's is some 100 KiB. */
#define TEXT_MAX (4U << 20)
#define WORDS_MAX 160 /* of what it said, in an error */

struct load {
	const struct load_tool *tool;
	pid_t child;
	FILE *output;
	pthread_t reader;
	bool reading_on;
	char *text; /* all it has printed, where that is wanted at the end */
	size_t text_bytes;

	pthread_mutex_t lock; /* below: reader and owner */
	struct load_reading reading;
	uint64_t values;
	char last[WORDS_MAX]; /* line that was no value */
	bool ended; /* its output is at an end */
};

static void keep_text(struct load *load, const char *line, size_t bytes)
{
	char *grown;

	if (!load->tool->take_all || load->text_bytes + bytes >= TEXT_MAX)
		return;
	grown = realloc(load->text, load->text_bytes + bytes + 1);
	if (!grown)
		return;
	load->text = grown;
	memcpy(load->text + load->text_bytes, line, bytes + 1);
	load->text_bytes += bytes;
}

static void take_line(struct load *load, const char *line)
{
	pthread_mutex_lock(&load->lock);
	if (load->tool->take_line(&load->reading, line))
		load->values++;
	else if (line[strspn(line, " \n")])
		snprintf(load->last, sizeof(load->last), "%.*s",
			 (int)strcspn(line, "\n"), line);
	pthread_mutex_unlock(&load->lock);
}

static void *read_output(void *arg)
{
	struct load *load = arg;
	size_t room = 0;
	char *line = NULL;
	ssize_t bytes;

	while ((bytes = getline(&line, &room, load->output)) > 0) {
		take_line(load, line);
		keep_text(load, line, bytes);
	}
	free(line);
	pthread_mutex_lock(&load->lock);
	load->ended = true;
	pthread_mutex_unlock(&load->lock);
	return NULL;
}

/* A process group of its own: Ctrl-C is for us to hand on. */
static void run_child(const char *const *argument, int out, pid_t parent)
{
	char *const environment[] = { (char *)"LC_ALL=C", NULL };
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	/* A shell has it ignored by what it runs in the background. */
	signal(SIGINT, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127); /* it died before that */
	setpgid(0, 0);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	execvpe(argument[0], (char *const *)argument, environment);
	dprintf(STDERR_FILENO, "%s\n", strerror(errno));
	_exit(127);
}

static int spawn(struct load *load, const char *object)
{
	const char *argument[LOAD_ARGUMENTS_MAX];
	pid_t parent = getpid();
	int out[2], errnum;

	load->tool->arguments(object, argument);
	if (pipe2(out, O_CLOEXEC))
		return -errno;
	load->child = fork();
	if (!load->child)
		run_child(argument, out[1], parent);
	errnum = errno;
	close(out[1]);
	if (load->child > 0)
		load->output = fdopen(out[0], "re");
	if (load->output)
		return 0;
	close(out[0]);
	return load->child < 0 ? -errnum : -ENOMEM;
}

static int start_reader(struct load *load)
{
	int errnum = worker_start(&load->reader, NULL, read_output, load);

	load->reading_on = !errnum;
	return -errnum;
}

static void look(struct load *load, uint64_t *values, bool *ended)
{
	pthread_mutex_lock(&load->lock);
	*values = load->values;
	*ended = load->ended;
	pthread_mutex_unlock(&load->lock);
}

/*
 * A tool that says nothing before its end (fio) works once it has the threads
 * for that: its first, one that helps it with figures, and its job's.
 */
static bool has_worker(const struct load *load)
{
	unsigned int threads = 0;
	struct dirent *entry;
	char path[64];
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", load->child);
	tasks = opendir(path);
	if (!tasks)
		return false;
	while ((entry = readdir(tasks)))
		threads += entry->d_name[0] != '.';
	closedir(tasks);
	return threads >= WORKING_THREADS;
}

static int wait_for_life(struct load *load)
{
	uint64_t start_ns = clock_now_ns(), values;
	bool ended;

	for (;;) {
		look(load, &values, &ended);
		if (values)
			return 0;
		if (ended)
			return -ECHILD;
		if (!load->tool->early && has_worker(load)) {
			usleep(SETTLE_US);
			return 0;
		}
		if (clock_now_ns() > start_ns + START_LIMIT_NS)
			return -ETIMEDOUT;
		usleep(LOOK_US);
	}
}

static int fail(const struct load *load, int err, const char *what)
{
	return error_set(EXIT_MACHINE, -err,
			 "the load %s %s%s%s; it comes with Debian's %s",
			 load->tool->name, what, load->last[0] ? ": " : "",
			 load->last, load->tool->package);
}

int load_start(enum load_kind kind, const char *object, struct load **result)
{
	struct load *load = calloc(1, sizeof(*load));
	int err;

	if (!load)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	load->tool = &load_tools[kind];
	pthread_mutex_init(&load->lock, NULL);
	err = spawn(load, object);
	if (!err)
		err = start_reader(load);
	if (!err)
		err = wait_for_life(load);
	if (!err) {
		*result = load;
		return 0;
	}
	err = fail(load, err,
		   err == -ETIMEDOUT ? "gets no answer" : "does not start");
	load_discard(load);
	return err;
}

void load_begin(struct load *load)
{
	if (!load->tool->early)
		kill(load->child, SIGUSR1);
	pthread_mutex_lock(&load->lock);
	memset(&load->reading, 0, sizeof(load->reading));
	pthread_mutex_unlock(&load->lock);
}

static bool has_ended(struct load *load)
{
	uint64_t values;
	bool ended;

	look(load, &values, &ended);
	return ended;
}

/* SIGINT makes both tools say what they have. */
static void end(struct load *load)
{
	uint64_t start_ns = clock_now_ns();

	if (load->child > 0) {
		kill(load->child, SIGINT);
		while (load->reading_on && !has_ended(load) &&
		       clock_now_ns() < start_ns + STOP_LIMIT_NS)
			usleep(LOOK_US);
		kill(load->child, SIGKILL);
		waitpid(load->child, NULL, 0);
	}
	load->child = 0;
	if (load->reading_on)
		pthread_join(load->reader, NULL);
	load->reading_on = false;
}

int load_stop(struct load *load, struct load_result *result)
{
	bool died = has_ended(load);
	int err = 0;

	end(load);
	if (died)
		err = fail(load, -ECHILD, "ended before the flood did");
	else if (load->tool->take_all &&
		 load->tool->take_all(&load->reading,
				      load->text ? load->text : ""))
		err = fail(load, -EINVAL, "says what is not understood");
	*result = load->reading.result;
	load_discard(load);
	return err;
}

void load_discard(struct load *load)
{
	if (!load)
		return;
	end(load);
	if (load->output)
		fclose(load->output);
	pthread_mutex_destroy(&load->lock);
	free(load->text);
	free(load);
}
