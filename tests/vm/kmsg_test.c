// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Real faults of a real kernel, made by tests/vm/faults, as the runner's
 * reader of the log sees them. Those that kill come last.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../bench/kmsg.h"

#define FAULTS "/sys/kernel/debug/intxbench-faults"
#define SYSCTL "/proc/sys/kernel/"
#define STALL "/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout"

static struct kmsg kmsg = { .fd = -1 };
static struct kmsg_faults faults;

static int setup(void **state)
{
	(void)state;
	memset(&faults, 0, sizeof(faults));
	return kmsg_open("/tmp/kmsg.log", &kmsg);
}

static int teardown(void **state)
{
	(void)state;
	return kmsg_close(&kmsg);
}

static void take(void)
{
	assert_int_equal(kmsg_pump(&kmsg), 0);
	kmsg_take_faults(&kmsg, &faults);
}

/* 0, or errno: said in vain, so that the caller is as it was. */
static int say(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC), errnum = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		errnum = errno;
	close(fd);
	return errnum;
}

static void set(const char *file, const char *value)
{
	if (say(file, value))
		fail_msg("%s: %s", file, strerror(errno));
}

/* In a process of its own, which the fault may kill. 0 or errno. */
static int make_fault(const char *name)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(say(FAULTS, name));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

static void show_faults(void)
{
	for (size_t i = 0; i < kmsg_faults_kept(&faults); i++)
		print_message("# %s at %" PRIu64 " us: %s\n",
			      faults.fault[i].kind, faults.fault[i].log_us,
			      faults.fault[i].text);
}

/* One fault of this kind and no other. */
static void expect_fault(const char *name)
{
	int errnum = make_fault(name);

	if (errnum == EOPNOTSUPP) {
		print_message("# this kernel does not look for %s\n", name);
		skip();
	}
	assert_int_equal(errnum, 0);
	take();
	show_faults();
	assert_int_equal(faults.count, 1);
	assert_string_equal(faults.fault[0].kind, name);
	assert_int_equal(faults.overruns, 0);
	assert_int_equal(faults.lost, 0);
}

#define FAULT(name, function)                     \
	static void test_##function(void **state) \
	{                                         \
		(void)state;                      \
		expect_fault(name);               \
	}

FAULT("warn", warn)
FAULT("refcount", refcount)
FAULT("unbalanced-enable", unbalanced_enable)
FAULT("nobody-cared", nobody_cared)
FAULT("scheduling-while-atomic", scheduling_while_atomic)
FAULT("list-corruption", list_corruption)
FAULT("oops", oops)
FAULT("gpf", gpf)
FAULT("sleeping-in-atomic", sleeping_in_atomic)
FAULT("rcu-usage", rcu_usage)
FAULT("ubsan", ubsan)
FAULT("kasan", kasan)
FAULT("lockdep", lockdep)

static void test_soft_lockup(void **state)
{
	(void)state;
	set(SYSCTL "watchdog_thresh", "1");
	expect_fault("soft-lockup");
	set(SYSCTL "watchdog_thresh", "10");
}

static void test_rcu_stall(void **state)
{
	(void)state;
	set(SYSCTL "watchdog_thresh", "30");
	set(STALL, "3");
	expect_fault("rcu-stall");
	set(STALL, "21");
	set(SYSCTL "watchdog_thresh", "10");
}

static void test_hung_task(void **state)
{
	(void)state;
	set(SYSCTL "hung_task_warnings", "1");
	set(SYSCTL "hung_task_timeout_secs", "1");
	expect_fault("hung-task");
	set(SYSCTL "hung_task_timeout_secs", "120");
}

/* Twice the same is two faults; what has been taken does not come again. */
static void test_each_is_counted(void **state)
{
	(void)state;
	assert_int_equal(make_fault("warn"), 0);
	assert_int_equal(make_fault("unbalanced-enable"), 0);
	assert_int_equal(make_fault("warn"), 0);
	take();
	assert_int_equal(faults.count, 3);
	assert_string_equal(faults.fault[1].kind, "unbalanced-enable");
	assert_true(faults.fault[0].log_us < faults.fault[2].log_us);
	assert_true(faults.fault[0].seen_ns <= faults.fault[2].seen_ns);
	memset(&faults, 0, sizeof(faults));
	take();
	assert_int_equal(faults.count, 0);
}

/* What userspace writes looks as it likes, and has a facility of its own. */
static void test_userspace_is_no_kernel(void **state)
{
	static const char *const lines[] = {
		"WARNING: CPU: 1 PID: 1 at a lie\n",
		"<0>BUG: sleeping function called from invalid context at no:1\n",
		"<4>Disabling IRQ #20\n",
		"<3>irq 20: nobody cared (try booting with nothing)\n",
		"<0>Oops: 0002 [#1] PREEMPT SMP\n",
		"<4>------------[ cut here ]------------\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(say("/dev/kmsg", lines[i]), 0);
	kmsg_mark("BUG: %s", "a mark of ours");
	take();
	show_faults();
	assert_int_equal(faults.count, 0);
	/* They were there: seven lines, and nothing but. */
	assert_int_equal(system("test $(grep -c -e 'a lie' -e 'BUG: sl' "
				"-e 'IRQ #20' -e 'nobody cared' -e 'Oops: ' "
				"-e 'cut here' -e 'a mark' /tmp/kmsg.log) = 7"),
			 0);
}

/* Each opener may write ten lines in five seconds. */
static void write_lines(unsigned int count)
{
	char line[900];

	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 2] = '\n';
	line[sizeof(line) - 1] = '\0';
	while (count--)
		assert_int_equal(say("/dev/kmsg", line), 0);
}

static void test_overrun(void **state)
{
	const unsigned int lines = 5000;

	(void)state;
	kmsg_mark("so that the next number is known");
	take();
	assert_int_equal(make_fault("warn"), 0);
	write_lines(lines);
	assert_int_equal(make_fault("unbalanced-enable"), 0);
	take();
	assert_int_equal(faults.overruns, 1);
	/* The ring holds some hundred of these. */
	assert_in_range(faults.lost, lines / 2, lines + 200);
	/* The first is gone; what came behind the gap is seen. */
	assert_int_equal(faults.count, 1);
	assert_string_equal(faults.fault[0].kind, "unbalanced-enable");
	assert_int_equal(system("grep -q 'lines are missing' /tmp/kmsg.log"),
			 0);
	memset(&faults, 0, sizeof(faults));
	take();
	assert_int_equal(faults.overruns, 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_userspace_is_no_kernel),
		CASE(test_warn),
		CASE(test_unbalanced_enable),
		CASE(test_each_is_counted),
		CASE(test_overrun),
		CASE(test_refcount),
		CASE(test_hung_task),
		CASE(test_scheduling_while_atomic),
		CASE(test_soft_lockup),
		CASE(test_rcu_stall),
		CASE(test_nobody_cared),
		CASE(test_sleeping_in_atomic),
		CASE(test_rcu_usage),
		CASE(test_lockdep), /* which is off from here on */
		CASE(test_ubsan),
		CASE(test_kasan),
		CASE(test_list_corruption),
		CASE(test_gpf),
		CASE(test_oops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
