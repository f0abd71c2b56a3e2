/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ran beside a point's flood, as a record has it. */
#ifndef BENCH_REPORT_STRESS_H
#define BENCH_REPORT_STRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct field;

enum report_percentile {
	REPORT_P10,
	REPORT_P25,
	REPORT_P50,
	REPORT_P75,
	REPORT_P90,
	REPORT_P99,
	REPORT_P999,
	REPORT_MAX,
	REPORT_PERCENTILES
};

struct report_metric {
	uint64_t count; /* 0: not measured */
	double mean_ns;
	double value_ns[REPORT_PERCENTILES];
};

enum report_direction { REPORT_OFFLINE, REPORT_ONLINE, REPORT_DIRECTIONS };

/* Of one of the kernel's steps. */
struct report_step {
	const char *name;
	struct {
		uint64_t count; /* 0: it is none of this direction's */
		double mean_ns;
	} direction[REPORT_DIRECTIONS];
};

struct report_hotplug {
	const char *choice; /* "": no hotplug */
	uint64_t cycles, cycles_asked;
	uint64_t failed[REPORT_DIRECTIONS];
	bool asserted_known;
	uint64_t asserted; /* CPUs that went while INTx was, all the time */
	size_t not_back; /* CPUs */
	uint64_t repinned, reaimed, strayed, trace_lost;
	const char *trace_why; /* or "" */
	struct report_metric metric[REPORT_DIRECTIONS];
	struct report_step *step;
	size_t steps;
};

struct report_pressure {
	bool ran, reached, psi;
	uint64_t length_ns, high, max, oom_kill, some_us, full_us;
	struct report_metric read; /* of memory.stat */
};

struct report_counter {
	const char *read; /* "": no counter */
	uint64_t added, sum, reads, backwards, blocked, folds;
	struct report_metric reading, folding;
};

struct report_move {
	uint64_t rate_hz; /* 0: the line stays */
	uint64_t moves, failed, missed;
	struct report_metric moving;
};

struct report_stress {
	uint64_t flooded_ns;
	struct report_hotplug hotplug;
	struct report_pressure pressure;
	struct report_counter counter;
	struct report_move move;
	char *timeline; /* its file's path; NULL: there is none to be read */
};

/* record: the file that point is in. Errors are EXIT_REQUEST. */
int report_stress_load(const struct field *point, const char *record,
		       struct report_stress *stress);
void report_stress_free(struct report_stress *stress);

/* Whether both had the same beside them. */
bool report_stress_same(const struct report_stress *a,
			const struct report_stress *b);

/* A metric of parent's by its name; absent ones have no values. In report.c. */
int report_metric_load(const struct field *parent, const char *name,
		       struct report_metric *metric);

#endif
