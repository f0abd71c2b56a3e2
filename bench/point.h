/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One execution of a point: setup, flood, drain, collect, restore. */
#ifndef BENCH_POINT_H
#define BENCH_POINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "accounting.h"
#include "guest.h"
#include "job.h"
#include "kmsg.h"
#include "lineup.h"
#include "placement.h"
#include "plan.h"
#include "stress_result.h"

#define POINT_REASONS_MAX 32
#define POINT_REASON_BYTES 320
#define POINT_HANDLERS_BYTES 256

enum point_verdict { POINT_PASS, POINT_FAIL, POINT_SKIP, POINT_VERDICTS };

/* What to run; everything is the caller's. */
struct point {
	const struct job *job;
	const struct plan_point *plan;
	struct plan_step step; /* which point of which block */
	uint64_t seed; /* the run's */
	const struct lineup *lineup;
	const struct placement *placement;
	const struct guest_ops *guest;
	const struct qemu *qemu; /* whose guest it is, for guest_qemu_ops */
	struct kmsg *kmsg;
};

struct point_function {
	const struct lineup_member *member;
	const struct job_flood *flood;
	uint32_t rate_hz; /* 0: not asserted by us (live) */
	const struct job_neighbour *live; /* NULL: the target, or driven */
	struct load_result load; /* live, with a load */
	struct accounting accounting;
	struct intxbench_data data; /* the module's counters, at the end */
	/* Merged over CPUs; by enum intxbench_metric. */
	struct intxbench_hist hist[INTXBENCH_METRICS];
};

/* Large; one is enough for a run. */
struct point_result {
	enum point_verdict verdict;
	char reason[POINT_REASONS_MAX][POINT_REASON_BYTES];
	size_t reasons; /* may count more than were kept */
	uint64_t started_ns; /* CLOCK_MONOTONIC; 0: never started */
	uint64_t drain_ns;
	bool drained; /* nothing was left when it ended */
	bool flood_cut, drain_cut; /* ended early, by a signal */
	bool guarded;
	int path_errnum; /* 0, or why the path ended by itself */
	int irq;
	char handlers[POINT_HANDLERS_BYTES]; /* on the line meanwhile */
	struct point_function function[LINEUP_MAX]; /* target first */
	size_t functions; /* 0: the line could not be had */
	struct guest_result guest;
	struct kmsg_faults kernel; /* what the kernel's log said meanwhile */
	struct stress_result stress; /* of what ran beside the flood */
};

const char *point_verdict_name(enum point_verdict verdict);

/*
 * Run it and judge it. *result is all 0 or another point's, whose memory is
 * freed; stress_result_free() in the end. Returns 0 if there is a verdict: an arm that needs the
 * line alone and does not have it, and a flood cut short by a signal that
 * shows nothing wrong, are skipped; a kernel fault is a failure. -errno with
 * error_set() where it could not be set up or the kernel's log not be kept. In
 * every case nothing of it runs any more.
 */
int point_run(const struct point *point, struct point_result *result);

#endif
