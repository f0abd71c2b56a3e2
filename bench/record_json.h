/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a record as JSON. New references; NULL: no memory. */
#ifndef BENCH_RECORD_JSON_H
#define BENCH_RECORD_JSON_H

#include <jansson.h>

#include "builder.h"
#include "record.h"

#define RECORD_SCHEMA "intxbench/1"

/* {schema, run_id, ...}: everything but "points". */
json_t *record_json_head(const struct record_head *head,
			 const uint64_t counts[POINT_VERDICTS]);

/* verdict of the run: "pass", "fail", "skip" or "interrupted". */
const char *record_verdict(const struct record_head *head,
			   const uint64_t counts[POINT_VERDICTS]);

/* {pass, fail, skip, not_run} */
json_t *record_json_counts(const uint64_t counts[POINT_VERDICTS],
			   uint64_t not_run);

/* kernel_faults and what belongs to it, of a point or of the run. */
void record_json_kernel(struct builder *object,
			const struct kmsg_faults *faults);

/* One of the points. */
json_t *record_json_point(const struct point *point,
			  const struct point_result *result);

/*
 * A metric of a function of the point's: its name, NULL past the last. *hist
 * is NULL where the metric is not this function's (a neighbour has no guest).
 */
const char *record_metric(const struct point_result *result, size_t function,
			  size_t index, const struct intxbench_hist **hist);

/* What is said of a histogram, which is in the file `path` of the record. */
json_t *record_json_metric(const struct intxbench_hist *hist, const char *path);

/* "hist/p3-b0-target-mask.hgrm"; path has PATH_MAX bytes. */
void record_hist_path(const struct point *point,
		      const struct point_function *function, const char *metric,
		      char *path);

#endif
