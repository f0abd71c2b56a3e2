/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A record (results/SCHEMA.md) in C: what the summary and the figures are
 * made of. Strings belong to the record and live as long as it does.
 */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report_memory.h"
#include "report_stress.h"
#include "units.h"

/* The metrics that are reported; the record has more. */
enum report_metric_id {
	REPORT_ASSERT_ENTRY,
	REPORT_ROUND_TRIP,
	REPORT_MASK,
	REPORT_UNMASK,
	REPORT_STAGE_ENTRY,
	REPORT_STAGE_MASK,
	REPORT_STAGE_INJECT,
	REPORT_STAGE_GUEST,
	REPORT_STAGE_SERVICE,
	REPORT_ACK_UNMASK,
	REPORT_LOAD_LATENCY,
	REPORT_METRICS
};

#define REPORT_CPUS_MAX 64 /* of a role */

enum report_verdict {
	REPORT_PASS,
	REPORT_FAIL,
	REPORT_SKIP,
	REPORT_NOT_RUN,
	REPORT_VERDICTS
};

/* A function during one execution of a point. */
struct report_function {
	const char *name, *address, *distribution;
	bool target;
	bool live; /* has its own driver: the accounting is all 0 */
	const char *load; /* live: "ping", or NULL */
	uint64_t entries, claimed; /* live: runs of its handler */
	uint64_t unanswered; /* live, ping */
	uint64_t mask_toggles, withheld, acks_withheld; /* target only */
	uint64_t declined; /* runs of its handler; not live */
	uint64_t clock_error_ns; /* of the guest's stamps; target only */
	bool follow; /* held back until the target's handler has claimed */
	uint64_t rate_hz, phase_ns;
	uint64_t asserted, missed, coalesced, lost, duplicate, spurious;
	struct report_metric metric[REPORT_METRICS];
};

/* A guest that is not ours serves as it likes. */
#define REPORT_SERVICE_UNKNOWN UINT64_MAX

/* A fault in the kernel's log. */
struct report_fault {
	const char *kind, *text;
	uint64_t log_us; /* the log's own clock */
};

/* What the kernel's log said, of a point or outside of them all. */
struct report_kernel {
	struct report_fault *fault;
	size_t faults;
	uint64_t more; /* than these */
	uint64_t overruns, lost; /* lost: lines, as far as is known */
};

struct report_point {
	uint64_t point, block, rate_hz;
	uint64_t service_ns; /* or REPORT_SERVICE_UNKNOWN */
	const char *section, *arm, *path, *guest;
	const char *order; /* of the guest's masking; "" where it does not */
	enum report_verdict verdict;
	const char **reason;
	size_t reasons;
	struct report_function *function; /* target first */
	size_t functions;
	struct report_kernel kernel;
	struct report_stress stress;
};

/* A function of the line. */
struct report_member {
	const char *name, *role, *address, *ids, *trigger;
};

/* As it was asked for: "10 us"; "its own" where it is not known. */
struct units_text report_service_text(uint64_t service_ns);

/* The metric that a function is looked at by: the target's round trip, a live
 * neighbour's workload, another's assert-to-entry; and what it is called. */
enum report_metric_id report_measure(const struct report_function *function);
const char *report_measure_name(const struct report_function *function);

/* In the record's order. */
struct report_cpus {
	uint64_t cpu[REPORT_CPUS_MAX];
	size_t count;
};

struct report {
	json_t *root;
	const char *run_id, *state, *verdict, *started_utc;
	const char *error; /* why the run ended early; or NULL */
	uint64_t counts[REPORT_VERDICTS];
	const char **argument; /* the command line */
	size_t arguments;
	const char *tool_version, *module_version;
	/* "unknown" where the record has none */
	const char *hostname, *kernel_release, *machine, *cpu_model;
	const char *virtualisation, *clock_source;
	uint64_t cpus_online;
	const char *job_name, *question;
	uint64_t seed, blocks, duration_ms;
	uint64_t irq;
	const char *chip;
	struct report_member *member;
	size_t members;
	const char *placement, *placement_note;
	const char *flood_policy, *irq_policy, *vcpu_policy; /* or NULL */
	uint64_t flood_cpu, irq_cpu;
	struct report_cpus vcpus, pressure;
	const char *guest, *guest_choice, *guest_reason; /* "": not
						     * recorded */
	struct report_memory memory;
	bool restored;
	struct report_kernel kernel; /* outside of the points */
	struct report_point *point;
	size_t points;
};

/* Wrong or unreadable records are EXIT_REQUEST and name file and place. */
int report_load(const char *file, struct report *report);
void report_free(struct report *report);

const char *report_verdict_name(enum report_verdict verdict);

/* 0.5 for REPORT_P50; 1 for REPORT_MAX. */
double report_quantile(enum report_percentile percentile);

#endif
