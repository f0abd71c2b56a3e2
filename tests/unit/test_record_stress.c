// SPDX-License-Identifier: GPL-2.0-or-later
/* What ran beside a flood, as the record has it. */
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record_json.h"
#include "record_stress.h"
#include "unit.h"

static char directory[] = "/tmp/intxbench-stress-XXXXXX";
static struct job job = { .duration_ms = 500 };
static struct job_points section = { .name = "all" };
static struct plan_point planned = {
	.section = &section,
	.rate_hz = 100,
	.stress = { HOTPLUG_CHOICE_OTHERS, true, COUNTER_HOISTED, 1000 },
};
static struct lineup lineup = { .members = 1,
				.member = { { .name = "target" } } };
static const struct point point = {
	.job = &job,
	.plan = &planned,
	.step = { .block = 1, .point = 3 },
	.lineup = &lineup,
	.guest = &guest_thread_ops,
};
static struct point_result result;
static struct hotplug_state state;
static struct hotplug_operation operation[5000];
static struct pressure_sample sample[5000];

static void fill(void)
{
	struct stress_result *stress = &result.stress;

	memset(&result, 0, sizeof(result));
	result.functions = 1;
	result.started_ns = 1000;
	result.function[0].member = &lineup.member[0];
	result.function[0].flood = &job.target;
	stress->flooded_ns = 400;
	stress->hotplug.ran = true;
	stress->hotplug.cpus.cpu[0] = 3;
	stress->hotplug.cpus.count = 1;
	stress->hotplug.result.cycles = 2;
	stress->hotplug.asserted_known = true;
	stress->hotplug.result.asserted = 1;
	intxbench_hist_record(&stress->hotplug.result.hist[HOTPLUG_OFFLINE],
			      95);
	intxbench_hist_record(&state.hist[HOTPLUG_OFFLINE], 40);
	state.state = 7;
	strcpy(state.name, "sched:active");
	stress->hotplug.result.state = &state;
	stress->hotplug.result.states = 1;
	for (size_t i = 0; i < 5000; i++) {
		operation[i].start_ns = i;
		operation[i].direction = i % 2 ? HOTPLUG_ONLINE :
						 HOTPLUG_OFFLINE;
		sample[i].time_ns = i;
	}
	stress->hotplug.result.operation = operation;
	stress->hotplug.result.operations = 5000;
	stress->hotplug.result.operations_dropped = 1;
	stress->pressure.ran = true;
	stress->pressure.result.reached = true;
	stress->pressure.result.psi = true;
	stress->pressure.result.some_us = 8;
	stress->pressure.result.sample = sample;
	stress->pressure.result.samples = 5000;
	stress->counter.ran = true;
	stress->counter.result.sum = 9;
	stress->move.ran = true;
	stress->move.result.moves = 6;
	assert_int_equal(latency_track_open(&stress->track, 1, 400), 0);
}

static json_int_t number(const json_t *object, const char *key)
{
	assert_non_null(json_object_get(object, key));
	return json_integer_value(json_object_get(object, key));
}

static const char *text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void check_point(const json_t *object)
{
	const json_t *hotplug = json_object_get(object, "hotplug");
	const json_t *states = json_object_get(hotplug, "states");
	const json_t *brief =
		json_object_get(json_array_get(states, 0), "offline");

	assert_int_equal(number(object, "flooded_ns"), 400);
	assert_string_equal(text(object, "timeline"), "timeline/p3-b1.json");
	assert_string_equal(text(hotplug, "choice"), "others");
	assert_int_equal(number(hotplug, "cycles"), 2);
	assert_int_equal(number(hotplug, "offline_asserted"), 1);
	assert_null(json_object_get(hotplug, "cycles_asked"));
	assert_null(json_object_get(hotplug, "online"));
	assert_string_equal(text(json_object_get(hotplug, "offline"),
				 "histogram"),
			    "hist/p3-b1-hotplug_offline.hgrm");
	assert_string_equal(text(json_array_get(states, 0), "name"),
			    "sched:active");
	assert_int_equal(number(brief, "max_ns"), 40);
	assert_true(json_is_true(json_object_get(object, "pressure_reached")));
	assert_int_equal(number(json_object_get(object, "pressure"), "some_us"),
			 8);
	assert_string_equal(text(json_object_get(object, "counter"), "read"),
			    "hoisted");
	assert_int_equal(number(json_object_get(object, "counter"), "sum"), 9);
	assert_int_equal(number(json_object_get(object, "move_irq"), "moves"),
			 6);
}

/* The newest operations, and every second sample. */
static void check_timeline(const json_t *timeline)
{
	const json_t *hotplug = json_object_get(timeline, "hotplug");
	const json_t *pressure = json_object_get(timeline, "pressure");
	const json_t *start = json_object_get(hotplug, "start_ns");
	const json_t *time = json_object_get(pressure, "time_ns");

	assert_int_equal(json_array_size(start), 4096);
	assert_int_equal(json_integer_value(json_array_get(start, 0)), 904);
	assert_int_equal(number(hotplug, "dropped"), 905);
	assert_string_equal(json_string_value(json_array_get(
				    json_object_get(hotplug, "direction"), 1)),
			    "online");
	assert_int_equal(json_array_size(time), 2500);
	assert_int_equal(json_integer_value(json_array_get(time, 1)), 2);
	assert_int_equal(
		json_array_size(json_object_get(timeline, "assert_to_entry")),
		1);
}

static void test_whole(void **unused)
{
	char path[PATH_MAX], command[PATH_MAX];
	struct record record;
	json_t *object;

	(void)unused;
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/hist", directory);
	assert_int_equal(mkdir(path, 0777), 0);
	assert_int_equal(record_open(directory, &record), 0);
	fill();
	assert_int_equal(record_add(&record, &point, &result), 0);
	record_close(&record);
	snprintf(path, sizeof(path), "%s/points.ndjson", directory);
	object = json_load_file(path, 0, NULL);
	assert_non_null(object);
	check_point(object);
	json_decref(object);
	snprintf(path, sizeof(path), "%s/timeline/p3-b1.json", directory);
	object = json_load_file(path, 0, NULL);
	assert_non_null(object);
	check_timeline(object);
	json_decref(object);
	snprintf(path, sizeof(path), "%s/hist/p3-b1-hotplug_offline.hgrm",
		 directory);
	assert_int_equal(access(path, R_OK), 0);
	latency_track_free(&result.stress.track);
	snprintf(command, sizeof(command), "rm -rf '%s'", directory);
	assert_int_equal(system(command), 0);
}

/* A point without any of it is as it was before there was any. */
static void test_nothing(void **unused)
{
	static const char *const keys[] = { "flooded_ns", "hotplug",
					    "pressure",   "pressure_reached",
					    "counter",    "move_irq",
					    "timeline" };
	struct point_result *nothing = calloc(1, sizeof(*nothing));
	struct plan_point plain = planned;
	struct point alone = point;
	json_t *object;

	(void)unused;
	assert_non_null(nothing);
	memset(&plain.stress, 0, sizeof(plain.stress));
	alone.plan = &plain;
	object = record_json_point(&alone, nothing);
	assert_non_null(object);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		assert_null(json_object_get(object, keys[i]));
	json_decref(object);
	free(nothing);
}

/* Room is asked for only where it is needed. */
static void test_estimate(void **unused)
{
	static struct job asks = { .sections = 1 };

	(void)unused;
	assert_int_equal(record_stress_estimate_bytes(&asks), 0);
	asks.points[0].stress.moves = 2;
	asks.points[0].stress.move_irq_hz[1] = 5;
	assert_true(record_stress_estimate_bytes(&asks) > 1 << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_estimate),
	};

	return cmocka_run_group_tests_name("record_stress", tests, NULL, NULL);
}
