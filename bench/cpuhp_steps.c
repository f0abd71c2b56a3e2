// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A line is (kernel/trace/trace_output.c, include/trace/events/cpuhp.h):
 *
 *   cpuhp/1-19 [001] ..... 4.469647: cpuhp_enter: cpu: 0001 target: 153 step: 235 (fn)
 *   cpuhp/1-19 [001] ..... 4.484891: cpuhp_exit:  cpu: 0001  state: 234 step: 235 ret: 0
 *
 * What is left of the time differs with the trace's options, and a task may
 * be called anything.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cpuhp_steps.h"

#define NSEC_PER_USEC 1000
#define USEC_PER_SEC 1000000

static const struct {
	const char *text;
	enum cpuhp_event event;
} events[] = {
	{ ": cpuhp_enter: ", CPUHP_ENTER },
	{ ": cpuhp_multi_enter: ", CPUHP_ENTER },
	{ ": cpuhp_exit: ", CPUHP_EXIT },
};

/* "label: number", anywhere in text. */
static int parse_field(const char *text, const char *label, int *value)
{
	const char *found = strstr(text, label);
	char *end;
	long number;

	if (!found)
		return -EINVAL;
	found += strlen(label);
	errno = 0;
	number = strtol(found, &end, 10);
	if (errno || end == found || number != (int)number ||
	    (*end && *end != ' '))
		return -EINVAL;
	*value = number;
	return 0;
}

/* "4.469647", which ends at end. */
static int parse_time(const char *text, const char *end, uint64_t *time_ns)
{
	unsigned long long seconds, micros;
	const char *start = end;
	char *rest;

	while (start > text && start[-1] != ' ')
		start--;
	if (*start < '0' || *start > '9')
		return -EINVAL;
	seconds = strtoull(start, &rest, 10);
	if (*rest != '.' || end - rest != 7)
		return -EINVAL;
	start = rest + 1;
	if (strspn(start, "0123456789") != 6)
		return -EINVAL;
	micros = strtoull(start, NULL, 10);
	*time_ns = (seconds * USEC_PER_SEC + micros) * NSEC_PER_USEC;
	return 0;
}

static int parse_event(const char *text, const char *found,
		       const char *arguments, struct cpuhp_line *line)
{
	if (parse_time(text, found, &line->time_ns) ||
	    parse_field(arguments, "cpu: ", &line->cpu) ||
	    parse_field(arguments, " step: ", &line->step))
		return -EINVAL;
	if (line->cpu < 0 || line->step < 0)
		return -EINVAL;
	if (line->event != CPUHP_EXIT)
		return 0;
	return parse_field(arguments, " ret: ", &line->ret);
}

int cpuhp_line_parse(const char *text, struct cpuhp_line *line)
{
	*line = (struct cpuhp_line){ .event = CPUHP_COMMENT };
	if (!*text || *text == '#')
		return 0;
	if (!strncmp(text, "CPU:", 4) && strstr(text, " [LOST ")) {
		line->event = CPUHP_LOST;
		return 0;
	}
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		const char *found = strstr(text, events[i].text);

		if (!found)
			continue;
		line->event = events[i].event;
		return parse_event(text, found, found + strlen(events[i].text),
				   line);
	}
	return -EINVAL;
}

void cpuhp_steps_begin(struct cpuhp_steps *steps, int cpu)
{
	steps->cpu = cpu;
	steps->torn = false;
	steps->depth = 0;
	steps->count = 0;
}

/* States with several instances, as the pools of zswap, come several times. */
static void add(struct cpuhp_steps *steps, int step, uint64_t time_ns)
{
	for (size_t i = 0; i < steps->count; i++) {
		if (steps->step[i].step == step) {
			steps->step[i].time_ns += time_ns;
			return;
		}
	}
	if (steps->count == CPUHP_STEPS_MAX) {
		steps->torn = true;
		return;
	}
	steps->step[steps->count].step = step;
	steps->step[steps->count].time_ns = time_ns;
	steps->count++;
}

static void enter(struct cpuhp_steps *steps, const struct cpuhp_line *line)
{
	if (steps->depth == CPUHP_DEPTH_MAX) {
		steps->torn = true;
		return;
	}
	steps->open[steps->depth].step = line->step;
	steps->open[steps->depth].start_ns = line->time_ns;
	steps->open[steps->depth].inner_ns = 0;
	steps->depth++;
}

/*
 * One step runs others within it: that which wakes the CPU's own thread and
 * waits for what that one does.
 */
static void leave(struct cpuhp_steps *steps, const struct cpuhp_line *line)
{
	size_t top = steps->depth - 1;
	uint64_t time_ns, inner_ns;

	if (!steps->depth || steps->open[top].step != line->step ||
	    line->time_ns < steps->open[top].start_ns || line->ret) {
		steps->torn = true;
		return;
	}
	time_ns = line->time_ns - steps->open[top].start_ns;
	inner_ns = steps->open[top].inner_ns;
	add(steps, line->step, time_ns > inner_ns ? time_ns - inner_ns : 0);
	steps->depth = top;
	if (top)
		steps->open[top - 1].inner_ns += time_ns;
}

void cpuhp_steps_take(struct cpuhp_steps *steps, const struct cpuhp_line *line)
{
	if (line->event == CPUHP_LOST)
		steps->torn = true;
	if (line->event == CPUHP_LOST || line->event == CPUHP_COMMENT ||
	    line->cpu != steps->cpu || steps->torn)
		return;
	if (line->event == CPUHP_ENTER)
		enter(steps, line);
	else
		leave(steps, line);
}

bool cpuhp_steps_whole(const struct cpuhp_steps *steps)
{
	return !steps->torn && !steps->depth && steps->count;
}
