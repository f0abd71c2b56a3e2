// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>

#include "histogram.h"
#include "record_json.h"
#include "record_stress.h"

#define METRICS 6

static bool any_ran(const struct stress_result *stress)
{
	return stress->hotplug.ran || stress->pressure.ran ||
	       stress->counter.ran || stress->move.ran;
}

const char *record_stress_metric(const struct stress_result *stress,
				 size_t index,
				 const struct intxbench_hist **hist)
{
	const struct hotplug_result *hotplug = &stress->hotplug.result;
	const struct {
		const char *name;
		bool ran;
		const struct intxbench_hist *hist;
	} metrics[METRICS] = {
		{ "hotplug_offline", stress->hotplug.ran,
		  &hotplug->hist[HOTPLUG_OFFLINE] },
		{ "hotplug_online", stress->hotplug.ran,
		  &hotplug->hist[HOTPLUG_ONLINE] },
		{ "memory_stat_read", stress->pressure.ran,
		  &stress->pressure.result.read_hist },
		{ "counter_read", stress->counter.ran,
		  &stress->counter.result.read_hist },
		{ "counter_fold", stress->counter.ran,
		  &stress->counter.result.fold_hist },
		{ "move_irq", stress->move.ran,
		  &stress->move.result.write_hist },
	};

	if (index >= METRICS)
		return NULL;
	*hist = metrics[index].ran ? metrics[index].hist : NULL;
	return metrics[index].name;
}

void record_stress_hist(const struct point *point, const char *metric,
			char *path)
{
	snprintf(path, PATH_MAX, "hist/p%" PRIu32 "-b%" PRIu32 "-%s.hgrm",
		 point->step.point, point->step.block, metric);
}

void record_stress_timeline(const struct point *point, char *path)
{
	snprintf(path, PATH_MAX,
		 RECORD_TIMELINES "/p%" PRIu32 "-b%" PRIu32 ".json",
		 point->step.point, point->step.block);
}

/* The metric by its name in its histogram's file, as `name`. */
static void put_metric(struct builder *object, const char *name,
		       const struct point *point,
		       const struct intxbench_hist *hist, const char *metric)
{
	char path[PATH_MAX];

	if (!hist->count)
		return;
	record_stress_hist(point, metric, path);
	builder_set(object, name, record_json_metric(hist, path));
}

static json_t *cpus_json(const struct stress_cpus *cpus)
{
	struct builder array = builder_array();

	for (size_t i = 0; i < cpus->count; i++)
		builder_append(&array, json_integer(cpus->cpu[i]));
	return builder_end(&array);
}

/* Of a state there is no histogram file. */
static void put_brief(struct builder *object, const char *name,
		      const struct intxbench_hist *hist)
{
	struct builder brief;

	if (!hist->count)
		return;
	brief = builder_object();
	builder_set_number(&brief, "count", hist->count);
	builder_set(&brief, "mean_ns", json_real(histogram_mean_ns(hist)));
	builder_set_number(&brief, "p50_ns", histogram_percentile_ns(hist, 50));
	builder_set_number(&brief, "p99_ns", histogram_percentile_ns(hist, 99));
	builder_set_number(&brief, "max_ns", hist->max_ns);
	builder_set(object, name, builder_end(&brief));
}

static json_t *states_json(const struct hotplug_result *hotplug)
{
	struct builder states = builder_array();

	for (size_t i = 0; i < hotplug->states; i++) {
		const struct hotplug_state *state = &hotplug->state[i];
		struct builder object = builder_object();

		builder_set_number(&object, "state", state->state);
		builder_set_text(&object, "name", state->name);
		put_brief(&object, "offline", &state->hist[HOTPLUG_OFFLINE]);
		put_brief(&object, "online", &state->hist[HOTPLUG_ONLINE]);
		builder_append(&states, builder_end(&object));
	}
	return builder_end(&states);
}

static json_t *hotplug_json(const struct point *point,
			    const struct stress_result *stress)
{
	const struct hotplug_result *hotplug = &stress->hotplug.result;
	struct builder object = builder_object();

	builder_set_text(&object, "choice",
			 hotplug_choice_name(point->plan->stress.hotplug));
	builder_set(&object, "cpus", cpus_json(&stress->hotplug.cpus));
	builder_set_number(&object, "interval_ms",
			   point->job->hotplug.interval_ms);
	if (point->job->hotplug.cycles)
		builder_set_number(&object, "cycles_asked",
				   point->job->hotplug.cycles);
	builder_set_number(&object, "cycles", hotplug->cycles);
	builder_set_number(&object, "failed_offline",
			   hotplug->failed[HOTPLUG_OFFLINE]);
	builder_set_number(&object, "failed_online",
			   hotplug->failed[HOTPLUG_ONLINE]);
	if (stress->hotplug.asserted_known)
		builder_set_number(&object, "offline_asserted",
				   hotplug->asserted);
	builder_set(&object, "not_back", cpus_json(&stress->hotplug.not_back));
	builder_set_number(&object, "repinned", hotplug->repinned);
	builder_set_number(&object, "reaimed", hotplug->reaimed);
	builder_set_number(&object, "strayed", hotplug->strayed);
	builder_set_number(&object, "untraced",
			   hotplug->untraced[HOTPLUG_OFFLINE] +
				   hotplug->untraced[HOTPLUG_ONLINE]);
	builder_set_number(&object, "trace_lost", hotplug->trace_lost);
	if (hotplug->trace_why[0])
		builder_set_text(&object, "trace_why", hotplug->trace_why);
	put_metric(&object, "offline", point, &hotplug->hist[HOTPLUG_OFFLINE],
		   "hotplug_offline");
	put_metric(&object, "online", point, &hotplug->hist[HOTPLUG_ONLINE],
		   "hotplug_online");
	builder_set(&object, "states", states_json(hotplug));
	return builder_end(&object);
}

static json_t *work_json(unsigned int work)
{
	static const char *const names[PRESSURE_WORKS] = { "fault", "cache",
							   "dirty" };
	struct builder array = builder_array();

	for (int i = 0; i < PRESSURE_WORKS; i++)
		if (work & (1U << i))
			builder_append_text(&array, names[i]);
	return builder_end(&array);
}

static json_t *events_json(const struct pressure_events *events)
{
	struct builder object = builder_object();

	builder_set_number(&object, "low", events->low);
	builder_set_number(&object, "high", events->high);
	builder_set_number(&object, "max", events->max);
	builder_set_number(&object, "oom", events->oom);
	builder_set_number(&object, "oom_kill", events->oom_kill);
	return builder_end(&object);
}

static json_t *pressure_json(const struct point *point,
			     const struct stress_result *stress)
{
	const struct pressure_result *pressure = &stress->pressure.result;
	struct builder object = builder_object();

	builder_set(&object, "work", work_json(point->job->pressure.work));
	builder_set_number(&object, "readers", point->job->pressure.readers);
	builder_set_number(&object, "length_ns", stress->pressure.length_ns);
	builder_set_number(&object, "max_bytes", pressure->max_bytes);
	builder_set_number(&object, "high_bytes", pressure->high_bytes);
	if (pressure->counted)
		builder_set(&object, "events", events_json(&pressure->events));
	if (pressure->psi) {
		builder_set_number(&object, "some_us", pressure->some_us);
		builder_set_number(&object, "full_us", pressure->full_us);
	}
	builder_set_number(&object, "restarts", pressure->restarts);
	put_metric(&object, "memory_stat_read", point, &pressure->read_hist,
		   "memory_stat_read");
	return builder_end(&object);
}

static json_t *counter_json(const struct point *point,
			    const struct stress_result *stress)
{
	const struct counter_result *counter = &stress->counter.result;
	struct builder object = builder_object();

	builder_set_text(&object, "read",
			 counter_read_name(point->plan->stress.counter));
	builder_set_number(&object, "readers", point->job->counter.readers);
	builder_set_number(&object, "added", counter->added);
	builder_set_number(&object, "sum", counter->sum);
	builder_set_number(&object, "reads", counter->reads);
	builder_set_number(&object, "backwards", counter->backwards);
	builder_set_number(&object, "blocked", counter->blocked);
	builder_set_number(&object, "folds", counter->folds);
	put_metric(&object, "reading", point, &counter->read_hist,
		   "counter_read");
	put_metric(&object, "folding", point, &counter->fold_hist,
		   "counter_fold");
	return builder_end(&object);
}

static json_t *move_json(const struct point *point,
			 const struct stress_result *stress)
{
	const struct irq_mover_result *move = &stress->move.result;
	struct builder object = builder_object();

	builder_set_number(&object, "rate_hz", point->plan->stress.move_irq_hz);
	builder_set(&object, "cpus", cpus_json(&stress->move.cpus));
	builder_set_number(&object, "moves", move->moves);
	builder_set_number(&object, "failed", move->failed);
	builder_set_number(&object, "missed", move->missed);
	put_metric(&object, "moving", point, &move->write_hist, "move_irq");
	return builder_end(&object);
}

void record_stress_put(struct builder *object, const struct point *point,
		       const struct point_result *result)
{
	const struct stress_result *stress = &result->stress;
	char path[PATH_MAX];

	if (!any_ran(stress))
		return;
	builder_set_number(object, "flooded_ns", stress->flooded_ns);
	if (stress->hotplug.ran)
		builder_set(object, "hotplug", hotplug_json(point, stress));
	if (stress->pressure.ran) {
		builder_set(object, "pressure_reached",
			    json_boolean(stress->pressure.result.reached));
		builder_set(object, "pressure", pressure_json(point, stress));
	}
	if (stress->counter.ran)
		builder_set(object, "counter", counter_json(point, stress));
	if (stress->move.ran)
		builder_set(object, "move_irq", move_json(point, stress));
	record_stress_timeline(point, path);
	builder_set_text(object, "timeline", path);
}
