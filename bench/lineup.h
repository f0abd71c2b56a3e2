/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which functions a run takes: the job's, with "auto" made into addresses.
 * Looks at what host_scan() saw and changes nothing.
 */
#ifndef BENCH_LINEUP_H
#define BENCH_LINEUP_H

#include <stdbool.h>
#include <stddef.h>

#include "host.h"
#include "job.h"
#include "plan.h"

#define LINEUP_MAX (1 + JOB_NEIGHBOURS_MAX)

struct lineup_member {
	const char *name; /* "target", or the job's neighbour's */
	struct host_function function;
	char driver_before[64]; /* when it was chosen; "" unbound */
	bool live; /* keeps its driver */
};

struct lineup {
	/* The target, then neighbour i of the job as member i + 1. */
	struct lineup_member member[LINEUP_MAX];
	size_t members;
	int irq; /* 0: not known before they are bound */
};

/* Whether the job leaves a choice, for which lines have to be known. */
bool lineup_is_auto(const struct job *job);

/* A function that "auto" may choose: it has a trigger and may be taken. */
bool lineup_may_choose(const struct host_function *function);

/*
 * Addresses given are taken if they may be. "auto" is the line with most
 * functions to choose from (that of the addresses given, where there are
 * any); of it the first edu, or else the first function, is the target and
 * the others are the neighbours, in the order of their addresses.
 *
 * An address given twice is EXIT_REQUEST. EXIT_MACHINE: no such function, no
 * trigger, one that must not be taken, too few on the line.
 */
int lineup_choose(const struct job *job, const struct host_functions *functions,
		  struct lineup *lineup);

/*
 * Look again after they were bound, when lines are certain: all must be on
 * one (EXIT_MACHINE names two that are not), and no arm of the plan may turn
 * it off under a live function that is on it too.
 */
int lineup_confirm(struct lineup *lineup, const struct plan *plan,
		   const struct host_functions *functions);

#endif
