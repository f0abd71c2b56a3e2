/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A directory for the job files of a test. */
#ifndef TESTS_UNIT_JOB_FILE_H
#define TESTS_UNIT_JOB_FILE_H

#include <limits.h>
#include <unistd.h>

#include "unit.h"

static char job_directory[PATH_MAX];

static inline int job_directory_make(void **state)
{
	const char *base = getenv("TMPDIR");

	(void)state;
	snprintf(job_directory, sizeof(job_directory), "%s/intxbench.XXXXXX",
		 base ? base : "/tmp");
	return mkdtemp(job_directory) ? 0 : -1;
}

static inline int job_directory_remove(void **state)
{
	(void)state;
	return rmdir(job_directory);
}

static inline void job_file_path(const char *name, char path[PATH_MAX])
{
	int length =
		snprintf(path, PATH_MAX, "%.3000s/%s", job_directory, name);

	assert_in_range(length, 1, PATH_MAX - 1);
}

/* Writes bytes as NAME there; its whole path goes to path. */
static inline void job_file_write(const char *name, const void *bytes,
				  size_t count, char path[PATH_MAX])
{
	FILE *file;

	job_file_path(name, path);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, count, file), count);
	assert_int_equal(fclose(file), 0);
}

#endif
