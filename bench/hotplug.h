/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPUs taken offline and brought back while something else is measured; one
 * thread does it, each operation is timed from outside and from inside.
 *
 * A CPU that was offline when hotplug_start() was called is never touched. What
 * is taken offline is journalled first (JOURNAL_CPU), so that it comes back
 * whatever ends us. So are lines of the machine aimed at nothing but CPUs that
 * may go; they are aimed so again at the end.
 *
 * Failures are -errno with error_set(), unless noted.
 */
#ifndef BENCH_HOTPLUG_H
#define BENCH_HOTPLUG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../kmod/uapi/intxbench_hist.h"

#define HOTPLUG_CPUS_MAX 256
#define HOTPLUG_STATES_MAX 128
#define HOTPLUG_STATE_NAME_MAX 48
#define HOTPLUG_WHY_MAX 160

struct hotplug_config {
	int cpu[HOTPLUG_CPUS_MAX]; /* Linux CPUs to choose from, each once */
	size_t cpus; /* 1.. */
	uint64_t seed; /* of the choice, each time anew */
	uint32_t interval_ms; /* from a cycle's start to the next one's at the
			       * earliest; 0: back to back */
	uint64_t cycles; /* stop after so many; 0: until told */
	int engine_cpu; /* where our thread runs; never a candidate; -1: any
			 * CPU that is no candidate */

	/*
	 * A line that is to be aimed at irq_cpu again whenever that one has
	 * come back, as the kernel takes it away; 0: none. Threads of this
	 * process that are pinned to one CPU are pinned again unasked.
	 */
	int irq;
	int irq_cpu;

	/*
	 * The number of the interrupt that has been asserted and not been
	 * served yet; 0: none. Asked by our thread around each operation.
	 * NULL: nobody knows.
	 */
	uint64_t (*asserted)(const void *of);
	const void *asserted_of;
};

enum hotplug_direction { HOTPLUG_OFFLINE, HOTPLUG_ONLINE, HOTPLUG_DIRECTIONS };

/*
 * What one step of the kernel's took, by the cpuhp_enter and cpuhp_exit events
 * of our own trace instance (the trace's "mono" clock, ns in steps of 1000):
 * once for each operation that has it, without the steps that run within it.
 */
struct hotplug_state {
	int state; /* enum cpuhp_state's number in this kernel */
	char name[HOTPLUG_STATE_NAME_MAX]; /* as in
					    * /sys/devices/system/cpu/hotplug/states */
	struct intxbench_hist hist[HOTPLUG_DIRECTIONS];
};

/* For the timeline: one finished operation. CLOCK_MONOTONIC, ns. */
struct hotplug_operation {
	uint64_t start_ns, end_ns;
	int cpu;
	enum hotplug_direction direction;
	int errnum; /* 0, or what the write to sysfs failed with */
};

struct hotplug_result {
	uint64_t cycles; /* off and on again, both without an error */
	uint64_t failed[HOTPLUG_DIRECTIONS]; /* operations; not in hist */
	uint64_t asserted; /* times a CPU went while one and the same interrupt
			    * was asserted from before to after */
	struct intxbench_hist hist[HOTPLUG_DIRECTIONS]; /* the write() to sysfs */
	struct hotplug_state *state; /* by state; NULL where not traced */
	size_t states;
	uint64_t trace_lost; /* events the trace dropped: the states' histograms
			      * are then incomplete; the operations' are not */
	char trace_why[HOTPLUG_WHY_MAX]; /* why there are no states; "" if any */
	struct hotplug_operation *operation; /* the newest, oldest first */
	size_t operations;
	uint64_t operations_dropped; /* older ones that were not kept */
	int errnum; /* 0, or why the engine ended by itself */
	char why[HOTPLUG_WHY_MAX];

	uint64_t untraced[HOTPLUG_DIRECTIONS]; /* operations in hist whose steps
				* are not, or not all, in the states' */
	uint64_t repinned; /* threads pinned again, each time */
	uint64_t reaimed; /* lines aimed again, each time */
	uint64_t strayed; /* threads and lines that could not be put back */
};

struct hotplug;

/*
 * Whether these CPUs can be taken offline here: they exist, are online, have an
 * `online` file (CPU 0 has none on most machines), and one CPU at least stays.
 * Changes nothing. EXIT_MACHINE names the CPU and what is the matter.
 */
int hotplug_check(const struct hotplug_config *config);

/*
 * Begins at once. *config is copied. What is pinned is to be pinned before:
 * nothing can be to a CPU while it is away.
 */
int hotplug_start(const struct hotplug_config *config,
		  struct hotplug **hotplug);

/* Cycles so far, and whether the engine is done or has failed. Any time. */
uint64_t hotplug_cycles(const struct hotplug *hotplug);
bool hotplug_ended(const struct hotplug *hotplug);

/*
 * Ends after the cycle under way, brings back what is offline, and waits for
 * that. *result is the caller's, to be freed by hotplug_result_free().
 * Frees the engine.
 */
void hotplug_stop(struct hotplug *hotplug, struct hotplug_result *result);
void hotplug_result_free(struct hotplug_result *result);

#endif
