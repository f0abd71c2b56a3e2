// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A point's timeline: each series as columns of the same length, in the order
 * of time. Bounded, so that a record does not grow with the run.
 */
#include "record_stress.h"

#define ROWS_MAX 4096
#define ROW_BYTES 128 /* at most, of all columns */

/* Which part of count rows is kept: every `step`th. */
static size_t step_of(size_t count)
{
	return (count + ROWS_MAX - 1) / ROWS_MAX ?: 1;
}

static json_t *operations_json(const struct hotplug_result *hotplug)
{
	size_t first = hotplug->operations > ROWS_MAX ?
			       hotplug->operations - ROWS_MAX :
			       0;
	struct builder start = builder_array(), end = builder_array();
	struct builder cpu = builder_array(), direction = builder_array();
	struct builder errnum = builder_array(), object = builder_object();

	for (size_t i = first; i < hotplug->operations; i++) {
		const struct hotplug_operation *operation =
			&hotplug->operation[i];

		builder_append(&start, json_integer(operation->start_ns));
		builder_append(&end, json_integer(operation->end_ns));
		builder_append(&cpu, json_integer(operation->cpu));
		builder_append_text(&direction,
				    operation->direction == HOTPLUG_OFFLINE ?
					    "offline" :
					    "online");
		builder_append(&errnum, json_integer(operation->errnum));
	}
	builder_set_number(&object, "dropped",
			   hotplug->operations_dropped + first);
	builder_set(&object, "start_ns", builder_end(&start));
	builder_set(&object, "end_ns", builder_end(&end));
	builder_set(&object, "cpu", builder_end(&cpu));
	builder_set(&object, "direction", builder_end(&direction));
	builder_set(&object, "errno", builder_end(&errnum));
	return builder_end(&object);
}

static json_t *pressure_json(const struct pressure_result *pressure)
{
	size_t step = step_of(pressure->samples);
	struct builder time = builder_array(), current = builder_array();
	struct builder some = builder_array(), full = builder_array();
	struct builder object = builder_object();

	for (size_t i = 0; i < pressure->samples; i += step) {
		const struct pressure_sample *sample = &pressure->sample[i];

		builder_append(&time, json_integer(sample->time_ns));
		builder_append(&current, json_integer(sample->current_bytes));
		builder_append(&some, json_integer(sample->some_us));
		builder_append(&full, json_integer(sample->full_us));
	}
	builder_set_number(&object, "dropped", pressure->samples_dropped);
	builder_set(&object, "time_ns", builder_end(&time));
	builder_set(&object, "current_bytes", builder_end(&current));
	if (pressure->psi) {
		builder_set(&object, "some_us", builder_end(&some));
		builder_set(&object, "full_us", builder_end(&full));
	}
	return builder_end(&object);
}

/* The first look of all is not a window: it has what came before it. */
static json_t *function_json(const struct latency_track *track, size_t index,
			     const char *name)
{
	const struct latency_window *window = track->window[index];
	struct builder end = builder_array(), count = builder_array();
	struct builder mean = builder_array(), highest = builder_array();
	struct builder object = builder_object();

	for (size_t i = 1; i < track->windows; i++) {
		if (!window[i].count)
			continue;
		builder_append(&end, json_integer(window[i].end_ns));
		builder_append(&count, json_integer(window[i].count));
		builder_append(&mean, json_real((double)window[i].sum_ns /
						window[i].count));
		builder_append(&highest, json_integer(window[i].highest_ns));
	}
	builder_set_text(&object, "name", name);
	builder_set(&object, "end_ns", builder_end(&end));
	builder_set(&object, "count", builder_end(&count));
	builder_set(&object, "mean_ns", builder_end(&mean));
	builder_set(&object, "highest_ns", builder_end(&highest));
	return builder_end(&object);
}

json_t *record_json_timeline(const struct point_result *result)
{
	const struct stress_result *stress = &result->stress;
	struct builder object = builder_object();
	struct builder functions = builder_array();

	for (size_t i = 0; i < stress->track.functions; i++)
		builder_append(&functions,
			       function_json(&stress->track, i,
					     result->function[i].member->name));
	builder_set_text(&object, "schema", "intxbench-timeline/1");
	builder_set_number(&object, "started_ns", result->started_ns);
	builder_set_number(&object, "flooded_ns", stress->flooded_ns);
	builder_set_number(&object, "window_ns", stress->track.window_ns);
	if (stress->hotplug.ran)
		builder_set(&object, "hotplug",
			    operations_json(&stress->hotplug.result));
	if (stress->pressure.ran)
		builder_set(&object, "pressure",
			    pressure_json(&stress->pressure.result));
	builder_set(&object, "assert_to_entry", builder_end(&functions));
	return builder_end(&object);
}

uint64_t record_stress_estimate_bytes(const struct job *job)
{
	const uint64_t hist_bytes = 6 * 12288, json_bytes = 65536;
	uint64_t series = 2 + 1 + job->neighbours;
	bool any = false;

	for (size_t i = 0; i < job->sections; i++)
		for (size_t k = 0; k < stress_count(&job->points[i].stress);
		     k++) {
			struct stress stress =
				stress_at(&job->points[i].stress, k);

			any |= stress_any(&stress);
		}
	return any ? hist_bytes + json_bytes + series * ROWS_MAX * ROW_BYTES :
		     0;
}
