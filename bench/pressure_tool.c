// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "pressure_tool.h"

#define KIB UINT64_C(1024)
#define MIB (KIB * KIB)
#define GIB (KIB * MIB)

#define MAX_LEAST (16 * MIB) /* stress-ng itself has 5 */
#define MAX_DEFAULT (64 * MIB)
#define BLOCK (64 * KIB) /* the largest page there is */

/* What stress-ng has before it works, with its kernel memory. */
#define OWN_BYTES (5 * MIB)

#define WORKERS_MAX 8
#define WORKER_LEAST (8 * MIB)
#define FILE_MOST GIB /* --sendfile-size takes no more */
#define FILE_LEAST MIB /* --hdd-bytes takes no less */

static uint64_t at_least(uint64_t value, uint64_t least)
{
	return value < least ? least : value;
}

static int take_limits(const struct pressure_config *config,
		       uint64_t memory_bytes, struct pressure_sizes *sizes)
{
	uint64_t max = config->max_bytes, high = config->high_bytes;

	if (!max)
		max = at_least(memory_bytes / 16, MAX_DEFAULT);
	if (!high)
		high = max / 8 * 7;
	sizes->max_bytes = max / BLOCK * BLOCK;
	sizes->high_bytes = high / BLOCK * BLOCK;
	if (max < MAX_LEAST)
		return error_set(EXIT_MACHINE, EINVAL,
				 "stress-ng does not run in %" PRIu64
				 " bytes of memory (memory.max): %" PRIu64
				 " are the least",
				 max, (uint64_t)MAX_LEAST);
	if (max > memory_bytes / 2)
		return error_set(
			EXIT_MACHINE, EINVAL,
			"%" PRIu64
			" bytes under pressure (memory.max) are more than half of this machine's memory, %" PRIu64
			" bytes",
			max, memory_bytes);
	if (high > max || high < max / 2)
		return error_set(
			EXIT_MACHINE, EINVAL,
			"memory.high, %" PRIu64
			" bytes, is not between half of memory.max, %" PRIu64
			" bytes, and all of it",
			high, max);
	return 0;
}

static void take_workers(const struct pressure_config *config,
			 unsigned int cpus_online, struct pressure_sizes *sizes)
{
	uint64_t most = sizes->max_bytes / WORKER_LEAST;

	sizes->workers = config->cpus ? config->cpus : cpus_online;
	if (sizes->workers > WORKERS_MAX)
		sizes->workers = WORKERS_MAX;
	if (sizes->workers > most)
		sizes->workers = most;
	if (!sizes->workers)
		sizes->workers = 1;
}

/*
 * Without swap, faulted pages cannot be reclaimed. With files at work too they
 * leave half of memory.max for the page cache, which can. Alone, they go up to
 * just below it, so that memory.high is passed, which takes stress-ng's own
 * pages and slows it down, and the OOM killer is seldom needed. One worker
 * does that in each of its rounds, where several would have to meet.
 */
static void take_faults(const struct pressure_config *config,
			struct pressure_sizes *sizes)
{
	bool slowed = sizes->high_bytes < sizes->max_bytes;

	sizes->fault_workers = sizes->workers;
	if (config->work_bytes) {
		sizes->fault_bytes = config->work_bytes;
	} else if (config->work != PRESSURE_FAULT) {
		sizes->fault_bytes = sizes->max_bytes / 2;
	} else if (slowed) {
		sizes->fault_workers = 1;
		sizes->fault_bytes = sizes->max_bytes - OWN_BYTES;
	} else {
		sizes->fault_bytes = sizes->max_bytes;
	}
}

/* Files do not fit, so that they are read and written for ever. */
static uint64_t file_bytes(const struct pressure_config *config,
			   const struct pressure_sizes *sizes)
{
	uint64_t bytes = config->work_bytes;

	if (!bytes)
		bytes = sizes->max_bytes / 2 * 3;
	return at_least(bytes, sizes->workers * FILE_LEAST);
}

static void take_cache(uint64_t bytes, struct pressure_sizes *sizes)
{
	uint64_t files = (bytes + FILE_MOST - 1) / FILE_MOST;

	sizes->cache_workers = at_least(sizes->workers, files);
	sizes->cache_bytes = bytes / sizes->cache_workers;
	sizes->scratch_bytes += bytes;
}

static void take_work(const struct pressure_config *config,
		      struct pressure_sizes *sizes)
{
	uint64_t bytes = file_bytes(config, sizes);

	if (config->work & PRESSURE_FAULT)
		take_faults(config, sizes);
	if (config->work & PRESSURE_CACHE)
		take_cache(bytes, sizes);
	if (config->work & PRESSURE_DIRTY) {
		sizes->dirty_bytes = bytes;
		sizes->scratch_bytes += bytes;
	}
}

int pressure_sizes(const struct pressure_config *config, uint64_t memory_bytes,
		   unsigned int cpus_online, struct pressure_sizes *sizes)
{
	int err;

	memset(sizes, 0, sizeof(*sizes));
	if (!config->work || config->work >> PRESSURE_WORKS)
		return error_set(EXIT_REQUEST, EINVAL,
				 "memory pressure by no work, or unknown work");
	err = take_limits(config, memory_bytes, sizes);
	if (err)
		return err;
	take_workers(config, cpus_online, sizes);
	take_work(config, sizes);
	return 0;
}

static void add(struct pressure_command *command, size_t *count,
		const char *word)
{
	command->argument[(*count)++] = word;
	command->argument[*count] = NULL;
}

static void add_number(struct pressure_command *command, size_t *count,
		       const char *option, uint64_t number)
{
	char *word = command->word[*count];

	add(command, count, option);
	snprintf(word, PRESSURE_WORD_MAX, "%" PRIu64, number);
	add(command, count, word);
}

/* --timeout 0: until it is ended. write64 is the method that does least else
 * than touch pages. */
void pressure_command(const struct pressure_sizes *sizes, const char *folder,
		      struct pressure_command *command)
{
	size_t count = 0;

	add(command, &count, "stress-ng");
	add_number(command, &count, "--timeout", 0);
	add(command, &count, "--temp-path");
	add(command, &count, folder);
	if (sizes->fault_bytes) {
		add_number(command, &count, "--vm", sizes->fault_workers);
		add_number(command, &count, "--vm-bytes", sizes->fault_bytes);
		add(command, &count, "--vm-method");
		add(command, &count, "write64");
	}
	if (sizes->cache_bytes) {
		add_number(command, &count, "--sendfile", sizes->cache_workers);
		add_number(command, &count, "--sendfile-size",
			   sizes->cache_bytes);
	}
	if (sizes->dirty_bytes) {
		add_number(command, &count, "--hdd", sizes->workers);
		add_number(command, &count, "--hdd-bytes", sizes->dirty_bytes);
	}
}
