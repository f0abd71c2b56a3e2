/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's cpuhp events say of one operation, from the lines of a
 * trace_pipe. Pure.
 */
#ifndef BENCH_CPUHP_STEPS_H
#define BENCH_CPUHP_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CPUHP_DEPTH_MAX 8
#define CPUHP_STEPS_MAX 256 /* states of a kernel; 6.1 has 237 */

enum cpuhp_event {
	CPUHP_ENTER, /* a state's callback begins */
	CPUHP_EXIT,
	CPUHP_LOST, /* events were overwritten before this line */
	CPUHP_COMMENT,
};

struct cpuhp_line {
	enum cpuhp_event event;
	uint64_t time_ns; /* as printed, to 1 us, the rest cut off */
	int cpu; /* that comes or goes, not the one that does the step */
	int step; /* enum cpuhp_state */
	int ret; /* of CPUHP_EXIT: 0 or -errno */
};

/* text is one line without its newline. Returns 0, -EINVAL: no such line. */
int cpuhp_line_parse(const char *text, struct cpuhp_line *line);

/* Steps of one operation on one CPU, in the order of their first. */
struct cpuhp_steps {
	int cpu;
	bool torn; /* an event is missing, or a step failed */
	size_t depth;
	struct {
		int step;
		uint64_t start_ns, inner_ns;
	} open[CPUHP_DEPTH_MAX];
	size_t count;
	struct cpuhp_step {
		int step;
		uint64_t time_ns; /* of all its callbacks, less the steps that
				   * ran within them */
	} step[CPUHP_STEPS_MAX];
};

void cpuhp_steps_begin(struct cpuhp_steps *steps, int cpu);

/* Lines of other CPUs are ignored. */
void cpuhp_steps_take(struct cpuhp_steps *steps, const struct cpuhp_line *line);

/* Whether there are steps, and all of them. */
bool cpuhp_steps_whole(const struct cpuhp_steps *steps);

#endif
