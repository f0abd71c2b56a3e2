/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory pressure: a cgroup-v2 group with memory.max and memory.high, kept in
 * reclaim by stress-ng, with readers of its memory.stat.
 *
 * The group is journalled before it is made (JOURNAL_CGROUP). It stays, empty, from
 * the first pressure's end until the journal is undone, for the next one: whatever
 * ends us, processes in it are killed (cgroup.kill) and it is removed.
 *
 * Failures are -errno with error_set(), unless noted. Main's thread only, but
 * for pressure_failed(): the journal is main's.
 */
#ifndef BENCH_PRESSURE_H
#define BENCH_PRESSURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../kmod/uapi/intxbench_hist.h"

#define PRESSURE_CPUS_MAX 64
#define PRESSURE_WHY_MAX 160

/* What keeps the group in reclaim, as bits. */
enum pressure_work {
	PRESSURE_FAULT = 1 << 0, /* anonymous page faults (stress-ng --vm) */
	PRESSURE_CACHE = 1 << 1, /* reads through the page cache */
	PRESSURE_DIRTY = 1 << 2, /* writes that are to be written back */
	PRESSURE_WORKS = 3,
};

struct pressure_config {
	unsigned int work; /* PRESSURE_*; not 0 */
	uint64_t max_bytes; /* memory.max; 0: a sixteenth of the machine's
			     * memory, 64 MiB at least */
	uint64_t high_bytes; /* memory.high; 0: 7/8 of memory.max. As much as
			      * memory.max: nothing slows faults down before
			      * the OOM killer comes */
	uint64_t work_bytes; /* what each work goes through; 0: as much as
			      * takes the group into reclaim */
	uint32_t readers; /* threads of ours that read memory.stat, 0.. */
	int cpu[PRESSURE_CPUS_MAX]; /* where stress-ng and readers run */
	size_t cpus; /* 0: anywhere */
	const char *scratch; /* a directory on a disk, for cache and dirty;
			      * what is written there is removed */
};

/* From the group's memory.events: what came from pressure_start()'s return to
 * pressure_stop()'s call, as all of the result does. */
struct pressure_events {
	uint64_t low, high, max, oom, oom_kill;
};

/* The group's memory.pressure, one sample every PRESSURE_SAMPLE_MS. */
#define PRESSURE_SAMPLE_MS 100
struct pressure_sample {
	uint64_t time_ns; /* CLOCK_MONOTONIC */
	uint64_t current_bytes; /* memory.current */
	uint64_t some_us, full_us; /* PSI's totals since start */
};

struct pressure_result {
	uint64_t max_bytes, high_bytes; /* as set */
	bool counted; /* events, and with psi the stalls, are known */
	struct pressure_events events;
	uint64_t some_us, full_us; /* PSI, start to stop; psi false: no PSI */
	bool psi;
	bool reached; /* in reclaim: events.max or .high rose, and PSI's some
		       * did where there is PSI */
	struct intxbench_hist read_hist; /* one read of memory.stat, ns */
	int read_errnum; /* 0, or why a reader of it ended by itself */
	struct pressure_sample *sample; /* oldest first */
	size_t samples;
	uint64_t samples_dropped; /* not kept, the newest */
	uint64_t restarts; /* stress-ng's own process was killed by the OOM
			    * killer; what it has started is so more often */
	int errnum; /* 0, or why it ended by itself */
	char why[PRESSURE_WHY_MAX];
};

struct pressure;

/*
 * Whether it can be had: cgroup v2 is mounted and has the memory controller
 * (a cgroup v1 host is told so), stress-ng is there, and the sizes fit the
 * machine. Changes nothing. EXIT_MACHINE.
 */
int pressure_check(const struct pressure_config *config);

/* In reclaim, or a time limit of some s has passed, when this returns: what
 * it was afterwards is the result's `reached`. EXIT_MACHINE. */
int pressure_start(const struct pressure_config *config,
		   struct pressure **pressure);

/* errno if it has ended by itself, else 0. Any time. An OOM kill in the group
 * is no end: stress-ng starts again what was killed. */
int pressure_failed(const struct pressure *pressure);

/* Nothing of it runs, the group is empty and what was written to scratch is gone
 * when this returns. *result is to be freed by pressure_result_free(). Frees the
 * pressure. What could not be ended or removed is in errnum and why, and left to
 * the journal. */
void pressure_stop(struct pressure *pressure, struct pressure_result *result);
void pressure_result_free(struct pressure_result *result);

#endif
