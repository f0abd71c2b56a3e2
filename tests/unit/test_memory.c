// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include "fake_root.h"
#include "memory.h"
#include "sysfs.h"
#include "unit.h"

static int make_root(void **state)
{
	(void)state;
	fake_root_make();
	return 0;
}

static int remove_root(void **state)
{
	(void)state;
	fake_root_remove();
	return 0;
}

static void test_all_there(void **state)
{
	struct memory memory;

	(void)state;
	fake_file("/proc/self/statm", "3000 1234 900 10 0 500 0");
	fake_file("/proc/meminfo", "MemTotal:        1000000 kB\n"
				   "KReclaimable:      33333 kB\n"
				   "Slab:              77777 kB\n"
				   "SReclaimable:      33333 kB\n"
				   "SUnreclaim:        44444 kB\n"
				   "KernelStack:        2048 kB\n"
				   "VmallocTotal:   34359738367 kB\n"
				   "VmallocUsed:       10240 kB\n"
				   "Percpu:              512 kB\n");
	memory_read(&memory);
	assert_int_equal(memory.runner_bytes, 1234 * sysconf(_SC_PAGESIZE));
	assert_int_equal(memory.kernel_bytes[MEMORY_SLAB], 44444 * 1024);
	assert_int_equal(memory.kernel_bytes[MEMORY_STACK], 2048 * 1024);
	assert_int_equal(memory.kernel_bytes[MEMORY_VMALLOC], 10240 * 1024);
	assert_int_equal(memory.kernel_bytes[MEMORY_PERCPU], 512 * 1024);
}

static void test_not_said(void **state)
{
	struct memory memory;

	(void)state;
	memory_read(&memory);
	assert_int_equal(memory.runner_bytes, 0);
	assert_int_equal(memory.kernel_bytes[MEMORY_SLAB], 0);
	fake_file("/proc/meminfo", "MemTotal: 1000000 kB\n"
				   "SUnreclaim: 44444 kB\n"
				   "Percpu: much\n");
	memory_read(&memory);
	assert_int_equal(memory.kernel_bytes[MEMORY_SLAB], 44444 * 1024);
	assert_int_equal(memory.kernel_bytes[MEMORY_STACK], 0);
	assert_int_equal(memory.kernel_bytes[MEMORY_PERCPU], 0);
}

static void test_this_machine(void **state)
{
	struct memory memory;

	(void)state;
	sysfs_use_root("");
	memory_read(&memory);
	assert_true(memory.runner_bytes > 1 << 20);
	assert_true(memory.kernel_bytes[MEMORY_SLAB] > 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_root, remove_root)
	const struct CMUnitTest tests[] = {
		CASE(test_all_there),
		CASE(test_not_said),
		CASE(test_this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
