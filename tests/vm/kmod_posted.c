// SPDX-License-Identifier: GPL-2.0-or-later
/* posted-v1: its two defects show, and do no harm to others. */
#include <string.h>

#include "kmod_test.h"

/* Nobody else on the line, and a guest that does not mask: it works. */
void test_posted_alone(void **state)
{
	(void)state;
	flood_and_check(INTXBENCH_ARM_POSTED_V1, 1, 500000, 0);
}

/* It claims its neighbour's interrupts while its guest serves. */
void test_posted_masks_again(void **state)
{
	const struct intxbench_data *data, *neighbour;
	struct rig rig;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_POSTED_V1, 2);
	data = rig.function[0].data;
	neighbour = rig.function[1].data;
	rig_serve(&rig, 2000);
	rig_schedule(&rig, 0, 5000000, 0);
	rig_schedule(&rig, 1, 300000, 0);
	assert_int_equal(rig_start(&rig, 0, 500 * MS, 0), 0);
	rig_sleep_ms(600);
	assert_true(rig_drain(&rig, 5000));
	rig_close_session(&rig);
	assert_true(data->masked_again > 0);
	assert_true(rig_spurious(data) > 0);
	assert_memory_equal(data->raised, rig.served, sizeof(data->raised));
	assert_balanced(neighbour, neighbour->served);
	rig_close(&rig);
	assert_int_equal(rig_handlers(), 0);
}

/* The guest's unmask: an enable_irq() too many, and the function stays mute. */
void test_posted_unbalanced_enable(void **state)
{
	const struct intxbench_data *data;
	const char *fault;
	struct rig rig;
	unsigned int ms;

	(void)state;
	rig_open(&rig, INTXBENCH_ARM_POSTED_V1, 1);
	data = rig.function[0].data;
	rig_serve(&rig, 0);
	rig_schedule(&rig, 0, 1000000, 0);
	rig_guest_mask(&rig, true);
	assert_int_equal(rig_start(&rig, 0, 0, 0), 0);
	for (ms = 0; ms < 2000 && !data->withheld; ms += 10)
		rig_sleep_ms(10);
	assert_int_equal(data->withheld, 1);
	assert_null(rig_log_fault());
	rig_guest_mask(&rig, false);
	/* The kernel says it in a warning of several lines. */
	fault = rig_log_fault();
	while (fault && !strstr(fault, "Unbalanced enable for IRQ"))
		fault = rig_log_fault();
	assert_non_null(fault);
	rig_log_mark();
	assert_true(rig_state(&rig, 0).flags & INTXBENCH_STATE_INTX_DISABLED);
	assert_false(rig_drain(&rig, 300));
	assert_int_equal(rig_sum(rig.served), 0);
	rig_close(&rig);
	flood_and_check(INTXBENCH_ARM_LINE, 3, 1000000, 0);
}
