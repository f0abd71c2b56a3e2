// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The hotplug engine on a machine of files: CPUs 0 to 3, 0 without an `online`,
 * and 3 offline. What is written to a file is what the CPU then is.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "affinity_keeper.h"
#include "error.h"
#include "fake_root.h"
#include "host_cpu.h"
#include "host_undo.h"
#include "hotplug.h"
#include "hotplug_choice.h"
#include "irq_mover.h"
#include "journal.h"
#include "unit.h"

#define INSTANCES "/sys/kernel/tracing/instances"

static struct hotplug_result result;

static int make(void **state)
{
	char directory[128];
	size_t recovered;

	(void)state;
	error_clear();
	fake_root_make();
	fake_file(HOST_CPU "/online", "0-2\n");
	fake_file(HOST_CPU "/present", "0-3\n");
	fake_folder(HOST_CPU "/hotplug");
	fake_folder(HOST_CPU "/cpu0");
	fake_file(HOST_CPU "/cpu1/online", "1\n");
	fake_file(HOST_CPU "/cpu2/online", "1\n");
	fake_file(HOST_CPU "/cpu3/online", "0\n");
	fake_file("/proc/irq/default_smp_affinity", "f\n");
	fake_file("/proc/irq/9/smp_affinity_list", "0-3\n");
	fake_file("/proc/irq/24/smp_affinity_list", "1\n");
	snprintf(directory, sizeof(directory), "%s/run", fake_root());
	return journal_open_at(directory, &recovered);
}

static int clean(void **state)
{
	(void)state;
	hotplug_result_free(&result);
	journal_undo();
	journal_close();
	fake_root_remove();
	return 0;
}

static void test_lists(void **state)
{
	static const struct {
		const char *text;
		int expected, count;
	} lists[] = {
		{ "", 0, 0 },          { "0", 0, 1 },
		{ "0-3", 0, 4 },       { "0-1,5,7-8", 0, 5 },
		{ "1023", 0, 1 },      { "1024", -EINVAL, 0 },
		{ "0-", -EINVAL, 0 },  { "3-1", -EINVAL, 0 },
		{ "0,", -EINVAL, 0 },  { ",0", -EINVAL, 0 },
		{ "0 1", -EINVAL, 0 }, { "-1", -EINVAL, 0 },
		{ "a", -EINVAL, 0 },   { "0-3:1/2", -EINVAL, 0 },
	};
	cpu_set_t cpus;

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		print_message("# '%s'\n", lists[i].text);
		assert_int_equal(host_cpu_parse(lists[i].text, &cpus),
				 lists[i].expected);
		if (!lists[i].expected)
			assert_int_equal(CPU_COUNT(&cpus), lists[i].count);
	}
}

static void test_choice(void **state)
{
	const bool online[4] = { true, false, true, true };
	const bool none[4] = { false, false, false, false };
	uint64_t first = 42, second = 42, other = 43;
	unsigned int seen[4] = { 0 }, differ = 0;
	int index;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		index = hotplug_choose(&first, online, 4);
		assert_in_range(index, 0, 3);
		assert_int_equal(hotplug_choose(&second, online, 4), index);
		differ += hotplug_choose(&other, online, 4) != index;
		seen[index]++;
	}
	assert_int_equal(seen[1], 0);
	for (int i = 0; i < 4; i += i ? 1 : 2)
		assert_in_range(seen[i], 900, 1100);
	assert_true(differ > 1000);
	assert_int_equal(hotplug_choose(&first, none, 4), -1);
	assert_int_equal(hotplug_choose(&first, online, 0), -1);
}

static const struct {
	struct hotplug_config config;
	const char *message; /* "": none */
} checks[] = {
	{ { .cpu = { 1, 2 }, .cpus = 2, .engine_cpu = -1 }, "" },
	{ { .cpu = { 1, 2 }, .cpus = 2, .engine_cpu = 0 }, "" },
	{ { .cpus = 0, .engine_cpu = -1 },
	  "0 CPUs to be taken offline: 1 to 256" },
	{ { .cpus = 257, .engine_cpu = -1 },
	  "257 CPUs to be taken offline: 1 to 256" },
	{ { .cpu = { -1 }, .cpus = 1, .engine_cpu = -1 },
	  "CPU -1 is none: 0 to 1023" },
	{ { .cpu = { 1, 1 }, .cpus = 2, .engine_cpu = -1 },
	  "CPU 1 is named twice among those to be taken offline" },
	{ { .cpu = { 0, 1, 2 }, .cpus = 3, .engine_cpu = -1 },
	  "all 3 CPUs that are online are to be taken offline; one at least must stay" },
	{ { .cpu = { 0 }, .cpus = 1, .engine_cpu = -1 },
	  "CPU 0 cannot be taken offline: it has no " HOST_CPU
	  "/cpu0/online; choose others" },
	{ { .cpu = { 1, 7 }, .cpus = 2, .engine_cpu = -1 },
	  "CPU 7 does not exist; this machine has CPUs 0-3" },
	{ { .cpu = { 1, 3 }, .cpus = 2, .engine_cpu = -1 },
	  "CPU 3 is offline, and what is offline stays so; choose another one or bring it online first" },
	{ { .cpu = { 1 }, .cpus = 1, .engine_cpu = 1 },
	  "CPU 1 is to be taken offline and to take others offline" },
	{ { .cpu = { 1 }, .cpus = 1, .engine_cpu = 3 },
	  "CPU 3, which is to take others offline, is not online" },
};

static void test_check(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		int err = hotplug_check(&checks[i].config);

		assert_string_equal(error_message(), checks[i].message);
		assert_int_equal(err != 0, checks[i].message[0] != '\0');
		assert_int_equal(error_status(), err ? EXIT_MACHINE : 0);
		error_clear();
	}
	assert_string_equal(fake_read(HOST_CPU "/cpu1/online"), "1");
	fake_remove(HOST_CPU "/cpu1/online");
	fake_remove(HOST_CPU "/hotplug");
	assert_int_equal(hotplug_check(&checks[0].config), -EOPNOTSUPP);
	assert_string_equal(
		error_message(),
		"CPU 1 cannot be taken offline: this kernel has no CPU hotplug (CONFIG_HOTPLUG_CPU)");
}

static void wait_for_end(const struct hotplug *hotplug)
{
	for (int i = 0; i < 5000 && !hotplug_ended(hotplug); i++)
		usleep(1000);
	assert_true(hotplug_ended(hotplug));
}

static void test_cycles(void **state)
{
	const struct hotplug_config config = {
		.cpu = { 1, 2 },
		.cpus = 2,
		.seed = 1,
		.cycles = 3000,
		.engine_cpu = -1,
	};
	struct hotplug *hotplug;
	uint64_t seed = 1;

	(void)state;
	assert_int_equal(hotplug_start(&config, &hotplug), 0);
	wait_for_end(hotplug);
	assert_int_equal(hotplug_cycles(hotplug), 3000);
	hotplug_stop(hotplug, &result);
	assert_int_equal(result.cycles, 3000);
	assert_int_equal(result.errnum, 0);
	assert_int_equal(result.hist[HOTPLUG_OFFLINE].count, 3000);
	assert_int_equal(result.hist[HOTPLUG_ONLINE].count, 3000);
	assert_int_equal(result.failed[0] + result.failed[1], 0);
	/* No tracefs here. */
	assert_null(result.state);
	assert_string_equal(result.trace_why,
			    INSTANCES ": No such file or directory");
	assert_int_equal(result.untraced[HOTPLUG_OFFLINE], 3000);
	/* The newest, oldest first, and what the seed says. */
	assert_int_equal(result.operations, 4096);
	assert_int_equal(result.operations_dropped, 6000 - 4096);
	for (size_t i = 0; i < 6000; i++) {
		static const bool online[2] = { true, true };
		static int cpu;
		const struct hotplug_operation *operation =
			&result.operation[i - result.operations_dropped];

		if (i % 2 == 0)
			cpu = config.cpu[hotplug_choose(&seed, online, 2)];
		if (i < result.operations_dropped)
			continue;
		assert_int_equal(operation->cpu, cpu);
		assert_int_equal(operation->direction, i % 2);
		assert_true(operation->end_ns >= operation->start_ns);
	}
	/* Lines before CPUs: undone in reverse. */
	assert_string_equal(fake_read("/run/journal"), "intxbench-journal 1\n"
						       "+ irq-affinity 24 1\n"
						       "+ cpu 1 1\n"
						       "+ cpu 2 1");
}

/* A file size limit is what these files refuse by. */
static void limit(rlim_t bytes)
{
	struct rlimit now;

	getrlimit(RLIMIT_FSIZE, &now);
	now.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
}

static void test_failures(void **state)
{
	const struct hotplug_config config = {
		.cpu = { 1, 2 }, .cpus = 2, .interval_ms = 1, .engine_cpu = -1
	};
	struct hotplug *hotplug;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(hotplug_start(&config, &hotplug), 0);
	while (!hotplug_cycles(hotplug))
		usleep(1000);
	limit(0);
	wait_for_end(hotplug);
	limit(RLIM_INFINITY);
	hotplug_stop(hotplug, &result);
	assert_int_equal(result.errnum, EFBIG);
	assert_non_null(strstr(result.why, "16 times in a row, last for CPU "));
	assert_int_equal(result.failed[HOTPLUG_OFFLINE] +
				 result.failed[HOTPLUG_ONLINE],
			 16);
	assert_int_equal(result.hist[HOTPLUG_ONLINE].count, result.cycles);
	assert_int_equal(result.operation[result.operations - 1].errnum, EFBIG);
	assert_string_equal(fake_read(HOST_CPU "/cpu1/online"), "1");
	assert_string_equal(fake_read(HOST_CPU "/cpu2/online"), "1");
	assert_string_equal(error_message(), "");
}

static void test_undo(void **state)
{
	(void)state;
	assert_int_equal(host_undo_cpu("3", "1"), 0);
	assert_string_equal(fake_read(HOST_CPU "/cpu3/online"), "1");
	assert_int_equal(host_undo_cpu("1", "1"), 0);
	assert_string_equal(fake_read(HOST_CPU "/cpu1/online"), "1");
	assert_int_equal(host_undo_cpu("9", "1"), 0);
	fake_folder(INSTANCES "/intxbench-1");
	assert_int_equal(host_undo_trace("intxbench-1", "absent"), 0);
	assert_int_equal(host_undo_trace("intxbench-1", "absent"), 0);
	fake_file(INSTANCES "/intxbench-2/held", "");
	assert_int_equal(host_undo_trace("intxbench-2", "absent"), -ENOTEMPTY);
	assert_int_equal(error_status(), EXIT_MACHINE);
}

/* What the kernel does to a line whose only CPU goes. */
static void test_lines(void **state)
{
	struct affinity_keeper *keeper;
	struct affinity_kept kept;
	cpu_set_t going;

	(void)state;
	CPU_ZERO(&going);
	CPU_SET(1, &going);
	CPU_SET(2, &going);
	fake_file("/proc/irq/25/smp_affinity_list", "2\n");
	assert_int_equal(affinity_keeper_open(&going, 25, 2, &keeper), 0);
	affinity_keeper_look(keeper);
	fake_file("/proc/irq/24/smp_affinity_list", "0,2-3\n");
	fake_file("/proc/irq/25/smp_affinity_list", "0-1,3\n");
	fake_file(HOST_CPU "/cpu2/online", "0\n");
	affinity_keeper_return(keeper);
	assert_string_equal(fake_read("/proc/irq/25/smp_affinity_list"),
			    "0-1,3");
	fake_file(HOST_CPU "/cpu2/online", "1\n");
	affinity_keeper_return(keeper);
	assert_string_equal(fake_read("/proc/irq/25/smp_affinity_list"), "2");
	assert_string_equal(fake_read("/proc/irq/24/smp_affinity_list"),
			    "0,2-3");
	kept = affinity_keeper_close(keeper);
	assert_string_equal(fake_read("/proc/irq/24/smp_affinity_list"), "1");
	assert_int_equal(kept.aimed, 2);
	assert_int_equal(kept.failed, 0);
}

static void test_mover_refuses(void **state)
{
	static const struct {
		struct irq_mover_config config;
		const char *message;
	} refused[] = {
		{ { 24, { 1 }, 1, 1000, -1 },
		  "1 CPUs to move line 24 between: 2 to 64" },
		{ { 24, { 1, 2 }, 2, 0, -1 },
		  "line 24 moved at 0 Hz: 1 to 100000" },
		{ { 24, { 1, 2 }, 2, 100001, -1 },
		  "line 24 moved at 100001 Hz: 1 to 100000" },
		{ { 77, { 1, 2 }, 2, 1000, -1 },
		  "cannot move line 77: it has no handler" },
	};
	struct irq_mover *mover;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		assert_true(irq_mover_start(&refused[i].config, &mover) < 0);
		assert_string_equal(error_message(), refused[i].message);
		assert_int_equal(error_status(), EXIT_MACHINE);
		error_clear();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choice),
		cmocka_unit_test_setup_teardown(test_lists, make, clean),
		cmocka_unit_test_setup_teardown(test_check, make, clean),
		cmocka_unit_test_setup_teardown(test_cycles, make, clean),
		cmocka_unit_test_setup_teardown(test_failures, make, clean),
		cmocka_unit_test_setup_teardown(test_undo, make, clean),
		cmocka_unit_test_setup_teardown(test_lines, make, clean),
		cmocka_unit_test_setup_teardown(test_mover_refuses, make,
						clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
