/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread that moves a line from CPU to CPU, by its smp_affinity.
 *
 * Where the line was is journalled (JOURNAL_IRQ_AFFINITY). Failures are -errno
 * with error_set(), unless noted.
 */
#ifndef BENCH_IRQ_MOVER_H
#define BENCH_IRQ_MOVER_H

#include <stddef.h>
#include <stdint.h>

#include "../kmod/uapi/intxbench_hist.h"

#define IRQ_MOVER_CPUS_MAX 64
#define IRQ_MOVER_RATE_MAX 100000
#define IRQ_MOVER_WHY_MAX 160

struct irq_mover_config {
	int irq; /* with a handler */
	int cpu[IRQ_MOVER_CPUS_MAX]; /* taken in turn; may be offline at times */
	size_t cpus; /* 2.. */
	uint32_t rate_hz; /* 1..IRQ_MOVER_RATE_MAX */
	int engine_cpu; /* where our thread runs; -1: anywhere */
};

struct irq_mover_result {
	uint64_t moves; /* writes that succeeded; the line itself may follow
			 * with its next interrupt only */
	uint64_t failed; /* writes that did not, as to a CPU that is offline */
	uint64_t missed; /* given up, for the last one took too long */
	struct intxbench_hist write_hist; /* one write that succeeded, ns */
	int last_errnum; /* of the last write that failed */
	int errnum; /* 0, or why it ended by itself, or could not put the line
		     * back where it was */
	char why[IRQ_MOVER_WHY_MAX];
};

struct irq_mover;

/*
 * Begins at once. The journal is written here; the line's affinity is ours from
 * here to irq_mover_stop(): of a hotplug engine's, start this one after it,
 * stop it before it, and give the engine no `irq`.
 */
int irq_mover_start(const struct irq_mover_config *config,
		    struct irq_mover **mover);

uint64_t irq_mover_moves(const struct irq_mover *mover); /* so far; any time */

/* errno if it has ended by itself, else 0. Any time. */
int irq_mover_failed(const struct irq_mover *mover);

/* The line is where it was when this returns. Frees the mover. */
void irq_mover_stop(struct irq_mover *mover, struct irq_mover_result *result);

#endif
