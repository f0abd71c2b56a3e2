// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each call with its first allocation failing, then its second, and so on until
 * none is left to fail: it says ENOMEM, or did without, and leaves nothing
 * behind. Needs a kernel with FAULT_INJECTION (testbed/debug-kernel), nothing
 * loaded, and the environment: FUNCTIONS, MODULE. Argument: load, or calls.
 *
 * A task's n-th allocation fails once n was written to its fail-nth
 * (Documentation/fault-injection/fault-injection.rst). It then reads 0.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kmod_test.h"

#define UIO "uio_pci_generic"
#define KMEMLEAK "/sys/kernel/debug/kmemleak"
/* No call makes as many allocations: its end was missed. */
#define WALK_LIMIT 5000

struct walk {
	int (*call)(void); /* all that is done meanwhile; 0 or errno */
	void (*undo)(void); /* after a success: as before it; may be NULL */
	bool (*left)(void); /* something is there that should not be */
	bool copes; /* does without any one allocation */
};

static struct rig_function function[RIG_FUNCTIONS];
static int session = -1, inject, resample, fail_nth;
static struct intxbench_add add;
static void *module;
static size_t module_bytes;

/* From here on, until disarm(), our n-th allocation fails; 0: none does. */
static void arm(unsigned int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fail_nth, text, length, 0) != length)
		err(1, "fail-nth");
}

/* Whether one has failed. */
static bool disarm(void)
{
	char text[16] = "";

	if (pread(fail_nth, text, sizeof(text) - 1, 0) <= 0)
		err(1, "fail-nth");
	arm(0);
	return !atoi(text);
}

/* Returns false when it made fewer than n allocations. */
static bool attempt(const struct walk *walk, unsigned int nth,
		    unsigned int *refused)
{
	bool failed;
	int error;

	arm(nth);
	error = walk->call();
	failed = disarm();
	if (error && (!failed || error != ENOMEM))
		fail_msg("allocation %u %s, and the call says %s", nth,
			 failed ? "failed" : "did not fail", strerror(error));
	*refused += !!error;
	if (!error && walk->undo)
		walk->undo();
	if (walk->left())
		fail_msg("something is left after allocation %u %s", nth,
			 error ? "failed the call" : "did not");
	return failed;
}

static void walk_through(const char *name, const struct walk *walk)
{
	unsigned int nth = 1, refused = 0;

	while (attempt(walk, nth, &refused))
		if (++nth == WALK_LIMIT)
			fail_msg("%s: no end of allocations", name);
	printf("# %s: %u allocations failed in turn, %u times the call\n", name,
	       nth - 1, refused);
	assert_true(nth > 1);
	assert_int_equal(!refused, walk->copes);
}

static bool function_is_held(void)
{
	return rig_handlers() || !(rig_command(&function[0]) & INTX_DISABLE) ||
	       !(rig_command(&function[1]) & INTX_DISABLE);
}

/* The module itself. */

static int load(void)
{
	return syscall(SYS_init_module, module, module_bytes, "") ? errno : 0;
}

static void unload(void)
{
	assert_int_equal(syscall(SYS_delete_module, "intxbench", 0), 0);
}

static bool module_is_there(void)
{
	static const char *const traces[] = {
		INTXBENCH_DEVICE,
		"/sys/module/intxbench",
		"/sys/class/misc/intxbench",
		"/sys/bus/pci/drivers/intxbench",
		"/sys/kernel/tracing/events/intxbench",
	};
	size_t i;

	for (i = 0; i < sizeof(traces) / sizeof(*traces); i++) {
		if (access(traces[i], F_OK))
			continue;
		print_error("%s is there\n", traces[i]);
		return true;
	}
	return false;
}

/* The kernel warns, once, of what it did not allocate for a trace event. */
static int check_log_of_load(void **state)
{
	const char *fault = rig_log_fault();

	(void)state;
	while (fault && strstr(fault, "event_define_fields"))
		fault = rig_log_fault();
	if (fault)
		print_error("kernel log: %s\n", fault);
	return fault ? -1 : 0;
}

static void test_load(void **state)
{
	(void)state;
	walk_through("module load", &(struct walk){ .call = load,
						    .undo = unload,
						    .left = module_is_there });
}

/* Sessions. */

static int open_session(void)
{
	struct intxbench_info info = { .size = sizeof(info) };

	session = open(INTXBENCH_DEVICE, O_RDWR | O_CLOEXEC);
	if (session < 0)
		return errno;
	return ioctl(session, INTXBENCH_INFO, &info) ? errno : 0;
}

static void close_session(void)
{
	close(session);
	session = -1;
}

static bool no_descriptor_is_there(void)
{
	return session >= 0 || function_is_held();
}

static void test_open(void **state)
{
	(void)state;
	walk_through("open", &(struct walk){ .call = open_session,
					     .undo = close_session,
					     .left = no_descriptor_is_there });
}

/* Functions. */

static int add_function(void)
{
	return rig_add(session, &add);
}

/* A session is left by closing it. */
static void leave_session(void)
{
	if (add.data_fd >= 0)
		close(add.data_fd);
	add.data_fd = -1;
	close_session();
	assert_int_equal(open_session(), 0);
}

static void ask_for(unsigned int index, enum intxbench_role role, uint32_t arm)
{
	bool target = role == INTXBENCH_ROLE_TARGET;

	add = (struct intxbench_add){
		.size = sizeof(add),
		.flags = arm >= INTXBENCH_ARM_BUSTED_NO_UNMASK ?
				 INTXBENCH_ADD_ALLOW_BUSTED :
				 0,
		.domain = function[index].domain,
		.bus = function[index].bus,
		.devfn = function[index].devfn,
		.role = role,
		.arm = arm,
		.inject_fd = target ? inject : -1,
		.resample_fd = target ? resample : -1,
		.data_fd = -1,
	};
}

static void walk_add(const char *name)
{
	walk_through(name, &(struct walk){ .call = add_function,
					   .undo = leave_session,
					   .left = function_is_held });
}

static void test_add(void **state)
{
	static const struct {
		const char *name;
		uint32_t arm;
	} arms[] = {
		{ "add, pci23", INTXBENCH_ARM_PCI23 },
		{ "add, line", INTXBENCH_ARM_LINE },
		{ "add, line-unlazy", INTXBENCH_ARM_LINE_UNLAZY },
		{ "add, oneshot", INTXBENCH_ARM_ONESHOT },
		{ "add, adaptive", INTXBENCH_ARM_ADAPTIVE },
		{ "add, posted-v1", INTXBENCH_ARM_POSTED_V1 },
		{ "add, busted-deaf", INTXBENCH_ARM_BUSTED_DEAF },
	};
	size_t i;

	(void)state;
	assert_int_equal(open_session(), 0);
	for (i = 0; i < sizeof(arms) / sizeof(*arms); i++) {
		ask_for(0, INTXBENCH_ROLE_TARGET, arms[i].arm);
		walk_add(arms[i].name);
	}
	ask_for(0, INTXBENCH_ROLE_NEIGHBOUR, 0);
	walk_add("add, neighbour");
	close_session();
}

/* uio_pci_generic's function has INTx enabled and a handler that is not ours. */
static bool session_has_handler(void)
{
	return rig_handlers() || rig_command(&function[0]) & INTX_DISABLE;
}

static void walk_add_foreign(enum intxbench_role role, const char *name)
{
	ask_for(0, role, 0);
	add.flags = INTXBENCH_ADD_FOREIGN;
	add.inject_fd = -1;
	add.resample_fd = -1;
	strcpy(add.handler, UIO);
	walk_through(name, &(struct walk){ .call = add_function,
					   .undo = leave_session,
					   .left = session_has_handler });
}

static void test_add_foreign(void **state)
{
	(void)state;
	assert_int_equal(system("modprobe " UIO), 0);
	rig_bind(&function[0], UIO);
	assert_int_equal(open_session(), 0);
	walk_add_foreign(INTXBENCH_ROLE_TARGET, "add, foreign target");
	walk_add_foreign(INTXBENCH_ROLE_NEIGHBOUR, "add, foreign neighbour");
	close_session();
	rig_bind(&function[0], INTXBENCH_DRIVER);
	assert_int_equal(system("modprobe -r " UIO), 0);
}

/* The flood. */

static uint32_t gap_ns[INTXBENCH_MAX_GAPS];
static unsigned int gaps;

static int schedule(void)
{
	struct intxbench_schedule schedule = {
		.size = sizeof(schedule),
		.gaps = (uintptr_t)gap_ns,
		.nr_gaps = gaps,
	};

	return ioctl(session, INTXBENCH_SCHEDULE, &schedule) ? errno : 0;
}

static int start(void)
{
	struct intxbench_start start = { .size = sizeof(start) };

	return ioctl(session, INTXBENCH_START, &start) ? errno : 0;
}

/* A session with a target that is ready to be started. */
static void set_up(void)
{
	assert_int_equal(open_session(), 0);
	ask_for(0, INTXBENCH_ROLE_TARGET, INTXBENCH_ARM_PCI23);
	assert_int_equal(add_function(), 0);
	gaps = 1;
	assert_int_equal(schedule(), 0);
}

static void tear_down(void)
{
	close(add.data_fd);
	close_session();
}

static void start_anew(void)
{
	tear_down();
	set_up();
}

static bool other_than_one_handler(void)
{
	return rig_handlers() != 1 || rig_command(&function[0]) & INTX_DISABLE;
}

static void test_schedule(void **state)
{
	struct walk walk = { .call = schedule, .left = other_than_one_handler };

	(void)state;
	set_up();
	walk_through("schedule, one gap", &walk);
	/* So many that the kernel has another way to get the memory. */
	gaps = INTXBENCH_MAX_GAPS;
	walk.copes = true;
	walk_through("schedule, all gaps", &walk);
	tear_down();
	assert_false(function_is_held());
}

static void test_start(void **state)
{
	(void)state;
	set_up();
	walk_through("start", &(struct walk){ .call = start,
					      .undo = start_anew,
					      .left = other_than_one_handler });
	tear_down();
	assert_false(function_is_held());
}

/* Leaks: kmemleak looks at what is older than five seconds. */

static void tell_kmemleak(const char *word)
{
	int fd = open(KMEMLEAK, O_WRONLY | O_CLOEXEC);

	/* Refused where it has given up, as it may when memory is short. */
	if (fd < 0 || write(fd, word, strlen(word)) < 0)
		err(1, KMEMLEAK ": %s", word);
	close(fd);
}

static void assert_no_leak(void)
{
	char line[512];
	bool any = false;
	FILE *leaks;

	rig_sleep_ms(6000);
	tell_kmemleak("scan");
	leaks = fopen(KMEMLEAK, "re");
	assert_non_null(leaks);
	while (fgets(line, sizeof(line), leaks)) {
		print_error("%s", line);
		any = true;
	}
	fclose(leaks);
	assert_false(any);
}

static void test_load_leaks_nothing(void **state)
{
	(void)state;
	assert_no_leak();
}

static uint16_t command_before[RIG_FUNCTIONS];

static void test_bind(void **state)
{
	unsigned int i;

	(void)state;
	assert_int_equal(load(), 0);
	for (i = 0; i < 2; i++) {
		command_before[i] = rig_command(&function[i]);
		rig_bind(&function[i], INTXBENCH_DRIVER);
	}
	assert_false(function_is_held());
}

static void test_unload(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		rig_bind(&function[i], NULL);
		assert_int_equal(rig_command(&function[i]), command_before[i]);
	}
	unload();
	assert_false(module_is_there());
	assert_int_equal(rig_handlers(), 0);
	assert_no_leak();
}

/* What is not there is not walked: a call without an allocation. */
static int no_call(void)
{
	return 0;
}

static bool nothing(void)
{
	return false;
}

static void test_an_idle_call_is_not_walked(void **state)
{
	unsigned int refused = 0;

	(void)state;
	assert_false(attempt(&(struct walk){ .call = no_call, .left = nothing },
			     1, &refused));
	assert_int_equal(refused, 0);
}

static void set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		err(1, "%s", path);
	close(fd);
}

/* By default only what must not sleep fails, and no single page. */
static void let_all_fail(void)
{
#define FAULTS "/sys/kernel/debug/"
	set(FAULTS "failslab/ignore-gfp-wait", "N");
	set(FAULTS "failslab/verbose", "0");
	set(FAULTS "fail_page_alloc/ignore-gfp-wait", "N");
	set(FAULTS "fail_page_alloc/ignore-gfp-highmem", "N");
	set(FAULTS "fail_page_alloc/min-order", "0");
	set(FAULTS "fail_page_alloc/verbose", "0");
#undef FAULTS
	/* Unloading waits for several grace periods, some hundred times. */
	set("/sys/kernel/rcu_expedited", "1");
	fail_nth = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0)
		err(1, "/proc/self/fail-nth");
}

static void read_module(void)
{
	const char *path = getenv("MODULE");
	struct stat stat;
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0 || fstat(fd, &stat))
		err(1, "MODULE: %s", path ? path : "not set");
	module_bytes = stat.st_size;
	module = malloc(module_bytes);
	if (!module || read(fd, module, module_bytes) != stat.st_size)
		err(1, "%s", path);
	close(fd);
}

static const struct CMUnitTest load_tests[] = {
	LOGGED(test_an_idle_call_is_not_walked),
	cmocka_unit_test_setup_teardown(test_load, mark_log, check_log_of_load),
	LOGGED(test_load_leaks_nothing),
};

static const struct CMUnitTest call_tests[] = {
	LOGGED(test_bind),        LOGGED(test_open),     LOGGED(test_add),
	LOGGED(test_add_foreign), LOGGED(test_schedule), LOGGED(test_start),
	LOGGED(test_unload),
};

int main(int argc, char **argv)
{
	unsigned int i;

	if (argc != 2 || rig_addresses(function) < 2)
		errx(1, "load or calls wanted, and two FUNCTIONS");
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; i < INTXBENCH_MAX_GAPS; i++)
		gap_ns[i] = 1000000;
	inject = eventfd(0, EFD_CLOEXEC);
	resample = eventfd(0, EFD_CLOEXEC);
	read_module();
	let_all_fail();
	/* A page of ours that were not there would be one more allocation. */
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		err(1, "mlockall");
	tell_kmemleak("clear");
	if (!strcmp(argv[1], "load"))
		return cmocka_run_group_tests(load_tests, NULL, NULL);
	return cmocka_run_group_tests(call_tests, NULL, NULL);
}
