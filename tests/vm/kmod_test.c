// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module, call by call and arm by arm. Needs the module loaded and the
 * functions of FUNCTIONS bound to it (tests/vm/guest/kmod does that).
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kmod_test.h"

static void test_pci23(void **state)
{
	(void)state;
	flood_and_check(INTXBENCH_ARM_PCI23, 1, 500000, 0);
	flood_and_check(INTXBENCH_ARM_PCI23, 2, 500000, 0);
	flood_and_check(INTXBENCH_ARM_PCI23, 3, 500000, 0);
}

static void test_line(void **state)
{
	(void)state;
	flood_and_check(INTXBENCH_ARM_LINE, 1, 500000, 0);
	flood_and_check(INTXBENCH_ARM_LINE, 2, 500000, 0);
	flood_and_check(INTXBENCH_ARM_LINE, 3, 500000, 0);
}

static void test_line_unlazy(void **state)
{
	(void)state;
	flood_and_check(INTXBENCH_ARM_LINE_UNLAZY, 1, 500000, 0);
	flood_and_check(INTXBENCH_ARM_LINE_UNLAZY, 3, 500000, 0);
}

static void test_oneshot(void **state)
{
	(void)state;
	flood_and_check(INTXBENCH_ARM_ONESHOT, 1, 500000, 0);
}

static void test_back_to_back(void **state)
{
	(void)state;
	flood_and_check(INTXBENCH_ARM_PCI23, 3, 20000,
			INTXBENCH_SCHEDULE_CLOSED);
	flood_and_check(INTXBENCH_ARM_LINE, 3, 20000,
			INTXBENCH_SCHEDULE_CLOSED);
}

/* 50 kHz on all is more than this machine can do: late, but not hidden. */
static void test_overload(void **state)
{
	(void)state;
	flood_and_check(INTXBENCH_ARM_PCI23, 3, 20000, 0);
}

/* A neighbour that follows is let go once the target is masked. */
static void test_follow(void **state)
{
	const struct intxbench_data *neighbour;
	struct rig rig;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_LINE, 2);
	neighbour = rig.function[1].data;
	rig_serve(&rig, 2000);
	rig_schedule(&rig, 0, 10000000, 0);
	rig_schedule(&rig, 1, 10000000, INTXBENCH_SCHEDULE_FOLLOW);
	assert_int_equal(rig_start(&rig, 0, 1000 * MS, 0), 0);
	rig_sleep_ms(1100);
	assert_true(rig_drain(&rig, 5000));
	rig_close_session(&rig);
	assert_balanced(rig.function[0].data, rig.served);
	assert_balanced(neighbour, neighbour->served);
	/*
	 * It met the line off, for 2 ms each time; on a machine so busy that
	 * it was let go too late, now and then at least.
	 */
	assert_true(rig_mean_ns(neighbour, INTXBENCH_METRIC_ASSERT_ENTRY) >
		    200000);
	rig_close(&rig);
}

/*
 * A follower, and another neighbour that runs the target's handler every 300 us
 * for nothing, which is no answer. Returns how many of 100 were given up.
 */
static uint64_t given_up_among_others(void)
{
	const struct intxbench_data *follower;
	struct rig rig;
	uint64_t missed;

	rig_open(&rig, INTXBENCH_ARM_PCI23, 3);
	follower = rig.function[1].data;
	rig_serve(&rig, 100);
	rig_schedule(&rig, 0, 10000000, 0);
	rig_schedule_after(&rig, 1, 1000000, 10000000,
			   INTXBENCH_SCHEDULE_FOLLOW);
	rig_schedule(&rig, 2, 300000, 0);
	assert_int_equal(rig_start(&rig, 0, 1000 * MS, 0), 0);
	rig_sleep_ms(1100);
	assert_true(rig_drain(&rig, 5000));
	rig_close_session(&rig);
	assert_balanced(follower, follower->served);
	assert_true(follower->intended >= 90);
	missed = follower->missed;
	print_message("# of %llu followed, %llu missed\n",
		      (unsigned long long)follower->intended,
		      (unsigned long long)missed);
	rig_close(&rig);
	return missed;
}

/*
 * A follower that waited for 1 ms after any run would be given up, 84 to 93 of
 * 100 times where the machine's CPUs run at once. One that waits for the answer
 * is too where its CPU is late by 2 ms: on a busy host in one second, not in
 * each of five. Where one thread is all CPUs (the debug kernel's machine) that
 * is so often that the two cannot be told apart.
 */
static void test_follow_among_others(void **state)
{
	int seconds = 5;

	(void)state;
	while (given_up_among_others() >= 50)
		assert_true(--seconds > 0);
}

static void test_oneshot_needs_the_line_alone(void **state)
{
	struct intxbench_add add;
	struct rig rig;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_ONESHOT, 1);
	add = (struct intxbench_add){
		.size = sizeof(add),
		.domain = rig.function[1].domain,
		.bus = rig.function[1].bus,
		.devfn = rig.function[1].devfn,
		.role = INTXBENCH_ROLE_NEIGHBOUR,
		.inject_fd = -1,
		.resample_fd = -1,
	};
	assert_int_equal(rig_add(rig.fd, &add), EBUSY);
	rig_close(&rig);
	assert_int_equal(rig_handlers(), 0);
}

static void run_busted(struct rig *rig, uint32_t arm)
{
	rig_open(rig, arm, 2);
	rig_serve(rig, 0);
	rig_schedule(rig, 0, 1000000, 0);
	rig_schedule(rig, 1, 700000, 0);
	assert_int_equal(rig_start(rig, 0, 300 * MS, 0), 0);
	rig_sleep_ms(400);
}

static void test_busted_no_unmask_loses(void **state)
{
	struct rig rig;

	(void)state;
	run_busted(&rig, INTXBENCH_ARM_BUSTED_NO_UNMASK);
	assert_false(rig_drain(&rig, 300));
	assert_true(rig_sum(rig.function[0].data->raised) >
		    rig_sum(rig.served));
	rig_close(&rig);
}

static void test_busted_claim_all_is_spurious(void **state)
{
	struct rig rig;

	(void)state;
	run_busted(&rig, INTXBENCH_ARM_BUSTED_CLAIM_ALL);
	assert_true(rig_drain(&rig, 2000));
	assert_true(rig_spurious(rig.function[0].data) > 0);
	assert_int_equal(rig_spurious(rig.function[1].data), 0);
	rig_close(&rig);
}

/*
 * The second token comes between the guest's clearing the first and its ack:
 * told again, or lost. The guest lingers there, so that it does come.
 */
static void test_busted_no_reassert_loses(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_BUSTED_NO_REASSERT, 1);
	rig.linger_us = 200;
	rig_serve(&rig, 0);
	rig_schedule(&rig, 0, 20000, 0);
	assert_int_equal(rig_start(&rig, 0, 300 * MS, 0), 0);
	rig_sleep_ms(400);
	assert_false(rig_drain(&rig, 300));
	assert_true(rig_sum(rig.function[0].data->raised) >
		    rig_sum(rig.served));
	rig_close(&rig);
}

/*
 * The guard acts before the kernel would switch the line off for good. Both
 * look at the share of runs that claim, so the neighbour is seldom asserted: a
 * slow kernel has few runs for each.
 */
static void test_busted_deaf_is_guarded(void **state)
{
	struct rig rig;
	unsigned int ms;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_BUSTED_DEAF, 2);
	rig_schedule(&rig, 0, 1000000, 0);
	rig_schedule(&rig, 1, 1000000000, 0);
	assert_int_equal(rig_start(&rig, 0, 0, 0), 0);
	/* 50,000 runs of handlers: a minute on a debug kernel. */
	for (ms = 0; ms < 120000; ms += 100) {
		if (rig_state(&rig, 0).flags & INTXBENCH_STATE_GUARDED)
			break;
		rig_sleep_ms(100);
	}
	assert_true(rig_state(&rig, 0).flags & INTXBENCH_STATE_GUARDED);
	assert_true(rig_state(&rig, 1).flags & INTXBENCH_STATE_GUARDED);
	assert_true(rig_state(&rig, 0).flags & INTXBENCH_STATE_INTX_DISABLED);
	rig_sleep_ms(20);
	assert_false(rig_state(&rig, 0).flags & INTXBENCH_STATE_FLOODING);
	rig_close(&rig);
	/* And the line still works. */
	flood_and_check(INTXBENCH_ARM_PCI23, 3, 1000000, 0);
}

/* A guest that never acks: the watchdog gives the neighbour its line back. */
static void starve(uint32_t arm, bool expect)
{
	const struct intxbench_data *neighbour;
	struct rig rig;

	rig_open(&rig, arm, 2);
	neighbour = rig.function[1].data;
	rig_schedule(&rig, 0, 10000000, 0);
	rig_schedule(&rig, 1, 10000000, 0);
	assert_int_equal(rig_start(&rig, 0, 1000 * MS, 100 * MS), 0);
	rig_sleep_ms(1100);
	assert_int_equal(rig.function[0].data->starved, expect);
	rig_serve(&rig, 0);
	assert_true(rig_drain(&rig, 5000));
	rig_close_session(&rig);
	assert_balanced(rig.function[0].data, rig.served);
	assert_balanced(neighbour, neighbour->served);
	rig_close(&rig);
}

static void test_watchdog(void **state)
{
	(void)state;
	starve(INTXBENCH_ARM_LINE, true);
	starve(INTXBENCH_ARM_LINE_UNLAZY, true);
	starve(INTXBENCH_ARM_PCI23, false);
}

/* Unless one is looked for, no handler run is recorded. */
static void test_unobserved(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_PCI23, 2);
	rig_serve(&rig, 0);
	rig_schedule(&rig, 0, 1000000, 0);
	assert_int_equal(
		rig_start(&rig, INTXBENCH_START_UNOBSERVED, 200 * MS, 0), 0);
	rig_sleep_ms(300);
	assert_true(rig_drain(&rig, 2000));
	assert_true(rig.function[0].data->asserted > 0);
	assert_int_equal(rig_claimed(rig.function[0].data), 0);
	assert_memory_equal(rig.function[0].data->raised, rig.served,
			    sizeof(rig.served));
	rig_close(&rig);
}

/* Between sessions a function is quiet, whatever state it was left in. */
static void assert_restored(const struct rig *rig)
{
	unsigned int i;

	assert_int_equal(rig_handlers(), 0);
	for (i = 0; i < rig->functions; i++)
		assert_true(rig_command(&rig->function[i]) & INTX_DISABLE);
}

static void close_in_mid_flood(uint32_t arm, unsigned int functions,
			       bool serving)
{
	struct rig rig;
	unsigned int i;

	rig_open(&rig, arm, functions);
	if (serving)
		rig_serve(&rig, 0);
	for (i = 0; i < functions; i++)
		rig_schedule(&rig, i, 100000, 0);
	assert_int_equal(rig_start(&rig, 0, 0, 0), 0);
	rig_sleep_ms(50 + rand() % 50);
	rig_close_session(&rig);
	assert_restored(&rig);
	rig_close(&rig);
}

static void test_close_in_mid_flood(void **state)
{
	static const uint32_t arm[] = {
		INTXBENCH_ARM_PCI23,       INTXBENCH_ARM_LINE,
		INTXBENCH_ARM_LINE_UNLAZY, INTXBENCH_ARM_ONESHOT,
		INTXBENCH_ARM_ADAPTIVE,    INTXBENCH_ARM_POSTED_V1,
	};
	unsigned int i, round;

	(void)state;
	for (round = 0; round < 3; round++) {
		for (i = 0; i < sizeof(arm) / sizeof(*arm); i++) {
			unsigned int functions =
				arm[i] == INTXBENCH_ARM_ONESHOT ? 1 : 3;

			close_in_mid_flood(arm[i], functions, true);
			close_in_mid_flood(arm[i], functions, false);
		}
	}
	flood_and_check(INTXBENCH_ARM_LINE, 3, 1000000, 0);
}

static void test_sigkill_in_mid_flood(void **state)
{
	struct rig rig = { 0 };
	char ready;
	int pipe_fd[2];
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(pipe_fd), 0);
	pid = fork();
	if (!pid) {
		rig_open(&rig, INTXBENCH_ARM_LINE, 3);
		rig_schedule(&rig, 0, 100000, 0);
		rig_schedule(&rig, 1, 100000, 0);
		if (rig_start(&rig, 0, 0, 60000 * MS))
			_exit(1);
		rig_sleep_ms(50);
		/* No guest: the line is off now. */
		if (write(pipe_fd[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(pipe_fd[1]);
	assert_int_equal(read(pipe_fd[0], &ready, 1), 1);
	close(pipe_fd[0]);
	assert_int_equal(rig_handlers(), 3);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	rig.functions = rig_addresses(rig.function);
	assert_restored(&rig);
	flood_and_check(INTXBENCH_ARM_PCI23, 3, 1000000, 0);
}

/* What was measured outlives the session, and the mapping its descriptor. */
static void test_data_outlives_session(void **state)
{
	struct rig rig;
	void *map;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_PCI23, 1);
	rig_serve(&rig, 0);
	rig_schedule(&rig, 0, 1000000, 0);
	assert_int_equal(rig_start(&rig, 0, 100 * MS, 0), 0);
	rig_sleep_ms(200);
	assert_true(rig_drain(&rig, 2000));
	rig_close_session(&rig);
	assert_int_equal(rig.function[0].data->abi, INTXBENCH_ABI);
	assert_int_equal(rig.function[0].data->intended, 100);
	map = mremap((void *)(uintptr_t)rig.function[0].data, rig.data_bytes,
		     rig.data_bytes * 2, MREMAP_MAYMOVE);
	assert_true(map == MAP_FAILED);
	rig_close(&rig);
}

static void test_data_is_read_only(void **state)
{
	struct intxbench_info info = { .size = sizeof(info) };
	struct intxbench_add add;
	struct rig rig;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_PCI23, 1);
	assert_int_equal(ioctl(rig.fd, INTXBENCH_INFO, &info), 0);
	add = rig.function[0].add;
	add.devfn = rig.function[1].devfn;
	add.role = INTXBENCH_ROLE_NEIGHBOUR;
	add.inject_fd = add.resample_fd = -1;
	assert_int_equal(rig_add(rig.fd, &add), 0);
	assert_true(mmap(NULL, info.data_bytes, PROT_READ | PROT_WRITE,
			 MAP_SHARED, add.data_fd, 0) == MAP_FAILED);
	assert_true(mmap(NULL, info.data_bytes, PROT_READ, MAP_PRIVATE,
			 add.data_fd, 0) == MAP_FAILED);
	assert_true(mmap(NULL, info.data_bytes + 4096, PROT_READ, MAP_SHARED,
			 add.data_fd, 0) == MAP_FAILED);
	assert_true(mmap(NULL, 4096, PROT_READ, MAP_SHARED, add.data_fd,
			 (off_t)info.data_bytes) == MAP_FAILED);
	close(add.data_fd);
	rig_close(&rig);
}

/* A change to a good argument, and what it must give. */
struct bad_add {
	const char *what;
	int error;
	void (*spoil)(struct intxbench_add *add);
};

static void spoil_size(struct intxbench_add *add)
{
	add->size = 4;
}
static void spoil_flags(struct intxbench_add *add)
{
	add->flags = 1u << 31;
}
static void spoil_reserved(struct intxbench_add *add)
{
	add->reserved = 1;
}
static void spoil_role(struct intxbench_add *add)
{
	add->role = 7;
}
static void spoil_arm(struct intxbench_add *add)
{
	add->arm = 31;
}
static void spoil_busted(struct intxbench_add *add)
{
	add->arm = INTXBENCH_ARM_BUSTED_DEAF;
}
static void spoil_address(struct intxbench_add *add)
{
	add->devfn = 0x17 << 3;
}
static void spoil_inject(struct intxbench_add *add)
{
	add->inject_fd = 0x7fff;
}
static void spoil_inject_kind(struct intxbench_add *add)
{
	add->inject_fd = STDERR_FILENO;
}
static void spoil_resample(struct intxbench_add *add)
{
	add->resample_fd = -1;
}
static void spoil_resample_kind(struct intxbench_add *add)
{
	add->resample_fd = STDERR_FILENO;
}
static void spoil_same_fd(struct intxbench_add *add)
{
	add->resample_fd = add->inject_fd;
}
static void spoil_neighbour_fd(struct intxbench_add *add)
{
	add->role = INTXBENCH_ROLE_NEIGHBOUR;
}

static const struct bad_add bad_adds[] = {
	{ "size", EINVAL, spoil_size },
	{ "flags", EINVAL, spoil_flags },
	{ "reserved", EINVAL, spoil_reserved },
	{ "role", EINVAL, spoil_role },
	{ "arm", EINVAL, spoil_arm },
	{ "busted arm", EPERM, spoil_busted },
	{ "address", ENODEV, spoil_address },
	{ "inject_fd", EBADF, spoil_inject },
	{ "inject_fd kind", EINVAL, spoil_inject_kind },
	{ "resample_fd", EBADF, spoil_resample },
	{ "resample_fd kind", EINVAL, spoil_resample_kind },
	{ "one eventfd for both", EINVAL, spoil_same_fd },
	{ "a neighbour's fd", EINVAL, spoil_neighbour_fd },
};

static void test_bad_add_changes_nothing(void **state)
{
	struct intxbench_add good, add;
	struct rig rig;
	unsigned int i;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_PCI23, 0);
	good = (struct intxbench_add){
		.size = sizeof(good),
		.domain = rig.function[0].domain,
		.bus = rig.function[0].bus,
		.devfn = rig.function[0].devfn,
		.inject_fd = rig.inject,
		.resample_fd = rig.resample,
	};
	for (i = 0; i < sizeof(bad_adds) / sizeof(*bad_adds); i++) {
		add = good;
		bad_adds[i].spoil(&add);
		if (rig_add(rig.fd, &add) != bad_adds[i].error)
			fail_msg("a bad %s", bad_adds[i].what);
		assert_int_equal(rig_handlers(), 0);
	}
	assert_int_equal(ioctl(rig.fd, INTXBENCH_ADD, 8) ? errno : 0, EFAULT);
	assert_int_equal(rig_add(rig.fd, &good), 0);
	close(good.data_fd);
	add = good;
	assert_int_equal(rig_add(rig.fd, &add), EEXIST);
	rig_close(&rig);
	assert_int_equal(rig_handlers(), 0);
}

/* A caller from the future: longer structs are fine while the rest is zero. */
static void test_longer_struct(void **state)
{
	struct {
		struct intxbench_info info;
		uint64_t more;
	} future = { .info.size = sizeof(future) };
	struct rig rig;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_PCI23, 0);
	assert_int_equal(ioctl(rig.fd, INTXBENCH_INFO, &future), 0);
	assert_int_equal(future.info.abi, INTXBENCH_ABI);
	future.info.flags = 0;
	future.more = 1;
	assert_int_equal(ioctl(rig.fd, INTXBENCH_INFO, &future), -1);
	assert_int_equal(errno, E2BIG);
	assert_int_equal(ioctl(rig.fd, 0xdead), -1);
	assert_int_equal(errno, ENOTTY);
	rig_close(&rig);
}

static int try_schedule(struct rig *rig, struct intxbench_schedule schedule)
{
	schedule.size = sizeof(schedule);
	return ioctl(rig->fd, INTXBENCH_SCHEDULE, &schedule) ? errno : 0;
}

static void test_bad_schedule(void **state)
{
	uint32_t fast[] = { 20000, 19999 }, slow[] = { 1000000001 },
		 good = 20000;
	struct intxbench_schedule schedule = { .gaps = (uintptr_t)&good,
					       .nr_gaps = 1 };
	struct intxbench_schedule bad;
	struct rig rig;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_PCI23, 1);
	assert_int_equal(try_schedule(&rig, schedule), 0);
	bad = schedule, bad.index = 1;
	assert_int_equal(try_schedule(&rig, bad), ENOENT);
	bad = schedule, bad.cpu = 4095;
	assert_int_equal(try_schedule(&rig, bad), EINVAL);
	bad = schedule, bad.nr_gaps = 0;
	assert_int_equal(try_schedule(&rig, bad), EINVAL);
	bad = schedule, bad.nr_gaps = INTXBENCH_MAX_GAPS + 1;
	assert_int_equal(try_schedule(&rig, bad), EINVAL);
	bad = schedule, bad.phase_ns = INTXBENCH_MAX_PHASE_NS + 1;
	assert_int_equal(try_schedule(&rig, bad), EINVAL);
	bad = schedule, bad.flags = 4;
	assert_int_equal(try_schedule(&rig, bad), EINVAL);
	bad = schedule, bad.gaps = 8;
	assert_int_equal(try_schedule(&rig, bad), EFAULT);
	bad = schedule, bad.gaps = (uintptr_t)fast, bad.nr_gaps = 2;
	assert_int_equal(try_schedule(&rig, bad), EINVAL);
	fast[1] = 1000000;
	bad = schedule, bad.gaps = (uintptr_t)fast, bad.nr_gaps = 2;
	assert_int_equal(try_schedule(&rig, bad), 0);
	fast[0] = 0;
	bad.flags = INTXBENCH_SCHEDULE_CLOSED;
	assert_int_equal(try_schedule(&rig, bad), EINVAL);
	bad = schedule, bad.flags = INTXBENCH_SCHEDULE_FOLLOW;
	assert_int_equal(try_schedule(&rig, bad), EINVAL);
	bad = schedule, bad.gaps = (uintptr_t)slow;
	assert_int_equal(try_schedule(&rig, bad), EINVAL);
	rig_close(&rig);
}

static void test_order_of_calls(void **state)
{
	struct intxbench_start start = { .size = sizeof(start), .start_ns = 1 };
	struct intxbench_add add;
	struct rig rig;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_PCI23, 0);
	assert_int_equal(rig_start(&rig, 0, 0, 0), ENOENT);
	assert_int_equal(ioctl(rig.fd, INTXBENCH_STOP) ? errno : 0, ENOENT);
	rig_close(&rig);

	rig_open(&rig, INTXBENCH_ARM_PCI23, 1);
	assert_int_equal(ioctl(rig.fd, INTXBENCH_START, &start) ? errno : 0,
			 EINVAL);
	assert_int_equal(rig_start(&rig, 8, 0, 0), EINVAL);
	assert_int_equal(rig_start(&rig, 0, 0, 1), EINVAL);
	assert_int_equal(rig_start(&rig, 0, UINT64_MAX, 0), EINVAL);
	assert_int_equal(rig_start(&rig, 0, 0, 0), 0);
	assert_int_equal(rig_start(&rig, 0, 0, 0), EALREADY);
	add = rig.function[0].add;
	add.devfn = rig.function[1].devfn;
	add.role = INTXBENCH_ROLE_NEIGHBOUR;
	add.inject_fd = add.resample_fd = -1;
	assert_int_equal(rig_add(rig.fd, &add), EALREADY);
	rig_close(&rig);
}

/* Two sessions: a function is in one of them. */
static void test_taken(void **state)
{
	struct intxbench_add add;
	struct rig rig, other;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_PCI23, 1);
	rig_open(&other, INTXBENCH_ARM_PCI23, 0);
	add = rig.function[0].add;
	add.inject_fd = other.inject;
	add.resample_fd = other.resample;
	assert_int_equal(rig_add(other.fd, &add), EBUSY);
	rig_close(&rig);
	assert_int_equal(rig_add(other.fd, &add), 0);
	close(add.data_fd);
	rig_close(&other);
}

static void test_needs_privilege(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		if (setuid(65534))
			_exit(2);
		_exit(open(INTXBENCH_DEVICE, O_RDWR) >= 0);
	}
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

/* An ack with nothing masked is counted and does nothing. */
static void test_stray_acks(void **state)
{
	struct rig rig;
	uint64_t one = 1;
	unsigned int i;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_LINE, 3);
	for (i = 0; i < 100; i++)
		assert_int_equal(write(rig.resample, &one, sizeof(one)),
				 sizeof(one));
	assert_int_equal(rig.function[0].data->acks, 100);
	assert_int_equal(rig.function[0].data->acks_unmasked, 100);
	rig_close(&rig);
	flood_and_check(INTXBENCH_ARM_LINE, 3, 1000000, 0);
}

/* The function goes away in mid-flood; the others go on. */
static void test_unbind_in_mid_flood(void **state)
{
	struct intxbench_state gone = { .size = sizeof(gone) };
	const struct intxbench_data *neighbour;
	struct rig rig;
	uint64_t before;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_LINE, 3);
	neighbour = rig.function[1].data;
	rig_schedule(&rig, 0, 100000, 0);
	rig_schedule(&rig, 1, 1000000, 0);
	assert_int_equal(rig_start(&rig, 0, 0, 60000 * MS), 0);
	rig_sleep_ms(50);
	rig_bind(&rig.function[0], NULL);
	assert_int_equal(rig_handlers(), 2);
	assert_int_equal(ioctl(rig.fd, INTXBENCH_STATE, &gone), -1);
	assert_int_equal(errno, ENODEV);
	before = rig_sum(neighbour->served);
	rig_sleep_ms(300);
	assert_true(rig_sum(neighbour->served) > before);
	rig_close(&rig);
	rig_bind(&rig.function[0], INTXBENCH_DRIVER);
	flood_and_check(INTXBENCH_ARM_LINE, 3, 1000000, 0);
}

/* The detector of every test's teardown detects. */
static void test_log_fault_is_seen(void **state)
{
	FILE *log = fopen("/dev/kmsg", "we");

	(void)state;
	assert_non_null(log);
	fputs("<4>WARNING: not a fault: positive control of kmod_test\n", log);
	fclose(log);
	assert_non_null(rig_log_fault());
	assert_null(rig_log_fault());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOGGED(test_log_fault_is_seen),
		LOGGED(test_pci23),
		LOGGED(test_line),
		LOGGED(test_line_unlazy),
		LOGGED(test_oneshot),
		LOGGED(test_back_to_back),
		LOGGED(test_overload),
		LOGGED(test_follow),
		LOGGED(test_follow_among_others),
		LOGGED(test_oneshot_needs_the_line_alone),
		LOGGED(test_busted_no_unmask_loses),
		LOGGED(test_busted_claim_all_is_spurious),
		LOGGED(test_busted_no_reassert_loses),
		LOGGED(test_busted_deaf_is_guarded),
		LOGGED(test_watchdog),
		LOGGED(test_unobserved),
		LOGGED(test_close_in_mid_flood),
		LOGGED(test_sigkill_in_mid_flood),
		LOGGED(test_data_outlives_session),
		LOGGED(test_data_is_read_only),
		LOGGED(test_bad_add_changes_nothing),
		LOGGED(test_longer_struct),
		LOGGED(test_bad_schedule),
		LOGGED(test_order_of_calls),
		LOGGED(test_taken),
		LOGGED(test_needs_privilege),
		LOGGED(test_stray_acks),
		LOGGED(test_unbind_in_mid_flood),
		FOREIGN_TESTS,
		GUEST_MASK_TESTS,
		ADAPTIVE_TESTS,
		POSTED_TESTS,
	};

	const char *not_here = foreign_not_here();

	if (not_here)
		printf("# not on this machine: %s\n", not_here);
	cmocka_set_skip_filter(not_here);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
