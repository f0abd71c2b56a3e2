/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A job file's bytes, checked to be text that a record can hold. Pure. */
#ifndef BENCH_JOB_TEXT_H
#define BENCH_JOB_TEXT_H

#define JOB_TEXT_MAX 65536 /* bytes of a job file */

/*
 * Read path whole into *text, NUL-terminated, to be freed by the caller.
 * Returns 0, or -errno with error_set(): not there, not readable, not a
 * regular file, longer than JOB_TEXT_MAX, no UTF-8 text.
 */
int job_text_read(const char *path, char **text);

/*
 * Why text is not plain UTF-8, and in which line; NULL where it is. JSON takes
 * nothing else, and control characters would reach the reader's terminal.
 */
const char *job_text_flaw(const char *text, int *line);

#endif
