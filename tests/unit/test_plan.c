// SPDX-License-Identifier: GPL-2.0-or-later
#include "../kmod/uapi/intxbench.h"
#include "plan.h"
#include "unit.h"

/* 2 * 1 * 3 points and 4 * 2 * 1 points, in 5 blocks. */
static const struct job job = {
	.blocks = 5,
	.sections = 2,
	.points =
		{
			{
				.name = "shared",
				.arm = {INTXBENCH_ARM_PCI23, INTXBENCH_ARM_LINE},
				.arms = 2,
				.rate_hz = {100},
				.rates = 1,
				.service_ns = {10, 20, 30},
				.services = 3,
				.mask_orders = 1,
			},
			{
				.name = "arms",
				.arm = {0, 1, 2, 3},
				.arms = 4,
				.rate_hz = {1000, 2000},
				.rates = 2,
				.service_ns = {50},
				.services = 1,
				.mask_orders = 1,
			},
		},
};

#define POINTS 14

static void test_points(void **state)
{
	struct plan plan;
	size_t i = 0;

	(void)state;
	assert_int_equal(plan_build(&job, 1, &plan), 0);
	assert_int_equal(plan.points, POINTS);
	assert_int_equal(plan.steps, POINTS * 5);
	for (size_t s = 0; s < job.sections; s++) {
		const struct job_points *section = &job.points[s];

		for (size_t a = 0; a < section->arms; a++)
			for (size_t r = 0; r < section->rates; r++)
				for (size_t v = 0; v < section->services; v++) {
					struct plan_point *p = &plan.point[i++];

					assert_ptr_equal(p->section, section);
					assert_int_equal(p->arm,
							 section->arm[a]);
					assert_int_equal(p->rate_hz,
							 section->rate_hz[r]);
					assert_int_equal(
						p->service_ns,
						section->service_ns[v]);
				}
	}
	plan_free(&plan);
	assert_null(plan.point);
}

static void test_blocks_are_permutations(void **state)
{
	struct plan plan;

	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		assert_int_equal(plan_build(&job, seed, &plan), 0);
		for (uint32_t block = 0; block < job.blocks; block++) {
			bool seen[POINTS] = { false };

			for (size_t i = 0; i < POINTS; i++) {
				struct plan_step *step =
					&plan.step[block * POINTS + i];

				assert_int_equal(step->block, block);
				assert_in_range(step->point, 0, POINTS - 1);
				assert_false(seen[step->point]);
				seen[step->point] = true;
			}
		}
		plan_free(&plan);
	}
}

static void test_same_seed_same_plan(void **state)
{
	struct plan a, b;

	(void)state;
	plan_build(&job, 42, &a);
	plan_build(&job, 42, &b);
	assert_int_equal(a.seed, 42);
	assert_memory_equal(a.step, b.step, a.steps * sizeof(*a.step));
	plan_free(&a);
	plan_free(&b);
}

static void test_other_seed_other_plan(void **state)
{
	struct plan a, b;

	(void)state;
	plan_build(&job, 0, &a);
	for (uint64_t seed = 1; seed < 100; seed++) {
		plan_build(&job, seed, &b);
		assert_memory_not_equal(a.step, b.step,
					a.steps * sizeof(*a.step));
		plan_free(&b);
	}
	plan_free(&a);
}

/* Blocks of one plan are not all in the same order. */
static void test_blocks_differ(void **state)
{
	struct plan plan;
	size_t same = 0;

	(void)state;
	plan_build(&job, 7, &plan);
	for (size_t i = 0; i < POINTS; i++)
		same += plan.step[i].point == plan.step[POINTS + i].point;
	assert_true(same < POINTS);
	plan_free(&plan);
}

/*
 * Each point is first about as often as any other: 14 cells, 14,000 blocks,
 * chi-square below 34.5 (0.1 % of 13 degrees of freedom).
 */
static void test_order_is_uniform(void **state)
{
	size_t first[POINTS] = { 0 };
	struct job many = job;
	double chi_square = 0;
	struct plan plan;

	(void)state;
	many.blocks = 1000 * POINTS;
	plan_build(&many, 9, &plan);
	for (size_t i = 0; i < plan.steps; i += POINTS)
		first[plan.step[i].point]++;
	for (size_t i = 0; i < POINTS; i++)
		chi_square += (first[i] - 1000.0) * (first[i] - 1000.0) / 1000;
	assert_true(chi_square < 34.5);
	plan_free(&plan);
}

/* The plan of a seed in a record must be the same on any machine, for good. */
static void test_random_is_splitmix64(void **state)
{
	uint64_t walk = 1234567;

	(void)state;
	assert_true(plan_random(&walk) == 6457827717110365317ULL);
	assert_true(plan_random(&walk) == 3203168211198807973ULL);
	assert_true(plan_random(&walk) == 9817491932198370423ULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_points),
		cmocka_unit_test(test_blocks_are_permutations),
		cmocka_unit_test(test_same_seed_same_plan),
		cmocka_unit_test(test_other_seed_other_plan),
		cmocka_unit_test(test_blocks_differ),
		cmocka_unit_test(test_order_is_uniform),
		cmocka_unit_test(test_random_is_splitmix64),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
