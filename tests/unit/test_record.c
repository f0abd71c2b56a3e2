// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "record_json.h"
#include "unit.h"

static char directory[] = "/tmp/intxbench-record-XXXXXX";
static char hist_directory[PATH_MAX];

static struct job job = {
	.name = "quick",
	.path = "quick.ini",
	.text = "; why?\n",
	.question = "why?",
	.blocks = 2,
	.duration_ms = 500,
	.neighbours = 1,
	.neighbour = { { .name = "near", .flood.rate_hz = 10 } },
};
static struct job_points section = { .name = "shared", .neighbours = 1 };
static struct plan_point planned = {
	.section = &section,
	.arm = INTXBENCH_ARM_LINE,
	.rate_hz = 100,
	.service_ns = 5000,
};
static struct lineup lineup = {
	.members = 2,
	.irq = 20,
	.member = {
		{ .name = "target",
		  .function = { .address = "0000:00:04.0", .vendor = 0x1234,
				.device = 0x11e8, .trigger = "edu" } },
		{ .name = "near",
		  .function = { .address = "0000:00:08.0", .vendor = 0x8086,
				.device = 0x100e, .trigger = "e1000" },
		  .driver_before = "e1000" },
	},
};
static const struct guest_choice guest = { &guest_thread_ops, "because" };
static struct placement placement = {
	.flood_cpu = 0,
	.irq_cpu = 1,
	.vcpu_cpu = { 2, 3 },
	.vcpus = 2,
	.note = "",
};
static struct machine machine = { .hostname = "h", .machine = "x86_64" };
static struct point_result result;
static struct record record;

static int setup(void **state)
{
	(void)state;
	strcpy(directory + sizeof(directory) - 7, "XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(hist_directory, sizeof(hist_directory), "%s/hist", directory);
	assert_int_equal(mkdir(hist_directory, 0777), 0);
	error_clear();

	memset(&result, 0, sizeof(result));
	result.functions = 2;
	result.started_ns = 12345;
	for (size_t i = 0; i < 2; i++) {
		result.function[i].member = &lineup.member[i];
		result.function[i].flood = i ? &job.neighbour[0].flood :
					       &job.target;
		result.function[i].accounting.asserted = 7 + i;
		intxbench_hist_record(
			&result.function[i].hist[INTXBENCH_METRIC_ASSERT_ENTRY],
			1500);
	}
	intxbench_hist_record(&result.guest.hist[GUEST_SERVICE], 5100);
	assert_int_equal(record_open(directory, &record), 0);
	return 0;
}

static int teardown(void **state)
{
	char command[PATH_MAX];

	(void)state;
	record_close(&record);
	snprintf(command, sizeof(command), "rm -rf '%s'", directory);
	return system(command);
}

static int add(uint32_t block, enum point_verdict verdict)
{
	const struct point point = {
		.job = &job,
		.plan = &planned,
		.step = { .block = block, .point = 3 },
		.lineup = &lineup,
		.placement = &placement,
		.guest = &guest_thread_ops,
	};

	result.verdict = verdict;
	return record_add(&record, &point, &result);
}

static struct record_head head(void)
{
	static const char *const arguments[] = { "intxbench", "run",
						 "\xff.ini" };

	return (struct record_head){
		.run_id = "id",
		.error = "",
		.started_utc = 1767268800,
		.finished_utc = 1767268860,
		.argument = arguments,
		.arguments = 3,
		.module_version = "0.1.0",
		.module_abi = 1,
		.machine = &machine,
		.job = &job,
		.seed = (UINT64_C(1) << 53) - 1,
		.lineup = &lineup,
		.chip = "IO-APIC 20-fasteoi",
		.placement = &placement,
		.guest = &guest,
		.after_first.kernel_bytes = { [MEMORY_SLAB] = 4096 },
		.after_half = { .runner_bytes = 6144,
				.kernel_bytes = { [MEMORY_SLAB] = 4608 } },
		.after_last = { .runner_bytes = 8192,
				.kernel_bytes = { [MEMORY_SLAB] = 5120,
						  [MEMORY_STACK] = 1024 } },
		.restored = true,
	};
}

static json_t *load(void)
{
	char path[PATH_MAX];
	json_error_t error;
	json_t *root;

	snprintf(path, sizeof(path), "%s/run.json", directory);
	root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		fail_msg("%d: %s", error.line, error.text);
	return root;
}

static const char *text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static json_int_t number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static void finish(struct record_head *with)
{
	assert_int_equal(record_finish(&record, with), 0);
}

static void test_whole(void **state)
{
	struct record_head with = head();
	json_t *root, *point, *metrics;

	(void)state;
	assert_int_equal(add(0, POINT_PASS), 0);
	assert_int_equal(add(1, POINT_PASS), 0);
	finish(&with);
	root = load();
	assert_string_equal(text(root, "schema"), "intxbench/1");
	assert_string_equal(text(root, "verdict"), "pass");
	assert_string_equal(text(root, "state"), "complete");
	assert_string_equal(text(root, "started_utc"), "2026-01-01T12:00:00Z");
	assert_null(json_object_get(root, "error"));
	assert_int_equal(number(json_object_get(root, "job"), "seed"),
			 (UINT64_C(1) << 53) - 1);
	assert_string_equal(json_string_value(json_array_get(
				    json_object_get(root, "command_line"), 2)),
			    "?.ini");
	assert_int_equal(json_array_size(json_object_get(root, "points")), 2);
	point = json_array_get(json_object_get(root, "points"), 1);
	assert_int_equal(number(point, "block"), 1);
	assert_string_equal(text(point, "arm"), "line");
	assert_int_equal(number(point, "flood_ns"), 500000000);

	/* What was measured is there, what was not is not. */
	point = json_array_get(json_object_get(point, "functions"), 0);
	metrics = json_object_get(point, "metrics");
	assert_int_equal(json_object_size(metrics), 2);
	assert_int_equal(number(json_object_get(metrics, "service"), "max_ns"),
			 5100);
	assert_string_equal(text(json_object_get(metrics, "assert_to_entry"),
				 "histogram"),
			    "hist/p3-b1-target-assert_to_entry.hgrm");
	json_decref(root);
}

static void test_memory(void **state)
{
	struct record_head with = head();
	json_t *root, *both, *after;

	(void)state;
	assert_int_equal(add(0, POINT_PASS), 0);
	finish(&with);
	root = load();
	assert_int_equal(number(json_object_get(root, "runner"),
				"rss_after_last_point_bytes"),
			 8192);
	both = json_object_get(root, "kernel_memory");
	after = json_object_get(both, "after_first_point");
	assert_int_equal(json_object_size(after), 1);
	assert_int_equal(number(after, "slab_unreclaimable_bytes"), 4096);
	after = json_object_get(both, "after_half_points");
	assert_int_equal(number(after, "slab_unreclaimable_bytes"), 4608);
	after = json_object_get(both, "after_last_point");
	assert_int_equal(json_object_size(after), 2);
	assert_int_equal(number(after, "stack_bytes"), 1024);
	json_decref(root);
}

/* Of two executions, or where the run was cut short before. */
static void test_no_half(void **state)
{
	struct record_head with = head();
	json_t *root;

	(void)state;
	memset(&with.after_half, 0, sizeof(with.after_half));
	assert_int_equal(add(0, POINT_PASS), 0);
	finish(&with);
	root = load();
	assert_null(json_object_get(json_object_get(root, "runner"),
				    "rss_after_half_points_bytes"));
	assert_null(json_object_get(json_object_get(root, "kernel_memory"),
				    "after_half_points"));
	json_decref(root);
}

/* Of a point, and of what was outside of all. */
static void test_kernel_faults(void **state)
{
	static const struct kmsg_fault fault = {
		.kind = "warn",
		.text = "WARNING: CPU: 0",
		.log_us = 1234567,
		.seen_ns = 89,
	};
	struct record_head with = head();
	json_t *root, *point, *faults;

	(void)state;
	result.kernel.count = KMSG_FAULTS_MAX + 2;
	result.kernel.overruns = 1;
	result.kernel.lost = 100;
	for (size_t i = 0; i < KMSG_FAULTS_MAX; i++)
		result.kernel.fault[i] = fault;
	assert_int_equal(add(0, POINT_FAIL), 0);
	with.kernel.count = 1;
	with.kernel.fault[0] = fault;
	finish(&with);
	root = load();
	assert_int_equal(
		json_array_size(json_object_get(root, "kernel_faults")), 1);
	assert_int_equal(number(root, "kernel_faults_more"), 0);
	assert_int_equal(number(root, "kernel_log_overruns"), 0);
	point = json_array_get(json_object_get(root, "points"), 0);
	faults = json_object_get(point, "kernel_faults");
	assert_int_equal(json_array_size(faults), KMSG_FAULTS_MAX);
	assert_string_equal(text(json_array_get(faults, 15), "kind"), "warn");
	assert_string_equal(text(json_array_get(faults, 15), "text"),
			    "WARNING: CPU: 0");
	assert_int_equal(number(json_array_get(faults, 15), "log_us"), 1234567);
	assert_int_equal(number(json_array_get(faults, 15), "seen_ns"), 89);
	assert_int_equal(number(point, "kernel_faults_more"), 2);
	assert_int_equal(number(point, "kernel_log_overruns"), 1);
	assert_int_equal(number(point, "kernel_log_lost"), 100);
	json_decref(root);
}

static void test_files(void **state)
{
	static const char *const names[] = {
		"hist/p3-b0-target-assert_to_entry.hgrm",
		"hist/p3-b0-target-service.hgrm",
		"hist/p3-b0-near-assert_to_entry.hgrm",
		"run.json",
	};
	struct record_head with = head();
	char path[PATH_MAX];

	(void)state;
	assert_int_equal(add(0, POINT_PASS), 0);
	finish(&with);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
		assert_int_equal(access(path, R_OK), 0);
	}
	snprintf(path, sizeof(path), "%s/points.ndjson", directory);
	assert_int_equal(access(path, F_OK), -1);
}

static void expect_verdict(struct record_head *with, const char *verdict)
{
	assert_string_equal(record_verdict(with, record.counts), verdict);
}

static void test_verdicts(void **state)
{
	struct record_head with = head();

	(void)state;
	expect_verdict(&with, "skip");
	record.counts[POINT_SKIP] = 2;
	expect_verdict(&with, "skip");
	record.counts[POINT_PASS] = 1;
	expect_verdict(&with, "pass");
	with.error = "it broke";
	expect_verdict(&with, "fail");
	with.interrupted = true;
	expect_verdict(&with, "interrupted");
	/* A fault of the kernel outside of the points. */
	with.kernel.count = 1;
	expect_verdict(&with, "fail");
	with.kernel.count = 0;
	with.kernel.overruns = 1;
	expect_verdict(&with, "fail");
	with.kernel.overruns = 0;
	expect_verdict(&with, "interrupted");
	record.counts[POINT_FAIL] = 1;
	expect_verdict(&with, "fail");
}

static void test_no_point(void **state)
{
	struct record_head with = head();
	json_t *root;

	(void)state;
	with.interrupted = true;
	with.error = "no line";
	finish(&with);
	root = load();
	assert_string_equal(text(root, "error"), "no line");
	assert_int_equal(json_array_size(json_object_get(root, "points")), 0);
	json_decref(root);
}

/* The line could not be had: nothing was started, nothing is claimed. */
static void test_never_started(void **state)
{
	struct record_head with = head();
	json_t *root, *point;

	(void)state;
	result.functions = 0;
	result.started_ns = 0;
	result.reasons = 1;
	strcpy(result.reason[0], "needs line 20 alone");
	assert_int_equal(add(0, POINT_SKIP), 0);
	finish(&with);
	root = load();
	assert_string_equal(text(root, "verdict"), "skip");
	point = json_array_get(json_object_get(root, "points"), 0);
	assert_null(json_object_get(point, "started_ns"));
	assert_int_equal(json_array_size(json_object_get(point, "functions")),
			 0);
	json_decref(root);
}

/* As on a full disk: no file may grow past a size that some file needs. */
static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes ? bytes : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void expect_unwritable(int err, const char *file)
{
	limit_files(0);
	assert_int_equal(err, -EFBIG);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_non_null(strstr(error_message(), file));
}

static void test_unwritable_hist(void **state)
{
	(void)state;
	limit_files(100);
	expect_unwritable(add(0, POINT_PASS), ".hgrm");
	assert_int_equal(record.counts[POINT_PASS], 0);
}

static void test_unwritable_point(void **state)
{
	(void)state;
	limit_files(1000);
	expect_unwritable(add(0, POINT_PASS), "points.ndjson");
	assert_int_equal(record.counts[POINT_PASS], 0);
}

static void test_unwritable_record(void **state)
{
	struct record_head with = head();
	char path[PATH_MAX];

	(void)state;
	assert_int_equal(add(0, POINT_PASS), 0);
	limit_files(1000);
	expect_unwritable(record_finish(&record, &with), "run.json");
	snprintf(path, sizeof(path), "%s/run.json", directory);
	assert_int_equal(access(path, F_OK), -1);
}

static uint64_t written_bytes(void)
{
	char command[PATH_MAX];
	unsigned long kib = 0;
	FILE *pipe;

	snprintf(command, sizeof(command), "du -sk '%s'", directory);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_int_equal(fscanf(pipe, "%lu", &kib), 1);
	pclose(pipe);
	return (uint64_t)kib * 1024;
}

/* With every metric as full as it gets. */
static void test_estimate(void **state)
{
	struct record_head with = head();

	(void)state;
	for (uint64_t value_ns = 1; value_ns < 1000000; value_ns++) {
		for (size_t i = 0; i < INTXBENCH_METRICS; i++)
			for (size_t f = 0; f < 2; f++)
				intxbench_hist_record(
					&result.function[f].hist[i],
					value_ns * 1000);
		for (size_t i = 0; i < GUEST_METRICS; i++)
			intxbench_hist_record(&result.guest.hist[i],
					      value_ns * 1000);
	}
	for (uint32_t block = 0; block < 8; block++)
		assert_int_equal(add(block, POINT_PASS), 0);
	finish(&with);
	assert_true(written_bytes() < record_estimate_bytes(&job, 8) -
					      record_estimate_bytes(&job, 0));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_whole),
		CASE(test_memory),
		CASE(test_no_half),
		CASE(test_kernel_faults),
		CASE(test_files),
		CASE(test_verdicts),
		CASE(test_no_point),
		CASE(test_never_started),
		CASE(test_unwritable_hist),
		CASE(test_unwritable_point),
		CASE(test_unwritable_record),
		CASE(test_estimate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
