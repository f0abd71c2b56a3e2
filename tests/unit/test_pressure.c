// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory pressure: what files say, and what stress-ng is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"
#include "error.h"
#include "fake_root.h"
#include "host_undo.h"
#include "pressure_text.h"
#include "pressure_tool.h"

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)
#define ALL (PRESSURE_FAULT | PRESSURE_CACHE | PRESSURE_DIRTY)

#define PROC "22 1 0:20 / /proc rw,nosuid - proc proc rw\n"
#define V2 "30 23 0:26 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw\n"
#define UNIFIED \
	"31 23 0:27 / /sys/fs/cgroup/unified rw shared:5 - cgroup2 cgroup2 rw\n"
#define V1_CPU \
	"33 23 0:30 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
#define V1_MEMORY \
	"34 23 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"

static int setup(void **state)
{
	(void)state;
	error_clear();
	fake_root_make();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_root_remove();
	return 0;
}

static void test_mounts(void **state)
{
	static const struct {
		const char *text;
		enum cgroup_layout layout;
		const char *v2, *memory;
	} cases[] = {
		{ "", CGROUP_NONE, "", "" },
		{ PROC, CGROUP_NONE, "", "" },
		{ PROC V2, CGROUP_V2, "/sys/fs/cgroup", "" },
		{ PROC V1_CPU V1_MEMORY, CGROUP_V1, "",
		  "/sys/fs/cgroup/memory" },
		{ UNIFIED V1_CPU V1_MEMORY, CGROUP_HYBRID,
		  "/sys/fs/cgroup/unified", "/sys/fs/cgroup/memory" },
		{ UNIFIED V1_CPU, CGROUP_HYBRID, "/sys/fs/cgroup/unified", "" },
		/* A name in an option is no controller. */
		{ "1 1 0:1 / /a rw - cgroup cgroup rw,name=memory\n", CGROUP_V1,
		  "", "" },
		{ "1 1 0:1 / /a\\040b\\134c rw - cgroup2 x rw\n", CGROUP_V2,
		  "/a b\\c", "" },
		/* No newline at the end; nothing to understand. */
		{ "nonsense\n1 1 0:1 / /a rw - cgroup2 x rw", CGROUP_V2, "/a",
		  "" },
	};
	struct cgroup_mounts mounts;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cgroup_parse_mounts(cases[i].text, &mounts);
		assert_int_equal(mounts.layout, cases[i].layout);
		assert_string_equal(mounts.v2, cases[i].v2);
		assert_string_equal(mounts.memory, cases[i].memory);
	}
}

static void refused(const char *message)
{
	char parent[CGROUP_PATH_MAX];

	assert_int_equal(cgroup_find_parent(parent), -ENOTSUP);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_non_null(strstr(error_message(), message));
	error_clear();
}

static void test_parent(void **state)
{
	char parent[CGROUP_PATH_MAX];

	(void)state;
	fake_file("/proc/self/mountinfo", PROC);
	refused("mount -t cgroup2");
	fake_file("/proc/self/mountinfo", V1_CPU V1_MEMORY);
	refused("systemd.unified_cgroup_hierarchy=1");
	fake_file("/proc/self/mountinfo", UNIFIED V1_MEMORY);
	fake_file("/sys/fs/cgroup/unified/cgroup.controllers", "cpu io\n");
	refused("with cgroup version 1 here (/sys/fs/cgroup/memory)");
	fake_file("/proc/self/mountinfo", V2);
	fake_file("/sys/fs/cgroup/cgroup.controllers", "cpu memoryx\n");
	refused("cgroup_disable=memory");
	fake_file("/sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n");
	assert_int_equal(cgroup_find_parent(parent), 0);
	assert_string_equal(parent, "/sys/fs/cgroup");
}

static void test_events(void **state)
{
	struct pressure_events events;

	(void)state;
	pressure_parse_events("low 1\nhigh 22\nmax 333\noom 4\noom_kill 5\n"
			      "oom_group_kill 6\n",
			      &events);
	assert_int_equal(events.low, 1);
	assert_int_equal(events.high, 22);
	assert_int_equal(events.max, 333);
	assert_int_equal(events.oom, 4);
	assert_int_equal(events.oom_kill, 5);
	/* Kernels before 4.13 have no oom_kill. */
	pressure_parse_events("low 0\nhigh 7\nmax 0\noom 9", &events);
	assert_int_equal(events.high, 7);
	assert_int_equal(events.oom, 9);
	assert_int_equal(events.oom_kill, 0);
}

static void test_psi(void **state)
{
	static const char psi[] =
		"some avg10=1.00 avg60=0.20 avg300=0.00 total=532830\n"
		"full avg10=0.00 avg60=0.00 avg300=0.00 total=12\n";
	uint64_t some_us = 0, full_us = 0;

	(void)state;
	assert_int_equal(pressure_parse_psi(psi, &some_us, &full_us), 0);
	assert_int_equal(some_us, 532830);
	assert_int_equal(full_us, 12);
	assert_int_equal(pressure_parse_psi("", &some_us, &full_us), -EINVAL);
	/* The total of another line is not this one's. */
	assert_int_equal(pressure_parse_psi("some avg10=0.00\nfull total=3\n",
					    &some_us, &full_us),
			 -EINVAL);
	assert_int_equal(pressure_parse_psi("some total=3\n", &some_us,
					    &full_us),
			 -EINVAL);
}

static void test_sizes(void **state)
{
	struct pressure_config config = { .work = ALL };
	struct pressure_sizes sizes;

	(void)state;
	assert_int_equal(pressure_sizes(&config, 2 * GIB, 4, &sizes), 0);
	assert_int_equal(sizes.max_bytes, 128 * MIB);
	assert_int_equal(sizes.high_bytes, 112 * MIB);
	assert_int_equal(sizes.workers, 4);
	assert_int_equal(sizes.fault_bytes, 64 * MIB);
	assert_int_equal(sizes.cache_bytes, 48 * MIB);
	assert_int_equal(sizes.dirty_bytes, 192 * MIB);
	assert_int_equal(sizes.scratch_bytes, 384 * MIB);
	/* At least 64 MiB, and 8 MiB for each worker. */
	assert_int_equal(pressure_sizes(&config, GIB / 2, 64, &sizes), 0);
	assert_int_equal(sizes.max_bytes, 64 * MIB);
	assert_int_equal(sizes.workers, 8);
	/* A file of stress-ng's has 1 GiB at most. */
	config.max_bytes = 32 * GIB;
	config.cpus = 2;
	assert_int_equal(pressure_sizes(&config, 64 * GIB, 64, &sizes), 0);
	assert_int_equal(sizes.workers, 2);
	assert_int_equal(sizes.cache_workers, 48);
	assert_int_equal(sizes.cache_bytes, GIB);
}

/* Faults alone: up to memory.max where memory.high slows them down, else on. */
static void test_faults_alone(void **state)
{
	struct pressure_config config = { .work = PRESSURE_FAULT,
					  .max_bytes = 64 * MIB };
	struct pressure_sizes sizes;

	(void)state;
	assert_int_equal(pressure_sizes(&config, GIB, 4, &sizes), 0);
	assert_int_equal(sizes.fault_workers, 1);
	assert_int_equal(sizes.scratch_bytes, 0);
	assert_in_range(sizes.fault_bytes, sizes.high_bytes, 63 * MIB);
	config.high_bytes = 64 * MIB;
	assert_int_equal(pressure_sizes(&config, GIB, 4, &sizes), 0);
	assert_int_equal(sizes.fault_workers, 4);
	assert_int_equal(sizes.fault_bytes, 64 * MIB);
	config.work_bytes = 3 * MIB;
	assert_int_equal(pressure_sizes(&config, GIB, 4, &sizes), 0);
	assert_int_equal(sizes.fault_bytes, 3 * MIB);
}

static void test_sizes_refused(void **state)
{
	static const struct {
		struct pressure_config config;
		enum exit_status status;
		const char *message;
	} cases[] = {
		{ { .work = 0 }, EXIT_REQUEST, "no work" },
		{ { .work = 8 }, EXIT_REQUEST, "unknown work" },
		{ { .work = 1, .max_bytes = 15 * MIB },
		  EXIT_MACHINE,
		  "are the least" },
		{ { .work = 1, .max_bytes = 600 * MIB },
		  EXIT_MACHINE,
		  "more than half" },
		{ { .work = 1, .max_bytes = 64 * MIB, .high_bytes = 65 * MIB },
		  EXIT_MACHINE,
		  "memory.high" },
		{ { .work = 1, .max_bytes = 64 * MIB, .high_bytes = 31 * MIB },
		  EXIT_MACHINE,
		  "memory.high" },
	};
	struct pressure_sizes sizes;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(pressure_sizes(&cases[i].config, GIB, 4,
						&sizes),
				 -EINVAL);
		assert_int_equal(error_status(), cases[i].status);
		assert_non_null(strstr(error_message(), cases[i].message));
		error_clear();
	}
}

static void expect_command(unsigned int work, const char *expected)
{
	struct pressure_config config = { .work = work,
					  .max_bytes = 64 * MIB,
					  .cpus = 2 };
	struct pressure_command command;
	struct pressure_sizes sizes;
	char text[512] = "";
	size_t used = 0;

	assert_int_equal(pressure_sizes(&config, GIB, 4, &sizes), 0);
	pressure_command(&sizes, "/disk", &command);
	for (size_t i = 0; command.argument[i]; i++)
		used += snprintf(text + used, sizeof(text) - used, "%s%s",
				 i ? " " : "", command.argument[i]);
	assert_string_equal(text, expected);
}

static void test_command(void **state)
{
	(void)state;
	expect_command(PRESSURE_FAULT,
		       "stress-ng --timeout 0 --temp-path /disk --vm 1 "
		       "--vm-bytes 61865984 --vm-method write64");
	expect_command(PRESSURE_CACHE,
		       "stress-ng --timeout 0 --temp-path /disk --sendfile 2 "
		       "--sendfile-size 50331648");
	expect_command(PRESSURE_DIRTY,
		       "stress-ng --timeout 0 --temp-path /disk --hdd 2 "
		       "--hdd-bytes 100663296");
	expect_command(ALL,
		       "stress-ng --timeout 0 --temp-path /disk --vm 2 "
		       "--vm-bytes 33554432 --vm-method write64 --sendfile 2 "
		       "--sendfile-size 50331648 --hdd 2 --hdd-bytes "
		       "100663296");
}

/* What is gone is undone; what is not ours is never removed. */
static void test_undo(void **state)
{
	(void)state;
	assert_int_equal(host_undo_cgroup("/sys/fs/cgroup/intxbench", "absent"),
			 0);
	assert_int_equal(host_undo_cgroup_control("/sys/fs/cgroup", "memory"),
			 0);
	fake_file("/sys/fs/cgroup/cgroup.subtree_control", "cpu memory\n");
	assert_int_equal(host_undo_cgroup_control("/sys/fs/cgroup", "memory"),
			 0);
	assert_string_equal(fake_read("/sys/fs/cgroup/cgroup.subtree_control"),
			    "-memory");
	assert_int_equal(
		host_undo_scratch("/nowhere/intxbench-scratch", "absent"), 0);
	assert_int_equal(host_undo_scratch(fake_root(), "absent"), -EINVAL);
	assert_non_null(strstr(error_message(), "not a folder of ours"));
}

/* Whoever may write there may have made one of that name. */
static void test_scratch_of_another(void **state)
{
	char folder[PATH_MAX], file[PATH_MAX + 8];

	(void)state;
	snprintf(folder, sizeof(folder), "%s/intxbench-scratch", fake_root());
	snprintf(file, sizeof(file), "%s/file", folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(mkdir(file, 0700), 0);
	assert_int_equal(chmod(folder, 0755), 0);
	assert_int_equal(host_undo_scratch(folder, "absent"), -EPERM);
	assert_non_null(strstr(error_message(), "nothing of it is touched"));
	assert_int_equal(access(file, F_OK), 0);
	error_clear();
	assert_int_equal(chmod(folder, 0700), 0);
	assert_int_equal(host_undo_scratch(folder, "absent"), 0);
	assert_int_equal(access(folder, F_OK), -1);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_mounts),        CASE(test_parent),
		CASE(test_events),        CASE(test_psi),
		CASE(test_sizes),         CASE(test_faults_alone),
		CASE(test_sizes_refused), CASE(test_command),
		CASE(test_undo),          CASE(test_scratch_of_another),
	};

	return cmocka_run_group_tests_name("pressure", tests, NULL, NULL);
}
