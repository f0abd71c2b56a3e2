/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What counts as a fault in the kernel's log, and as one. Pure. */
#ifndef BENCH_KMSG_FAULT_H
#define BENCH_KMSG_FAULT_H

#include <stdbool.h>
#include <stddef.h>

/* A kind of fault, and a line that gives it away. */
struct kmsg_fault_row {
	const char *kind; /* stable: it is in records */
	const char *pattern; /* fnmatch(3), of the whole line */
	bool follows; /* also printed within the report of another fault */
};

/* The first row that matches decides. For tests; see kmsg_fault_kind(). */
extern const struct kmsg_fault_row kmsg_fault_rows[];
extern const size_t kmsg_fault_row_count;

/* Where in a report the log is; {0} at the beginning, and after a gap. */
struct kmsg_report {
	bool open; /* its first line has been, its end has not */
	bool just_opened; /* by the line before */
};

/*
 * The kind of fault that a line of the kernel's own tells of, NULL: of none.
 * text is a line as /dev/kmsg has it, without the prefix. What userspace has
 * written to the log must not be asked about.
 */
const char *kmsg_fault_kind(const char *text);

/*
 * The same for one line after the other: a kind where a fault is new, NULL
 * also for the further lines of a report. A report begins with a line that the
 * table has. It ends with "---[ end trace", with "cut here", unless that comes
 * right behind its first line, and where a line of the table that does not
 * follow others begins the next one.
 */
const char *kmsg_fault_next(struct kmsg_report *report, const char *text);

#endif
