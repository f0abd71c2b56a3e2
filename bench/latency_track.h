/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Assert-to-entry over time: what a function's histogram gained from one look
 * to the next. The histograms are read while they grow, so that a value may be
 * in the window after its own; none is lost or counted twice.
 */
#ifndef BENCH_LATENCY_TRACK_H
#define BENCH_LATENCY_TRACK_H

#include <stddef.h>
#include <stdint.h>

#include "lineup.h"
#include "session.h"

#define LATENCY_WINDOWS_MAX 4096
#define LATENCY_WINDOW_NS UINT64_C(100000000) /* the shortest */

struct latency_window {
	uint64_t end_ns; /* CLOCK_MONOTONIC; begins where the last one ends */
	uint64_t count, sum_ns; /* values that came */
	uint64_t highest_ns; /* middle of the highest bucket that grew; 0:
			      * none did */
};

struct latency_track {
	uint64_t window_ns; /* from look to look at least */
	uint64_t next_ns; /* when the next look is due */
	size_t functions, windows;
	struct latency_window *window[LINEUP_MAX]; /* of function i */
	struct intxbench_hist *before; /* of function i, at the last look */
};

/* For a flood of length_ns. Returns 0, -ENOMEM with error_set(). */
int latency_track_open(struct latency_track *track, size_t functions,
		       uint64_t length_ns);

/* Look, if it is time. What does not fit any more is left out. */
void latency_track_look(struct latency_track *track,
			const struct session *session, uint64_t now_ns);

/* Harmless on one that is all 0, and twice. */
void latency_track_free(struct latency_track *track);

#endif
