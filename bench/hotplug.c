// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "affinity_keeper.h"
#include "clock.h"
#include "cpuhp_trace.h"
#include "error.h"
#include "host_cpu.h"
#include "hotplug.h"
#include "hotplug_choice.h"
#include "journal.h"
#include "sysfs.h"
#include "worker.h"

#define OPERATIONS_KEPT 4096
#define FAILURES_MAX 16 /* in a row: more will not help */
#define FAILURE_PAUSE_MS 10

struct hotplug {
	struct hotplug_config config;
	int fd[HOTPLUG_CPUS_MAX]; /* each CPU's `online` */
	cpu_set_t home; /* where the engine runs */
	struct cpuhp_trace *trace; /* NULL: none */
	struct affinity_keeper *keeper;
	pthread_t thread;

	pthread_mutex_t lock; /* stop */
	pthread_cond_t wake;
	bool stop;

	atomic_uint_fast64_t cycles;
	atomic_bool ended;

	/* The engine's until it is joined. */
	uint64_t random; /* state */
	uint64_t start_ns; /* of the newest cycle */
	int away; /* index of the CPU that is offline; -1: none */
	uint64_t operations; /* in all */
	unsigned int failures; /* in a row */
	struct hotplug_result result;
};

static const char *const words[] = { "offline", "online" };

static int check_twice(const struct hotplug_config *config)
{
	cpu_set_t seen;

	CPU_ZERO(&seen);
	for (size_t i = 0; i < config->cpus; i++) {
		int cpu = config->cpu[i];

		if (cpu < 0 || cpu >= CPU_SETSIZE)
			return error_set(EXIT_MACHINE, EINVAL,
					 "CPU %d is none: 0 to %d", cpu,
					 CPU_SETSIZE - 1);
		if (CPU_ISSET(cpu, &seen))
			return error_set(
				EXIT_MACHINE, EINVAL,
				"CPU %d is named twice among those to be taken offline",
				cpu);
		CPU_SET(cpu, &seen);
	}
	return 0;
}

static void candidates(const struct hotplug_config *config, cpu_set_t *set)
{
	CPU_ZERO(set);
	for (size_t i = 0; i < config->cpus; i++)
		CPU_SET(config->cpu[i], set);
}

/* The CPUs that stay. */
static int remaining(const struct hotplug_config *config, cpu_set_t *rest)
{
	cpu_set_t going, online;
	int err;

	err = host_cpu_all_online(&online);
	if (err)
		return err;
	candidates(config, &going);
	CPU_AND(&going, &going, &online);
	CPU_XOR(rest, &online, &going);
	if (CPU_COUNT(rest))
		return 0;
	return error_set(
		EXIT_MACHINE, EINVAL,
		"all %d CPUs that are online are to be taken offline; one at least must stay",
		CPU_COUNT(&online));
}

static int check_engine(const struct hotplug_config *config,
			const cpu_set_t *rest)
{
	int cpu = config->engine_cpu;

	if (cpu < 0)
		return 0;
	for (size_t i = 0; i < config->cpus; i++) {
		if (config->cpu[i] == cpu)
			return error_set(
				EXIT_MACHINE, EINVAL,
				"CPU %d is to be taken offline and to take others offline",
				cpu);
	}
	if (cpu < CPU_SETSIZE && CPU_ISSET(cpu, rest))
		return 0;
	return error_set(
		EXIT_MACHINE, ENODEV,
		"CPU %d, which is to take others offline, is not online", cpu);
}

int hotplug_check(const struct hotplug_config *config)
{
	cpu_set_t rest;
	int err;

	if (!config->cpus || config->cpus > HOTPLUG_CPUS_MAX)
		return error_set(EXIT_MACHINE, EINVAL,
				 "%zu CPUs to be taken offline: 1 to %d",
				 config->cpus, HOTPLUG_CPUS_MAX);
	err = check_twice(config);
	if (!err)
		err = remaining(config, &rest);
	if (!err)
		err = check_engine(config, &rest);
	for (size_t i = 0; !err && i < config->cpus; i++)
		err = host_cpu_check(config->cpu[i]);
	return err;
}

static void end_by_itself(struct hotplug *hotplug, int errnum, const char *why)
{
	if (hotplug->result.errnum)
		return;
	hotplug->result.errnum = errnum;
	snprintf(hotplug->result.why, sizeof(hotplug->result.why), "%s", why);
}

static void keep_operation(struct hotplug *hotplug,
			   const struct hotplug_operation *operation)
{
	hotplug->result.operation[hotplug->operations % OPERATIONS_KEPT] =
		*operation;
	hotplug->operations++;
}

static void count_failure(struct hotplug *hotplug,
			  const struct hotplug_operation *operation)
{
	char why[HOTPLUG_WHY_MAX];

	hotplug->result.failed[operation->direction]++;
	if (++hotplug->failures < FAILURES_MAX)
		return;
	snprintf(why, sizeof(why), "%u times in a row, last for CPU %d %s: %s",
		 hotplug->failures, operation->cpu, words[operation->direction],
		 strerror(operation->errnum));
	end_by_itself(hotplug, operation->errnum, why);
}

static int write_online(int fd, enum hotplug_direction direction)
{
	return pwrite(fd, direction == HOTPLUG_ONLINE ? "1" : "0", 1, 0) < 0 ?
		       errno :
		       0;
}

static uint64_t asserted_now(const struct hotplug *hotplug)
{
	const struct hotplug_config *config = &hotplug->config;

	return config->asserted ? config->asserted(config->asserted_of) : 0;
}

/* Returns 0 or errno. Nothing but the write() is within what is timed. */
static int operate(struct hotplug *hotplug, size_t index,
		   enum hotplug_direction direction)
{
	struct hotplug_result *result = &hotplug->result;
	struct hotplug_operation operation = {
		.cpu = hotplug->config.cpu[index],
		.direction = direction,
	};
	uint64_t asserted;
	bool traced;

	if (hotplug->trace)
		cpuhp_trace_begin(hotplug->trace, operation.cpu);
	asserted = asserted_now(hotplug);
	operation.start_ns = clock_now_ns();
	if (direction == HOTPLUG_OFFLINE)
		hotplug->start_ns = operation.start_ns;
	operation.errnum = write_online(hotplug->fd[index], direction);
	operation.end_ns = clock_now_ns();
	asserted = asserted == asserted_now(hotplug) ? asserted : 0;
	traced = hotplug->trace && cpuhp_trace_end(hotplug->trace, &operation);
	keep_operation(hotplug, &operation);
	if (operation.errnum) {
		count_failure(hotplug, &operation);
		return operation.errnum;
	}
	intxbench_hist_record(&result->hist[direction],
			      operation.end_ns - operation.start_ns);
	result->untraced[direction] += !traced;
	result->asserted += asserted && direction == HOTPLUG_OFFLINE;
	return 0;
}

static int choose(struct hotplug *hotplug)
{
	bool online[HOTPLUG_CPUS_MAX];

	for (size_t i = 0; i < hotplug->config.cpus; i++)
		online[i] = host_cpu_online(hotplug->config.cpu[i]) == 1;
	return hotplug_choose(&hotplug->random, online, hotplug->config.cpus);
}

/* Whether the CPU is away now. */
static bool take_away(struct hotplug *hotplug)
{
	int index = choose(hotplug);

	if (index < 0) {
		end_by_itself(hotplug, ENODEV,
			      "none of the CPUs is online any more");
		return false;
	}
	affinity_keeper_look(hotplug->keeper);
	if (operate(hotplug, index, HOTPLUG_OFFLINE))
		return false;
	hotplug->away = index;
	return true;
}

/*
 * Off and, whatever has been asked of us meanwhile, on again. One that does not
 * come is what the next cycle begins with, and is none of those that count. A
 * CPU that does not go has lost what was pinned to it all the same.
 */
static void cycle(struct hotplug *hotplug)
{
	bool taken = hotplug->away < 0 && take_away(hotplug);

	if (hotplug->away >= 0 &&
	    !operate(hotplug, hotplug->away, HOTPLUG_ONLINE)) {
		hotplug->away = -1;
		hotplug->failures = 0;
		atomic_fetch_add(&hotplug->cycles, taken);
	}
	affinity_keeper_return(hotplug->keeper);
}

static bool is_done(const struct hotplug *hotplug)
{
	return hotplug->result.errnum ||
	       (hotplug->config.cycles &&
		atomic_load(&hotplug->cycles) >= hotplug->config.cycles);
}

/* Returns whether to stop. */
static bool wait_until(struct hotplug *hotplug, uint64_t until_ns)
{
	const struct timespec until = {
		.tv_sec = until_ns / NSEC_PER_SEC,
		.tv_nsec = until_ns % NSEC_PER_SEC,
	};
	bool stop;

	pthread_mutex_lock(&hotplug->lock);
	while (!hotplug->stop &&
	       pthread_cond_timedwait(&hotplug->wake, &hotplug->lock, &until) !=
		       ETIMEDOUT)
		;
	stop = hotplug->stop;
	pthread_mutex_unlock(&hotplug->lock);
	return stop;
}

/* The pause keeps a failure that comes at once from being retried at once. */
static uint64_t next_start_ns(const struct hotplug *hotplug)
{
	uint64_t next_ns, pause_ns;

	next_ns =
		hotplug->start_ns + hotplug->config.interval_ms * NSEC_PER_MSEC;
	pause_ns = clock_now_ns() + FAILURE_PAUSE_MS * NSEC_PER_MSEC;
	if (hotplug->failures && next_ns < pause_ns)
		return pause_ns;
	return next_ns;
}

/* A cpuset may take the affinity away when one of its CPUs goes. */
static void *run(void *arg)
{
	struct hotplug *hotplug = arg;
	uint64_t next_ns = 0;

	while (!is_done(hotplug) && !wait_until(hotplug, next_ns)) {
		sched_setaffinity(0, sizeof(hotplug->home), &hotplug->home);
		cycle(hotplug);
		next_ns = next_start_ns(hotplug);
	}
	atomic_store(&hotplug->ended, true);
	return NULL;
}

static int journal_cpus(const struct hotplug_config *config)
{
	char cpu[16];
	int err = 0;

	for (size_t i = 0; !err && i < config->cpus; i++) {
		snprintf(cpu, sizeof(cpu), "%d", config->cpu[i]);
		err = journal_add(JOURNAL_CPU, cpu, "1");
	}
	return err;
}

static int open_files(struct hotplug *hotplug)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < hotplug->config.cpus; i++) {
		int cpu = hotplug->config.cpu[i];

		if (sysfs_path(path, sizeof(path), HOST_CPU "/cpu%d/online",
			       cpu))
			return error_set(EXIT_MACHINE, ENAMETOOLONG,
					 "CPU %d: path too long", cpu);
		hotplug->fd[i] = open(path, O_WRONLY | O_CLOEXEC);
		if (hotplug->fd[i] < 0)
			return error_set(EXIT_MACHINE, errno,
					 "cannot open %s: %s", path,
					 strerror(errno));
	}
	return 0;
}

static int open_home(struct hotplug *hotplug)
{
	if (hotplug->config.engine_cpu < 0)
		return remaining(&hotplug->config, &hotplug->home);
	CPU_ZERO(&hotplug->home);
	CPU_SET(hotplug->config.engine_cpu, &hotplug->home);
	return 0;
}

/*
 * What is undone comes in reverse: a line can be aimed at a CPU only when that
 * is back.
 */
static int open_all(struct hotplug *hotplug)
{
	const struct hotplug_config *config = &hotplug->config;
	cpu_set_t going;
	int err;

	candidates(config, &going);
	err = open_home(hotplug);
	if (!err)
		err = affinity_keeper_open(&going, config->irq, config->irq_cpu,
					   &hotplug->keeper);
	if (!err)
		err = journal_cpus(config);
	if (!err)
		err = open_files(hotplug);
	if (!err)
		err = cpuhp_trace_open(&hotplug->trace,
				       hotplug->result.trace_why);
	return err;
}

static void free_hotplug(struct hotplug *hotplug)
{
	for (size_t i = 0; i < hotplug->config.cpus; i++) {
		if (hotplug->fd[i] >= 0)
			close(hotplug->fd[i]);
	}
	pthread_cond_destroy(&hotplug->wake);
	pthread_mutex_destroy(&hotplug->lock);
	free(hotplug);
}

static struct hotplug *allocate(const struct hotplug_config *config)
{
	struct hotplug *hotplug = calloc(1, sizeof(*hotplug));
	pthread_condattr_t attributes;

	if (!hotplug)
		return NULL;
	hotplug->result.operation =
		calloc(OPERATIONS_KEPT, sizeof(*hotplug->result.operation));
	if (!hotplug->result.operation) {
		free(hotplug);
		return NULL;
	}
	hotplug->config = *config;
	hotplug->random = config->seed;
	hotplug->away = -1;
	for (size_t i = 0; i < HOTPLUG_CPUS_MAX; i++)
		hotplug->fd[i] = -1;
	pthread_mutex_init(&hotplug->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&hotplug->wake, &attributes);
	pthread_condattr_destroy(&attributes);
	return hotplug;
}

static int start_thread(struct hotplug *hotplug)
{
	int errnum =
		worker_start(&hotplug->thread, &hotplug->home, run, hotplug);

	if (!errnum)
		return 0;
	return error_set(EXIT_MACHINE, errnum,
			 "cannot start the thread that takes CPUs offline: %s",
			 strerror(errnum));
}

int hotplug_start(const struct hotplug_config *config, struct hotplug **result)
{
	struct hotplug *hotplug;
	int err;

	err = hotplug_check(config);
	if (err)
		return err;
	hotplug = allocate(config);
	if (!hotplug)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	err = open_all(hotplug);
	if (!err)
		err = start_thread(hotplug);
	if (!err) {
		*result = hotplug;
		return 0;
	}
	affinity_keeper_close(hotplug->keeper);
	cpuhp_trace_close(hotplug->trace, &hotplug->result);
	hotplug_result_free(&hotplug->result);
	free_hotplug(hotplug);
	return err;
}

uint64_t hotplug_cycles(const struct hotplug *hotplug)
{
	return atomic_load(&hotplug->cycles);
}

bool hotplug_ended(const struct hotplug *hotplug)
{
	return atomic_load(&hotplug->ended);
}

/* What does not come now either is left to the journal. */
static void bring_back(struct hotplug *hotplug)
{
	char why[HOTPLUG_WHY_MAX];
	int errnum;

	for (size_t i = 0; i < hotplug->config.cpus; i++) {
		int cpu = hotplug->config.cpu[i];

		if (host_cpu_online(cpu))
			continue;
		errnum = write_online(hotplug->fd[i], HOTPLUG_ONLINE);
		if (!errnum)
			continue;
		snprintf(why, sizeof(why), "CPU %d does not come back: %s", cpu,
			 strerror(errnum));
		end_by_itself(hotplug, errnum, why);
	}
}

static void reverse(struct hotplug_operation *operation, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct hotplug_operation swap = operation[i];

		operation[i] = operation[count - 1 - i];
		operation[count - 1 - i] = swap;
	}
}

/* Rotate the ring by three reversals, so that its oldest comes first. */
static void take_operations(struct hotplug *hotplug)
{
	struct hotplug_result *result = &hotplug->result;
	size_t oldest = hotplug->operations % OPERATIONS_KEPT;

	if (hotplug->operations <= OPERATIONS_KEPT) {
		result->operations = hotplug->operations;
		return;
	}
	reverse(result->operation, oldest);
	reverse(result->operation + oldest, OPERATIONS_KEPT - oldest);
	reverse(result->operation, OPERATIONS_KEPT);
	result->operations = OPERATIONS_KEPT;
	result->operations_dropped = hotplug->operations - OPERATIONS_KEPT;
}

static void take_kept(struct hotplug *hotplug)
{
	struct affinity_kept kept = affinity_keeper_close(hotplug->keeper);

	hotplug->result.repinned = kept.pinned;
	hotplug->result.reaimed = kept.aimed;
	hotplug->result.strayed = kept.failed;
}

void hotplug_stop(struct hotplug *hotplug, struct hotplug_result *result)
{
	pthread_mutex_lock(&hotplug->lock);
	hotplug->stop = true;
	pthread_cond_signal(&hotplug->wake);
	pthread_mutex_unlock(&hotplug->lock);
	pthread_join(hotplug->thread, NULL);
	bring_back(hotplug);
	take_kept(hotplug);
	take_operations(hotplug);
	cpuhp_trace_close(hotplug->trace, &hotplug->result);
	hotplug->result.cycles = atomic_load(&hotplug->cycles);
	*result = hotplug->result;
	free_hotplug(hotplug);
}

void hotplug_result_free(struct hotplug_result *result)
{
	free(result->operation);
	free(result->state);
	result->operation = NULL;
	result->state = NULL;
	result->operations = 0;
	result->states = 0;
}
