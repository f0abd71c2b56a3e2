/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's monitor, as far as it tells who QEMU is and which threads are its
 * vCPUs (QEMU, docs/interop/qmp-spec.rst). One command at a time; events are
 * left out. Nobody is waited for longer than QMP_PATIENCE_MS, and what the
 * other side says is not trusted.
 *
 * Failures are -errno with error_set(), EXIT_MACHINE.
 */
#ifndef BENCH_QMP_H
#define BENCH_QMP_H

#include <jansson.h>
#include <stddef.h>
#include <sys/types.h>

#define QMP_PATIENCE_MS 5000

struct qmp {
	const char *path; /* the caller's */
	int fd;
	pid_t pid; /* who listens at the socket, by SO_PEERCRED */
	char *text; /* what was received and not yet read */
	size_t bytes;
};

/* Connect, see the greeting, and leave negotiation mode. */
int qmp_open(const char *path, struct qmp *qmp);

/* *answer: the command's "return", to be json_decref()ed. */
int qmp_ask(struct qmp *qmp, const char *command, json_t **answer);

void qmp_close(struct qmp *qmp);

#endif
