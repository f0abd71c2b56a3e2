/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file under a temporary name until it is whole: readers see the old file
 * or the new one, and a failure leaves nothing behind.
 */
#ifndef BENCH_DRAFT_H
#define BENCH_DRAFT_H

#include <limits.h>
#include <stdio.h>

struct draft {
	FILE *file; /* NULL: closed */
	char path[PATH_MAX]; /* what it is to be called */
	char temporary[PATH_MAX]; /* ".NAME.draft" beside it */
};

/* directory/name is to be written. EXIT_MACHINE names the file. */
int draft_open(const char *directory, const char *name, struct draft *draft);

/*
 * Finish the file under its name, or discard it when a write failed (no
 * space) or this does. Closes the draft in either case. Returns 0, -errno with
 * EXIT_MACHINE.
 */
int draft_commit(struct draft *draft);

/* Give up. Nothing happens to a draft that is closed. */
void draft_discard(struct draft *draft);

#endif
