// SPDX-License-Identifier: GPL-2.0-or-later
/* Documentation/trace/ftrace.rst, "Instances". */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cpuhp_steps.h"
#include "cpuhp_trace.h"
#include "error.h"
#include "host_cpu.h"
#include "host_undo.h"
#include "journal.h"
#include "sysfs.h"

#define INSTANCES "/sys/kernel/tracing/instances"
#define BUFFER_KB "64" /* of each CPU; one operation has some 8 KiB */
#define READ_BYTES 4096

struct cpuhp_trace {
	char instance[32];
	int fd; /* trace_pipe */
	char *names; /* /sys/devices/system/cpu/hotplug/states; NULL: none */
	struct cpuhp_steps steps;
	uint64_t strange; /* lines that are not understood */
	size_t held; /* bytes of a line whose end is still to be read */
	char text[2 * READ_BYTES];
	size_t states;
	struct hotplug_state *state; /* HOTPLUG_STATES_MAX */
};

static const struct {
	const char *file, *text;
} settings[] = {
	{ "trace_clock", "mono" },
	{ "buffer_size_kb", BUFFER_KB },
	{ "events/cpuhp/cpuhp_enter/enable", "1" },
	{ "events/cpuhp/cpuhp_multi_enter/enable", "1" },
	{ "events/cpuhp/cpuhp_exit/enable", "1" },
};

static int remove_instance(const char *instance)
{
	char path[PATH_MAX];
	int err;

	err = sysfs_path(path, sizeof(path), INSTANCES "/%s", instance);
	if (err)
		return err;
	return rmdir(path) && errno != ENOENT ? -errno : 0;
}

int host_undo_trace(const char *instance, const char *value)
{
	int err = remove_instance(instance);

	(void)value;
	if (!err)
		return 0;
	return error_set(EXIT_MACHINE, -err,
			 "cannot remove the trace instance " INSTANCES
			 "/%s: %s%s",
			 instance, strerror(-err),
			 err == -EBUSY ? "; somebody reads it" : "");
}

static int make_instance(struct cpuhp_trace *trace)
{
	char path[PATH_MAX];
	int err;

	err = sysfs_path(path, sizeof(path), INSTANCES "/%s", trace->instance);
	if (!err)
		err = remove_instance(trace->instance);
	if (!err && mkdir(path, 0700))
		err = -errno;
	for (size_t i = 0; !err && i < sizeof(settings) / sizeof(settings[0]);
	     i++)
		err = sysfs_write(settings[i].text, INSTANCES "/%s/%s",
				  trace->instance, settings[i].file);
	if (err)
		return err;
	err = sysfs_path(path, sizeof(path), INSTANCES "/%s/trace_pipe",
			 trace->instance);
	if (err)
		return err;
	trace->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return trace->fd < 0 ? -errno : 0;
}

static void free_trace(struct cpuhp_trace *trace)
{
	if (trace->fd >= 0)
		close(trace->fd);
	remove_instance(trace->instance); /* or the journal will */
	free(trace->names);
	free(trace->state);
	free(trace);
}

static struct cpuhp_trace *allocate(void)
{
	struct cpuhp_trace *trace = calloc(1, sizeof(*trace));

	if (!trace)
		return NULL;
	trace->fd = -1;
	trace->state = calloc(HOTPLUG_STATES_MAX, sizeof(*trace->state));
	trace->names = sysfs_load(HOST_CPU "/hotplug/states");
	snprintf(trace->instance, sizeof(trace->instance), "intxbench-%d",
		 (int)getpid());
	if (trace->state)
		return trace;
	free(trace->names);
	free(trace);
	return NULL;
}

int cpuhp_trace_open(struct cpuhp_trace **result, char why[HOTPLUG_WHY_MAX])
{
	struct cpuhp_trace *trace;
	char path[PATH_MAX];
	int err;

	*result = NULL;
	if (sysfs_path(path, sizeof(path), INSTANCES) || access(path, W_OK)) {
		snprintf(why, HOTPLUG_WHY_MAX, "%s: %s", INSTANCES,
			 strerror(errno));
		return 0;
	}
	trace = allocate();
	if (!trace)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	err = journal_add(JOURNAL_TRACE, trace->instance, "absent");
	if (err) {
		free_trace(trace);
		return err;
	}
	err = make_instance(trace);
	if (!err) {
		*result = trace;
		return 0;
	}
	snprintf(why, HOTPLUG_WHY_MAX, "no trace of cpuhp events in %s: %s",
		 INSTANCES, strerror(-err));
	free_trace(trace);
	return 0;
}

static void take_line(struct cpuhp_trace *trace, const char *text)
{
	struct cpuhp_line line;

	if (cpuhp_line_parse(text, &line))
		trace->strange++;
	else
		cpuhp_steps_take(&trace->steps, &line);
}

/* Whole lines; what is left of the last one moves to the front. */
static void take_lines(struct cpuhp_trace *trace, size_t bytes)
{
	char *line = trace->text, *end = trace->text + bytes, *newline;

	while ((newline = memchr(line, '\n', end - line))) {
		*newline = '\0';
		take_line(trace, line);
		line = newline + 1;
	}
	trace->held = end - line;
	if (trace->held >= READ_BYTES) { /* no line of ours is so long */
		trace->held = 0;
		trace->strange++;
	}
	memmove(trace->text, line, trace->held);
}

static void drain(struct cpuhp_trace *trace)
{
	ssize_t bytes;

	for (;;) {
		bytes = read(trace->fd, trace->text + trace->held, READ_BYTES);
		if (bytes > 0)
			take_lines(trace, trace->held + bytes);
		else if (!bytes || errno != EINTR)
			return;
	}
}

void cpuhp_trace_begin(struct cpuhp_trace *trace, int cpu)
{
	cpuhp_steps_begin(&trace->steps, cpu);
	drain(trace);
	cpuhp_steps_begin(&trace->steps, cpu);
}

/* "235: sched:active" of a line. */
static void name_state(const char *names, struct hotplug_state *state)
{
	const char *line = names;

	snprintf(state->name, sizeof(state->name), "state %d", state->state);
	while (line && *line) {
		char *rest;
		long number = strtol(line, &rest, 10);

		if (rest != line && number == state->state && *rest == ':') {
			rest += 1 + strspn(rest + 1, " ");
			snprintf(state->name, sizeof(state->name), "%.*s",
				 (int)strcspn(rest, "\n"), rest);
			return;
		}
		line = strchr(line, '\n');
		line += line != NULL;
	}
}

static struct hotplug_state *find_state(struct cpuhp_trace *trace, int number)
{
	struct hotplug_state *state;

	for (size_t i = 0; i < trace->states; i++) {
		if (trace->state[i].state == number)
			return &trace->state[i];
	}
	if (trace->states == HOTPLUG_STATES_MAX)
		return NULL;
	state = &trace->state[trace->states++];
	state->state = number;
	name_state(trace->names, state);
	return state;
}

bool cpuhp_trace_end(struct cpuhp_trace *trace,
		     const struct hotplug_operation *operation)
{
	const struct cpuhp_steps *steps = &trace->steps;
	struct hotplug_state *state;
	bool all = true;

	drain(trace);
	if (operation->errnum || !cpuhp_steps_whole(steps))
		return false;
	for (size_t i = 0; i < steps->count; i++) {
		state = find_state(trace, steps->step[i].step);
		if (state)
			intxbench_hist_record(
				&state->hist[operation->direction],
				steps->step[i].time_ns);
		else
			all = false;
	}
	return all;
}

/* Overwritten, or dropped where the buffer does not overwrite; of all CPUs. */
static uint64_t count_lost(const struct cpuhp_trace *trace)
{
	uint64_t lost = 0, count;
	char *stats, *line, *rest;

	for (int cpu = 0; cpu < (int)sysconf(_SC_NPROCESSORS_CONF); cpu++) {
		stats = sysfs_load(INSTANCES "/%s/per_cpu/cpu%d/stats",
				   trace->instance, cpu);
		rest = stats;
		while (rest && (line = strsep(&rest, "\n")))
			if (sscanf(line, "overrun: %" SCNu64, &count) == 1 ||
			    sscanf(line, "dropped events: %" SCNu64, &count) ==
				    1)
				lost += count;
		free(stats);
	}
	return lost;
}

static int compare_states(const void *a, const void *b)
{
	const struct hotplug_state *left = a, *right = b;

	return left->state - right->state;
}

void cpuhp_trace_close(struct cpuhp_trace *trace, struct hotplug_result *result)
{
	if (!trace)
		return;
	result->trace_lost = count_lost(trace);
	if (trace->states) {
		qsort(trace->state, trace->states, sizeof(*trace->state),
		      compare_states);
		result->state = trace->state;
		result->states = trace->states;
		trace->state = NULL;
	} else {
		snprintf(
			result->trace_why, sizeof(result->trace_why),
			"no operation was traced from its first event to its last (%" PRIu64
			" lines are not understood)",
			trace->strange);
	}
	free_trace(trace);
}
