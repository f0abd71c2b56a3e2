/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The folder of a run: made under a temporary name, filled, renamed. Failures
 * are EXIT_MACHINE with error_set(), no space among them.
 */
#ifndef BENCH_RESULTS_H
#define BENCH_RESULTS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define RESULTS_ID_MAX 192

struct results {
	char run_id[RESULTS_ID_MAX]; /* "20260101T120000Z-quick-testbed" */
	char root[PATH_MAX]; /* what --results says */
	char partial[PATH_MAX]; /* "<root>/.<run-id>.partial" */
	char path[PATH_MAX]; /* "<root>/<run-id>" */
	bool made_root, made_partial; /* and not finished yet */
	int lock; /* the partial folder, flock()ed; -1 */
};

/*
 * Make the folder for a run started at started_utc, with hist/ in it; root is
 * made too if only it is missing. Fails where fewer than bytes are free. A run
 * of the same second, job and host gets "-2" and so on at its end.
 */
int results_create(const char *root, const char *job, const char *host,
		   time_t started_utc, uint64_t bytes, struct results *results);

/* All is written: sync, give the files to who called sudo, rename. */
int results_finish(struct results *results);

/* Give what is in the finished folder since to who called sudo. */
int results_own(const struct results *results);

/* Remove all that was made. Harmless after results_finish(). */
void results_discard(struct results *results);

/* Partial folders of runs that are dead, and one of them in name, which has
 * NAME_MAX + 1 bytes. They are left as they are. */
unsigned int results_count_stale(const char *root, char *name);

/* text with whatever does not belong in a file name replaced by '_'. */
void results_safe_name(const char *text, char *name, size_t bytes);

#endif
