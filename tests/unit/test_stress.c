// SPDX-License-Identifier: GPL-2.0-or-later
/* Which CPUs come and go, and how a point with such company is judged. */
#include <errno.h>

#include "error.h"
#include "fake_root.h"
#include "stress_cpus.h"
#include "stress_judge.h"
#include "unit.h"

static struct job job;
static const struct placement placement = {
	.flood_cpu = 0,
	.irq_cpu = 1,
	.vcpu_cpu = { 2, 3 },
	.vcpus = 2,
};
static struct point_result result;
static struct latency_window window[LATENCY_WINDOWS_MAX];

static int make(void **state)
{
	(void)state;
	memset(&job, 0, sizeof(job));
	memset(&result, 0, sizeof(result));
	job.hotplug.cpus.policy = PLACEMENT_NONE;
	error_clear();
	fake_root_make();
	fake_file("/sys/devices/system/cpu/online", "0-3,5,7\n");
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	fake_root_remove();
	return 0;
}

static void expect_cpus(enum hotplug_choice choice, const char *expected)
{
	char text[STRESS_CPUS_TEXT_MAX];
	struct stress_cpus cpus;

	if (stress_cpus_hotplug(&job, &placement, choice, &cpus))
		fail_msg("%s", error_message());
	assert_string_equal(stress_cpus_text(&cpus, text), expected);
}

static void test_choices(void **state)
{
	(void)state;
	expect_cpus(HOTPLUG_CHOICE_NONE, "");
	expect_cpus(HOTPLUG_CHOICE_OTHERS, "5,7");
	expect_cpus(HOTPLUG_CHOICE_IRQ, "1");
	expect_cpus(HOTPLUG_CHOICE_GUEST, "2");
	expect_cpus(HOTPLUG_CHOICE_ANY, "1,2,3,5,7");
	job.hotplug.cpus.policy = PLACEMENT_EXPLICIT;
	job.hotplug.cpus.cpus = 3;
	job.hotplug.cpus.cpu[0] = 7;
	job.hotplug.cpus.cpu[1] = 0;
	job.hotplug.cpus.cpu[2] = 2;
	expect_cpus(HOTPLUG_CHOICE_OTHERS, "7");
	expect_cpus(HOTPLUG_CHOICE_ANY, "7,2");
}

static void test_none_left(void **state)
{
	struct placement shared = placement;
	struct stress_cpus cpus;

	(void)state;
	fake_file("/sys/devices/system/cpu/online", "0-3\n");
	assert_int_equal(stress_cpus_hotplug(&job, &placement,
					     HOTPLUG_CHOICE_OTHERS, &cpus),
			 -ENODEV);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_non_null(strstr(error_message(), "hotplug = others: no CPU is "
						"left"));
	error_clear();
	shared.irq_cpu = 0;
	assert_int_equal(stress_cpus_hotplug(&job, &shared, HOTPLUG_CHOICE_IRQ,
					     &cpus),
			 -EBUSY);
	assert_non_null(strstr(error_message(), "CPU 0 is the flood's too"));
}

/* stress-ng would run anywhere, and stay there. */
static void test_pressures_only_cpu_stays(void **state)
{
	struct placement shared = placement;
	char text[STRESS_CPUS_TEXT_MAX];
	struct stress_cpus cpus;

	(void)state;
	shared.pressure_cpus = 1;
	shared.pressure_cpu[0] = 5;
	assert_int_equal(stress_cpus_hotplug(&job, &shared,
					     HOTPLUG_CHOICE_OTHERS, &cpus),
			 0);
	assert_string_equal(stress_cpus_text(&cpus, text), "7");
	shared.pressure_cpu[0] = 2;
	assert_int_equal(stress_cpus_hotplug(&job, &shared,
					     HOTPLUG_CHOICE_GUEST, &cpus),
			 -EBUSY);
	assert_non_null(strstr(error_message(), "CPU 2 is the only one that "
						"memory pressure"));
	shared.pressure_cpus = 2;
	shared.pressure_cpu[1] = 5;
	assert_int_equal(stress_cpus_hotplug(&job, &shared,
					     HOTPLUG_CHOICE_GUEST, &cpus),
			 0);
}

static void test_move(void **state)
{
	char text[STRESS_CPUS_TEXT_MAX];
	struct stress_cpus cpus;

	(void)state;
	assert_int_equal(stress_cpus_move(&job, &placement, HOTPLUG_CHOICE_NONE,
					  &cpus),
			 0);
	assert_string_equal(stress_cpus_text(&cpus, text), "0,1,2,3,5,7");
	assert_int_equal(stress_cpus_move(&job, &placement,
					  HOTPLUG_CHOICE_OTHERS, &cpus),
			 0);
	assert_string_equal(stress_cpus_text(&cpus, text), "0,1,2,3");
	assert_int_equal(stress_cpus_move(&job, &placement, HOTPLUG_CHOICE_ANY,
					  &cpus),
			 -ENODEV);
	assert_non_null(strstr(error_message(), "the line cannot move"));
}

/* All that can run beside a flood, and went well. */
static void all_well(void)
{
	result.stress.flooded_ns = 5000000000;
	result.stress.hotplug.ran = true;
	result.stress.hotplug.result.cycles = 10;
	job.hotplug.cycles = 10;
	result.stress.pressure.ran = true;
	result.stress.pressure.result.reached = true;
	result.stress.counter.ran = true;
	result.stress.counter.result.added = 7;
	result.stress.counter.result.sum = 7;
	result.stress.counter.result.reads = 3;
	result.stress.move.ran = true;
	result.stress.move.result.moves = 1;
}

static void judge(enum point_verdict verdict, const char *reason)
{
	stress_judge(&result, &job);
	assert_int_equal(result.verdict, verdict);
	assert_int_equal(result.reasons, reason != NULL);
	if (reason)
		assert_string_equal(result.reason[0], reason);
	memset(&result, 0, sizeof(result));
	all_well();
}

static void test_judge(void **state)
{
	struct stress_result *stress = &result.stress;

	(void)state;
	stress_judge(&result, &job); /* nothing ran */
	assert_int_equal(result.verdict, POINT_PASS);
	all_well();
	judge(POINT_PASS, NULL);

	stress->hotplug.result.cycles = 9;
	judge(POINT_FAIL, "hotplug: 9 of 10 cycles in 5000 ms");
	stress->hotplug.result.failed[HOTPLUG_OFFLINE] = 2;
	judge(POINT_FAIL,
	      "hotplug: 2 times a CPU could not be brought offline");
	stress->hotplug.result.failed[HOTPLUG_ONLINE] = 1;
	judge(POINT_FAIL, "hotplug: 1 times a CPU could not be brought online");
	stress->hotplug.not_back.cpu[0] = 3;
	stress->hotplug.not_back.count = 1;
	judge(POINT_FAIL, "hotplug: CPU 3 is not back");
	stress->hotplug.result.strayed = 1;
	judge(POINT_FAIL, "hotplug: 1 threads and lines could not be put back "
			  "on their CPUs");
	stress->hotplug.result.errnum = EIO;
	judge(POINT_FAIL, "hotplug ended by itself: Input/output error");
	stress->counter.result.sum = 6;
	judge(POINT_FAIL, "the counter's sum is 6, where 7 were added");
	stress->counter.result.backwards = 2;
	judge(POINT_FAIL, "the counter: 2 of 3 reads found less than one "
			  "before them");
	stress->counter.result.blocked = 1;
	judge(POINT_FAIL, "the counter: 1 of 3 reads found the hotplug lock "
			  "taken inside their RCU section, where they must "
			  "not sleep");
	stress->counter.result.reads = 0;
	judge(POINT_FAIL, "the counter was never read");
	strcpy(stress->counter.why, "it has gone");
	judge(POINT_FAIL, "the counter: it has gone");
	stress->move.result.failed = 4;
	stress->move.result.last_errnum = EINVAL;
	judge(POINT_FAIL, "the line could not be moved 4 times, last: Invalid "
			  "argument");
	stress->move.result.moves = 0;
	judge(POINT_FAIL, "the line was never moved");
	stress->pressure.result.errnum = ECHILD;
	judge(POINT_FAIL, "the memory pressure ended by itself: No child "
			  "processes");
}

static void test_no_cycle(void **state)
{
	(void)state;
	all_well();
	job.hotplug.cycles = 0;
	result.stress.hotplug.result.cycles = 0;
	judge(POINT_FAIL, "hotplug: not one cycle was done in 5000 ms");
	/* A signal's doing is for point_conclude() to tell. */
	result.flood_cut = true;
	result.stress.hotplug.result.cycles = 0;
	judge(POINT_PASS, NULL);
}

/* Not reached is no pass; what is wrong for another reason stays so. */
static void test_not_reached(void **state)
{
	(void)state;
	all_well();
	result.stress.pressure.result.reached = false;
	result.stress.pressure.result.psi = true;
	result.stress.pressure.result.events.high = 5;
	result.stress.pressure.result.some_us = 12;
	judge(POINT_SKIP,
	      "memory pressure was not reached: memory.max was hit 0 times, "
	      "memory.high 5, tasks stalled for 12 us");
	result.stress.pressure.result.reached = false;
	result.stress.counter.result.sum = 6;
	judge(POINT_FAIL, "the counter's sum is 6, where 7 were added");
}

static struct {
	struct intxbench_data data;
	struct intxbench_cpu_data cpu[2];
} area;

static void come(int cpu, uint64_t value_ns)
{
	intxbench_hist_record(
		&area.cpu[cpu].hist[INTXBENCH_METRIC_ASSERT_ENTRY], value_ns);
}

static void test_track(void **state)
{
	static struct session session;
	struct latency_track track;

	(void)state;
	area.data.cpu_offset = offsetof(typeof(area), cpu);
	area.data.cpu_stride = sizeof(area.cpu[0]);
	session.info.nr_cpu_ids = 2;
	session.function[0].data = &area.data;
	assert_int_equal(latency_track_open(&track, 1, 1000000000), 0);
	assert_int_equal(track.window_ns, LATENCY_WINDOW_NS);
	come(0, 100);
	latency_track_look(&track, &session, 1000000000);
	come(0, 10);
	come(1, 30);
	latency_track_look(&track, &session, 1000000001); /* too early */
	latency_track_look(&track, &session, 1100000000);
	latency_track_look(&track, &session, 1200000000);
	come(1, INTXBENCH_HIST_LIMIT);
	latency_track_look(&track, &session, 1300000000);
	memcpy(window, track.window[0], sizeof(window));
	assert_int_equal(track.windows, 4);
	assert_int_equal(window[1].count, 2);
	assert_int_equal(window[1].sum_ns, 40);
	assert_int_equal(window[1].highest_ns, 30);
	assert_int_equal(window[2].count, 0);
	assert_int_equal(window[2].highest_ns, 0);
	assert_int_equal(window[3].highest_ns, INTXBENCH_HIST_LIMIT);
	for (uint64_t i = 4; i < LATENCY_WINDOWS_MAX + 5; i++)
		latency_track_look(&track, &session,
				   1000000000 + i * LATENCY_WINDOW_NS);
	assert_int_equal(track.windows, LATENCY_WINDOWS_MAX);
	latency_track_free(&track);
	latency_track_free(&track);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_choices, make, unmake),
		cmocka_unit_test_setup_teardown(test_none_left, make, unmake),
		cmocka_unit_test_setup_teardown(test_pressures_only_cpu_stays,
						make, unmake),
		cmocka_unit_test_setup_teardown(test_move, make, unmake),
		cmocka_unit_test_setup_teardown(test_judge, make, unmake),
		cmocka_unit_test_setup_teardown(test_no_cycle, make, unmake),
		cmocka_unit_test_setup_teardown(test_not_reached, make, unmake),
		cmocka_unit_test(test_track),
	};

	return cmocka_run_group_tests_name("stress", tests, NULL, NULL);
}
