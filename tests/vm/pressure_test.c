// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory pressure on its own: nothing of the module is needed here. What is
 * taken is given back through the journal, and looked for afterwards.
 *
 * Environment: SCRATCH, a directory on a disk. Arguments: which machine it is
 * (v2, nopsi, v1, hybrid, none, off), and a pattern of the tests to run, if not all.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../bench/clock.h"
#include "../../bench/error.h"
#include "../../bench/histogram.h"
#include "../../bench/journal.h"
#include "../../bench/pressure.h"
#include "../../bench/pressure_sampler.h"
#include "../../bench/sysfs.h"

#define ROOT "/sys/fs/cgroup"
#define GROUP ROOT "/intxbench"
#define TOOLS "/tmp/tools" /* where a stress-ng of ours is put */
#define MIB (UINT64_C(1) << 20)
#define ALL (PRESSURE_FAULT | PRESSURE_CACHE | PRESSURE_DIRTY)

static const char *scratch;
static char path[4096];

static void ok(int err)
{
	if (err)
		print_error("# %s\n", error_message());
	assert_int_equal(err, 0);
}

static void refused(int err, const char *message)
{
	if (!err || !strstr(error_message(), message))
		print_error("# got %d: %s\n", err, error_message());
	assert_int_not_equal(err, 0);
	assert_non_null(strstr(error_message(), message));
	error_clear();
}

static bool is_there(const char *file)
{
	return !access(file, F_OK);
}

static const char *words(const char *file)
{
	static char text[256];

	sysfs_read(text, sizeof(text), "%s", file);
	return text;
}

/* What has exited but for being waited for has no command line any more. */
static int is_alive(const char *pid, void *name)
{
	char text[SYSFS_TEXT_MAX];

	if (pid[0] < '0' || pid[0] > '9' ||
	    sysfs_read(text, sizeof(text), "/proc/%s/comm", pid) < 0 ||
	    strncmp(text, name, strlen(name)))
		return 0;
	return sysfs_read(text, sizeof(text), "/proc/%s/cmdline", pid) > 0;
}

/* Whether any process's name begins so. */
static bool runs(const char *name)
{
	return sysfs_each("/proc", is_alive, (void *)name);
}

static void assert_nothing_runs(void)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s/intxbench-scratch", scratch);
	assert_false(is_there(folder));
	assert_false(runs("stress-ng"));
}

static void assert_given_back(void)
{
	assert_nothing_runs();
	assert_false(is_there(GROUP));
	assert_null(strstr(words(ROOT "/cgroup.subtree_control"), "memory"));
}

/* Groups that were removed, and that the kernel still has. */
static unsigned long dying(void)
{
	const char *line = strstr(words(ROOT "/cgroup.stat"), "nr_dying");
	unsigned long groups;

	assert_non_null(line);
	assert_int_equal(sscanf(line, "%*s %lu", &groups), 1);
	return groups;
}

static void take_machine(void)
{
	size_t recovered;

	error_clear();
	ok(journal_open(&recovered));
	assert_int_equal(recovered, 0);
}

static int make(void **state)
{
	(void)state;
	setenv("PATH", path, 1);
	take_machine();
	return 0;
}

static int clean(void **state)
{
	(void)state;
	journal_undo();
	journal_close();
	error_clear();
	return 0;
}

static void give_back(void)
{
	ok(journal_undo());
	journal_close();
	assert_given_back();
}

static struct pressure_config config_of(unsigned int work)
{
	return (struct pressure_config){
		.work = work,
		.max_bytes = 64 * MIB,
		.scratch = work == PRESSURE_FAULT ? NULL : scratch,
	};
}

static void say(const char *title, const struct pressure_result *result)
{
	const struct pressure_events *events = &result->events;

	print_message("# %s: max %" PRIu64 ", high %" PRIu64 ", oom %" PRIu64
		      ", oom_kill %" PRIu64 ", some %" PRIu64
		      " us, full %" PRIu64 " us, samples %zu, restarts %" PRIu64
		      ", reads %llu (median %" PRIu64 " ns)%s\n",
		      title, events->max, events->high, events->oom,
		      events->oom_kill, result->some_us, result->full_us,
		      result->samples, result->restarts,
		      result->read_hist.count,
		      histogram_percentile_ns(&result->read_hist, 50),
		      result->reached ? ", reached" : "");
}

static void run_for(const struct pressure_config *config, unsigned int ms,
		    const char *title, struct pressure_result *result)
{
	struct pressure *pressure;

	ok(pressure_check(config));
	ok(pressure_start(config, &pressure));
	usleep(ms * 1000);
	assert_int_equal(pressure_failed(pressure), 0);
	assert_true(is_there(GROUP));
	pressure_stop(pressure, result);
	say(title, result);
	assert_int_equal(result->errnum, 0);
	assert_nothing_runs();
	assert_true(is_there(GROUP));
	assert_string_equal(words(GROUP "/cgroup.procs"), "");
}

/* Each work alone and all together are seen to take the group into reclaim. */
static void test_reached(void **state)
{
	static const struct {
		const char *name;
		unsigned int work;
	} works[] = {
		{ "fault", PRESSURE_FAULT },
		{ "cache", PRESSURE_CACHE },
		{ "dirty", PRESSURE_DIRTY },
		{ "all", ALL },
	};
	struct pressure_result result;
	struct pressure_config config;

	(void)state;
	for (size_t i = 0; i < sizeof(works) / sizeof(works[0]); i++) {
		config = config_of(works[i].work);
		run_for(&config, 3000, works[i].name, &result);
		assert_true(result.reached);
		assert_true(result.psi);
		assert_true(result.some_us > 0);
		assert_true(result.events.max + result.events.high > 0);
		assert_int_equal(result.max_bytes, 64 * MIB);
		assert_int_equal(result.high_bytes, 56 * MIB);
		assert_in_range(result.samples, 2, 400);
		pressure_result_free(&result);
	}
	give_back();
}

/* The group's events alone say it where the kernel keeps no PSI. */
static void test_reached_without_psi(void **state)
{
	struct pressure_config config = config_of(ALL);
	struct pressure_result result;

	(void)state;
	run_for(&config, 3000, "no PSI", &result);
	assert_false(result.psi);
	assert_int_equal(result.some_us + result.full_us, 0);
	assert_true(result.reached);
	assert_true(result.samples > 2);
	pressure_result_free(&result);
	give_back();
}

static void test_default_sizes(void **state)
{
	struct pressure_config config = { .work = PRESSURE_FAULT };
	struct pressure_result result;

	(void)state;
	run_for(&config, 1000, "default", &result);
	assert_true(result.reached);
	assert_in_range(result.max_bytes, 100 * MIB, 128 * MIB);
	pressure_result_free(&result);
	give_back();
}

/* The positive control: far more room than is used is no pressure. */
static void test_not_reached(void **state)
{
	struct pressure_config config = config_of(ALL);
	struct pressure_result result;

	(void)state;
	config.max_bytes = 512 * MIB;
	config.work_bytes = 8 * MIB;
	run_for(&config, 1000, "much room", &result);
	assert_false(result.reached);
	assert_int_equal(result.events.max + result.events.high, 0);
	pressure_result_free(&result);
	give_back();
}

/* More than there is: what it has started is killed, it starts it again. */
static void test_oom(void **state)
{
	struct pressure_config config = config_of(PRESSURE_FAULT);
	struct pressure_result result;

	(void)state;
	config.max_bytes = 32 * MIB;
	config.high_bytes = 32 * MIB;
	config.work_bytes = 96 * MIB;
	run_for(&config, 3000, "oom", &result);
	assert_true(result.events.oom_kill > 1);
	assert_true(result.reached);
	pressure_result_free(&result);
	give_back();
}

static void assert_timeline(const struct pressure_result *result)
{
	const struct pressure_sample *sample = result->sample;

	for (size_t i = 1; i < result->samples; i++) {
		assert_true(sample[i].time_ns > sample[i - 1].time_ns);
		assert_true(sample[i].some_us >= sample[i - 1].some_us);
		assert_true(sample[i].full_us <= sample[i].some_us);
		assert_true(sample[i].current_bytes <= result->max_bytes);
	}
	assert_true(sample[result->samples - 1].some_us <= result->some_us);
	assert_true(sample[result->samples - 1].some_us > 0);
	assert_int_equal(result->samples_dropped, 0);
}

static void test_timeline_and_readers(void **state)
{
	struct pressure_config config = config_of(ALL);
	struct pressure_result result;

	(void)state;
	config.readers = 2;
	config.cpu[0] = 2;
	config.cpu[1] = 3;
	config.cpus = 2;
	run_for(&config, 4000, "readers", &result);
	assert_true(result.reached);
	assert_true(result.read_hist.count > 100);
	assert_in_range(result.samples, 2, 450);
	assert_timeline(&result);
	pressure_result_free(&result);
	give_back();
}

/*
 * Points of a block come one after another, in one journal. All have the same
 * group: of one for each, some would stay in the kernel, since what they have read
 * stays in its caches.
 */
static void test_again(void **state)
{
	struct pressure_config config = config_of(PRESSURE_CACHE);
	struct pressure_result result;
	struct stat first, again;
	unsigned long before = dying();

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		config.max_bytes = (64 - 8 * i) * MIB;
		run_for(&config, 300, "again", &result);
		pressure_result_free(&result);
		assert_int_equal(strtoull(words(GROUP "/memory.max"), NULL, 10),
				 config.max_bytes);
		assert_int_equal(stat(GROUP, i ? &again : &first), 0);
		assert_int_equal(i ? again.st_ino : first.st_ino, first.st_ino);
	}
	assert_in_range(dying(), 0, before);
	give_back();
}

static void install(const char *script)
{
	FILE *file;

	mkdir(TOOLS, 0755);
	file = fopen(TOOLS "/stress-ng", "w");
	assert_non_null(file);
	fprintf(file, "#!/bin/bash\nPATH=/usr/bin:/bin\n%s\n", script);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(TOOLS "/stress-ng", 0755), 0);
	setenv("PATH", TOOLS, 1);
}

/* Its own process killed, not one that it started. */
static void test_restarted(void **state)
{
	struct pressure_config config = config_of(PRESSURE_FAULT);
	struct pressure_result result;

	(void)state;
	install("exec tail /dev/zero");
	config.high_bytes = config.max_bytes;
	run_for(&config, 8000, "restarted", &result);
	assert_true(result.events.oom_kill > 0);
	assert_true(result.restarts > 0);
	pressure_result_free(&result);
	give_back();
}

static void test_tool_fails(void **state)
{
	struct pressure_config config = config_of(PRESSURE_FAULT);
	struct pressure *pressure;

	(void)state;
	install("echo hello; echo 'stress-ng: error: no such luck' >&2; "
		"echo bye; exit 2");
	refused(pressure_start(&config, &pressure),
		"exit status 2: stress-ng: error: no such luck");
	give_back();
}

static void test_ends_later(void **state)
{
	struct pressure_config config = config_of(PRESSURE_FAULT);
	struct pressure_result result;
	struct pressure *pressure;

	(void)state;
	ok(pressure_start(&config, &pressure));
	assert_true(runs("stress-ng"));
	assert_int_equal(system("pkill -KILL -o '^stress-ng$'"), 0);
	usleep(500000);
	assert_int_not_equal(pressure_failed(pressure), 0);
	pressure_stop(pressure, &result);
	say("ended", &result);
	assert_int_equal(result.errnum, ECHILD);
	assert_non_null(strstr(result.why, "signal 9"));
	pressure_result_free(&result);
	give_back();
}

static void test_no_tool(void **state)
{
	struct pressure_config config = config_of(PRESSURE_FAULT);
	struct pressure *pressure;

	(void)state;
	setenv("PATH", "/nowhere:", 1);
	refused(pressure_check(&config), "install Debian's stress-ng");
	refused(pressure_start(&config, &pressure), "no stress-ng in PATH");
	give_back();
}

/* tmpfs cannot be reclaimed without swap, an overlay hides what it is on. */
static void test_no_disk(void **state)
{
	struct pressure_config config = config_of(ALL);

	(void)state;
	config.scratch = "/tmp";
	refused(pressure_check(&config), "/tmp: it is not on a disk");
	config.scratch = "/var/tmp";
	refused(pressure_check(&config), "/var/tmp: it is not on a disk");
	config.scratch = "/nowhere";
	refused(pressure_check(&config), "/nowhere: No such file");
	config.scratch = NULL;
	refused(pressure_check(&config), "needs a directory on a disk");
	config.scratch = scratch;
	config.max_bytes = 900 * MIB;
	refused(pressure_check(&config), "bytes are needed");
	give_back();
}

static void test_group_of_others(void **state)
{
	struct pressure_config config = config_of(PRESSURE_FAULT);
	struct pressure *pressure;

	(void)state;
	assert_int_equal(mkdir(GROUP, 0755), 0);
	refused(pressure_start(&config, &pressure), "no run of ours");
	ok(journal_undo());
	assert_true(is_there(GROUP));
	assert_int_equal(rmdir(GROUP), 0);
	give_back();
}

/* What was enabled before stays so. */
static void test_controller_of_others(void **state)
{
	struct pressure_config config = config_of(PRESSURE_CACHE);
	struct pressure_result result;

	(void)state;
	ok(sysfs_write("+memory", ROOT "/cgroup.subtree_control"));
	run_for(&config, 300, "enabled before", &result);
	pressure_result_free(&result);
	ok(journal_undo());
	assert_non_null(
		strstr(words(ROOT "/cgroup.subtree_control"), "memory"));
	ok(sysfs_write("-memory", ROOT "/cgroup.subtree_control"));
	give_back();
}

static void die_in_mid_run(void)
{
	struct pressure_config config = config_of(ALL);
	struct pressure *pressure;

	config.readers = 1;
	take_machine();
	ok(pressure_start(&config, &pressure));
	usleep(500000);
	kill(getpid(), SIGKILL);
}

static void test_killed(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	journal_close();
	pid = fork();
	if (!pid) {
		die_in_mid_run();
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_true(is_there(GROUP));
	assert_true(strlen(words(GROUP "/cgroup.procs")) > 0);
	assert_non_null(
		strstr(words(ROOT "/cgroup.subtree_control"), "memory"));
	/* The scratch folder, the controller, the group. */
	assert_int_equal(system("bench/intxbench restore | "
				"grep -qx 'put back: 3 changes'"),
			 0);
	assert_given_back();
}

static unsigned long resident_kib(void)
{
	unsigned long pages = 0;
	FILE *file = fopen("/proc/self/statm", "re");

	assert_non_null(file);
	if (fscanf(file, "%*u %lu", &pages) != 1)
		pages = 0;
	fclose(file);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* All that a sampler ever takes is there from its first samples on. */
static void test_memory_flat(void **state)
{
	struct pressure_config config = config_of(ALL);
	struct pressure_result result;
	struct pressure *pressure;
	unsigned long early, late;

	(void)state;
	config.readers = 1;
	ok(pressure_start(&config, &pressure));
	sleep(2);
	early = resident_kib();
	sleep(20);
	late = resident_kib();
	pressure_stop(pressure, &result);
	say("long", &result);
	print_message("# resident: %lu KiB after 2 s, %lu KiB after 22 s\n",
		      early, late);
	assert_in_range(result.samples, 20, 2400);
	assert_in_range(late, 1, early + 64);
	pressure_result_free(&result);
	give_back();
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, make, clean)

static int test_v2(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_reached),
		CASE(test_default_sizes),
		CASE(test_not_reached),
		CASE(test_oom),
		CASE(test_timeline_and_readers),
		CASE(test_again),
		CASE(test_restarted),
		CASE(test_tool_fails),
		CASE(test_ends_later),
		CASE(test_no_tool),
		CASE(test_no_disk),
		CASE(test_group_of_others),
		CASE(test_controller_of_others),
		CASE(test_killed),
		CASE(test_memory_flat),
	};

	return cmocka_run_group_tests_name("pressure", tests, NULL, NULL);
}

static int test_nopsi(void)
{
	const struct CMUnitTest tests[] = { CASE(test_reached_without_psi) };

	return cmocka_run_group_tests_name("nopsi", tests, NULL, NULL);
}

/* Machines that cannot: each says what to do. */
static const struct {
	const char *name, *message;
} machines[] = {
	{ "v1", "has cgroup version 1 only" },
	{ "hybrid", "is with cgroup version 1 here (/tmp/v1)" },
	{ "none", "cgroup version 2 is not mounted" },
	{ "off", "boot without cgroup_disable=memory" },
};

static void test_cannot(void **state)
{
	struct pressure_config config = config_of(PRESSURE_FAULT);
	const char *message = *state;
	struct pressure *pressure;

	refused(pressure_check(&config), message);
	refused(pressure_start(&config, &pressure), message);
	ok(journal_undo());
}

static int test_machine(const char *name)
{
	struct CMUnitTest test = CASE(test_cannot);

	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		if (strcmp(name, machines[i].name))
			continue;
		test.initial_state = (void *)machines[i].message;
		return _cmocka_run_group_tests(name, &test, 1, NULL, NULL);
	}
	errx(1, "no machine %s", name);
}

int main(int argc, char **argv)
{
	scratch = getenv("SCRATCH");
	if (argc < 2 || !scratch)
		errx(1,
		     "usage: SCRATCH=DIR pressure_test v2|nopsi|v1|hybrid|none|off [PATTERN]");
	snprintf(path, sizeof(path), "%s", getenv("PATH"));
	if (argc > 2)
		cmocka_set_test_filter(argv[2]);
	if (!strcmp(argv[1], "v2"))
		return test_v2();
	return strcmp(argv[1], "nopsi") ? test_machine(argv[1]) : test_nopsi();
}
