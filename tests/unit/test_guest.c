// SPDX-License-Identifier: GPL-2.0-or-later
/* The stand-in guest, on memory that plays the device and the module. */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "guest.h"
#include "unit.h"

#define STATUS 1 /* registers, in words */
#define ACK 2
#define TOKENS 0x1f
#define PATIENCE_MS 10000

struct fixture {
	struct guest_config config;
	struct intxbench_data data;
	struct intxbench_timeline timeline[INTXBENCH_TIMELINE];
	uint32_t registers[4];
	struct guest *guest;
	struct guest_result result;
};

static int first_cpu(void)
{
	cpu_set_t cpus;
	int cpu = 0;

	assert_int_equal(sched_getaffinity(0, sizeof(cpus), &cpus), 0);
	while (!CPU_ISSET(cpu, &cpus))
		cpu++;
	return cpu;
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->config = (struct guest_config){
		.vcpu_cpu = { first_cpu() },
		.vcpus = 1,
		.service_ns = 1000,
		.inject_fd = eventfd(0, 0),
		.resample_fd = eventfd(0, 0),
		.registers = f->registers,
		.tokens = TOKENS,
		.status_offset = STATUS * 4,
		.ack_offset = ACK * 4,
		.data = &f->data,
		.timeline = f->timeline,
	};
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	close(f->config.inject_fd);
	close(f->config.resample_fd);
	free(f);
	return 0;
}

static void start(struct fixture *f)
{
	assert_int_equal(guest_thread_ops.start(&f->config, &f->guest), 0);
}

static void stop(struct fixture *f)
{
	guest_thread_ops.stop(f->guest, &f->result);
}

static void signal_fd(int fd, uint64_t count)
{
	assert_int_equal(write(fd, &count, sizeof(count)), sizeof(count));
}

static void wait_for_ack(struct fixture *f)
{
	struct pollfd ready = { .fd = f->config.resample_fd, .events = POLLIN };
	uint64_t count;

	assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
	assert_int_equal(read(ready.fd, &count, sizeof(count)), sizeof(count));
	assert_int_equal(count, 1);
}

/* What the module does before it signals; age: how long ago it was entered. */
static struct intxbench_timeline *stamp(struct fixture *f, uint64_t age_ns)
{
	uint64_t sequence = f->data.injected + 1;
	struct intxbench_timeline *slot =
		&f->timeline[sequence % INTXBENCH_TIMELINE];

	slot->entry_ns = clock_now_ns() - age_ns;
	slot->assert_ns = slot->entry_ns - 1000;
	slot->intended_ns = slot->entry_ns - 3000;
	slot->masked_ns = slot->entry_ns + 1;
	slot->inject_ns = slot->entry_ns + 2;
	slot->unmasked_ns = 0;
	slot->sequence = sequence;
	f->data.injected = sequence;
	return slot;
}

static void test_serves(void **state)
{
	struct fixture *f = *state;

	f->registers[STATUS] = 0x25; /* 0x20 is none of its tokens */
	stamp(f, 0);
	start(f);
	signal_fd(f->config.inject_fd, 1);
	wait_for_ack(f);
	stop(f);
	assert_int_equal(f->registers[ACK], 0x05);
	assert_int_equal(f->result.entries, 1);
	assert_int_equal(f->result.empty, 0);
	assert_int_equal(f->result.merged, 0);
	assert_int_equal(f->result.served[0], 1);
	assert_int_equal(f->result.served[2], 1);
	assert_int_equal(f->result.served[5], 0);
	assert_int_equal(f->result.errnum, 0);
}

static void test_times(void **state)
{
	struct fixture *f = *state;
	struct intxbench_hist *hist = f->result.hist;

	f->config.service_ns = 2 * NSEC_PER_MSEC;
	f->registers[STATUS] = 1;
	stamp(f, 5 * NSEC_PER_MSEC);
	start(f);
	signal_fd(f->config.inject_fd, 1);
	wait_for_ack(f);
	stop(f);
	for (int i = 0; i < GUEST_METRICS; i++)
		assert_int_equal(hist[i].count,
				 i == GUEST_ACK_TO_UNMASK ? 0 : 1);
	assert_true(hist[GUEST_ENTRY_TO_GUEST].min_ns >= 5 * NSEC_PER_MSEC);
	assert_true(hist[GUEST_SERVICE].min_ns >= 2 * NSEC_PER_MSEC);
	assert_true(hist[GUEST_ROUND_TRIP].min_ns >=
		    hist[GUEST_ENTRY_TO_GUEST].min_ns +
			    hist[GUEST_SERVICE].min_ns + 1000);
	assert_int_equal(hist[GUEST_INTENDED_ROUND_TRIP].min_ns -
				 hist[GUEST_ROUND_TRIP].min_ns,
			 2000);
	assert_int_equal(f->result.backwards, 0);
	assert_int_equal(f->result.unstamped, 0);
}

/* The module unmasks within the ack's write(), so before it is looked at. */
static void test_unmask(void **state)
{
	struct fixture *f = *state;

	f->registers[STATUS] = 1;
	stamp(f, 0)->unmasked_ns = clock_now_ns() + 10 * NSEC_PER_SEC;
	start(f);
	signal_fd(f->config.inject_fd, 1);
	wait_for_ack(f);
	stop(f);
	assert_int_equal(f->result.hist[GUEST_ACK_TO_UNMASK].count, 1);
	assert_true(f->result.hist[GUEST_ACK_TO_UNMASK].min_ns >
		    5 * NSEC_PER_SEC);
}

static void test_reassert_has_no_entry(void **state)
{
	struct fixture *f = *state;
	struct intxbench_timeline *slot;

	f->registers[STATUS] = 1;
	slot = stamp(f, 0);
	slot->entry_ns = slot->assert_ns = slot->intended_ns = 0;
	start(f);
	signal_fd(f->config.inject_fd, 1);
	wait_for_ack(f);
	stop(f);
	assert_int_equal(f->result.hist[GUEST_SERVICE].count, 1);
	assert_int_equal(f->result.hist[GUEST_ENTRY_TO_GUEST].count, 0);
	assert_int_equal(f->result.hist[GUEST_ROUND_TRIP].count, 0);
	assert_int_equal(f->result.hist[GUEST_INTENDED_ROUND_TRIP].count, 0);
	assert_int_equal(f->result.unstamped, 0);
}

static void test_empty_entry(void **state)
{
	struct fixture *f = *state;

	f->registers[ACK] = 0x77;
	stamp(f, 0);
	start(f);
	signal_fd(f->config.inject_fd, 1);
	wait_for_ack(f);
	stop(f);
	assert_int_equal(f->registers[ACK], 0x77); /* not written */
	assert_int_equal(f->result.entries, 1);
	assert_int_equal(f->result.empty, 1);
	assert_int_equal(f->result.merged, 0);
}

/* Three injections found at once: one is served, two are too many. */
static void test_merged(void **state)
{
	struct fixture *f = *state;

	f->registers[STATUS] = 2;
	stamp(f, 0);
	signal_fd(f->config.inject_fd, 3);
	start(f);
	wait_for_ack(f);
	stop(f);
	assert_int_equal(f->result.entries, 3);
	assert_int_equal(f->result.merged, 2);
	assert_int_equal(f->result.empty, 2);
	assert_int_equal(f->result.served[1], 1);
}

/* What was signalled before the stop is served, in the same read or not. */
static void test_stop_serves_first(void **state)
{
	struct fixture *f = *state;

	f->config.service_ns = 20 * NSEC_PER_MSEC;
	f->registers[STATUS] = 4;
	stamp(f, 0);
	start(f);
	signal_fd(f->config.inject_fd, 1);
	stop(f);
	assert_int_equal(f->result.entries, 1);
	assert_int_equal(f->result.empty, 0);
	assert_int_equal(f->result.served[2], 1);
}

static void test_no_injection(void **state)
{
	struct fixture *f = *state;

	start(f);
	stop(f);
	assert_int_equal(f->result.entries, 0);
	assert_int_equal(f->result.unstamped, 0);
}

static void test_backwards(void **state)
{
	struct fixture *f = *state;
	struct intxbench_timeline *slot;

	f->registers[STATUS] = 1;
	slot = stamp(f, 0);
	slot->entry_ns = slot->assert_ns = slot->intended_ns =
		clock_now_ns() + 100 * NSEC_PER_SEC;
	slot->unmasked_ns = 1;
	start(f);
	signal_fd(f->config.inject_fd, 1);
	wait_for_ack(f);
	stop(f);
	assert_int_equal(f->result.backwards, 4);
	assert_int_equal(f->result.hist[GUEST_ENTRY_TO_GUEST].count, 0);
	assert_int_equal(f->result.hist[GUEST_ACK_TO_UNMASK].count, 0);
}

/* A record that is not the newest injection's is nobody's. */
static void test_unstamped(void **state)
{
	struct fixture *f = *state;

	f->registers[STATUS] = 1;
	stamp(f, 0)->sequence = 0;
	start(f);
	signal_fd(f->config.inject_fd, 1);
	wait_for_ack(f);
	stop(f);
	assert_int_equal(f->result.unstamped, 1);
	assert_int_equal(f->result.served[0], 1);
	assert_int_equal(f->result.hist[GUEST_ENTRY_TO_GUEST].count, 0);
	assert_int_equal(f->result.hist[GUEST_SERVICE].count, 1);
}

static void test_death_is_told(void **state)
{
	struct fixture *f = *state;
	const uint64_t deadline_ns = clock_now_ns() + 10 * NSEC_PER_SEC;

	close(f->config.resample_fd);
	start(f);
	assert_int_equal(guest_thread_ops.failed(f->guest), 0);
	signal_fd(f->config.inject_fd, 1);
	while (!guest_thread_ops.failed(f->guest) &&
	       clock_now_ns() < deadline_ns)
		sched_yield();
	assert_int_equal(guest_thread_ops.failed(f->guest), EBADF);
	stop(f);
	assert_int_equal(f->result.errnum, EBADF);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_serves),
		CASE(test_times),
		CASE(test_unmask),
		CASE(test_reassert_has_no_entry),
		CASE(test_empty_entry),
		CASE(test_merged),
		CASE(test_stop_serves_first),
		CASE(test_no_injection),
		CASE(test_backwards),
		CASE(test_unstamped),
		CASE(test_death_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
