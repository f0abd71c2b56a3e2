// SPDX-License-Identifier: GPL-2.0-or-later
/* From a ring that we write ourselves to metrics. */
#include "unit.h"
#include "vmm/collector.h"

#define GUEST_BEGAN 1000000 /* the host's TSC when the guest's was 0 */

struct fixture {
	struct guest_config config;
	struct intxbench_data data;
	struct intxbench_timeline timeline[INTXBENCH_TIMELINE];
	struct vmm_shared shared;
	struct vmm_record ring[VMM_RING_RECORDS];
	struct tsc_clock clock;
	struct guest_result result;
	struct collector collector;
};

/* Two ticks a ns. */
static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct tsc_pair begin = { .tsc = 0, .ns = 0 };
	struct tsc_pair end = { .tsc = 20000000000, .ns = 10000000000 };

	assert_non_null(f);
	tsc_clock_add(&f->clock, &begin);
	tsc_clock_add(&f->clock, &end);
	f->config.data = &f->data;
	f->config.timeline = f->timeline;
	f->collector = (struct collector){
		.config = &f->config,
		.shared = &f->shared,
		.ring = f->ring,
		.clock = &f->clock,
		.tsc_offset = -(uint64_t)GUEST_BEGAN,
		.result = &f->result,
	};
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static uint64_t guest_tsc(uint64_t ns)
{
	return 2 * ns - GUEST_BEGAN;
}

/* An injection at ns, and its visit from 300 ns later, for 500 ns. */
static void inject(struct fixture *f, uint64_t ns)
{
	uint64_t sequence = ++f->data.injected;

	f->timeline[sequence % INTXBENCH_TIMELINE] =
		(struct intxbench_timeline){
			.sequence = sequence,
			.intended_ns = ns - 60,
			.assert_ns = ns - 50,
			.entry_ns = ns - 30,
			.masked_ns = ns - 20,
			.inject_ns = ns,
			.unmasked_ns = ns + 900,
		};
}

static void visit(struct fixture *f, uint64_t ns)
{
	f->ring[f->shared.count++ % VMM_RING_RECORDS] = (struct vmm_record){
		.sequence = f->data.injected,
		.entry_tsc = guest_tsc(ns + 300),
		.ack_tsc = guest_tsc(ns + 800),
		.pending = 1,
	};
}

static void collect(struct fixture *f)
{
	collector_take(&f->collector, collector_count(&f->collector));
}

static void test_stamps(void **state)
{
	struct fixture *f = *state;
	const struct intxbench_hist *hist = f->result.hist;

	inject(f, 5000000);
	visit(f, 5000000);
	collect(f);
	assert_int_equal(hist[GUEST_STAGE_ENTRY].sum_ns, 20);
	assert_int_equal(hist[GUEST_STAGE_MASK].sum_ns, 10);
	assert_int_equal(hist[GUEST_STAGE_INJECT].sum_ns, 20);
	assert_int_equal(hist[GUEST_STAGE_GUEST].sum_ns, 300);
	assert_int_equal(hist[GUEST_STAGE_SERVICE].sum_ns, 500);
	assert_int_equal(hist[GUEST_ROUND_TRIP].sum_ns, 850);
	assert_int_equal(hist[GUEST_ACK_TO_UNMASK].sum_ns, 100);
	assert_int_equal(f->result.backwards, 0);
	assert_int_equal(f->result.unstamped, 0);
	/* Nothing is taken twice. */
	collect(f);
	assert_int_equal(hist[GUEST_ROUND_TRIP].count, 1);
}

/* More than the ring holds and the counter counts, emptied in time. */
static void test_wraps(void **state)
{
	struct fixture *f = *state;
	const uint64_t visits = 3 * VMM_RING_RECORDS;

	f->shared.count = UINT32_MAX - VMM_RING_RECORDS;
	f->collector.visits = f->shared.count;
	for (uint64_t i = 1; i <= visits; i++) {
		inject(f, 10000 * i);
		visit(f, 10000 * i);
		if (i % 1000 == 0)
			collect(f);
	}
	collect(f);
	collector_end(&f->collector);
	assert_int_equal(f->result.unstamped, 0);
	assert_int_equal(f->result.hist[GUEST_ROUND_TRIP].count, visits);
	assert_int_equal(f->result.entries,
			 UINT32_MAX - VMM_RING_RECORDS + visits);
}

/* Stamps are lost, and said to be; counts are the guest's and are not. */
static void test_overrun(void **state)
{
	struct fixture *f = *state;
	const uint64_t visits = VMM_RING_RECORDS + 100;

	for (uint64_t i = 1; i <= visits; i++) {
		inject(f, 10000 * i);
		visit(f, 10000 * i);
	}
	f->shared.served[3] = visits;
	f->shared.empty = 7;
	collect(f);
	collector_end(&f->collector);
	/* The slot that would be written next counts as lost: it may be in
	 * the writing. And the timeline is shorter than the ring. */
	assert_int_equal(f->result.hist[GUEST_SERVICE].count,
			 VMM_RING_RECORDS - 1);
	assert_int_equal(f->result.hist[GUEST_ROUND_TRIP].count,
			 INTXBENCH_TIMELINE);
	assert_int_equal(f->result.unstamped, visits - INTXBENCH_TIMELINE);
	assert_int_equal(f->result.entries, visits);
	assert_int_equal(f->result.served[3], visits);
	assert_int_equal(f->result.empty, 7);
}

/* Entered again with no injection between: the second is nobody's. */
static void test_twice(void **state)
{
	struct fixture *f = *state;

	inject(f, 5000000);
	visit(f, 5000000);
	visit(f, 5001000);
	collect(f);
	assert_int_equal(f->result.hist[GUEST_ROUND_TRIP].count, 1);
	assert_int_equal(f->result.hist[GUEST_SERVICE].count, 2);
	assert_int_equal(f->result.unstamped, 1);
}

static void test_wrong_clock(void **state)
{
	struct fixture *f = *state;

	f->collector.tsc_offset += 2000; /* the guest's stamps look early */
	inject(f, 5000000);
	visit(f, 5000000);
	collect(f);
	assert_true(f->result.backwards > 0);
	assert_int_equal(f->result.hist[GUEST_ROUND_TRIP].count, 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_stamps), CASE(test_wraps),       CASE(test_overrun),
		CASE(test_twice),  CASE(test_wrong_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
