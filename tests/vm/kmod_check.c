// SPDX-License-Identifier: GPL-2.0-or-later
/* What all tests of the module assert. */
#include "kmod_test.h"

/* asserted = delivered + coalesced, nothing lost, doubled or spurious. */
void assert_balanced(const struct intxbench_data *data, const __u64 *served)
{
	assert_true(data->asserted > 0);
	assert_int_equal(data->intended, data->asserted + data->missed);
	assert_int_equal(data->asserted,
			 data->coalesced + rig_sum(data->raised));
	assert_memory_equal(data->raised, served, sizeof(data->raised));
	assert_int_equal(rig_spurious(data), 0);
	assert_int_equal(rig_sum(data->raised),
			 rig_entered(data) + rig_absorbed(data));
}

void flood_and_check(uint32_t arm, unsigned int functions, uint32_t gap_ns,
		     uint32_t flags)
{
	struct rig rig;
	unsigned int i;

	rig_open(&rig, arm, functions);
	rig_serve(&rig, 0);
	for (i = 0; i < functions; i++)
		rig_schedule(&rig, i, gap_ns + 7000 * i, flags);
	assert_int_equal(rig_start(&rig, 0, 500 * MS, 0), 0);
	rig_sleep_ms(600);
	assert_true(rig_drain(&rig, 5000));
	assert_false(rig_state(&rig, 0).flags & INTXBENCH_STATE_GUARDED);
	assert_false(rig_state(&rig, 0).flags & INTXBENCH_STATE_STARVED);
	rig_close_session(&rig);
	assert_int_equal(rig.empty, 0);
	assert_balanced(rig.function[0].data, rig.served);
	for (i = 1; i < functions; i++)
		assert_balanced(rig.function[i].data,
				rig.function[i].data->served);
	rig_close(&rig);
	assert_int_equal(rig_handlers(), 0);
}

int mark_log(void **state)
{
	(void)state;
	rig_log_mark();
	return 0;
}

int check_log(void **state)
{
	const char *fault = rig_log_fault();

	(void)state;
	if (fault)
		print_error("kernel log: %s\n", fault);
	return fault ? -1 : 0;
}
