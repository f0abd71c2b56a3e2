// SPDX-License-Identifier: GPL-2.0-or-later
/* TSC to CLOCK_MONOTONIC, on clocks made up here, and on this machine's. */
#include "clock.h"
#include "unit.h"
#include "vmm/tsc.h"

#define DAY_NS (86400 * NSEC_PER_SEC)

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static struct tsc_clock *new_clock(void **state)
{
	struct tsc_clock *clock = *state;

	memset(clock, 0, sizeof(*clock));
	return clock;
}

static void add(struct tsc_clock *clock, uint64_t tsc, uint64_t ns)
{
	struct tsc_pair pair = { .tsc = tsc, .ns = ns };

	tsc_clock_add(clock, &pair);
}

static void test_line(void **state)
{
	struct tsc_clock *clock = new_clock(state);

	add(clock, 3000, 1000);
	add(clock, 9000, 3000);
	assert_int_equal(tsc_clock_ns(clock, 3000), 1000);
	assert_int_equal(tsc_clock_ns(clock, 6000), 2000);
	assert_int_equal(tsc_clock_ns(clock, 9000), 3000);
	/* Beyond either end. */
	assert_int_equal(tsc_clock_ns(clock, 12000), 4000);
	assert_int_equal(tsc_clock_ns(clock, 1500), 500);
	assert_int_equal(clock->error_ns, 0);
}

/* A product of two day-long differences takes 108 bits. */
static void test_days(void **state)
{
	struct tsc_clock *clock = new_clock(state);
	const uint64_t khz = 2893202;
	const uint64_t tsc = UINT64_C(1) << 63, ns = 400 * DAY_NS;
	const uint64_t ticks = 30 * DAY_NS / 1000000 * khz;

	add(clock, tsc, ns);
	add(clock, tsc + ticks, ns + 30 * DAY_NS);
	assert_int_equal(tsc_clock_ns(clock, tsc + ticks / 2),
			 ns + 15 * DAY_NS);
	assert_int_equal(tsc_clock_ns(clock, tsc + ticks), ns + 30 * DAY_NS);
	assert_int_equal(tsc_clock_ns(clock, tsc - ticks), ns - 30 * DAY_NS);
}

/* What time it is on a clock of 2.5 GHz that is slewed by 500 ppm, which is all
 * that adjtimex() does, in every other 35 ms. */
static uint64_t slewed_ns(uint64_t tsc)
{
	const uint64_t period = 87500000;
	uint64_t odd = tsc / period / 2 * period;

	odd += tsc / period % 2 ? tsc % period : 0;
	return 1000000 + tsc * 2 / 5 + odd / 5000;
}

/* Stamps of the last ms, and of a service that began 5 s ago. */
static void test_slew(void **state)
{
	struct tsc_clock *clock = new_clock(state);
	const uint64_t look = 2500000, old = 5000 * look;
	uint64_t worst_ns = 0, error_ns;

	add(clock, 1, slewed_ns(1));
	for (uint64_t tsc = look; tsc < 60000 * look; tsc += look) {
		add(clock, tsc, slewed_ns(tsc));
		error_ns = distance(tsc_clock_ns(clock, tsc - look / 3),
				    slewed_ns(tsc - look / 3));
		worst_ns = error_ns > worst_ns ? error_ns : worst_ns;
		if (tsc <= old)
			continue;
		error_ns = distance(tsc_clock_ns(clock, tsc - old),
				    slewed_ns(tsc - old));
		worst_ns = error_ns > worst_ns ? error_ns : worst_ns;
	}
	assert_true(worst_ns > 100);
	assert_true(worst_ns <= clock->error_ns);
	assert_true(clock->error_ns < 4000);
}

/* A bracket is told whole; a pair that is off shows, whatever its bracket. */
static void test_error(void **state)
{
	struct tsc_clock *clock = new_clock(state);
	struct tsc_pair pair = { 0, 1000000, 30 };

	tsc_clock_add(clock, &pair);
	assert_int_equal(clock->error_ns, 30);
	add(clock, 100000000, 101000000);
	add(clock, 200000000, 201005000);
	assert_int_equal(clock->error_ns, 2500);
	add(clock, 300000000, 301005000);
	assert_int_equal(clock->error_ns, 2500);
}

/* One look a ms, for a minute. */
static void test_history(void **state)
{
	struct tsc_clock *clock = new_clock(state);
	const uint64_t end = 60 * NSEC_PER_SEC;

	for (uint64_t ns = 0; ns <= end; ns += NSEC_PER_MSEC)
		add(clock, 2 * ns, 7 + ns);
	assert_true(clock->pairs > TSC_PAIRS);
	assert_int_equal(clock->error_ns, 0);
	for (uint64_t ns = end - 20 * NSEC_PER_SEC; ns <= end; ns += 1234567)
		assert_int_equal(tsc_clock_ns(clock, 2 * ns), 7 + ns);
	/* What is older than all pairs. */
	assert_int_equal(tsc_clock_ns(clock, 2), 8);
}

static void test_order(void **state)
{
	struct tsc_clock *clock = new_clock(state);

	add(clock, 1000, 1000);
	add(clock, 900, 900);
	add(clock, 1000, 1001);
	assert_int_equal(clock->pairs, 1);
}

static void test_this_machine(void **state)
{
	struct tsc_clock *clock = new_clock(state);
	struct tsc_pair pair;
	uint64_t before_ns, after_ns, ns, tsc;

	pair = tsc_pair_take();
	tsc_clock_add(clock, &pair);
	before_ns = clock_now_ns();
	tsc = tsc_now();
	after_ns = clock_now_ns();
	while (clock_now_ns() < after_ns + NSEC_PER_MSEC)
		;
	pair = tsc_pair_take();
	tsc_clock_add(clock, &pair);
	ns = tsc_clock_ns(clock, tsc);
	assert_true(ns + clock->error_ns >= before_ns);
	assert_true(ns <= after_ns + clock->error_ns);
}

static int setup(void **state)
{
	*state = malloc(sizeof(struct tsc_clock));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_slew),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_history),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_this_machine),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
