/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of a job for what runs beside the flood. Pure. */
#ifndef BENCH_JOB_STRESS_H
#define BENCH_JOB_STRESS_H

#include "job_section.h"

/* What holds where nothing is said. */
void job_stress_defaults(struct job *job);

/* setting is [hotplug]'s, [pressure]'s, [counter]'s or a [points] section's.
 * All return 0, or -EINVAL with job_fail(). */
int job_stress_take_hotplug(const struct job_setting *setting, struct job *job);
int job_stress_take_pressure(const struct job_setting *setting,
			     struct job *job);
int job_stress_take_counter(const struct job_setting *setting, struct job *job);
int job_stress_take_lists(const struct job_setting *setting,
			  struct stress_lists *lists);

/* What is contradictory, or would do nothing. */
int job_stress_check(const struct job *job, struct job_source *source);

#endif
