/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was pinned to a CPU and is not any more when that CPU has been offline:
 * the kernel lets such threads run anywhere (select_fallback_rq() in
 * kernel/sched/core.c) and aims such lines at all CPUs that are left
 * (migrate_one_irq() in kernel/irq/cpuhotplug.c), and leaves both so.
 */
#ifndef BENCH_AFFINITY_KEEPER_H
#define BENCH_AFFINITY_KEEPER_H

#include <sched.h>
#include <stdint.h>

struct affinity_keeper;

/*
 * Lines aimed at none but CPUs that may go, all of the machine's, are
 * journalled; for `irq` see affinity_keeper_return(), 0: none. Returns 0,
 * -errno with error_set().
 */
int affinity_keeper_open(const cpu_set_t *going, int irq, int irq_cpu,
			 struct affinity_keeper **keeper);

/* Before a CPU goes: note the threads of this process that are pinned to one
 * CPU, whichever. */
void affinity_keeper_look(struct affinity_keeper *keeper);

/* After it has come: pin those that have lost their CPU and whose CPU is
 * online, and aim irq at irq_cpu if it is not. */
void affinity_keeper_return(struct affinity_keeper *keeper);

/* What has been put back, and what could not. */
struct affinity_kept {
	uint64_t pinned; /* threads, each time */
	uint64_t aimed; /* lines, each time */
	uint64_t failed;
	int errnum; /* of the last failure */
};

/* The same once more, and all lines as they were. Frees; NULL is harmless. */
struct affinity_kept affinity_keeper_close(struct affinity_keeper *keeper);

#endif
