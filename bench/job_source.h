/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A job as it was written: the file's lines and the --sets laid over them. */
#ifndef BENCH_JOB_SOURCE_H
#define BENCH_JOB_SOURCE_H

#include "job_section.h"

/*
 * Split text, which is path's, and lay overrides over it; all of them must
 * live as long as *source. [job] and [target] are in *source whether they are
 * in the file or not. Returns 0, or -errno with error_set(); free with
 * job_source_free() in either case.
 */
int job_source_read(struct job_source *source, const char *path,
		    const char *text, const char *const *overrides,
		    size_t count);
void job_source_free(struct job_source *source);

#endif
