// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/utsname.h>

#include "machine.h"
#include "unit.h"

static void test_hypervisors(void **state)
{
	char name[MACHINE_TEXT_MAX];

	(void)state;
	machine_name_hypervisor("TCGTCGTCGTCG", name);
	assert_string_equal(name, "qemu-tcg");
	machine_name_hypervisor("KVMKVMKVM\0\0\0", name);
	assert_string_equal(name, "kvm");
	machine_name_hypervisor("SomeOtherVMM", name);
	assert_string_equal(name, "SomeOtherVMM");
}

static void test_model(void **state)
{
	char model[MACHINE_TEXT_MAX];

	(void)state;
	machine_find_model("processor\t: 0\n"
			   "model\t\t: 6\n"
			   "model name\t: A CPU @ 2 GHz\n"
			   "stepping\t: 1\n",
			   model);
	assert_string_equal(model, "A CPU @ 2 GHz");
	machine_find_model("processor\t: 0\n", model);
	assert_string_equal(model, "");
	machine_find_model("", model);
	assert_string_equal(model, "");
}

static void test_this_machine(void **state)
{
	struct machine machine;
	struct utsname names;

	(void)state;
	assert_int_equal(machine_read(&machine), 0);
	assert_int_equal(uname(&names), 0);
	assert_string_equal(machine.kernel_release, names.release);
	assert_string_equal(machine.machine, names.machine);
	assert_true(machine.cpus_online >= 1);
	assert_true(machine.memory_bytes > 1 << 20);
	assert_true(machine.topology[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hypervisors),
		cmocka_unit_test(test_model),
		cmocka_unit_test(test_this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
