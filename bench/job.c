// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kmod/uapi/intxbench.h"
#include "error.h"
#include "job.h"
#include "job_check.h"
#include "job_placement.h"
#include "job_source.h"
#include "job_stress.h"
#include "job_text.h"
#include "job_value.h"

#define RATE_MAX_HZ (1000000000 / INTXBENCH_MIN_MEAN_GAP_NS)
#define SERVICE_MAX_NS 10000000000ULL
#define MASK_MAX_HZ 10000
#define BURST_MAX 1000

/* What every reader of JSON can hold: RFC 8259, section 6. */
#define SEED_MAX ((1ULL << 53) - 1)

static bool has_suffix(const char *text, size_t length, const char *suffix)
{
	size_t bytes = strlen(suffix);

	return length > bytes && !memcmp(text + length - bytes, suffix, bytes);
}

/* The name becomes a part of the names of the run's directory. */
static int take_name(const char *path, struct job *job)
{
	const char *base = strrchr(path, '/');
	size_t length;

	base = base ? base + 1 : path;
	length = strlen(base);
	if (has_suffix(base, length, ".ini"))
		length -= strlen(".ini");
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)base[i]) && base[i] != '-' &&
		    base[i] != '_')
			length = 0;
	if (!length || length >= JOB_NAME_MAX)
		return error_set(EXIT_REQUEST, EINVAL,
				 "the job file %s cannot name a run; allowed: "
				 "NAME.ini of 1 to %d letters, digits, \"-\" "
				 "and \"_\"",
				 path, JOB_NAME_MAX - 1);
	memcpy(job->name, base, length);
	job->path = strdup(path);
	if (!job->path)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	return 0;
}

static int take_question(struct job *job)
{
	struct job_origin origin = { .path = job->path, .line = 1 };
	char *line;

	line = strndup(job->text, strcspn(job->text, "\n"));
	if (!line)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	if (*line == ';') {
		job->question = strdup(job_trim(line + 1));
		if (!job->question)
			error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	}
	free(line);
	if (!job->question || !*job->question)
		return job_fail(&origin,
				"the first line is not the job's question; "
				"write \"; QUESTION\", one sentence");
	return 0;
}

static void set_defaults(struct job *job)
{
	job->blocks = 3;
	job->duration_ms = 1000;
	job->drain_ms = 2000;
	job->watchdog_ms = INTXBENCH_DEFAULT_WATCHDOG_NS / 1000000;
	job->vcpus = 1;
	for (int role = 0; role < ROLES; role++)
		job->place[role].policy = PLACEMENT_SPREAD;
	job->place[ROLE_PRESSURE].policy = PLACEMENT_NONE;
	job->target.burst = 1;
	job_stress_defaults(job);
	snprintf(job->target_function, sizeof(job->target_function), "auto");
}

static int take_job(const struct job_setting *setting, struct job *job)
{
	struct {
		enum job_key key;
		uint32_t min, max;
		uint32_t *result;
	} numbers[] = {
		{ JOB_KEY_BLOCKS, 1, 1000, &job->blocks },
		{ JOB_KEY_DURATION_MS, 10, 3600000, &job->duration_ms },
		{ JOB_KEY_DRAIN_MS, 1, 60000, &job->drain_ms },
		{ JOB_KEY_WATCHDOG_MS, INTXBENCH_MIN_WATCHDOG_NS / 1000000,
		  INTXBENCH_MAX_WATCHDOG_NS / 1000000, &job->watchdog_ms },
	};
	int err = 0;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]) && !err;
	     i++)
		err = job_value_u32(&setting[numbers[i].key], numbers[i].min,
				    numbers[i].max, numbers[i].result);
	if (!err)
		err = job_value_u64(&setting[JOB_KEY_SEED], 0, SEED_MAX,
				    &job->seed);
	if (!err)
		err = job_value_guest(&setting[JOB_KEY_GUEST], &job->guest);
	if (!err)
		err = job_value_text(&setting[JOB_KEY_QMP], job->qmp,
				     sizeof(job->qmp));
	if (!err && job->guest == GUEST_CHOICE_QEMU)
		job->vcpus = 0;
	if (!err)
		err = job_placement_take(setting, job);
	if (!err)
		err = job_value_bool(&setting[JOB_KEY_ALLOW_BUSTED],
				     &job->allow_busted);
	if (!err)
		err = job_value_bool(&setting[JOB_KEY_ALLOW_UNSAFE],
				     &job->allow_unsafe);
	return err;
}

/* The settings that target and neighbours share; a target has no rate_hz. */
static int take_flood(const struct job_setting *setting,
		      char function[JOB_FUNCTION_MAX], struct job_flood *flood)
{
	int err;

	err = job_value_function(&setting[JOB_KEY_FUNCTION], function);
	if (!err)
		err = job_value_distribution(&setting[JOB_KEY_DISTRIBUTION],
					     &flood->distribution);
	if (!err)
		err = job_value_u32(&setting[JOB_KEY_RATE_HZ], 1, RATE_MAX_HZ,
				    &flood->rate_hz);
	if (!err)
		err = job_value_u64(&setting[JOB_KEY_PHASE_NS], 0,
				    INTXBENCH_MAX_PHASE_NS, &flood->phase_ns);
	if (!err)
		err = job_value_u32(&setting[JOB_KEY_BURST], 1, BURST_MAX,
				    &flood->burst);
	return err;
}

static int take_neighbour(const struct job_section *section, struct job *job)
{
	struct job_neighbour *neighbour = &job->neighbour[job->neighbours++];

	memcpy(neighbour->name, section->name, sizeof(neighbour->name));
	snprintf(neighbour->function, sizeof(neighbour->function), "auto");
	neighbour->flood.burst = 1;
	return take_flood(section->setting, neighbour->function, &neighbour->flood) ?:
		       job_value_bool(&section->setting[JOB_KEY_FOLLOW],
				      &neighbour->flood.follow);
}

static int take_live(const struct job_section *section, struct job *job)
{
	const struct job_setting *setting = section->setting;
	struct job_neighbour *neighbour = &job->neighbour[job->neighbours];
	int err;

	if (job->neighbours == JOB_NEIGHBOURS_MAX)
		return job_fail(&section->origin,
				"more than %d neighbours, driven and live",
				JOB_NEIGHBOURS_MAX);
	job->neighbours++;
	memcpy(neighbour->name, section->name, sizeof(neighbour->name));
	neighbour->live = true;
	neighbour->flood.burst = 1;
	err = take_flood(setting, neighbour->function, &neighbour->flood);
	if (!err)
		err = job_value_load(&setting[JOB_KEY_LOAD], &neighbour->load);
	if (!err)
		err = job_value_text(&setting[JOB_KEY_LOAD_OBJECT],
				     neighbour->load_object,
				     sizeof(neighbour->load_object));
	if (!err)
		err = job_value_text(&setting[JOB_KEY_HANDLER],
				     neighbour->handler,
				     sizeof(neighbour->handler));
	return err;
}

/* A guest that is not ours serves as it likes: one value, which says nothing. */
static int take_no_service(const struct job_section *section,
			   const struct job *job, struct job_points *points)
{
	if (job->guest != GUEST_CHOICE_QEMU)
		return job_fail(&section->origin,
				"[points %s] has no service_ns", points->name);
	points->services = 1;
	return 0;
}

static int take_points(const struct job_section *section, struct job *job)
{
	struct job_points *points = &job->points[job->sections++];
	const struct job_setting *setting = section->setting;
	int err;

	memcpy(points->name, section->name, sizeof(points->name));
	points->line = section->origin.line;
	points->mask_order[0] = MASK_CALL_FIRST;
	points->mask_orders = 1;
	for (; points->neighbours < job->neighbours; points->neighbours++)
		points->neighbour[points->neighbours] = points->neighbours;
	err = job_value_arms(&setting[JOB_KEY_ARM], points->arm, &points->arms);
	if (!err)
		err = job_value_u32_list(&setting[JOB_KEY_RATE_HZ], 1,
					 RATE_MAX_HZ, points->rate_hz,
					 &points->rates);
	if (!err)
		err = job_value_u64_list(&setting[JOB_KEY_SERVICE_NS], 0,
					 SERVICE_MAX_NS, points->service_ns,
					 &points->services);
	if (!err && !points->services)
		err = take_no_service(section, job, points);
	if (!err)
		err = job_value_u32(&setting[JOB_KEY_GUEST_MASK_HZ], 0,
				    MASK_MAX_HZ, &points->mask_hz);
	if (!err)
		err = job_value_mask_orders(&setting[JOB_KEY_GUEST_MASK_ORDER],
					    points->mask_order,
					    &points->mask_orders);
	if (!err)
		err = job_stress_take_lists(setting, &points->stress);
	if (!err)
		err = job_value_neighbours(&setting[JOB_KEY_NEIGHBOURS], job,
					   points->neighbour,
					   &points->neighbours);
	return err;
}

static int take_section(const struct job_section *section, struct job *job)
{
	switch (section->kind) {
	case JOB_SECTION_JOB:
		return take_job(section->setting, job);
	case JOB_SECTION_TARGET:
		return take_flood(section->setting, job->target_function,
				  &job->target);
	case JOB_SECTION_NEIGHBOUR:
		return take_neighbour(section, job);
	case JOB_SECTION_LIVE:
		return take_live(section, job);
	case JOB_SECTION_HOTPLUG:
		return job_stress_take_hotplug(section->setting, job);
	case JOB_SECTION_PRESSURE:
		return job_stress_take_pressure(section->setting, job);
	case JOB_SECTION_COUNTER:
		return job_stress_take_counter(section->setting, job);
	default:
		return take_points(section, job);
	}
}

/* Points name neighbours, which may stand behind them: kind by kind. */
static int take_sections(struct job_source *source, struct job *job)
{
	int err = 0;

	for (int kind = 0; kind < JOB_SECTION_KINDS; kind++)
		for (size_t i = 0; i < source->sections && !err; i++)
			if ((int)source->section[i].kind == kind)
				err = take_section(&source->section[i], job);
	return err;
}

static int read_job(const char *path, const char *const *overrides,
		    size_t count, struct job *job)
{
	struct job_source source;
	int err;

	err = job_text_read(path, &job->text);
	if (!err)
		err = take_name(path, job);
	if (!err)
		err = take_question(job);
	if (err)
		return err;
	set_defaults(job);
	err = job_source_read(&source, job->path, job->text, overrides, count);
	if (!err)
		err = take_sections(&source, job);
	if (!err)
		err = job_check(job, &source);
	job_source_free(&source);
	return err;
}

int job_read(const char *path, const char *const *overrides, size_t count,
	     struct job *job)
{
	int err;

	memset(job, 0, sizeof(*job));
	err = read_job(path, overrides, count, job);
	if (err)
		job_free(job);
	return err;
}

void job_free(struct job *job)
{
	free(job->path);
	free(job->text);
	free(job->question);
	memset(job, 0, sizeof(*job));
}
