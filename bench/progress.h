/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far a run is: a line that is rewritten on a terminal; elsewhere a plain one
 * after each block, and after a step where the last one is a minute old.
 */
#ifndef BENCH_PROGRESS_H
#define BENCH_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "job.h"
#include "plan.h"

#define PROGRESS_LENGTH_MAX 32

struct progress {
	FILE *out;
	bool quiet; /* notes only */
	bool terminal;
	size_t steps, done, failed;
	uint32_t blocks, block;
	size_t said_done; /* done when a plain line said so last */
	uint64_t begin_ns, said_ns; /* CLOCK_MONOTONIC */
	uint64_t guess_ns; /* a step's length before one is done */
};

/* out is the caller's. */
void progress_begin(struct progress *progress, FILE *out, bool quiet,
		    const struct job *job, const struct plan *plan);

/* The next step of the plan starts, and has ended. */
void progress_start_step(struct progress *progress,
			 const struct plan_step *step,
			 const struct plan_point *point);
void progress_end_step(struct progress *progress, bool failed);

/* Leave the terminal's line; steps of which no line has told are told of. */
void progress_end(struct progress *progress);

/* Something that must be said, quiet or not, in a line of its own. */
void progress_note(const struct progress *progress, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* How long one step takes before any was run: flood, set-up and drain. */
uint64_t progress_guess_step_ns(const struct job *job);

/* What is left, from what the steps took so far. */
uint64_t progress_left_ns(const struct progress *progress, uint64_t now_ns);

/* "8 s", "1:05 min", "2:00:05 h"; buffer has PROGRESS_LENGTH_MAX bytes. */
const char *progress_length(uint64_t length_ns, char *buffer);

#endif
