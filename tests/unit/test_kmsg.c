// SPDX-License-Identifier: GPL-2.0-or-later
#include "kmsg.h"
#include "unit.h"

static void test_record(void **state)
{
	char record[] = "4,1234,5678901,-;irq 20: nobody cared; really\n"
			" SUBSYSTEM=pci\n DEVICE=+pci:0000:00:04.0\n";
	double seconds;

	(void)state;
	assert_string_equal(kmsg_parse(record, &seconds),
			    "irq 20: nobody cared; really");
	assert_true(seconds > 5.6789 && seconds < 5.67891);
}

static void test_not_a_record(void **state)
{
	char no_text[] = "6,1,2,-", no_time[] = "text; more text";
	double seconds;

	(void)state;
	assert_null(kmsg_parse(no_text, &seconds));
	assert_null(kmsg_parse(no_time, &seconds));
}

static void test_faults(void **state)
{
	(void)state;
	assert_true(kmsg_is_fault("irq 20: nobody cared (try booting with"));
	assert_true(kmsg_is_fault("Disabling IRQ #20"));
	assert_true(kmsg_is_fault("BUG: sleeping function called from"));
	assert_true(kmsg_is_fault("WARNING: CPU: 1 PID: 2 at kernel/irq/"));
	assert_true(kmsg_is_fault("Oops: 0000 [#1] PREEMPT SMP"));
	assert_true(kmsg_is_fault("Unbalanced enable for IRQ 20"));
	assert_false(kmsg_is_fault("intxbench: point 3 block 0 shared line"));
	assert_false(kmsg_is_fault("ACPI: GSIE: Enabled at IRQ 20"));
}

static void test_first_fault_is_kept(void **state)
{
	struct kmsg kmsg = { .fd = -1, .fault = "Disabling IRQ #20" };
	char fault[KMSG_FAULT_MAX];

	(void)state;
	kmsg_take_fault(&kmsg, fault, sizeof(fault));
	assert_string_equal(fault, "Disabling IRQ #20");
	kmsg_take_fault(&kmsg, fault, sizeof(fault));
	assert_string_equal(fault, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_not_a_record),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_first_fault_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
