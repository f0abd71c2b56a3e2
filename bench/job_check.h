/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a job's values must be like together, each being right by itself. */
#ifndef BENCH_JOB_CHECK_H
#define BENCH_JOB_CHECK_H

#include "job_section.h"

/*
 * source is where the job's values come from, for the errors only. Returns 0,
 * or -EINVAL with job_fail(). Pure.
 */
int job_check(const struct job *job, struct job_source *source);

#endif
