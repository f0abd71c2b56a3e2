/* SPDX-License-Identifier: GPL-2.0-or-later */
/* [job] placement and vcpus: who is to be where. Pure. */
#ifndef BENCH_JOB_PLACEMENT_H
#define BENCH_JOB_PLACEMENT_H

#include "job_section.h"

/*
 * setting is [job]'s, by enum job_key. Changes job->vcpus and job->place where
 * they are given; a list of CPUs for the vCPUs says how many there are. Returns
 * 0, -EINVAL with job_fail(), or -ENOMEM with error_set().
 */
int job_placement_take(const struct job_setting *setting, struct job *job);

/* A list of CPUs, "2-3+5", into place; false: it is none. */
bool job_placement_cpus(const char *text, struct job_place *place);

#endif
