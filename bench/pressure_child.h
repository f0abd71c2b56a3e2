/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stress-ng in its control group: a thread of ours starts it, waits for it, and
 * starts it again if the OOM killer ended it. It ends with us.
 */
#ifndef BENCH_PRESSURE_CHILD_H
#define BENCH_PRESSURE_CHILD_H

#include <sched.h>

#include "pressure_tool.h"

struct pressure_child;

struct pressure_child_config {
	const char *group; /* path */
	const struct pressure_command *command;
	const cpu_set_t *cpus; /* NULL: anywhere */
};

/* What config points to is to live as long as the child. EXIT_MACHINE. */
int pressure_child_start(const struct pressure_child_config *config,
			 struct pressure_child **child);

/* errno if it has ended by itself, else 0. Any time, any thread. */
int pressure_child_failed(const struct pressure_child *child);

/*
 * Its process is gone when this returns; others of the group may not be. Fills
 * in restarts, errnum and why. Frees it; NULL is harmless.
 */
void pressure_child_stop(struct pressure_child *child,
			 struct pressure_result *result);

#endif
