/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's log while a run lasts: kept, marked, and watched for faults. */
#ifndef BENCH_KMSG_H
#define BENCH_KMSG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define KMSG_FAULT_MAX 200

struct kmsg {
	int fd; /* /dev/kmsg; -1: closed */
	FILE *log;
	bool broken; /* log could not be written */
	uint64_t overruns; /* times the ring was faster than us */
	uint64_t faults; /* lines that report one */
	char fault[KMSG_FAULT_MAX]; /* the first since kmsg_take_fault() */
};

/* From the end of the log as it is now, into a new file. EXIT_MACHINE. */
int kmsg_open(const char *path, struct kmsg *kmsg);

/* Copy what came since. Returns 0, -errno with error_set(): not written. */
int kmsg_pump(struct kmsg *kmsg);

/* Write a line into the kernel's log, "intxbench: ..." in front. Best effort:
 * a log without a mark is still a log. */
void kmsg_mark(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The first line since the last call that reports a fault, "" if none did. */
void kmsg_take_fault(struct kmsg *kmsg, char *fault, size_t bytes);

/* Pump, and finish the file on disk. Harmless when closed. */
int kmsg_close(struct kmsg *kmsg);

/*
 * One record of /dev/kmsg ("6,1234,5678901,-;text\n KEY=value\n") as
 * "[    5.678901] text". Returns the text within record, which is cut at its
 * end, or NULL: not a record. For tests, as is kmsg_is_fault().
 */
char *kmsg_parse(char *record, double *seconds);

/* Whether a line says that the kernel was hurt or gave an interrupt up. */
bool kmsg_is_fault(const char *text);

#endif
