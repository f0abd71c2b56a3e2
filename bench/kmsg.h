/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's log while a run lasts: kept, marked, and watched for faults. */
#ifndef BENCH_KMSG_H
#define BENCH_KMSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "kmsg_fault.h"

#define KMSG_TEXT_MAX 200
#define KMSG_FAULTS_MAX 16

struct kmsg_fault {
	const char *kind; /* of kmsg_fault_rows[] */
	char text[KMSG_TEXT_MAX]; /* the report's line that says so */
	uint64_t log_us; /* when it was written, by the log's own clock */
	uint64_t seen_ns; /* when it was read, CLOCK_MONOTONIC */
};

/* Of a stretch of the log. */
struct kmsg_faults {
	struct kmsg_fault fault[KMSG_FAULTS_MAX]; /* the first */
	size_t count; /* may count more than were kept */
	uint64_t overruns; /* times the ring was faster than us */
	uint64_t lost; /* lines that went by, as far as is known */
};

struct kmsg {
	int fd; /* /dev/kmsg; -1: closed */
	FILE *log;
	bool broken; /* log could not be written */
	uint64_t next_sequence; /* of the next record; 0: not known */
	struct kmsg_report report; /* which the log is in */
	struct kmsg_faults faults; /* since kmsg_take_faults() */
};

/* A record of /dev/kmsg. */
struct kmsg_line {
	bool kernels; /* the kernel's own, not written by userspace */
	uint64_t sequence;
	uint64_t log_us;
	char *text; /* in the record, which is cut at its end */
};

/* From the end of the log as it is now, into a new file. EXIT_MACHINE. */
int kmsg_open(const char *path, struct kmsg *kmsg);

/* Copy what came since. Returns 0, -errno with error_set(): not written. */
int kmsg_pump(struct kmsg *kmsg);

/* Write a line into the kernel's log, "intxbench: ..." in front. Best effort:
 * a log without a mark is still a log. */
void kmsg_mark(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Add what was read since the last call to *faults, which begins as {0}. */
void kmsg_take_faults(struct kmsg *kmsg, struct kmsg_faults *faults);

/* How many of them are in fault[]. */
static inline size_t kmsg_faults_kept(const struct kmsg_faults *faults)
{
	return faults->count < KMSG_FAULTS_MAX ? faults->count :
						 KMSG_FAULTS_MAX;
}

/* Pump, and finish the file on disk. Harmless when closed. */
int kmsg_close(struct kmsg *kmsg);

/*
 * One record ("6,1234,5678901,-;text\n KEY=value\n"); false: it is none. For
 * tests.
 */
bool kmsg_parse(char *record, struct kmsg_line *line);

/* Take in one record as it was read. For tests; see kmsg_pump(). */
void kmsg_keep(struct kmsg *kmsg, char *record);

#endif
