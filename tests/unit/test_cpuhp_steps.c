// SPDX-License-Identifier: GPL-2.0-or-later
/* What is made of the lines of the kernel's cpuhp events. */
#include <errno.h>

#include "cpuhp_steps.h"
#include "unit.h"

static const struct {
	const char *text;
	int expected;
	struct cpuhp_line line;
} lines[] = {
	{ "         cpuhp/1-19      [001] .....     4.469647: cpuhp_enter: cpu: 0001 target: 153 step: 235 (sched_cpu_deactivate)",
	  0,
	  { CPUHP_ENTER, UINT64_C(4469647000), 1, 235, 0 } },
	{ "     kworker/0:1-17      [000] .N...     4.502581: cpuhp_exit:  cpu: 0017  state:  23 step:  24 ret: 0",
	  0,
	  { CPUHP_EXIT, UINT64_C(4502581000), 17, 24, 0 } },
	{ "     kworker/0:1-17      [000] .....     4.502581: cpuhp_exit:  cpu: 0001  state: 199 step: 200 ret: -11",
	  0,
	  { CPUHP_EXIT, UINT64_C(4502581000), 1, 200, -11 } },
	{ "     kworker/0:1-17      [000] .....     4.500900: cpuhp_multi_enter: cpu: 0001 target:   0 step:  65 (zswap_cpu_comp_dead)",
	  0,
	  { CPUHP_ENTER, UINT64_C(4500900000), 1, 65, 0 } },
	/* No flags, other options, a month of uptime, an odd task. */
	{ " 1: cpu: 9-5 (  5) [255] 2592000.000001: cpuhp_enter: cpu: 1023 target: 0 step: 0 (0xffffffff81000000)",
	  0,
	  { CPUHP_ENTER, UINT64_C(2592000000001000), 1023, 0, 0 } },
	{ "CPU:2 [LOST 1234 EVENTS]", 0, { CPUHP_LOST, 0, 0, 0, 0 } },
	{ "##### CPU 1 buffer started ####", 0, { CPUHP_COMMENT, 0, 0, 0, 0 } },
	{ "# tracer: nop", 0, { CPUHP_COMMENT, 0, 0, 0, 0 } },
	{ "", 0, { CPUHP_COMMENT, 0, 0, 0, 0 } },

	{ "a-1 [000] 4.5: cpuhp_enter: cpu: 0001 target: 0 step: 1 (f)",
	  -EINVAL,
	  { 0 } },
	{ "a-1 [000] 4500900: cpuhp_enter: cpu: 0001 target: 0 step: 1 (f)",
	  -EINVAL,
	  { 0 } },
	{ "a-1 [000] 4.50090x: cpuhp_enter: cpu: 0001 target: 0 step: 1 (f)",
	  -EINVAL,
	  { 0 } },
	{ "a-1 [000] -4.500900: cpuhp_enter: cpu: 0001 target: 0 step: 1 (f)",
	  -EINVAL,
	  { 0 } },
	{ ": cpuhp_enter: cpu: 0001 target: 0 step: 1 (f)", -EINVAL, { 0 } },
	{ "a-1 [000] 4.500900: cpuhp_enter: target: 0 step: 1 (f)",
	  -EINVAL,
	  { 0 } },
	{ "a-1 [000] 4.500900: cpuhp_enter: cpu: 0001 target: 0",
	  -EINVAL,
	  { 0 } },
	{ "a-1 [000] 4.500900: cpuhp_enter: cpu: 0001 target: 0 step: ",
	  -EINVAL,
	  { 0 } },
	{ "a-1 [000] 4.500900: cpuhp_enter: cpu: 0001 target: 0 step: 99999999999 (f)",
	  -EINVAL,
	  { 0 } },
	{ "a-1 [000] 4.500900: cpuhp_enter: cpu: -1 target: 0 step: 1 (f)",
	  -EINVAL,
	  { 0 } },
	{ "a-1 [000] 4.500900: cpuhp_exit:  cpu: 0001  state: 1 step: 1",
	  -EINVAL,
	  { 0 } },
	{ "a-1 [000] 4.500900: cpuhp_exit:  cpu: 0001  state: 1 step: 1x ret: 0",
	  -EINVAL,
	  { 0 } },
	{ "a-1 [000] 4.500900: sched_switch: prev_comm=a", -EINVAL, { 0 } },
};

static void test_lines(void **state)
{
	struct cpuhp_line line;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		print_message("# %s\n", lines[i].text);
		assert_int_equal(cpuhp_line_parse(lines[i].text, &line),
				 lines[i].expected);
		if (lines[i].expected)
			continue;
		assert_int_equal(line.event, lines[i].line.event);
		assert_int_equal(line.time_ns, lines[i].line.time_ns);
		assert_int_equal(line.cpu, lines[i].line.cpu);
		assert_int_equal(line.step, lines[i].line.step);
		assert_int_equal(line.ret, lines[i].line.ret);
	}
}

static struct cpuhp_steps steps;

static void take(enum cpuhp_event event, uint64_t time_ns, int cpu, int step,
		 int ret)
{
	const struct cpuhp_line line = { event, time_ns, cpu, step, ret };

	cpuhp_steps_take(&steps, &line);
}

static void assert_step(size_t index, int step, uint64_t time_ns)
{
	assert_true(index < steps.count);
	assert_int_equal(steps.step[index].step, step);
	assert_int_equal(steps.step[index].time_ns, time_ns);
}

/* 236 has 235 and 200 within it; 65 has two instances; CPU 2 is another's. */
static void test_steps(void **state)
{
	(void)state;
	cpuhp_steps_begin(&steps, 1);
	assert_false(cpuhp_steps_whole(&steps));
	take(CPUHP_ENTER, 100, 1, 236, 0);
	take(CPUHP_ENTER, 110, 1, 235, 0);
	take(CPUHP_ENTER, 115, 2, 10, 0);
	take(CPUHP_COMMENT, 0, 0, 0, 0);
	take(CPUHP_EXIT, 150, 1, 235, 0);
	take(CPUHP_ENTER, 150, 1, 200, 0);
	take(CPUHP_EXIT, 155, 1, 200, 0);
	assert_false(cpuhp_steps_whole(&steps));
	take(CPUHP_EXIT, 170, 1, 236, 0);
	take(CPUHP_ENTER, 200, 1, 65, 0);
	take(CPUHP_EXIT, 203, 1, 65, 0);
	take(CPUHP_ENTER, 210, 1, 65, 0);
	take(CPUHP_EXIT, 214, 1, 65, 0);
	assert_true(cpuhp_steps_whole(&steps));
	assert_int_equal(steps.count, 4);
	assert_step(0, 235, 40);
	assert_step(1, 200, 5);
	assert_step(2, 236, 70 - 45);
	assert_step(3, 65, 7);
}

static void test_torn(void **state)
{
	(void)state;
	/* An exit without its enter. */
	cpuhp_steps_begin(&steps, 1);
	take(CPUHP_EXIT, 1, 1, 65, 0);
	assert_false(cpuhp_steps_whole(&steps));
	/* Another one's enter. */
	cpuhp_steps_begin(&steps, 1);
	take(CPUHP_ENTER, 1, 1, 64, 0);
	take(CPUHP_EXIT, 2, 1, 65, 0);
	assert_false(cpuhp_steps_whole(&steps));
	/* A step that fails. */
	cpuhp_steps_begin(&steps, 1);
	take(CPUHP_ENTER, 1, 1, 64, 0);
	take(CPUHP_EXIT, 2, 1, 64, -EAGAIN);
	assert_false(cpuhp_steps_whole(&steps));
	/* Pairs lost as a whole: the kernel says so. */
	cpuhp_steps_begin(&steps, 1);
	take(CPUHP_LOST, 0, 0, 0, 0);
	take(CPUHP_ENTER, 1, 1, 64, 0);
	take(CPUHP_EXIT, 2, 1, 64, 0);
	assert_false(cpuhp_steps_whole(&steps));
	/* A clock that goes back. */
	cpuhp_steps_begin(&steps, 1);
	take(CPUHP_ENTER, 2, 1, 64, 0);
	take(CPUHP_EXIT, 1, 1, 64, 0);
	assert_false(cpuhp_steps_whole(&steps));
	/* Deeper and more than any kernel. */
	cpuhp_steps_begin(&steps, 1);
	for (int i = 0; i <= CPUHP_DEPTH_MAX; i++)
		take(CPUHP_ENTER, i, 1, i, 0);
	assert_true(steps.torn);
	cpuhp_steps_begin(&steps, 1);
	for (int i = 0; i <= CPUHP_STEPS_MAX; i++) {
		take(CPUHP_ENTER, i, 1, i, 0);
		take(CPUHP_EXIT, i, 1, i, 0);
	}
	assert_true(steps.torn);
	/* The next operation knows nothing of it. */
	cpuhp_steps_begin(&steps, 1);
	take(CPUHP_ENTER, 1, 1, 64, 0);
	take(CPUHP_EXIT, 2, 1, 64, 0);
	assert_true(cpuhp_steps_whole(&steps));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_torn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
