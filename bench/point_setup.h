/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A point while it runs: everything that is set up for it, and taken down. */
#ifndef BENCH_POINT_SETUP_H
#define BENCH_POINT_SETUP_H

#include "guest_mask.h"
#include "path.h"
#include "point.h"
#include "point_stress.h"
#include "registers.h"
#include "session.h"

struct running {
	const struct point *point;
	struct point_result *result;
	const struct path_ops *path_ops; /* NULL: our module's */
	struct path *path; /* NULL: not open */
	struct session session; /* function i is the result's i */
	struct registers registers;
	int inject_fd, resample_fd;
	struct guest_mask mask;
	struct guest_config guest_config;
	struct guest *guest; /* NULL: does not run */
	struct load *load[LINEUP_MAX]; /* of function i; NULL: none */
	struct point_stress stress;
	uint64_t flooded_ns;
	uint32_t pending[LINEUP_MAX]; /* status bits after the drain */
};

/* Nothing is set up yet; lists the result's functions. What point_tear_down() may be called on. */
void point_begin(struct running *running, const struct point *point,
		 struct point_result *result);

/* Up to a guest that waits for the flood. -errno with error_set(), or with the
 * result's verdict POINT_SKIP. */
int point_set_up(struct running *running);

/* Ends the guest, so that result->guest is complete; harmless twice. */
void point_stop_guest(struct running *running);

/* The line is as it was before; the data areas stay until point_tear_down(). */
void point_let_go(struct running *running);

/* All of it, however far it came. */
void point_tear_down(struct running *running);

#endif
