/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sections and keys of a job, before any value means anything. Everything
 * keeps its origin, so that every error can name it. Pure.
 */
#ifndef BENCH_JOB_SECTION_H
#define BENCH_JOB_SECTION_H

#include <stddef.h>

#include "job.h"

enum job_section_kind {
	JOB_SECTION_JOB,
	JOB_SECTION_TARGET,
	JOB_SECTION_NEIGHBOUR,
	JOB_SECTION_LIVE,
	JOB_SECTION_HOTPLUG,
	JOB_SECTION_PRESSURE,
	JOB_SECTION_COUNTER,
	JOB_SECTION_POINTS,
	JOB_SECTION_KINDS
};

enum job_key {
	JOB_KEY_BLOCKS,
	JOB_KEY_DURATION_MS,
	JOB_KEY_DRAIN_MS,
	JOB_KEY_WATCHDOG_MS,
	JOB_KEY_SEED,
	JOB_KEY_PLACEMENT,
	JOB_KEY_GUEST,
	JOB_KEY_QMP,
	JOB_KEY_VCPUS,
	JOB_KEY_ALLOW_BUSTED,
	JOB_KEY_ALLOW_UNSAFE,
	JOB_KEY_FUNCTION,
	JOB_KEY_DISTRIBUTION,
	JOB_KEY_RATE_HZ,
	JOB_KEY_PHASE_NS,
	JOB_KEY_BURST,
	JOB_KEY_FOLLOW,
	JOB_KEY_ARM,
	JOB_KEY_SERVICE_NS,
	JOB_KEY_NEIGHBOURS,
	JOB_KEY_LOAD,
	JOB_KEY_LOAD_OBJECT,
	JOB_KEY_HANDLER,
	JOB_KEY_GUEST_MASK_HZ,
	JOB_KEY_GUEST_MASK_ORDER,
	JOB_KEY_INTERVAL_MS,
	JOB_KEY_CYCLES,
	JOB_KEY_CPUS,
	JOB_KEY_WORK,
	JOB_KEY_MAX_BYTES,
	JOB_KEY_HIGH_BYTES,
	JOB_KEY_READERS,
	JOB_KEY_SCRATCH,
	JOB_KEY_ALLOW_INSIDE,
	JOB_KEY_HOTPLUG,
	JOB_KEY_PRESSURE,
	JOB_KEY_COUNTER,
	JOB_KEY_MOVE_IRQ_HZ,
	JOB_KEYS
};

/* Where something was read: a line of the file, or a --set. */
struct job_origin {
	const char *path; /* the job file */
	int line; /* 0: not in it */
	const char *set; /* the --set, or NULL */
};

struct job_setting {
	const char *key;
	char *value; /* never empty; NULL: not given */
	struct job_origin origin; /* its own, else its section's */
};

/* What stands between "[" and "]". */
struct job_title {
	enum job_section_kind kind;
	const char *name; /* "" for those without a name */
};

struct job_section {
	enum job_section_kind kind;
	char name[JOB_NAME_MAX];
	struct job_origin origin;
	struct job_setting setting[JOB_KEYS];
};

/* As many sections as a job may have. */
struct job_source {
	struct job_section
		section[5 + 2 * JOB_NEIGHBOURS_MAX + JOB_SECTIONS_MAX];
	size_t sections;
};

/*
 * error_set() with EXIT_REQUEST and the origin in front: "quick.ini:12: " or
 * "--set rate_hz=0: ". Returns -EINVAL.
 */
int job_fail(const struct job_origin *origin, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* text without the white space at its ends; changes it. */
char *job_trim(char *text);

/*
 * Take the inside of a "[...]" apart; changes text, which title->name then
 * points into. Returns 0, or -EINVAL with job_fail().
 */
int job_title_parse(const struct job_origin *origin, char *text,
		    struct job_title *title);

/* NULL: not there. */
struct job_section *job_section_find(struct job_source *source,
				     const struct job_title *title);

/* The new section, or NULL with job_fail(): twice, or too many. */
struct job_section *job_section_open(struct job_source *source,
				     const struct job_origin *origin,
				     const struct job_title *title);

/*
 * Take a setting. One from --set replaces the file's; nothing else may be
 * there twice. Returns 0, or -errno with error_set().
 */
int job_section_take(struct job_section *section,
		     const struct job_origin *origin, const char *key,
		     const char *value);

/* That all keys are there that must be. Returns 0, -EINVAL with job_fail(). */
int job_section_check(const struct job_section *section);

void job_section_free(struct job_section *section);

#endif
