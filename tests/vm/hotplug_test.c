// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The hotplug engine and the line's mover on a real kernel, with CPUs 0 to 3
 * and nothing of the module's. CPU 3 is offline throughout.
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../bench/clock.h"
#include "../../bench/error.h"
#include "../../bench/host.h"
#include "../../bench/host_cpu.h"
#include "../../bench/hotplug.h"
#include "../../bench/irq_mover.h"
#include "../../bench/journal.h"
#include "../../bench/sysfs.h"

#define INSTANCE "/sys/kernel/tracing/instances/intxbench-%d"
#define CYCLES 5
#define WAIT_NS (60 * NSEC_PER_SEC)
#define KILLS_MAX 20

static struct hotplug_result result;
static int line; /* an idle one that may be aimed */

static void ok(int err)
{
	if (err)
		print_error("# %s\n", error_message());
	assert_int_equal(err, 0);
}

static void refused(int err, int expected, const char *message)
{
	assert_string_equal(error_message(), message);
	assert_int_equal(err, expected);
	assert_int_equal(error_status(), EXIT_MACHINE);
	error_clear();
}

static void set_online(int cpu, const char *value)
{
	assert_int_equal(sysfs_write(value, HOST_CPU "/cpu%d/online", cpu), 0);
}

static void assert_online(const char *expected)
{
	char text[64];

	sysfs_read(text, sizeof(text), HOST_CPU "/online");
	assert_string_equal(text, expected);
}

static bool has_instance(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), INSTANCE, pid);
	return !access(path, F_OK);
}

static const char *aim_of(int irq)
{
	static char text[64];

	sysfs_read(text, sizeof(text), "/proc/irq/%d/smp_affinity_list", irq);
	return text;
}

static int open_machine(void **state)
{
	size_t recovered;

	(void)state;
	error_clear();
	memset(&result, 0, sizeof(result));
	ok(journal_open(&recovered));
	assert_int_equal(recovered, 0);
	return 0;
}

/* Whatever a test did, the machine is as it was. */
static int close_machine(void **state)
{
	(void)state;
	hotplug_result_free(&result);
	ok(journal_undo());
	journal_close();
	assert_online("0-2");
	assert_false(has_instance(getpid()));
	return 0;
}

static const struct {
	struct hotplug_config config;
	int expected;
	const char *message;
} bad[] = {
	{ { .cpu = { 1, 0 }, .cpus = 2, .engine_cpu = -1 },
	  -EOPNOTSUPP,
	  "CPU 0 cannot be taken offline: it has no /sys/devices/system/cpu/cpu0/online; choose others" },
	{ { .cpu = { 7 }, .cpus = 1, .engine_cpu = -1 },
	  -ENOENT,
	  "CPU 7 does not exist; this machine has CPUs 0-3" },
	{ { .cpu = { 3 }, .cpus = 1, .engine_cpu = -1 },
	  -ENODEV,
	  "CPU 3 is offline, and what is offline stays so; choose another one or bring it online first" },
	{ { .cpu = { 0, 1, 2 }, .cpus = 3, .engine_cpu = -1 },
	  -EINVAL,
	  "all 3 CPUs that are online are to be taken offline; one at least must stay" },
	{ { .cpu = { 1 }, .cpus = 1, .engine_cpu = 1 },
	  -EINVAL,
	  "CPU 1 is to be taken offline and to take others offline" },
};

static void test_bad_input(void **state)
{
	struct hotplug *hotplug;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		refused(hotplug_check(&bad[i].config), bad[i].expected,
			bad[i].message);
		refused(hotplug_start(&bad[i].config, &hotplug),
			bad[i].expected, bad[i].message);
	}
	assert_true(access(JOURNAL_DIR "/journal", F_OK));
}

static void wait_for_cycles(const struct hotplug *hotplug, uint64_t cycles)
{
	uint64_t limit_ns = clock_now_ns() + WAIT_NS;

	while (hotplug_cycles(hotplug) < cycles && !hotplug_ended(hotplug) &&
	       clock_now_ns() < limit_ns)
		usleep(1000);
}

static void run_to_end(const struct hotplug_config *config)
{
	struct hotplug *hotplug;

	ok(hotplug_start(config, &hotplug));
	wait_for_cycles(hotplug, config->cycles);
	hotplug_stop(hotplug, &result);
	if (result.errnum)
		print_message("# %s\n", result.why);
}

static const struct hotplug_state *find_state(const char *name)
{
	for (size_t i = 0; i < result.states; i++) {
		if (!strcmp(result.state[i].name, name))
			return &result.state[i];
	}
	print_error("# no state %s\n", name);
	return NULL;
}

/*
 * The steps lie within the operations. What is left is the way there and back
 * and the locks: cpus_write_lock() may wait for a grace period.
 */
static void check_states(enum hotplug_direction direction)
{
	uint64_t whole_ns = result.hist[direction].sum_ns, sum_ns = 0;
	unsigned int named = 0;

	for (size_t i = 0; i < result.states; i++) {
		const struct hotplug_state *state = &result.state[i];
		const struct intxbench_hist *hist = &state->hist[direction];

		assert_true(hist->count <= CYCLES);
		assert_null(strstr(state->name, "state "));
		sum_ns += hist->sum_ns;
		named += hist->count > 0;
		if (hist->count && hist->sum_ns * 20 > whole_ns)
			print_message("#   %s: %.1f ms\n", state->name,
				      hist->sum_ns / 1e6 / hist->count);
	}
	print_message("# %s: %.1f ms each, %.1f ms in %u states\n",
		      direction == HOTPLUG_OFFLINE ? "offline" : "online",
		      whole_ns / 1e6 / CYCLES, sum_ns / 1e6 / CYCLES, named);
	assert_true(named >= 10);
	assert_true(sum_ns < whole_ns);
	assert_true(sum_ns > whole_ns / 20);
}

static void check_operations(void)
{
	struct intxbench_hist again[HOTPLUG_DIRECTIONS] = { 0 };
	uint64_t last_ns = 0;

	assert_int_equal(result.operations, 2 * CYCLES);
	for (size_t i = 0; i < result.operations; i++) {
		const struct hotplug_operation *operation =
			&result.operation[i];

		assert_int_equal(operation->direction, i % 2);
		assert_int_equal(operation->errnum, 0);
		assert_in_range(operation->cpu, 1, 2);
		assert_true(operation->start_ns > last_ns);
		assert_true(operation->end_ns > operation->start_ns);
		last_ns = operation->end_ns;
		intxbench_hist_record(&again[operation->direction],
				      operation->end_ns - operation->start_ns);
	}
	assert_memory_equal(again, result.hist, sizeof(again));
}

static void test_cycles(void **state)
{
	const struct hotplug_config config = {
		.cpu = { 1, 2 },
		.cpus = 2,
		.seed = 4,
		.cycles = CYCLES,
		.engine_cpu = -1,
	};

	(void)state;
	run_to_end(&config);
	assert_int_equal(result.errnum, 0);
	assert_int_equal(result.cycles, CYCLES);
	assert_int_equal(result.failed[HOTPLUG_OFFLINE], 0);
	assert_int_equal(result.failed[HOTPLUG_ONLINE], 0);
	assert_string_equal(result.trace_why, "");
	assert_int_equal(result.trace_lost, 0);
	assert_int_equal(result.untraced[HOTPLUG_OFFLINE], 0);
	assert_int_equal(result.untraced[HOTPLUG_ONLINE], 0);
	assert_online("0-2");
	check_operations();
	check_states(HOTPLUG_OFFLINE);
	check_states(HOTPLUG_ONLINE);
	assert_int_equal(
		find_state("sched:active")->hist[HOTPLUG_OFFLINE].count,
		CYCLES);
	assert_int_equal(find_state("cpu:bringup")->hist[HOTPLUG_ONLINE].count,
			 CYCLES);
	assert_false(has_instance(getpid()));
}

static void test_interval(void **state)
{
	const struct hotplug_config config = {
		.cpu = { 2 },
		.cpus = 1,
		.cycles = 3,
		.interval_ms = 1000,
		.engine_cpu = 1,
	};

	(void)state;
	run_to_end(&config);
	assert_int_equal(result.cycles, 3);
	for (size_t i = 2; i < result.operations; i += 2)
		assert_true(result.operation[i].start_ns -
				    result.operation[i - 2].start_ns >=
			    1000 * NSEC_PER_MSEC);
}

/* Wakes all the time, so that it meets the CPU away. */
static void *keep_waking(void *arg)
{
	while (!atomic_load((atomic_bool *)arg))
		usleep(500);
	return NULL;
}

/* An interrupt that is asserted all the time, never, or another one each time. */
static uint64_t asserted_always(const void *of)
{
	return *(const uint64_t *)of;
}

static uint64_t asserted_anew(const void *of)
{
	return ++*(uint64_t *)(uintptr_t)of;
}

static void assert_asserted(uint64_t (*asserted)(const void *of),
			    uint64_t interrupt, uint64_t expected)
{
	const struct hotplug_config config = {
		.cpu = { 1 },
		.cpus = 1,
		.cycles = 3,
		.engine_cpu = -1,
		.asserted = asserted,
		.asserted_of = &interrupt,
	};

	run_to_end(&config);
	assert_int_equal(result.cycles, 3);
	assert_int_equal(result.asserted, expected);
	hotplug_result_free(&result);
}

static void test_asserted(void **state)
{
	(void)state;
	assert_asserted(asserted_always, 7, 3);
	assert_asserted(asserted_always, 0, 0);
	assert_asserted(asserted_anew, 7, 0);
	assert_asserted(NULL, 7, 0);
}

static void test_pinned(void **state)
{
	const struct hotplug_config config = {
		.cpu = { 1 },
		.cpus = 1,
		.cycles = 3,
		.engine_cpu = -1,
		.irq = line,
		.irq_cpu = 1,
	};
	atomic_bool done = false;
	pthread_t thread;
	cpu_set_t one, now;

	(void)state;
	CPU_ZERO(&one);
	CPU_SET(1, &one);
	assert_int_equal(pthread_create(&thread, NULL, keep_waking, &done), 0);
	assert_int_equal(pthread_setaffinity_np(thread, sizeof(one), &one), 0);
	ok(host_set_irq_affinity(line, 1));
	run_to_end(&config);
	assert_int_equal(pthread_getaffinity_np(thread, sizeof(now), &now), 0);
	atomic_store(&done, true);
	pthread_join(thread, NULL);
	assert_int_equal(result.cycles, 3);
	print_message("# put back: %" PRIu64 " threads, %" PRIu64 " lines\n",
		      result.repinned, result.reaimed);
	/* Else the kernel has not moved them, and this shows nothing. */
	assert_int_equal(result.repinned, 3);
	assert_int_equal(result.reaimed, 3);
	assert_int_equal(result.strayed, 0);
	assert_true(CPU_EQUAL(&now, &one));
	assert_string_equal(aim_of(line), "1");
}

static int state_number(const char *name)
{
	char *states = sysfs_load(HOST_CPU "/hotplug/states"), *found;
	int number = -1;

	found = states ? strstr(states, name) : NULL;
	while (found && found > states && found[-1] != '\n')
		found--;
	if (found)
		sscanf(found, "%d:", &number);
	free(states);
	return number;
}

/* The next time that CPU 1 comes to this state, it is refused. */
static void fail_at(const char *name)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", state_number(name));
	assert_int_equal(sysfs_write(number, HOST_CPU "/cpu1/hotplug/fail"), 0);
}

static const struct hotplug_config failing = {
	.cpu = { 1 },
	.cpus = 1,
	.cycles = 2,
	.engine_cpu = -1,
};

static void test_offline_fails(void **state)
{
	(void)state;
	fail_at("base/cacheinfo:online");
	run_to_end(&failing);
	assert_int_equal(result.errnum, 0);
	assert_int_equal(result.cycles, 2);
	assert_int_equal(result.failed[HOTPLUG_OFFLINE], 1);
	assert_int_equal(result.failed[HOTPLUG_ONLINE], 0);
	assert_int_equal(result.operations, 5);
	assert_int_equal(result.operation[0].errnum, EAGAIN);
	assert_int_equal(result.hist[HOTPLUG_OFFLINE].count, 2);
	assert_int_equal(result.untraced[HOTPLUG_OFFLINE], 0);
	/* What was done until it failed is nobody's. */
	assert_int_equal(
		find_state("sched:active")->hist[HOTPLUG_OFFLINE].count, 2);
}

/* random:online has nothing to do when a CPU goes. */
static void test_online_fails(void **state)
{
	(void)state;
	fail_at("random:online");
	run_to_end(&failing);
	assert_int_equal(result.errnum, 0);
	assert_int_equal(result.cycles, 2);
	assert_int_equal(result.failed[HOTPLUG_OFFLINE], 0);
	assert_int_equal(result.failed[HOTPLUG_ONLINE], 1);
	assert_int_equal(result.operations, 7);
	assert_int_equal(result.operation[1].errnum, EAGAIN);
	assert_int_equal(result.operation[2].direction, HOTPLUG_ONLINE);
	assert_int_equal(result.operation[2].errnum, 0);
	assert_int_equal(result.hist[HOTPLUG_ONLINE].count, 3);
}

/* More events than a small buffer takes. */
static void test_lost_events(void **state)
{
	const struct hotplug_config config = {
		.cpu = { 1, 2 },
		.cpus = 2,
		.engine_cpu = -1,
	};
	struct hotplug *hotplug;

	(void)state;
	ok(hotplug_start(&config, &hotplug));
	assert_true(has_instance(getpid()));
	wait_for_cycles(hotplug, 1);
	assert_int_equal(sysfs_write("1", INSTANCE "/buffer_size_kb", getpid()),
			 0);
	assert_int_equal(
		sysfs_write("1", INSTANCE "/events/sched/enable", getpid()), 0);
	assert_int_equal(
		sysfs_write("1", INSTANCE "/events/timer/enable", getpid()), 0);
	wait_for_cycles(hotplug, hotplug_cycles(hotplug) + 4);
	hotplug_stop(hotplug, &result);
	print_message("# lost %" PRIu64 " events, %" PRIu64 "+%" PRIu64
		      " of %" PRIu64 " operations without their steps\n",
		      result.trace_lost, result.untraced[0], result.untraced[1],
		      2 * result.cycles);
	assert_int_equal(result.errnum, 0);
	assert_true(result.trace_lost > 0);
	assert_true(result.untraced[HOTPLUG_OFFLINE] +
			    result.untraced[HOTPLUG_ONLINE] >
		    0);
	/* The operations are not less for it. */
	assert_int_equal(result.hist[HOTPLUG_OFFLINE].count, result.cycles);
}

static void be_killed(void)
{
	const struct hotplug_config config = {
		.cpu = { 1, 2 },
		.cpus = 2,
		.engine_cpu = -1,
	};
	struct hotplug *hotplug;
	size_t recovered;

	if (journal_open(&recovered) || hotplug_start(&config, &hotplug))
		_exit(1);
	for (;;)
		pause();
}

/* Returns once it is dead. */
static pid_t kill_away(void)
{
	uint64_t limit_ns = clock_now_ns() + WAIT_NS;
	pid_t child = fork();
	int status;

	if (!child)
		be_killed();
	assert_true(child > 0);
	while (host_cpu_online(1) == 1 && host_cpu_online(2) == 1 &&
	       clock_now_ns() < limit_ns)
		;
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	return child;
}

static void restore(char said[64])
{
	FILE *pipe = popen("bench/intxbench restore 2>&1", "r");

	assert_non_null(pipe);
	if (!fgets(said, 64, pipe))
		said[0] = '\0';
	assert_int_equal(pclose(pipe), 0);
}

/* With a CPU away, as often as it takes: what is written when it is killed is
 * written to its end. */
static void test_killed(void **state)
{
	bool away = false;
	char said[64];

	(void)state;
	for (int i = 0; i < KILLS_MAX && !away; i++) {
		pid_t child = kill_away();

		away = !host_cpu_online(1) || !host_cpu_online(2);
		assert_true(has_instance(child));
		restore(said);
		/* Two CPUs, the trace, and perhaps lines. */
		assert_non_null(strstr(said, "put back: "));
		assert_online("0-2");
		assert_false(has_instance(child));
	}
	assert_true(away);
}

/* journal_open() of the next run does the same. */
static void test_killed_next_run(void **state)
{
	size_t recovered;
	pid_t child = kill_away();

	(void)state;
	ok(journal_open(&recovered));
	journal_close();
	assert_true(recovered >= 3);
	assert_online("0-2");
	assert_false(has_instance(child));
}

static void look_for_both(const struct irq_mover *mover, bool seen[2])
{
	uint64_t limit_ns = clock_now_ns() + WAIT_NS;

	while ((!seen[0] || !seen[1] || irq_mover_moves(mover) < 500) &&
	       !irq_mover_failed(mover) && clock_now_ns() < limit_ns) {
		seen[0] |= !strcmp(aim_of(line), "1");
		seen[1] |= !strcmp(aim_of(line), "2");
	}
}

static void test_mover(void **state)
{
	const struct irq_mover_config config = { line, { 1, 2 }, 2, 1000, 0 };
	struct irq_mover_result moved;
	bool seen[2] = { false, false };
	struct irq_mover *mover;
	uint64_t start_ns;
	char before[64];

	(void)state;
	snprintf(before, sizeof(before), "%s", aim_of(line));
	start_ns = clock_now_ns();
	ok(irq_mover_start(&config, &mover));
	look_for_both(mover, seen);
	irq_mover_stop(mover, &moved);
	print_message("# %" PRIu64 " moves, %.0f Hz, mean %.1f us, %" PRIu64
		      " missed\n",
		      moved.moves,
		      moved.moves * 1e9 / (clock_now_ns() - start_ns),
		      moved.write_hist.sum_ns / 1e3 / moved.write_hist.count,
		      moved.missed);
	assert_int_equal(moved.errnum, 0);
	assert_true(seen[0] && seen[1]);
	assert_true(moved.moves >= 500);
	assert_int_equal(moved.failed, 0);
	assert_int_equal(moved.write_hist.count, moved.moves);
	assert_string_equal(aim_of(line), before);
}

/* Of two CPUs, one is offline. */
static void test_mover_fails(void **state)
{
	const struct irq_mover_config config = { line, { 1, 3 }, 2, 1000, -1 };
	struct irq_mover_result moved;
	struct irq_mover *mover;
	char before[64];

	(void)state;
	snprintf(before, sizeof(before), "%s", aim_of(line));
	ok(irq_mover_start(&config, &mover));
	while (irq_mover_moves(mover) < 10)
		usleep(1000);
	irq_mover_stop(mover, &moved);
	assert_int_equal(moved.errnum, 0);
	assert_in_range(moved.failed, moved.moves - 1, moved.moves);
	assert_int_equal(moved.last_errnum, EINVAL);
	assert_int_equal(moved.write_hist.count, moved.moves);
	assert_string_equal(aim_of(line), before);
}

/* Both at once: the line is taken away under the mover, too. */
static void test_mover_and_cycles(void **state)
{
	const struct hotplug_config hotplug_config = {
		.cpu = { 1, 2 },
		.cpus = 2,
		.engine_cpu = 0,
	};
	const struct irq_mover_config config = { line, { 0, 1, 2 }, 3, 1000, 0 };
	struct irq_mover_result moved;
	struct irq_mover *mover;
	struct hotplug *hotplug;
	char before[64];

	(void)state;
	snprintf(before, sizeof(before), "%s", aim_of(line));
	ok(hotplug_start(&hotplug_config, &hotplug));
	ok(irq_mover_start(&config, &mover));
	wait_for_cycles(hotplug, 10);
	irq_mover_stop(mover, &moved);
	hotplug_stop(hotplug, &result);
	print_message("# %" PRIu64 " moves, %" PRIu64 " refused, in %" PRIu64
		      " cycles\n",
		      moved.moves, moved.failed, result.cycles);
	assert_int_equal(moved.errnum, 0);
	assert_true(moved.failed > 0);
	assert_int_equal(moved.last_errnum, EINVAL);
	assert_int_equal(result.errnum, 0);
	assert_true(result.cycles >= 10);
	assert_string_equal(aim_of(line), before);
}

static int try_line(const char *name, void *context)
{
	int irq = atoi(name), err;
	size_t recovered;

	(void)context;
	if (irq <= 0)
		return 0;
	ok(journal_open(&recovered));
	err = host_set_irq_affinity(irq, 1);
	ok(journal_undo());
	journal_close();
	error_clear();
	if (!err)
		line = irq;
	return !err;
}

/* Others than the testbed's own, which are the kernel's to aim. */
static int find_line(void **state)
{
	(void)state;
	sysfs_each("/proc/irq", try_line, NULL);
	print_message("# line %d, aimed at %s\n", line, aim_of(line));
	return line ? 0 : -1;
}

static int make_group(void **state)
{
	assert_online("0-3");
	set_online(3, "0");
	return find_line(state);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, open_machine, close_machine)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_bad_input),
		TEST(test_cycles),
		TEST(test_interval),
		TEST(test_asserted),
		TEST(test_pinned),
		TEST(test_offline_fails),
		TEST(test_online_fails),
		TEST(test_lost_events),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_killed_next_run),
		TEST(test_mover),
		TEST(test_mover_fails),
		TEST(test_mover_and_cycles),
	};

	return cmocka_run_group_tests(tests, make_group, NULL);
}
