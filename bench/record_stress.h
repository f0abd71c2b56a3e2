/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ran beside a point's flood, in the record. */
#ifndef BENCH_RECORD_STRESS_H
#define BENCH_RECORD_STRESS_H

#include <limits.h>

#include "builder.h"
#include "record.h"

#define RECORD_TIMELINES "timeline" /* a folder of the record */

/* Histograms by index: the name, NULL past the last. *hist is NULL where it
 * was not measured. */
const char *record_stress_metric(const struct stress_result *stress,
				 size_t index,
				 const struct intxbench_hist **hist);

/* "hist/p3-b0-hotplug_offline.hgrm"; path has PATH_MAX bytes. */
void record_stress_hist(const struct point *point, const char *metric,
			char *path);

/* "timeline/p3-b0.json"; path has PATH_MAX bytes. */
void record_stress_timeline(const struct point *point, char *path);

/* hotplug, pressure, counter, move_irq and timeline, those that there are. */
void record_stress_put(struct builder *object, const struct point *point,
		       const struct point_result *result);

/* The timeline; new reference, NULL: no memory. Only where there is one. */
json_t *record_json_timeline(const struct point_result *result);

/* More than its files take for one point, in bytes. */
uint64_t record_stress_estimate_bytes(const struct job *job);

#endif
