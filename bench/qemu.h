/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A QEMU that the user runs, with the target given to its guest by vfio-pci:
 * who it is, which of its threads are vCPUs, and what it holds. It is asked
 * once and then only watched, so that its monitor stays free for others.
 *
 * Failures are -errno with error_set(), EXIT_MACHINE.
 */
#ifndef BENCH_QEMU_H
#define BENCH_QEMU_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "host.h"
#include "job.h"

struct qemu {
	pid_t pid;
	int pidfd; /* -1: not attached */
	char version[64]; /* "7.2.22 (Debian ...)" */
	char name[64]; /* -name; "" */
	pid_t vcpu[GUEST_VCPUS_MAX]; /* thread ids, by cpu-index */
	size_t vcpus; /* 1.. */
};

/* Ask it by its monitor's socket. Each thread that it calls a vCPU's is looked
 * for among its own: no other process is ever touched. */
int qemu_attach(const char *path, struct qemu *qemu);

/* That is all we have of it. Harmless where not attached, if pidfd is -1. */
void qemu_detach(struct qemu *qemu);

/* Any time; qemu_check() with error_set(). */
bool qemu_runs(const struct qemu *qemu);
int qemu_check(const struct qemu *qemu);

/* vCPU n to cpu[n], vcpus of them. Journalled: what each thread was allowed
 * before is what it will be allowed again. */
int qemu_pin(const struct qemu *qemu, const int *cpu);

/* Whether it has the function open through vfio-pci. No error_set(). */
bool qemu_has(const struct qemu *qemu, const char *address);

/* The one function it has that has a trigger; where there are more or none,
 * the error says so. */
int qemu_find_target(const struct qemu *qemu,
		     const struct host_functions *functions,
		     char address[HOST_ADDRESS_MAX]);

#endif
