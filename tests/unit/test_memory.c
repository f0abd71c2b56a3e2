// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
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

static void make_cache(const char *name, const char *objects,
		       const char *reclaimable)
{
	static const char folder[] = "/sys/kernel/slab/";
	const struct {
		const char *name, *text;
	} files[] = {
		{ "shrink", "" },         { "reclaim_account", reclaimable },
		{ "objects", objects },   { "object_size", "90\n" },
		{ "slab_size", "100\n" },
	};
	char path[256];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s%s/%s", folder, name,
			 files[i].name);
		fake_file(path, files[i].text);
	}
}

/* Names that were merged into one cache are links, and count once. */
static void test_slab_used(void **state)
{
	struct memory memory;

	(void)state;
	make_cache(":0000100", "12 N0=10 N1=2\n", "0\n");
	make_cache("filp", "3 N0=3\n", "0\n");
	make_cache("dentry", "5000 N0=5000\n", "1\n");
	fake_link("/sys/kernel/slab/kmalloc-100", "/sys/kernel/slab/:0000100");
	memory_read(&memory);
	assert_int_equal(memory.kernel_bytes[MEMORY_SLAB_USED], 1500);
	assert_string_equal(fake_read("/sys/kernel/slab/filp/shrink"), "1");
	assert_string_equal(fake_read("/sys/kernel/slab/dentry/shrink"), "");
}

/* Part of a sum would look like the whole. */
static void test_slab_not_said(void **state)
{
	struct memory memory;

	(void)state;
	make_cache("filp", "3 N0=3\n", "0\n");
	make_cache("pid", "many\n", "0\n");
	memory_read(&memory);
	assert_int_equal(memory.kernel_bytes[MEMORY_SLAB_USED], 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_root, remove_root)
	const struct CMUnitTest tests[] = {
		CASE(test_all_there),
		CASE(test_not_said),
		CASE(test_slab_used),
		CASE(test_slab_not_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
