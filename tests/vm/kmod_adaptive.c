// SPDX-License-Identifier: GPL-2.0-or-later
/* adaptive: others join its line, and leave. */
#include "kmod_test.h"

/* Another session on the line, with a target of its own: the next function. */
static void join(struct rig *other)
{
	struct rig_function first;

	rig_open(other, 0, 0);
	first = other->function[0];
	other->function[0] = other->function[1];
	other->function[1] = first;
	rig_take(other, INTXBENCH_ARM_PCI23);
	rig_serve(other, 0);
}

static void flood_and_leave(struct rig *other, unsigned int ms)
{
	const struct intxbench_data *data = other->function[0].data;

	rig_schedule(other, 0, 500000, 0);
	assert_int_equal(rig_start(other, 0, ms * MS, 0), 0);
	rig_sleep_ms(ms + 15);
	assert_true(rig_drain(other, 5000));
	rig_close_session(other);
	assert_balanced(data, other->served);
	rig_close(other);
}

void test_adaptive(void **state)
{
	(void)state;
	flood_and_check(INTXBENCH_ARM_ADAPTIVE, 1, 500000, 0);
	flood_and_check(INTXBENCH_ARM_ADAPTIVE, 3, 500000, 0);
	flood_and_check(INTXBENCH_ARM_ADAPTIVE, 3, 20000,
			INTXBENCH_SCHEDULE_CLOSED);
}

void test_adaptive_joined_and_left(void **state)
{
	const struct intxbench_data *data;
	struct rig rig, other;
	unsigned int i;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_ADAPTIVE, 1);
	data = rig.function[0].data;
	rig_serve(&rig, 500);
	rig_schedule(&rig, 0, 500000, 0);
	assert_int_equal(rig_start(&rig, 0, 0, 0), 0);
	for (i = 0; i < 50; i++) {
		join(&other);
		flood_and_leave(&other, 10);
		rig_sleep_ms(5);
	}
	assert_true(rig_drain(&rig, 5000));
	rig_close_session(&rig);
	assert_int_equal(rig.empty, 0);
	assert_balanced(data, rig.served);
	assert_true(data->switches >= 50);
	assert_int_equal(data->starved, 0);
	rig_close(&rig);
	assert_int_equal(rig_handlers(), 0);
}

/* A guest that does not serve holds the line off; the joiner gets it. */
void test_adaptive_joiner_is_not_deaf(void **state)
{
	const struct intxbench_data *data;
	struct rig rig, other;
	unsigned int ms;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_ADAPTIVE, 1);
	data = rig.function[0].data;
	rig_schedule(&rig, 0, 1000000, 0);
	assert_int_equal(rig_start(&rig, 0, 0, 60000 * MS), 0);
	for (ms = 0; ms < 2000 && !data->masked; ms += 10)
		rig_sleep_ms(10);
	assert_int_equal(data->masked, 1);
	assert_false(rig_command(&rig.function[0]) & INTX_DISABLE);
	join(&other);
	assert_true(rig_command(&rig.function[0]) & INTX_DISABLE);
	assert_int_equal(data->switches, 1);
	flood_and_leave(&other, 100);
	assert_int_equal(data->masked, 1);
	assert_int_equal(data->unmasked, 0);
	rig_serve(&rig, 0);
	rig_sleep_ms(50);
	assert_true(rig_drain(&rig, 5000));
	rig_close_session(&rig);
	assert_balanced(data, rig.served);
	assert_int_equal(data->starved, 0);
	rig_close(&rig);
}
