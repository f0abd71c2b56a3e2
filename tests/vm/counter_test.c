// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module's counter set, while CPUs come and go. Needs the module loaded, the
 * functions of FUNCTIONS bound to it, and CPUs 1 to 3.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../bench/counter.h"
#include "../../bench/error.h"
#include "kmod_test.h"

#define CPUS 4 /* of which the first stays */
#define CYCLES 10
#define READERS 4

static void set_online(unsigned int cpu, bool online)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online",
		 cpu);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, online ? "1" : "0", 1) != 1)
		err(1, "%s", path);
	close(fd);
}

/* Two CPUs off, two back on; two folds. */
static void cycle(unsigned int number)
{
	unsigned int one = 1 + number % 3, other = 1 + (number + 1) % 3;

	set_online(one, false);
	set_online(other, false);
	set_online(one, true);
	set_online(other, true);
}

static void cycles(void)
{
	unsigned int i;

	for (i = 0; i < CYCLES; i++)
		cycle(i);
}

/* Readers of all sets there are. */
static unsigned int readers_here(void)
{
	char path[300], name[64];
	unsigned int count = 0;
	struct dirent *entry;
	DIR *proc = opendir("/proc");
	FILE *file;

	if (!proc)
		err(1, "/proc");
	while ((entry = readdir(proc))) {
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		file = fopen(path, "re");
		if (!file)
			continue;
		if (fgets(name, sizeof(name), file))
			count += !strncmp(name, "intxbench-rd/", 13);
		fclose(file);
	}
	closedir(proc);
	return count;
}

/*
 * kthread_stop() returns when a thread is past its function, which is before it
 * has left /proc. One that was not stopped stays.
 */
static void assert_no_readers(void)
{
	unsigned int tries;

	for (tries = 0; readers_here() && tries < 500; tries++)
		rig_sleep_ms(10);
	assert_int_equal(readers_here(), 0);
}

static int set_up(void **state)
{
	error_clear();
	return mark_log(state);
}

/* A test may have failed with CPUs offline. */
static int tear_down(void **state)
{
	unsigned int cpu;

	for (cpu = 1; cpu < CPUS; cpu++)
		set_online(cpu, true);
	assert_no_readers();
	return check_log(state);
}

/* As the runner does it. */
static struct counter *run(enum counter_read way, uint32_t readers)
{
	struct counter_config config = {
		.read = way,
		.readers = readers,
		.allow_inside = way == COUNTER_INSIDE,
	};
	struct counter *counter;

	if (counter_start(&config, &counter))
		fail_msg("%s", error_message());
	return counter;
}

static void end(struct counter *counter, struct counter_result *result)
{
	if (counter_stop(counter, result))
		fail_msg("%s", error_message());
}

static void assert_exact(const struct counter_result *result, uint64_t folds)
{
	assert_true(result->added > 0);
	assert_int_equal(result->sum, result->added);
	assert_true(result->reads > 0);
	assert_int_equal(result->backwards, 0);
	assert_int_equal(result->folds, folds);
	assert_int_equal(result->read_hist.count, result->reads);
	assert_int_equal(result->fold_hist.count, folds);
}

static struct counter_result run_through_cycles(enum counter_read way)
{
	struct counter *counter = run(way, READERS);
	struct counter_result result;

	assert_int_equal(readers_here(), READERS);
	cycles();
	end(counter, &result);
	print_message(
		"# %s: %llu reads, mean %llu ns, max %llu ns; added %llu, "
		"blocked %llu\n",
		counter_read_name(way), (unsigned long long)result.reads,
		(unsigned long long)(result.read_hist.sum_ns /
				     result.read_hist.count),
		(unsigned long long)result.read_hist.max_ns,
		(unsigned long long)result.added,
		(unsigned long long)result.blocked);
	return result;
}

static void test_hoisted(void **state)
{
	struct counter_result result = run_through_cycles(COUNTER_HOISTED);

	(void)state;
	assert_exact(&result, 2 * CYCLES);
	assert_int_equal(result.blocked, 0);
}

static void test_lockless(void **state)
{
	struct counter_result result = run_through_cycles(COUNTER_LOCKLESS);

	(void)state;
	assert_exact(&result, 0);
	assert_int_equal(result.blocked, 0);
}

/* The sum is right all the same: what is wrong is where it sleeps. */
static void test_inside(void **state)
{
	struct counter_result result = run_through_cycles(COUNTER_INSIDE);

	(void)state;
	assert_exact(&result, 2 * CYCLES);
	assert_true(result.blocked > 0);
}

static void test_inside_is_refused(void **state)
{
	struct counter_config config = { .read = COUNTER_INSIDE, .readers = 1 };
	struct counter *counter;

	(void)state;
	assert_int_equal(counter_start(&config, &counter), -EPERM);
	assert_non_null(strstr(error_message(), "'inside'"));
	assert_int_equal(error_status(), EXIT_MACHINE);
}

/* Both ends of a set's life while CPUs are off. */
static void start_and_stop_with_cpus_off(enum counter_read way, uint64_t folds)
{
	struct counter_result result;
	struct counter *counter;

	set_online(1, false);
	counter = run(way, 1);
	rig_sleep_ms(50);
	set_online(1, true);
	rig_sleep_ms(50);
	set_online(1, false);
	set_online(3, false);
	end(counter, &result);
	assert_exact(&result, folds);
	set_online(1, true);
	set_online(3, true);
}

static void test_cpus_off_at_either_end(void **state)
{
	(void)state;
	start_and_stop_with_cpus_off(COUNTER_HOISTED, 2);
	start_and_stop_with_cpus_off(COUNTER_LOCKLESS, 0);
}

static void test_two_sets_and_a_session(void **state)
{
	struct counter *hoisted = run(COUNTER_HOISTED, INTXBENCH_MAX_READERS);
	struct counter *lockless = run(COUNTER_LOCKLESS, 1);
	struct counter_result result;

	(void)state;
	assert_int_equal(readers_here(), INTXBENCH_MAX_READERS + 1);
	flood_and_check(INTXBENCH_ARM_PCI23, 3, 1000000, 0);
	cycle(0);
	end(hoisted, &result);
	assert_exact(&result, 2);
	cycle(1);
	end(lockless, &result);
	assert_exact(&result, 0);
}

/* By hand from here on: what the runner does not do. */

static int open_session(void)
{
	int fd = open(INTXBENCH_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(1, INTXBENCH_DEVICE);
	return fd;
}

static struct intxbench_counter_start start_of(uint32_t way)
{
	return (struct intxbench_counter_start){
		.size = sizeof(struct intxbench_counter_start),
		.flags = way == INTXBENCH_COUNTER_INSIDE ?
				 INTXBENCH_COUNTER_ALLOW_INSIDE :
				 0,
		.read = way,
		.readers = READERS,
	};
}

static int try_start(int fd, const struct intxbench_counter_start *start)
{
	return ioctl(fd, INTXBENCH_COUNTER_START, start) ? errno : 0;
}

static struct intxbench_hist read_hist, fold_hist;

static struct intxbench_counter_result result_wanted(void)
{
	return (struct intxbench_counter_result){
		.size = sizeof(struct intxbench_counter_result),
		.read_hist = (uintptr_t)&read_hist,
		.fold_hist = (uintptr_t)&fold_hist,
	};
}

static int try_result(int fd, struct intxbench_counter_result *result)
{
	return ioctl(fd, INTXBENCH_COUNTER_RESULT, result) ? errno : 0;
}

static int try_stop(int fd)
{
	return ioctl(fd, INTXBENCH_COUNTER_STOP) ? errno : 0;
}

/* Positive control: what a dead CPU has counted is forgotten. */
static void test_no_fold_is_caught(void **state)
{
	struct intxbench_counter_start start =
		start_of(INTXBENCH_COUNTER_HOISTED);
	struct intxbench_counter_result result = result_wanted();
	int fd = open_session();

	(void)state;
	start.flags = INTXBENCH_COUNTER_ALLOW_BUSTED |
		      INTXBENCH_COUNTER_BUSTED_NO_FOLD;
	assert_int_equal(try_start(fd, &start), 0);
	rig_sleep_ms(50);
	cycle(0);
	assert_int_equal(try_stop(fd), 0);
	assert_int_equal(try_result(fd, &result), 0);
	assert_int_equal(result.folds, 2);
	assert_true(result.sum < result.added);
	assert_true(result.backwards > 0);
	close(fd);
}

static void test_bad_starts(void **state)
{
	static const struct {
		const char *what;
		int error;
		struct intxbench_counter_start start;
	} bad[] = {
		{ "short", EINVAL, { 12, 0, INTXBENCH_COUNTER_HOISTED, 1 } },
		{ "huge", E2BIG, { 8192, 0, INTXBENCH_COUNTER_HOISTED, 1 } },
		{ "flag", EINVAL, { 16, 8, INTXBENCH_COUNTER_HOISTED, 1 } },
		{ "no way to read", EINVAL, { 16, 0, 0, 1 } },
		{ "unknown way", EINVAL, { 16, 0, 4, 1 } },
		{ "no reader", EINVAL, { 16, 0, INTXBENCH_COUNTER_HOISTED, 0 } },
		{ "readers",
		  EINVAL,
		  { 16, 0, INTXBENCH_COUNTER_HOISTED,
		    INTXBENCH_MAX_READERS + 1 } },
		{ "inside", EPERM, { 16, 0, INTXBENCH_COUNTER_INSIDE, 1 } },
		{ "inside, other flag",
		  EPERM,
		  { 16, INTXBENCH_COUNTER_ALLOW_BUSTED,
		    INTXBENCH_COUNTER_INSIDE, 1 } },
		{ "busted",
		  EPERM,
		  { 16, INTXBENCH_COUNTER_BUSTED_NO_FOLD,
		    INTXBENCH_COUNTER_HOISTED, 1 } },
		{ "nothing to fold",
		  EINVAL,
		  { 16,
		    INTXBENCH_COUNTER_ALLOW_BUSTED |
			    INTXBENCH_COUNTER_BUSTED_NO_FOLD,
		    INTXBENCH_COUNTER_LOCKLESS, 1 } },
	};
	struct intxbench_counter_start good =
		start_of(INTXBENCH_COUNTER_HOISTED);
	int fd = open_session();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		int error = try_start(fd, &bad[i].start);

		if (error != bad[i].error)
			fail_msg("%s: %s", bad[i].what, strerror(error));
	}
	assert_int_equal(try_start(fd, NULL), EFAULT);
	assert_no_readers();
	/* They have changed nothing. */
	assert_int_equal(try_start(fd, &good), 0);
	assert_int_equal(readers_here(), READERS);
	close(fd);
}

static void test_longer_start(void **state)
{
	struct {
		struct intxbench_counter_start start;
		uint32_t more;
	} longer = { .start = start_of(INTXBENCH_COUNTER_LOCKLESS), .more = 1 };
	int fd = open_session();

	(void)state;
	longer.start.size = sizeof(longer);
	assert_int_equal(try_start(fd, &longer.start), E2BIG);
	longer.more = 0;
	assert_int_equal(try_start(fd, &longer.start), 0);
	close(fd);
}

static void test_order_of_calls(void **state)
{
	struct intxbench_counter_start start =
		start_of(INTXBENCH_COUNTER_LOCKLESS);
	struct intxbench_counter_result result = result_wanted(), again;
	int fd = open_session();

	(void)state;
	assert_int_equal(try_stop(fd), ENOENT);
	assert_int_equal(try_result(fd, &result), ENOENT);
	assert_int_equal(try_start(fd, &start), 0);
	assert_int_equal(try_start(fd, &start), EALREADY);
	assert_int_equal(try_result(fd, &result), EBUSY);
	rig_sleep_ms(20);
	assert_int_equal(try_stop(fd), 0);
	assert_no_readers();
	assert_int_equal(try_stop(fd), 0);
	assert_int_equal(try_start(fd, &start), EALREADY);
	assert_int_equal(try_result(fd, &result), 0);
	assert_true(result.added > 0);
	again = result_wanted();
	assert_int_equal(try_result(fd, &again), 0);
	assert_memory_equal(&again, &result, sizeof(result));
	close(fd);
}

static void test_bad_results(void **state)
{
	struct intxbench_counter_start start =
		start_of(INTXBENCH_COUNTER_LOCKLESS);
	struct intxbench_counter_result result = result_wanted();
	int fd = open_session();

	(void)state;
	assert_int_equal(try_start(fd, &start), 0);
	assert_int_equal(try_stop(fd), 0);
	result.size -= 8;
	assert_int_equal(try_result(fd, &result), EINVAL);
	result = result_wanted();
	result.flags = 1;
	assert_int_equal(try_result(fd, &result), EINVAL);
	result = result_wanted();
	result.read_hist = 0;
	assert_int_equal(try_result(fd, &result), EFAULT);
	result = result_wanted();
	result.fold_hist = 0;
	assert_int_equal(try_result(fd, &result), EFAULT);
	assert_int_equal(try_result(fd, NULL), EFAULT);
	result = result_wanted();
	assert_int_equal(try_result(fd, &result), 0);
	assert_int_equal(result.sum, result.added);
	close(fd);
}

/* CPUs come and go all the time, until told. */
struct weather {
	pthread_t thread;
	volatile bool stop;
	unsigned int cycles;
};

static void *blow(void *arg)
{
	struct weather *weather = arg;

	while (!weather->stop)
		cycle(weather->cycles++);
	return NULL;
}

static void weather_start(struct weather *weather)
{
	*weather = (struct weather){ 0 };
	if (pthread_create(&weather->thread, NULL, blow, weather))
		errx(1, "no thread");
}

static void weather_stop(struct weather *weather)
{
	weather->stop = true;
	pthread_join(weather->thread, NULL);
	assert_true(weather->cycles > 0);
}

static void test_close_in_mid_flight(void **state)
{
	static const uint32_t way[] = { INTXBENCH_COUNTER_HOISTED,
					INTXBENCH_COUNTER_LOCKLESS };
	struct intxbench_counter_start start;
	struct weather weather;
	unsigned int i;
	int fd;

	(void)state;
	weather_start(&weather);
	for (i = 0; i < 30; i++) {
		start = start_of(way[i % 2]);
		start.readers = i % 5 ? READERS : INTXBENCH_MAX_READERS;
		fd = open_session();
		assert_int_equal(try_start(fd, &start), 0);
		rig_sleep_ms(rand() % 60);
		close(fd);
		assert_no_readers();
	}
	weather_stop(&weather);
}

/* Of two threads' calls on one descriptor, one at a time. */
static void *stop_now(void *arg)
{
	return (void *)(intptr_t)try_stop(*(int *)arg);
}

static void test_stop_by_two(void **state)
{
	struct intxbench_counter_start start =
		start_of(INTXBENCH_COUNTER_HOISTED);
	struct intxbench_counter_result result;
	struct weather weather;
	pthread_t other;
	unsigned int i;
	void *error;
	int fd;

	(void)state;
	weather_start(&weather);
	for (i = 0; i < 5; i++) {
		fd = open_session();
		assert_int_equal(try_start(fd, &start), 0);
		rig_sleep_ms(20);
		assert_int_equal(pthread_create(&other, NULL, stop_now, &fd),
				 0);
		assert_int_equal(try_stop(fd), 0);
		pthread_join(other, &error);
		assert_null(error);
		result = result_wanted();
		assert_int_equal(try_result(fd, &result), 0);
		assert_int_equal(result.sum, result.added);
		assert_int_equal(result.backwards, 0);
		close(fd);
	}
	weather_stop(&weather);
}

static void owner(int ready, uint32_t way)
{
	struct intxbench_counter_start start = start_of(way);

	if (try_start(open_session(), &start) || write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static void kill_owner(uint32_t way)
{
	struct weather weather;
	int pipe_fd[2];
	char ready;
	pid_t pid;

	assert_int_equal(pipe(pipe_fd), 0);
	pid = fork();
	if (!pid)
		owner(pipe_fd[1], way);
	weather_start(&weather);
	close(pipe_fd[1]);
	assert_int_equal(read(pipe_fd[0], &ready, 1), 1);
	close(pipe_fd[0]);
	rig_sleep_ms(50 + rand() % 50);
	assert_int_equal(readers_here(), READERS);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_no_readers();
	weather_stop(&weather);
}

static void test_sigkill_of_the_owner(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 5; i++) {
		kill_owner(INTXBENCH_COUNTER_HOISTED);
		kill_owner(INTXBENCH_COUNTER_LOCKLESS);
	}
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_hoisted),
		TEST(test_lockless),
		TEST(test_inside_is_refused),
		TEST(test_no_fold_is_caught),
		TEST(test_cpus_off_at_either_end),
		TEST(test_two_sets_and_a_session),
		TEST(test_bad_starts),
		TEST(test_longer_start),
		TEST(test_order_of_calls),
		TEST(test_bad_results),
		TEST(test_close_in_mid_flight),
		TEST(test_stop_by_two),
		TEST(test_sigkill_of_the_owner),
		TEST(test_inside), /* lockdep may be off from here on */
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
