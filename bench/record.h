/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing a record (results/SCHEMA.md). Each point goes to disk when it is
 * done, into POINTS_FILE; the record is put together from that at the end, so
 * that memory does not grow with the run. Failures are EXIT_MACHINE.
 */
#ifndef BENCH_RECORD_H
#define BENCH_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "guest_choice.h"
#include "job.h"
#include "lineup.h"
#include "machine.h"
#include "memory.h"
#include "placement.h"
#include "point.h"

#define RECORD_CHIP_MAX 64

struct record {
	const char *directory; /* the caller's */
	FILE *points; /* one JSON object in each line */
	uint64_t counts[POINT_VERDICTS];
};

/* All of a run but its points. */
struct record_head {
	const char *run_id;
	bool interrupted;
	const char *error; /* why it ended early, "" */
	int exit_status;
	uint64_t not_run; /* points */
	time_t started_utc, finished_utc;
	const char *const *argument; /* the command line */
	size_t arguments;
	const char *module_version;
	uint32_t module_abi;
	const struct machine *machine;
	const struct job *job;
	const char *const *override; /* --set */
	size_t overrides;
	uint64_t seed;
	const struct lineup *lineup;
	char chip[RECORD_CHIP_MAX];
	char handlers[POINT_HANDLERS_BYTES];
	const struct placement *placement;
	const struct guest_choice *guest;
	const struct qemu *qemu; /* attached; for guest_qemu_ops only */
	struct kmsg_faults kernel; /* outside of the points */
	/* After that execution; 0: there was none. Half of the plan's, which
	 * is neither the first nor the last. */
	struct memory after_first, after_half, after_last;
	bool restored;
};

/* directory has a folder hist. */
int record_open(const char *directory, struct record *record);

/* Write a point's histograms, and the point. */
int record_add(struct record *record, const struct point *point,
	       const struct point_result *result);

/* Write run.json; the points' file goes. */
int record_finish(struct record *record, const struct record_head *head);

/* Harmless twice, and after record_finish(). */
void record_close(struct record *record);

/* More than a record of so many steps takes, in bytes. */
uint64_t record_estimate_bytes(const struct job *job, size_t steps);

#endif
