/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line that moves: its affinity is set to one CPU after another while
 * something else is measured.
 *
 * Failures are -errno with error_set(), unless noted.
 */
#ifndef BENCH_IRQ_MOVER_H
#define BENCH_IRQ_MOVER_H

#include <stddef.h>
#include <stdint.h>

#include "../kmod/uapi/intxbench_hist.h"

#define IRQ_MOVER_CPUS_MAX 256

struct irq_mover_config {
	int irq; /* its affinity is journalled already */
	int cpu[IRQ_MOVER_CPUS_MAX]; /* Linux CPUs, taken in turn */
	size_t cpus; /* 2.. */
	uint32_t rate_hz; /* moves per second */
	int own_cpu; /* where our thread runs; -1: anywhere */
};

struct irq_mover_result {
	uint64_t moves; /* writes that were taken */
	uint64_t errors; /* and that were not */
	int errnum; /* of the first one that was not, or 0 */
	struct intxbench_hist hist; /* the write() to smp_affinity_list, ns */
};

struct irq_mover;

/* Begins at once. *config is copied. */
int irq_mover_start(const struct irq_mover_config *config,
		    struct irq_mover **mover);

/* errno if it has ended by itself, else 0. Any time. */
int irq_mover_failed(const struct irq_mover *mover);

/* Ends after the move under way; the line stays where that put it. Frees it. */
void irq_mover_stop(struct irq_mover *mover, struct irq_mover_result *result);

#endif
