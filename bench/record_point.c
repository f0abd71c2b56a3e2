// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <limits.h>

#include "builder.h"
#include "clock.h"
#include "histogram.h"
#include "record_json.h"
#include "record_stress.h"
#include "results.h"

static const char *const module_metrics[INTXBENCH_METRICS] = {
	[INTXBENCH_METRIC_INTENDED_ASSERT] = "intended_to_assert",
	[INTXBENCH_METRIC_ASSERT_ENTRY] = "assert_to_entry",
	[INTXBENCH_METRIC_INTENDED_ENTRY] = "intended_to_entry",
	[INTXBENCH_METRIC_HANDLER] = "handler",
	[INTXBENCH_METRIC_MASK] = "mask",
	[INTXBENCH_METRIC_ENTRY_INJECT] = "entry_to_inject",
	[INTXBENCH_METRIC_UNMASK] = "unmask",
	[INTXBENCH_METRIC_MASKED] = "masked",
};

static const char *const guest_metrics[GUEST_METRICS] = {
	[GUEST_STAGE_ENTRY] = "stage_entry",
	[GUEST_STAGE_MASK] = "stage_mask",
	[GUEST_STAGE_INJECT] = "stage_inject",
	[GUEST_STAGE_GUEST] = "stage_guest",
	[GUEST_STAGE_SERVICE] = "stage_service",
	[GUEST_ENTRY_TO_GUEST] = "entry_to_guest",
	[GUEST_SERVICE] = "service",
	[GUEST_ACK_TO_UNMASK] = "ack_to_unmask",
	[GUEST_ROUND_TRIP] = "round_trip",
	[GUEST_INTENDED_ROUND_TRIP] = "intended_round_trip",
};

const char *record_metric(const struct point_result *result, size_t function,
			  size_t index, const struct intxbench_hist **hist)
{
	if (index < INTXBENCH_METRICS) {
		*hist = &result->function[function].hist[index];
		return module_metrics[index];
	}
	index -= INTXBENCH_METRICS;
	if (index < GUEST_METRICS) {
		*hist = function ? NULL : &result->guest.hist[index];
		return guest_metrics[index];
	}
	*hist = &result->function[function].load.latency;
	return index == GUEST_METRICS ? "load_latency" : NULL;
}

void record_hist_path(const struct point *point,
		      const struct point_function *function, const char *metric,
		      char *path)
{
	char name[JOB_NAME_MAX];

	results_safe_name(function->member->name, name, sizeof(name));
	snprintf(path, PATH_MAX, "hist/p%" PRIu32 "-b%" PRIu32 "-%s-%s.hgrm",
		 point->step.point, point->step.block, name, metric);
}

json_t *record_json_metric(const struct intxbench_hist *hist, const char *path)
{
	static const struct {
		const char *name;
		double percentile;
	} percentiles[] = {
		{ "p10_ns", 10 },    { "p25_ns", 25 }, { "p50_ns", 50 },
		{ "p75_ns", 75 },    { "p90_ns", 90 }, { "p99_ns", 99 },
		{ "p999_ns", 99.9 },
	};
	struct builder metric = builder_object();

	builder_set_number(&metric, "count", hist->count);
	builder_set_number(&metric, "min_ns", hist->min_ns);
	builder_set(&metric, "mean_ns", json_real(histogram_mean_ns(hist)));
	for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]);
	     i++)
		builder_set_number(&metric, percentiles[i].name,
				   histogram_percentile_ns(
					   hist, percentiles[i].percentile));
	builder_set_number(&metric, "max_ns", hist->max_ns);
	builder_set_number(&metric, "above", hist->above);
	builder_set_text(&metric, "histogram", path);
	return builder_end(&metric);
}

/* What was not measured is absent. */
static json_t *metrics_json(const struct point *point,
			    const struct point_result *result, size_t index)
{
	struct builder metrics = builder_object();
	const struct intxbench_hist *hist;
	const char *name;

	for (size_t i = 0; (name = record_metric(result, index, i, &hist));
	     i++) {
		char path[PATH_MAX];

		if (!hist || !hist->count)
			continue;
		record_hist_path(point, &result->function[index], name, path);
		builder_set(&metrics, name, record_json_metric(hist, path));
	}
	return builder_end(&metrics);
}

static json_t *accounting_json(const struct accounting *from)
{
	struct builder counts = builder_object();

	builder_set_number(&counts, "intended", from->intended);
	builder_set_number(&counts, "asserted", from->asserted);
	builder_set_number(&counts, "missed", from->missed);
	builder_set_number(&counts, "delivered", from->delivered);
	builder_set_number(&counts, "coalesced", from->coalesced);
	builder_set_number(&counts, "lost", from->lost);
	builder_set_number(&counts, "duplicate", from->duplicate);
	builder_set_number(&counts, "spurious", from->spurious);
	builder_set_number(&counts, "entries", from->entries);
	builder_set_number(&counts, "claimed", from->claimed);
	builder_set_number(&counts, "declined", from->declined);
	builder_set_number(&counts, "entered", from->entered);
	builder_set_number(&counts, "absorbed", from->absorbed);
	return builder_end(&counts);
}

/* What the guest counted itself, where it is ours. */
static void set_guest(struct builder *counts, const struct guest_result *guest)
{
	builder_set_number(counts, "guest_entries", guest->entries);
	builder_set_number(counts, "guest_empty", guest->empty);
	builder_set_number(counts, "guest_merged", guest->merged);
	builder_set_number(counts, "guest_unstamped", guest->unstamped);
	builder_set_number(counts, "guest_backwards", guest->backwards);
	builder_set_number(counts, "guest_mask_toggles", guest->mask_toggles);
	builder_set_number(counts, "guest_clock_error_ns",
			   guest->clock_error_ns);
	if (guest->started_ns)
		builder_set_number(counts, "guest_started_ns",
				   guest->started_ns);
}

static json_t *target_json(const struct point *point,
			   const struct point_result *result)
{
	const struct intxbench_data *data = &result->function[0].data;
	struct builder counts = builder_object();

	builder_set_number(&counts, "masked", data->masked);
	builder_set_number(&counts, "injected", data->injected);
	builder_set_number(&counts, "reasserted", data->reasserted);
	builder_set_number(&counts, "unmasked", data->unmasked);
	builder_set_number(&counts, "acks", data->acks);
	builder_set_number(&counts, "acks_unmasked", data->acks_unmasked);
	builder_set_number(&counts, "starved", data->starved);
	builder_set_number(&counts, "masked_again", data->masked_again);
	builder_set_number(&counts, "guest_masks", data->guest_masks);
	builder_set_number(&counts, "guest_unmasks", data->guest_unmasks);
	builder_set_number(&counts, "withheld", data->withheld);
	builder_set_number(&counts, "acks_withheld", data->acks_withheld);
	builder_set_number(&counts, "switches", data->switches);
	if (!point->guest->outside)
		set_guest(&counts, &result->guest);
	return builder_end(&counts);
}

static json_t *handler_json(const struct accounting *from)
{
	struct builder counts = builder_object();

	builder_set_number(&counts, "entries", from->entries);
	builder_set_number(&counts, "claimed", from->claimed);
	builder_set_number(&counts, "declined", from->declined);
	return builder_end(&counts);
}

static json_t *load_json(const struct point_function *function)
{
	const struct job_neighbour *live = function->live;
	struct builder object = builder_object();
	char command[LOAD_COMMAND_MAX];

	load_command(live->load, live->load_object, command);
	builder_set_text(&object, "tool", load_name(live->load));
	builder_set_text(&object, "command", command);
	if (live->load == LOAD_PING)
		builder_set_number(&object, "unanswered",
				   function->load.unanswered);
	return builder_end(&object);
}

static const char *role_of(const struct point_function *function, bool target)
{
	if (target)
		return "target";
	return function->live ? "live" : "neighbour";
}

static void put_flood(struct builder *object,
		      const struct point_function *function)
{
	const struct job_flood *flood = function->flood;

	builder_set_text(object, "distribution",
			 distribution_name(flood->distribution));
	builder_set_number(object, "rate_hz", function->rate_hz);
	builder_set_number(object, "phase_ns", flood->phase_ns);
	builder_set(object, "follow", json_boolean(flood->follow));
}

static json_t *function_json(const struct point *point,
			     const struct point_result *result, size_t index)
{
	const struct point_function *function = &result->function[index];
	struct builder object = builder_object();

	builder_set_text(&object, "name", function->member->name);
	builder_set_text(&object, "role", role_of(function, !index));
	builder_set_text(&object, "address",
			 function->member->function.address);
	if (!function->live || function->rate_hz)
		put_flood(&object, function);
	if (function->live)
		builder_set(&object, "handler",
			    handler_json(&function->accounting));
	else
		builder_set(&object, "accounting",
			    accounting_json(&function->accounting));
	if (function->live && function->live->load != LOAD_NONE)
		builder_set(&object, "load", load_json(function));
	if (!index)
		builder_set(&object, "target", target_json(point, result));
	builder_set(&object, "metrics", metrics_json(point, result, index));
	return builder_end(&object);
}

static json_t *functions_json(const struct point *point,
			      const struct point_result *result)
{
	struct builder functions = builder_array();

	for (size_t i = 0; i < result->functions; i++)
		builder_append(&functions, function_json(point, result, i));
	return builder_end(&functions);
}

/* More reasons than are kept say nothing new, but must not go unsaid. */
static json_t *reasons_json(const struct point_result *result)
{
	struct builder reasons = builder_array();
	char more[64];

	for (size_t i = 0; i < result->reasons && i < POINT_REASONS_MAX; i++)
		builder_append_text(&reasons, result->reason[i]);
	if (result->reasons > POINT_REASONS_MAX) {
		snprintf(more, sizeof(more), "and %zu more",
			 result->reasons - POINT_REASONS_MAX);
		builder_append_text(&reasons, more);
	}
	return builder_end(&reasons);
}

json_t *record_json_point(const struct point *point,
			  const struct point_result *result)
{
	const struct plan_point *plan = point->plan;
	struct builder object = builder_object();

	builder_set_number(&object, "point", point->step.point);
	builder_set_number(&object, "block", point->step.block);
	builder_set_text(&object, "section", plan->section->name);
	builder_set_text(&object, "arm", arm_policy(plan->arm));
	builder_set_text(&object, "path", arm_path(plan->arm));
	builder_set_text(&object, "guest", point->guest->name);
	builder_set_number(&object, "rate_hz", plan->rate_hz);
	if (!point->guest->outside)
		builder_set_number(&object, "service_ns", plan->service_ns);
	if (plan->mask_hz) {
		builder_set_number(&object, "guest_mask_hz", plan->mask_hz);
		builder_set_text(&object, "guest_mask_order",
				 mask_order_name(plan->mask_order));
	}
	builder_set_text(&object, "verdict",
			 point_verdict_name(result->verdict));
	builder_set(&object, "reasons", reasons_json(result));
	builder_set_number(&object, "flood_ns",
			   point->job->duration_ms * NSEC_PER_MSEC);
	if (result->started_ns) {
		builder_set_number(&object, "started_ns", result->started_ns);
		builder_set_number(&object, "drain_ns", result->drain_ns);
	}
	builder_set(&object, "guarded", json_boolean(result->guarded));
	record_json_kernel(&object, &result->kernel);
	record_stress_put(&object, point, result);
	builder_set(&object, "functions", functions_json(point, result));
	return builder_end(&object);
}
