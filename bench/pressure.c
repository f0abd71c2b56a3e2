// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "clock.h"
#include "error.h"
#include "interrupt.h"
#include "journal.h"
#include "pressure.h"
#include "pressure_child.h"
#include "pressure_readers.h"
#include "pressure_sampler.h"
#include "pressure_scratch.h"
#include "pressure_text.h"
#include "sysfs.h"

#define REACH_LIMIT_NS (20 * NSEC_PER_SEC)
#define LOOK_US 20000
#define FILES (PRESSURE_CACHE | PRESSURE_DIRTY)
/* Faults write no file, but stress-ng wants a place it could write to. */
#define NO_SCRATCH "/run"

struct account {
	struct pressure_events events;
	uint64_t some_us, full_us;
	bool psi;
};

struct pressure {
	struct pressure_sizes sizes;
	struct pressure_command command;
	cpu_set_t cpus;
	char parent[CGROUP_PATH_MAX], group[CGROUP_PATH_MAX];
	char scratch[PATH_MAX]; /* "": no files */
	struct account start;
	struct pressure_child *child;
	struct pressure_sampler *sampler;
	struct pressure_readers *readers;
};

static int find_program(void)
{
	const char *path = getenv("PATH");
	char file[PATH_MAX];

	while (path && *path) {
		size_t length = strcspn(path, ":");

		if (snprintf(file, sizeof(file), "%.*s/stress-ng", (int)length,
			     path) < (int)sizeof(file) &&
		    !access(file, X_OK))
			return 0;
		path += length + (path[length] == ':');
	}
	return error_set(
		EXIT_MACHINE, ENOENT,
		"there is no stress-ng in PATH, and memory pressure needs it: install Debian's stress-ng");
}

static int size_up(const struct pressure_config *config,
		   struct pressure_sizes *sizes)
{
	uint64_t bytes = (uint64_t)sysconf(_SC_PHYS_PAGES) *
			 (uint64_t)sysconf(_SC_PAGESIZE);

	return pressure_sizes(config, bytes, sysconf(_SC_NPROCESSORS_ONLN),
			      sizes);
}

static int check_scratch(const struct pressure_config *config,
			 const struct pressure_sizes *sizes)
{
	if (!(config->work & FILES))
		return 0;
	if (!config->scratch)
		return error_set(
			EXIT_REQUEST, EINVAL,
			"memory pressure by page cache or dirty pages needs a directory on a disk");
	return pressure_scratch_check(config->scratch, sizes->scratch_bytes);
}

static int check(const struct pressure_config *config,
		 struct pressure_sizes *sizes, char parent[CGROUP_PATH_MAX])
{
	int err;

	err = size_up(config, sizes);
	if (!err)
		err = cgroup_find_parent(parent);
	if (!err)
		err = find_program();
	return err ? err : check_scratch(config, sizes);
}

int pressure_check(const struct pressure_config *config)
{
	char parent[CGROUP_PATH_MAX];
	struct pressure_sizes sizes;

	return check(config, &sizes, parent);
}

static int take_account(const char *group, struct account *account)
{
	int err;

	memset(account, 0, sizeof(*account));
	err = pressure_read_events(group, &account->events);
	if (err)
		return error_set(EXIT_MACHINE, -err,
				 "cannot read %s/memory.events: %s", group,
				 strerror(-err));
	account->psi =
		!pressure_read_psi(group, &account->some_us, &account->full_us);
	return 0;
}

static struct pressure_events events_between(const struct pressure_events *from,
					     const struct pressure_events *to)
{
	return (struct pressure_events){
		.low = to->low - from->low,
		.high = to->high - from->high,
		.max = to->max - from->max,
		.oom = to->oom - from->oom,
		.oom_kill = to->oom_kill - from->oom_kill,
	};
}

/* From one account to the other. */
static void settle(const struct account *from, const struct account *to,
		   struct pressure_result *result)
{
	result->counted = true;
	result->events = events_between(&from->events, &to->events);
	result->psi = from->psi && to->psi;
	if (result->psi) {
		result->some_us = to->some_us - from->some_us;
		result->full_us = to->full_us - from->full_us;
	}
	result->reached = (result->events.max || result->events.high) &&
			  (!result->psi || result->some_us);
}

static const cpu_set_t *take_cpus(struct pressure *pressure,
				  const struct pressure_config *config)
{
	CPU_ZERO(&pressure->cpus);
	for (size_t i = 0; i < config->cpus; i++)
		CPU_SET(config->cpu[i], &pressure->cpus);
	return config->cpus ? &pressure->cpus : NULL;
}

/* The folder first: it is undone last, when nobody writes to it any more. */
static int make_places(struct pressure *pressure,
		       const struct pressure_config *config)
{
	int err = 0;

	if (config->work & FILES)
		err = pressure_scratch_make(config->scratch, pressure->scratch);
	if (!err)
		err = cgroup_make(pressure->parent, pressure->group);
	if (!err)
		err = cgroup_set(pressure->group, "memory.max",
				 pressure->sizes.max_bytes);
	if (!err)
		err = cgroup_set(pressure->group, "memory.high",
				 pressure->sizes.high_bytes);
	return err;
}

static int start_child(struct pressure *pressure, const cpu_set_t *cpus)
{
	const struct pressure_child_config config = {
		.group = pressure->group,
		.command = &pressure->command,
		.cpus = cpus,
	};

	pressure_command(&pressure->sizes,
			 pressure->scratch[0] ? pressure->scratch : NO_SCRATCH,
			 &pressure->command);
	return pressure_child_start(&config, &pressure->child);
}

static int wait_for_reclaim(struct pressure *pressure)
{
	uint64_t start_ns = clock_now_ns();
	struct pressure_result so_far = { 0 };
	struct account now;
	int err;

	while (!so_far.reached && !interrupt_count() &&
	       clock_now_ns() < start_ns + REACH_LIMIT_NS) {
		usleep(LOOK_US);
		if (pressure_child_failed(pressure->child))
			return -ECHILD;
		err = take_account(pressure->group, &now);
		if (err)
			return err;
		settle(&pressure->start, &now, &so_far);
	}
	return 0;
}

static int start_all(struct pressure *pressure,
		     const struct pressure_config *config)
{
	const cpu_set_t *cpus = take_cpus(pressure, config);
	int err;

	err = make_places(pressure, config);
	if (!err)
		err = take_account(pressure->group, &pressure->start);
	if (!err)
		err = start_child(pressure, cpus);
	if (!err)
		err = wait_for_reclaim(pressure);
	if (!err)
		err = take_account(pressure->group, &pressure->start);
	if (!err)
		err = pressure_sampler_start(pressure->group,
					     &pressure->sampler);
	if (!err)
		err = pressure_readers_start(pressure->group, config->readers,
					     cpus, &pressure->readers);
	return err;
}

int pressure_start(const struct pressure_config *config,
		   struct pressure **result)
{
	struct pressure *pressure = calloc(1, sizeof(*pressure));
	struct pressure_result failed;
	int err;

	if (!pressure)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	err = check(config, &pressure->sizes, pressure->parent);
	if (!err)
		err = start_all(pressure, config);
	if (!err) {
		*result = pressure;
		return 0;
	}
	pressure_stop(pressure, &failed);
	if (failed.errnum)
		error_set(EXIT_MACHINE, failed.errnum, "%s", failed.why);
	pressure_result_free(&failed);
	return err;
}

int pressure_failed(const struct pressure *pressure)
{
	return pressure_child_failed(pressure->child);
}

/* In the order that makes the figures true: what is counted, before its end. */
static void end_all(struct pressure *pressure, struct pressure_result *result)
{
	struct account end;

	pressure_readers_stop(pressure->readers, result);
	if (pressure->sampler && !take_account(pressure->group, &end))
		settle(&pressure->start, &end, result);
	pressure_sampler_stop(pressure->sampler, result);
	pressure_child_stop(pressure->child, result);
}

/* The group stays for the next one. What fails here, the journal tries again. */
static int clear_places(const struct pressure *pressure)
{
	int err = 0;

	if (journal_has(JOURNAL_CGROUP, pressure->group))
		err = cgroup_empty(pressure->group);
	if (!err && journal_has(JOURNAL_SCRATCH, pressure->scratch))
		err = pressure_scratch_remove(pressure->scratch);
	return err;
}

void pressure_stop(struct pressure *pressure, struct pressure_result *result)
{
	int err;

	memset(result, 0, sizeof(*result));
	result->max_bytes = pressure->sizes.max_bytes;
	result->high_bytes = pressure->sizes.high_bytes;
	end_all(pressure, result);
	err = clear_places(pressure);
	if (err && !result->errnum) {
		result->errnum = -err;
		snprintf(result->why, sizeof(result->why), "%.*s",
			 PRESSURE_WHY_MAX - 1, error_message());
	}
	free(pressure);
}

void pressure_result_free(struct pressure_result *result)
{
	free(result->sample);
	result->sample = NULL;
	result->samples = 0;
}
