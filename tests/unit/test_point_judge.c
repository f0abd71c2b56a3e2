// SPDX-License-Identifier: GPL-2.0-or-later
/* From a data area as the module lays it out to a verdict. */
#include "clock.h"
#include "point_judge.h"
#include "unit.h"

#define CPUS 3

static struct {
	struct intxbench_data data;
	struct intxbench_cpu_data cpu[CPUS];
} area;

static const struct lineup_member member = { .name = "target" };
static struct session_function from;
static struct point_result result;
static struct accounting_input input;

/* Ten asserts on two tokens, all raised, entered on CPUs 0 and 2. */
static int setup(void **state)
{
	(void)state;
	memset(&area, 0, sizeof(area));
	memset(&result, 0, sizeof(result));
	area.data.nr_cpu_ids = CPUS;
	area.data.cpu_offset = offsetof(typeof(area), cpu);
	area.data.cpu_stride = sizeof(area.cpu[0]);
	area.data.intended = 10;
	area.data.asserted = 10;
	area.data.raised[0] = 5;
	area.data.raised[3] = 5;
	for (int i = 0; i < 10; i++) {
		struct intxbench_cpu_data *cpu = &area.cpu[i % 2 * 2];

		cpu->entries++;
		cpu->claimed++;
		intxbench_hist_record(&cpu->hist[INTXBENCH_METRIC_ASSERT_ENTRY],
				      1000 + i);
	}
	from.data = &area.data;
	result.functions = 1;
	result.function[0].member = &member;
	result.guest.served[0] = 5;
	result.guest.served[3] = 5;
	return 0;
}

static void judge(uint32_t pending)
{
	point_collect(&from, CPUS, pending, &result.function[0], &input);
	point_collect_guest(&result.guest, &input);
	point_judge_accounting(&result, &result.function[0], &input);
	point_judge_health(&result, false, 7 * NSEC_PER_MSEC);
	point_conclude(&result, 400 * NSEC_PER_MSEC, 500 * NSEC_PER_MSEC);
}

static void expect_failure(const char *word)
{
	assert_int_equal(result.verdict, POINT_FAIL);
	for (size_t i = 0; i < result.reasons; i++)
		if (strstr(result.reason[i], word))
			return;
	fail_msg("no reason has \"%s\"", word);
}

static void test_pass(void **state)
{
	const struct accounting *counts = &result.function[0].accounting;
	const struct intxbench_hist *hist =
		&result.function[0].hist[INTXBENCH_METRIC_ASSERT_ENTRY];

	(void)state;
	judge(0);
	assert_int_equal(result.verdict, POINT_PASS);
	assert_int_equal(result.reasons, 0);
	assert_int_equal(counts->delivered, 10);
	assert_int_equal(counts->entries, 10);
	assert_int_equal(counts->entered, 10);
	assert_int_equal(hist->count, 10);
	assert_int_equal(hist->min_ns, 1000);
	assert_int_equal(hist->max_ns, 1009);
}

/* Absorbed: by the flood, by an observer, and unseen though served. */
static void test_absorbed(void **state)
{
	(void)state;
	memset(&area.cpu[0].hist, 0, sizeof(area.cpu[0].hist));
	area.data.absorbed = 2;
	area.cpu[1].absorbed = 2;
	area.data.unseen = 1 << 3 | 1 << 5;
	judge(1 << 5);
	assert_int_equal(input.absorbed, 5);
	assert_int_equal(result.verdict, POINT_PASS);
}

static void test_kernel_fault(void **state)
{
	(void)state;
	result.kernel.count = 1;
	strcpy(result.kernel.fault[0].text, "Unbalanced enable for IRQ 20");
	judge(0);
	assert_int_equal(result.verdict, POINT_PASS);
	point_judge_log(&result);
	expect_failure("the kernel's log has: Unbalanced enable for IRQ 20");
	assert_int_equal(result.reasons, 1);
}

/* What a missing line said is not known, so this is no pass. */
static void test_kernel_log_overrun(void **state)
{
	(void)state;
	judge(0);
	result.kernel.overruns = 1;
	result.kernel.lost = 1234;
	point_judge_log(&result);
	expect_failure("1234 lines are missing");
}

/* A signal that cut the drain short does not hide what the kernel said. */
static void test_kernel_fault_interrupted(void **state)
{
	(void)state;
	result.drain_cut = true;
	result.kernel.count = 3;
	judge(1);
	assert_int_equal(result.verdict, POINT_SKIP);
	point_judge_log(&result);
	expect_failure("the first of 3");
}

static void test_kernel_log_is_quiet(void **state)
{
	(void)state;
	judge(0);
	point_judge_log(&result);
	assert_int_equal(result.verdict, POINT_PASS);
}

static void test_lost(void **state)
{
	(void)state;
	result.guest.served[3] = 3;
	judge(0);
	expect_failure("target: ");
	expect_failure("lost 2 of 10");
}

static void test_duplicate(void **state)
{
	(void)state;
	result.guest.empty = 1;
	judge(0);
	expect_failure("target: ");
}

static void test_spurious(void **state)
{
	(void)state;
	area.cpu[1].entries = 4;
	area.cpu[1].claimed = 4;
	area.cpu[1].spurious = 4;
	judge(0);
	expect_failure("spurious");
}

static void test_health(void **state)
{
	(void)state;
	area.data.starved = 2;
	area.data.guarded = 1;
	result.guest.errnum = 9;
	judge(0);
	assert_true(result.guarded);
	expect_failure("watchdog turned the line back on 2 times, after 7 ms");
	expect_failure("guard");
	expect_failure("the guest ended by itself");
}

static void test_flood_cut(void **state)
{
	(void)state;
	result.flood_cut = true;
	judge(0);
	assert_int_equal(result.verdict, POINT_SKIP);
	assert_string_equal(result.reason[0],
			    "interrupted: flooded for 400 of 500 ms");
}

/* What a short flood shows to be wrong is wrong. */
static void test_flood_cut_fails(void **state)
{
	(void)state;
	result.flood_cut = true;
	result.guest.served[0] = 0;
	judge(0);
	expect_failure("lost 5 of 10");
}

static void test_drain_cut(void **state)
{
	(void)state;
	result.flood_cut = true;
	result.drain_cut = true;
	result.guest.served[0] = 0;
	judge(1);
	assert_int_equal(result.verdict, POINT_SKIP);
	assert_int_equal(result.reasons, 1);
}

/* What was wrong before the drain stays so. */
static void test_drain_cut_hides_nothing(void **state)
{
	(void)state;
	result.flood_cut = true;
	result.drain_cut = true;
	point_blame(&result, "CPU 3 is not back");
	judge(1);
	expect_failure("CPU 3 is not back");
}

static void test_many_reasons(void **state)
{
	(void)state;
	for (int i = 0; i < POINT_REASONS_MAX + 5; i++)
		point_blame(&result, "reason %d", i);
	assert_int_equal(result.reasons, POINT_REASONS_MAX + 5);
	assert_string_equal(result.reason[POINT_REASONS_MAX - 1], "reason 31");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		CASE(test_pass),
		CASE(test_absorbed),
		CASE(test_lost),
		CASE(test_kernel_fault),
		CASE(test_kernel_log_overrun),
		CASE(test_kernel_fault_interrupted),
		CASE(test_kernel_log_is_quiet),
		CASE(test_duplicate),
		CASE(test_spurious),
		CASE(test_health),
		CASE(test_flood_cut),
		CASE(test_flood_cut_fails),
		CASE(test_drain_cut),
		CASE(test_drain_cut_hides_nothing),
		CASE(test_many_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
