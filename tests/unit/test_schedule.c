// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <math.h>

#include "../kmod/uapi/intxbench.h"
#include "plan.h"
#include "schedule.h"
#include "unit.h"

#define NS_PER_S 1000000000ULL

static const uint32_t rates[] = { 1,     2,     3,     7,     24,   25,   26,
				  99,    100,   101,   333,   1000, 9973, 10000,
				  12345, 33333, 44100, 49999, 50000 };

#define RATES (sizeof(rates) / sizeof(rates[0]))

static uint64_t sum_ns(const struct schedule *schedule)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < schedule->gaps; i++)
		sum += schedule->gap_ns[i];
	return sum;
}

/* INTXBENCH_SCHEDULE's limits, and the mean to a ns over the whole table. */
static void check_table(const struct schedule *schedule, uint32_t rate_hz)
{
	double total = (double)schedule->gaps * NS_PER_S / rate_hz;
	uint64_t sum = sum_ns(schedule);

	assert_in_range(schedule->gaps, 1, INTXBENCH_MAX_GAPS);
	for (size_t i = 0; i < schedule->gaps; i++)
		assert_in_range(schedule->gap_ns[i], 0, INTXBENCH_MAX_GAP_NS);
	assert_true(sum >= schedule->gaps * INTXBENCH_MIN_MEAN_GAP_NS);
	assert_true(fabs(sum - total) <= 0.51);
}

static void test_periodic(void **state)
{
	struct job_flood flood = { .distribution = DISTRIBUTION_PERIODIC };
	struct schedule schedule;
	double period;

	(void)state;
	for (size_t r = 0; r < RATES; r++) {
		assert_int_equal(schedule_build(&flood, rates[r], 1, &schedule),
				 0);
		check_table(&schedule, rates[r]);
		assert_false(schedule.closed);
		period = (double)NS_PER_S / rates[r];
		for (size_t i = 0; i < schedule.gaps; i++)
			assert_true(fabs(schedule.gap_ns[i] - period) < 1);
		/* No drift at all: a table is a whole number of ns. */
		assert_true(sum_ns(&schedule) * rates[r] ==
			    schedule.gaps * NS_PER_S);
		schedule_free(&schedule);
	}
}

static void test_burst(void **state)
{
	static const uint32_t bursts[] = { 1, 2, 3, 10, 97, 999, 1000 };
	struct job_flood flood = { .distribution = DISTRIBUTION_BURST };
	struct schedule schedule;
	double pause;

	(void)state;
	for (size_t b = 0; b < sizeof(bursts) / sizeof(bursts[0]); b++) {
		flood.burst = bursts[b];
		for (size_t r = 0; r < RATES; r++) {
			if (rates[r] < bursts[b])
				continue;
			assert_int_equal(schedule_build(&flood, rates[r], 1,
							&schedule),
					 0);
			check_table(&schedule, rates[r]);
			assert_int_equal(schedule.gaps % bursts[b], 0);
			pause = (double)bursts[b] * NS_PER_S / rates[r];
			for (size_t i = 0; i < schedule.gaps; i++) {
				bool last = (i + 1) % bursts[b] == 0;

				if (!last)
					assert_int_equal(schedule.gap_ns[i], 0);
				else
					assert_true(fabs(schedule.gap_ns[i] -
							 pause) <= 1);
			}
			schedule_free(&schedule);
		}
	}
}

static void test_back_to_back(void **state)
{
	struct job_flood flood = { .distribution = DISTRIBUTION_BACK_TO_BACK };
	struct schedule schedule;

	(void)state;
	assert_int_equal(schedule_build(&flood, 20000, 1, &schedule), 0);
	check_table(&schedule, 20000);
	assert_true(schedule.closed);
	assert_int_equal(schedule.gaps, 1);
	assert_int_equal(schedule.gap_ns[0], 50000);
	schedule_free(&schedule);
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Kolmogorov-Smirnov distance to the exponential of that mean; sorts gap. */
static double distance_to_exponential(uint32_t *gap, size_t count, double mean)
{
	double worst = 0, cdf;

	qsort(gap, count, sizeof(*gap), compare);
	for (size_t i = 0; i < count; i++) {
		cdf = 1 - exp(-(gap[i] / mean));
		worst = fmax(worst, cdf - (double)i / count);
		worst = fmax(worst, (double)(i + 1) / count - cdf);
	}
	return worst;
}

/* 0.1 % of tables that are exponential are further away. */
static double critical_distance(size_t count)
{
	return 1.95 / sqrt(count);
}

static double correlation_of_neighbours(const struct schedule *schedule)
{
	double mean = (double)sum_ns(schedule) / schedule->gaps;
	double both = 0, square = 0;

	for (size_t i = 0; i < schedule->gaps; i++) {
		double here = schedule->gap_ns[i] - mean;
		double next = schedule->gap_ns[(i + 1) % schedule->gaps] - mean;

		both += here * next;
		square += here * here;
	}
	return both / square;
}

static void test_poisson(void **state)
{
	struct job_flood flood = { .distribution = DISTRIBUTION_POISSON };
	struct schedule schedule;
	double distance;

	(void)state;
	for (size_t r = 0; r < RATES; r++) {
		if (rates[r] < SCHEDULE_POISSON_MIN_HZ)
			continue;
		for (uint64_t seed = 0; seed < 10; seed++) {
			assert_int_equal(schedule_build(&flood, rates[r], seed,
							&schedule),
					 0);
			check_table(&schedule, rates[r]);
			assert_int_equal(schedule.gaps, 4096);
			assert_false(schedule.closed);
			assert_true(fabs(correlation_of_neighbours(&schedule)) <
				    4 / sqrt(4096));
			distance = distance_to_exponential(
				schedule.gap_ns, schedule.gaps,
				(double)NS_PER_S / rates[r]);
			assert_true(distance < critical_distance(4096));
			schedule_free(&schedule);
		}
	}
}

/* The distance must refuse what only has the right mean. */
static void test_control_distance(void **state)
{
	static uint32_t gap[4096];
	uint64_t seed = 5;
	double mean = 1000000;

	(void)state;
	for (size_t i = 0; i < 4096; i++)
		gap[i] = plan_random(&seed) % 2000000;
	assert_true(distance_to_exponential(gap, 4096, mean) >
		    critical_distance(4096));
	for (size_t i = 0; i < 4096; i++)
		gap[i] = mean;
	assert_true(distance_to_exponential(gap, 4096, mean) >
		    critical_distance(4096));
	/* Nor does an exponential of a tenth more pass. */
	for (size_t i = 0; i < 4096; i++)
		gap[i] = -log((i + 0.5) / 4096) * mean * 1.1;
	assert_true(distance_to_exponential(gap, 4096, mean) >
		    critical_distance(4096));
	for (size_t i = 0; i < 4096; i++)
		gap[i] = -log((i + 0.5) / 4096) * mean;
	assert_true(distance_to_exponential(gap, 4096, mean) <
		    critical_distance(4096));
}

static void test_poisson_seed(void **state)
{
	struct job_flood flood = { .distribution = DISTRIBUTION_POISSON };
	struct schedule a, b, c;

	(void)state;
	schedule_build(&flood, 100, 1, &a);
	schedule_build(&flood, 100, 1, &b);
	schedule_build(&flood, 100, 2, &c);
	assert_memory_equal(a.gap_ns, b.gap_ns, a.gaps * sizeof(*a.gap_ns));
	assert_memory_not_equal(a.gap_ns, c.gap_ns, a.gaps * sizeof(*a.gap_ns));
	schedule_free(&a);
	schedule_free(&b);
	schedule_free(&c);
}

struct refused {
	enum distribution distribution;
	uint32_t burst, rate_hz;
};

static const struct refused refused[] = {
	{ DISTRIBUTION_PERIODIC, 1, 0 },
	{ DISTRIBUTION_PERIODIC, 1, 50001 },
	{ DISTRIBUTION_PERIODIC, 1, UINT32_MAX },
	{ DISTRIBUTION_BACK_TO_BACK, 1, 50001 },
	{ DISTRIBUTION_POISSON, 1, SCHEDULE_POISSON_MIN_HZ - 1 },
	{ DISTRIBUTION_POISSON, 1, 50001 },
	{ DISTRIBUTION_BURST, 0, 100 },
	{ DISTRIBUTION_BURST, 101, 100 },
	{ DISTRIBUTION_BURST, UINT32_MAX, 50000 },
};

static void test_refused(void **state)
{
	struct schedule schedule;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct job_flood flood = {
			.distribution = refused[i].distribution,
			.burst = refused[i].burst,
		};

		assert_int_equal(schedule_build(&flood, refused[i].rate_hz, 1,
						&schedule),
				 -EINVAL);
		assert_null(schedule.gap_ns);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_periodic),
		cmocka_unit_test(test_burst),
		cmocka_unit_test(test_back_to_back),
		cmocka_unit_test(test_poisson),
		cmocka_unit_test(test_control_distance),
		cmocka_unit_test(test_poisson_seed),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
