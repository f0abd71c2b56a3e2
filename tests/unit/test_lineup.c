// SPDX-License-Identifier: GPL-2.0-or-later
#include "../kmod/uapi/intxbench.h"
#include "error.h"
#include "lineup.h"
#include "unit.h"

#define EDU .vendor = 0x1234, .device = 0x11e8, .trigger = "edu", .pin = 1
#define E1000 .vendor = 0x8086, .device = 0x100e, .trigger = "e1000", .pin = 1

/* Two lines of functions with triggers, as host_scan() sorts them. */
static struct host_function routed[] = {
	{ .address = "0000:00:03.0",
	  .irq = 16,
	  .live = true,
	  .pin = 1,
	  .driver = "ahci",
	  .refusal = "a mounted disk: sda" },
	{ .address = "0000:00:05.0", .irq = 16, EDU },
	{ .address = "0000:00:09.0", .irq = 16, EDU },
	{ .address = "0000:00:02.0",
	  .irq = 20,
	  E1000,
	  .driver = "e1000",
	  .live = true,
	  .refusal = "eth0 is up" },
	{ .address = "0000:00:04.0", .irq = 20, E1000 },
	{ .address = "0000:00:08.0", .irq = 20, EDU },
	{ .address = "0000:00:0c.0", .irq = 20, EDU },
	{ .address = "0000:00:10.0", .irq = 30, EDU, .msi = true },
	{ .address = "0000:00:1f.0" },
};

static struct host_functions host = {
	.function = routed,
	.count = sizeof(routed) / sizeof(routed[0]),
};

static struct job job;
static struct lineup lineup;

static int setup(void **state)
{
	(void)state;
	memset(&job, 0, sizeof(job));
	error_clear();
	return 0;
}

static void want(const char *target, const char *first, const char *second)
{
	strcpy(job.target_function, target);
	strcpy(job.neighbour[0].name, "first");
	strcpy(job.neighbour[1].name, "second");
	job.neighbours = 0;
	if (first)
		strcpy(job.neighbour[job.neighbours++].function, first);
	if (second)
		strcpy(job.neighbour[job.neighbours++].function, second);
}

static const char *member(size_t index)
{
	return lineup.member[index].function.address;
}

static void expect_error(enum exit_status status, const char *word)
{
	assert_true(lineup_choose(&job, &host, &lineup) < 0);
	assert_int_equal(error_status(), status);
	assert_non_null(strstr(error_message(), word));
}

static void test_auto(void **state)
{
	(void)state;
	want("auto", "auto", "auto");
	assert_true(lineup_is_auto(&job));
	assert_int_equal(lineup_choose(&job, &host, &lineup), 0);
	assert_int_equal(lineup.members, 3);
	assert_int_equal(lineup.irq, 20);
	assert_string_equal(member(0), "0000:00:08.0"); /* edu first */
	assert_string_equal(member(1), "0000:00:04.0");
	assert_string_equal(member(2), "0000:00:0c.0");
	assert_string_equal(lineup.member[0].name, "target");
	assert_string_equal(lineup.member[2].name, "second");
}

/* Before functions are enabled no line is known, and all are taken for one. */
static void test_auto_not_routed(void **state)
{
	struct host_function unknown[] = {
		{ .address = "0000:00:04.0", EDU },
		{ .address = "0000:00:05.0", E1000 },
	};
	struct host_functions functions = { .function = unknown, .count = 2 };

	(void)state;
	want("auto", "auto", NULL);
	assert_int_equal(lineup_choose(&job, &functions, &lineup), 0);
	assert_int_equal(lineup.irq, 0);
	assert_string_equal(member(1), "0000:00:05.0");
}

static void test_given(void **state)
{
	(void)state;
	want("0000:00:0c.0", "0000:00:04.0", NULL);
	assert_false(lineup_is_auto(&job));
	assert_int_equal(lineup_choose(&job, &host, &lineup), 0);
	assert_string_equal(member(0), "0000:00:0c.0");
	assert_string_equal(member(1), "0000:00:04.0");
}

static void test_auto_joins_given(void **state)
{
	(void)state;
	want("auto", "0000:00:05.0", NULL);
	assert_int_equal(lineup_choose(&job, &host, &lineup), 0);
	assert_int_equal(lineup.irq, 16);
	assert_string_equal(member(0), "0000:00:09.0");
	want("0000:00:08.0", "auto", "auto");
	assert_int_equal(lineup_choose(&job, &host, &lineup), 0);
	assert_string_equal(member(1), "0000:00:04.0");
	assert_string_equal(member(2), "0000:00:0c.0");
}

static void test_missing(void **state)
{
	(void)state;
	want("0000:00:07.7", NULL, NULL);
	expect_error(EXIT_MACHINE, "no function 0000:00:07.7");
}

static void test_no_trigger(void **state)
{
	(void)state;
	want("auto", "0000:00:1f.0", NULL);
	expect_error(EXIT_MACHINE, "no trigger");
}

static void test_refused(void **state)
{
	(void)state;
	want("0000:00:02.0", NULL, NULL);
	expect_error(EXIT_MACHINE, "eth0 is up");
}

static void test_twice(void **state)
{
	(void)state;
	want("0000:00:08.0", "0000:00:08.0", NULL);
	expect_error(EXIT_REQUEST, "twice");
}

static void test_too_few(void **state)
{
	(void)state;
	want("0000:00:05.0", "auto", "auto");
	expect_error(EXIT_MACHINE, "left on line 16");
	assert_non_null(strstr(error_message(), "second"));
}

static void test_none(void **state)
{
	struct host_functions bare = { .function = &routed[8], .count = 1 };

	(void)state;
	want("auto", NULL, NULL);
	assert_true(lineup_choose(&job, &bare, &lineup) < 0);
	assert_int_equal(error_status(), EXIT_MACHINE);
}

static struct plan_point gentle = { .arm = INTXBENCH_ARM_PCI23 };
static struct plan_point harsh = { .arm = INTXBENCH_ARM_LINE };

static void test_confirm(void **state)
{
	const struct plan plan = { .point = &gentle, .points = 1 };

	(void)state;
	want("0000:00:08.0", "0000:00:04.0", NULL);
	assert_int_equal(lineup_choose(&job, &host, &lineup), 0);
	lineup.irq = 0;
	assert_int_equal(lineup_confirm(&lineup, &plan, &host), 0);
	assert_int_equal(lineup.irq, 20);
}

static void test_confirm_other_line(void **state)
{
	const struct plan plan = { .point = &gentle, .points = 1 };

	(void)state;
	want("0000:00:08.0", "0000:00:05.0", NULL);
	assert_int_equal(lineup_choose(&job, &host, &lineup), 0);
	assert_true(lineup_confirm(&lineup, &plan, &host) < 0);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_non_null(strstr(error_message(), "0000:00:08.0 is on line 20"));
	assert_non_null(strstr(error_message(), "0000:00:05.0 on line 16"));
}

/* 0000:00:02.0 is in use on line 20: it must not be made deaf. */
static void test_confirm_live(void **state)
{
	const struct plan plan = { .point = &harsh, .points = 1 };

	(void)state;
	want("0000:00:08.0", NULL, NULL);
	assert_int_equal(lineup_choose(&job, &host, &lineup), 0);
	assert_true(lineup_confirm(&lineup, &plan, &host) < 0);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_non_null(strstr(error_message(), "0000:00:02.0"));
	assert_non_null(strstr(error_message(), "eth0 is up"));
}

static void test_confirm_gone(void **state)
{
	const struct plan plan = { .point = &gentle, .points = 1 };
	struct host_functions rest = { .function = routed, .count = 3 };

	(void)state;
	want("0000:00:08.0", NULL, NULL);
	assert_int_equal(lineup_choose(&job, &host, &lineup), 0);
	assert_true(lineup_confirm(&lineup, &plan, &rest) < 0);
	assert_non_null(strstr(error_message(), "has gone"));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		CASE(test_auto),         CASE(test_auto_not_routed),
		CASE(test_given),        CASE(test_auto_joins_given),
		CASE(test_missing),      CASE(test_no_trigger),
		CASE(test_refused),      CASE(test_twice),
		CASE(test_too_few),      CASE(test_none),
		CASE(test_confirm),      CASE(test_confirm_other_line),
		CASE(test_confirm_live), CASE(test_confirm_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
