// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "report.h"
#include "report_setup.h"

#define REPORT_SCHEMA "intxbench/1"

static const char *const verdict_names[REPORT_VERDICTS] = {
	[REPORT_PASS] = "pass",
	[REPORT_FAIL] = "fail",
	[REPORT_SKIP] = "skip",
	[REPORT_NOT_RUN] = "not_run",
};

static const char *const metric_names[REPORT_METRICS] = {
	[REPORT_ASSERT_ENTRY] = "assert_to_entry",
	[REPORT_ROUND_TRIP] = "round_trip",
	[REPORT_MASK] = "mask",
	[REPORT_UNMASK] = "unmask",
	[REPORT_STAGE_ENTRY] = "stage_entry",
	[REPORT_STAGE_MASK] = "stage_mask",
	[REPORT_STAGE_INJECT] = "stage_inject",
	[REPORT_STAGE_GUEST] = "stage_guest",
	[REPORT_STAGE_SERVICE] = "stage_service",
	[REPORT_ACK_UNMASK] = "ack_to_unmask",
	[REPORT_LOAD_LATENCY] = "load_latency",
};

static const struct {
	const char *member;
	double quantile;
} percentiles[REPORT_PERCENTILES] = {
	[REPORT_P10] = { "p10_ns", 0.1 },     [REPORT_P25] = { "p25_ns", 0.25 },
	[REPORT_P50] = { "p50_ns", 0.5 },     [REPORT_P75] = { "p75_ns", 0.75 },
	[REPORT_P90] = { "p90_ns", 0.9 },     [REPORT_P99] = { "p99_ns", 0.99 },
	[REPORT_P999] = { "p999_ns", 0.999 }, [REPORT_MAX] = { "max_ns", 1 },
};

const char *report_verdict_name(enum report_verdict verdict)
{
	return verdict_names[verdict];
}

double report_quantile(enum report_percentile percentile)
{
	return percentiles[percentile].quantile;
}

enum report_metric_id report_measure(const struct report_function *function)
{
	if (function->target)
		return REPORT_ROUND_TRIP;
	return function->load ? REPORT_LOAD_LATENCY : REPORT_ASSERT_ENTRY;
}

const char *report_measure_name(const struct report_function *function)
{
	if (function->target)
		return "round trip";
	return function->load ? function->load : "entry";
}

static int load_strings(const struct field *parent, const char *name,
			const char ***strings, size_t *count)
{
	struct field array, element;
	int err = field_array(parent, name, &array);
	size_t i;

	if (err)
		return err;
	*strings = field_room(&array, sizeof(**strings), count);
	if (!*strings)
		return -ENOMEM;
	for (i = 0; !err && i < *count; i++) {
		err = field_element(&array, i, JSON_STRING, &element);
		(*strings)[i] = json_string_value(element.value);
	}
	return err;
}

int report_metric_load(const struct field *parent, const char *name,
		       struct report_metric *metric)
{
	struct field field;
	int err, i;

	if (!field_has(parent, name))
		return 0;
	err = field_object(parent, name, &field);
	for (i = 0; !err && i < REPORT_PERCENTILES; i++)
		err = field_number(&field, percentiles[i].member,
				   &metric->value_ns[i]);
	if (!err)
		err = field_number(&field, "mean_ns", &metric->mean_ns);
	if (!err)
		err = field_count(&field, "count", &metric->count);
	if (!err && !metric->count)
		err = field_fail(&field, "no values: must be absent");
	return err;
}

static int load_metrics(const struct field *parent,
			struct report_function *function)
{
	struct field metrics;
	int err = field_object(parent, "metrics", &metrics);
	int i;

	for (i = 0; !err && i < REPORT_METRICS; i++)
		err = report_metric_load(&metrics, metric_names[i],
					 &function->metric[i]);
	return err;
}

static int load_accounting(const struct field *parent,
			   struct report_function *function)
{
	struct field accounting;
	int err = field_object(parent, "accounting", &accounting);

	if (!err)
		err = field_count(&accounting, "asserted", &function->asserted);
	if (!err)
		err = field_count(&accounting, "missed", &function->missed);
	if (!err)
		err = field_count(&accounting, "coalesced",
				  &function->coalesced);
	if (!err)
		err = field_count(&accounting, "lost", &function->lost);
	if (!err)
		err = field_count(&accounting, "duplicate",
				  &function->duplicate);
	if (!err)
		err = field_count(&accounting, "spurious", &function->spurious);
	if (!err)
		err = field_count(&accounting, "declined", &function->declined);
	return err;
}

static int load_role(const struct field *parent,
		     struct report_function *function)
{
	const char *role;
	int err = field_string(parent, "role", &role);

	if (err)
		return err;
	function->target = !strcmp(role, "target");
	function->live = !strcmp(role, "live");
	if (function->target || function->live || !strcmp(role, "neighbour"))
		return 0;
	return field_fail(parent,
			  "role \"%s\", where target, neighbour or live is "
			  "expected",
			  role);
}

/* Older records have no such counts: nothing of it happened in them. */
static int load_target(const struct field *parent,
		       struct report_function *function)
{
	const struct {
		const char *name;
		uint64_t *value;
	} counts[] = {
		{ "guest_clock_error_ns", &function->clock_error_ns },
		{ "guest_mask_toggles", &function->mask_toggles },
		{ "withheld", &function->withheld },
		{ "acks_withheld", &function->acks_withheld },
	};
	struct field target;
	int err = field_object(parent, "target", &target);

	for (size_t i = 0; !err && i < sizeof(counts) / sizeof(counts[0]); i++)
		if (field_has(&target, counts[i].name))
			err = field_count(&target, counts[i].name,
					  counts[i].value);
	return err;
}

/* A live neighbour need not be flooded. */
static int load_flood(const struct field *field,
		      struct report_function *function)
{
	int err;

	function->distribution = "";
	if (function->live && !field_has(field, "distribution"))
		return 0;
	err = field_string(field, "distribution", &function->distribution);
	if (!err)
		err = field_count(field, "rate_hz", &function->rate_hz);
	if (!err)
		err = field_count(field, "phase_ns", &function->phase_ns);
	if (!err)
		err = field_bool(field, "follow", &function->follow);
	return err;
}

static int load_live(const struct field *field,
		     struct report_function *function)
{
	struct field handler, load;
	int err = field_object(field, "handler", &handler);

	if (!err)
		err = field_count(&handler, "entries", &function->entries);
	if (!err)
		err = field_count(&handler, "claimed", &function->claimed);
	if (err || !field_has(field, "load"))
		return err;
	err = field_object(field, "load", &load);
	if (!err)
		err = field_string(&load, "tool", &function->load);
	if (!err && field_has(&load, "unanswered"))
		err = field_count(&load, "unanswered", &function->unanswered);
	return err;
}

static int load_function(const struct field *field,
			 struct report_function *function)
{
	int err = field_string(field, "name", &function->name);

	if (!err)
		err = load_role(field, function);
	if (!err)
		err = field_string(field, "address", &function->address);
	if (!err)
		err = load_flood(field, function);
	if (!err && function->target)
		err = load_target(field, function);
	if (!err && function->live)
		err = load_live(field, function);
	else if (!err)
		err = load_accounting(field, function);
	if (!err)
		err = load_metrics(field, function);
	return err;
}

static int load_functions(const struct field *parent,
			  struct report_point *point)
{
	struct field array, element;
	int err = field_array(parent, "functions", &array);
	size_t i;

	if (err)
		return err;
	point->function =
		field_room(&array, sizeof(*point->function), &point->functions);
	if (!point->function)
		return -ENOMEM;
	for (i = 0; !err && i < point->functions; i++) {
		err = field_element(&array, i, JSON_OBJECT, &element);
		if (!err)
			err = load_function(&element, &point->function[i]);
	}
	return err;
}

static int load_verdict(const struct field *parent,
			enum report_verdict *verdict)
{
	const char *name;
	int err = field_string(parent, "verdict", &name);
	int i;

	if (err)
		return err;
	for (i = 0; i < REPORT_NOT_RUN; i++) {
		if (!strcmp(name, verdict_names[i])) {
			*verdict = i;
			return 0;
		}
	}
	return field_fail(
		parent, "verdict \"%s\", where pass, fail or skip is expected",
		name);
}

struct units_text report_service_text(uint64_t service_ns)
{
	if (service_ns == REPORT_SERVICE_UNKNOWN)
		return (struct units_text){ "its own" };
	return units_exact(service_ns);
}

static int load_fault(const struct field *field, struct report_fault *fault)
{
	int err = field_string(field, "kind", &fault->kind);

	if (!err)
		err = field_string(field, "text", &fault->text);
	if (!err)
		err = field_count(field, "log_us", &fault->log_us);
	return err;
}

static int load_faults(const struct field *parent, struct report_kernel *kernel)
{
	struct field array, element;
	int err = field_array(parent, "kernel_faults", &array);

	if (err)
		return err;
	kernel->fault =
		field_room(&array, sizeof(*kernel->fault), &kernel->faults);
	if (!kernel->fault)
		return -ENOMEM;
	for (size_t i = 0; !err && i < kernel->faults; i++) {
		err = field_element(&array, i, JSON_OBJECT, &element);
		if (!err)
			err = load_fault(&element, &kernel->fault[i]);
	}
	return err;
}

/* Older records have a fault's text in the point's reasons only. */
static int load_kernel(const struct field *parent, struct report_kernel *kernel)
{
	int err;

	if (!field_has(parent, "kernel_faults"))
		return 0;
	err = load_faults(parent, kernel);
	if (!err)
		err = field_count(parent, "kernel_faults_more", &kernel->more);
	if (!err)
		err = field_count(parent, "kernel_log_overruns",
				  &kernel->overruns);
	if (!err)
		err = field_count(parent, "kernel_log_lost", &kernel->lost);
	return err;
}

static int load_point(const struct field *field, struct report_point *point)
{
	int err = field_count(field, "point", &point->point);

	if (!err)
		err = field_count(field, "block", &point->block);
	if (!err)
		err = field_string(field, "section", &point->section);
	if (!err)
		err = field_string(field, "arm", &point->arm);
	if (!err)
		err = field_string(field, "path", &point->path);
	if (!err)
		err = field_string(field, "guest", &point->guest);
	point->order = "";
	if (!err && field_has(field, "guest_mask_order"))
		err = field_string(field, "guest_mask_order", &point->order);
	if (!err)
		err = field_count(field, "rate_hz", &point->rate_hz);
	point->service_ns = REPORT_SERVICE_UNKNOWN;
	if (!err && strcmp(point->guest, "qemu") != 0)
		err = field_count(field, "service_ns", &point->service_ns);
	if (!err)
		err = load_verdict(field, &point->verdict);
	if (!err)
		err = load_strings(field, "reasons", &point->reason,
				   &point->reasons);
	if (!err)
		err = report_stress_load(field, field->file, &point->stress);
	if (!err)
		err = load_functions(field, point);
	return err ? err : load_kernel(field, &point->kernel);
}

static int load_points(const struct field *root, struct report *report)
{
	struct field array, element;
	int err = field_array(root, "points", &array);
	size_t i;

	if (err)
		return err;
	report->point =
		field_room(&array, sizeof(*report->point), &report->points);
	if (!report->point)
		return -ENOMEM;
	for (i = 0; !err && i < report->points; i++) {
		err = field_element(&array, i, JSON_OBJECT, &element);
		if (!err)
			err = load_point(&element, &report->point[i]);
	}
	return err;
}

static int load_job(const struct field *root, struct report *report)
{
	struct field job;
	int err = field_object(root, "job", &job);

	if (!err)
		err = field_string(&job, "name", &report->job_name);
	if (!err)
		err = field_string(&job, "question", &report->question);
	if (!err)
		err = field_count(&job, "seed", &report->seed);
	if (!err)
		err = field_count(&job, "blocks", &report->blocks);
	if (!err)
		err = field_count(&job, "duration_ms", &report->duration_ms);
	return err;
}

static int load_versions(const struct field *root, struct report *report)
{
	struct field tool, module;
	int err = field_object(root, "tool", &tool);

	if (!err)
		err = field_string(&tool, "version", &report->tool_version);
	if (!err)
		err = field_object(root, "module", &module);
	if (!err)
		err = field_string(&module, "version", &report->module_version);
	return err;
}

static int load_counts(const struct field *root, struct report *report)
{
	struct field counts;
	int err = field_object(root, "counts", &counts);
	int i;

	for (i = 0; !err && i < REPORT_VERDICTS; i++)
		err = field_count(&counts, verdict_names[i],
				  &report->counts[i]);
	return err;
}

static int load_schema(const struct field *root)
{
	const char *schema;
	int err = field_string(root, "schema", &schema);

	if (!err && strcmp(schema, REPORT_SCHEMA))
		err = field_fail(root,
				 "schema \"%s\", where \"%s\" is expected",
				 schema, REPORT_SCHEMA);
	return err;
}

static int load_memory(const struct field *root, struct report *report)
{
	return report_load_memory(root, &report->memory);
}

static int load_run(const struct field *root, struct report *report)
{
	int err = load_schema(root);

	if (!err)
		err = field_string(root, "run_id", &report->run_id);
	if (!err)
		err = field_string(root, "state", &report->state);
	if (!err)
		err = field_string(root, "verdict", &report->verdict);
	if (!err)
		err = field_string(root, "started_utc", &report->started_utc);
	if (!err)
		err = field_bool(root, "restored", &report->restored);
	if (!err && field_has(root, "error"))
		err = field_string(root, "error", &report->error);
	if (!err)
		err = load_strings(root, "command_line", &report->argument,
				   &report->arguments);
	return err ? err : load_kernel(root, &report->kernel);
}

int report_load(const char *file, struct report *report)
{
	static int (*const parts[])(const struct field *, struct report *) = {
		load_run,          load_counts, load_versions, load_job,
		report_load_setup, load_memory, load_points,
	};
	struct field root;
	int err = field_load(file, &root);
	size_t i;

	memset(report, 0, sizeof(*report));
	if (err)
		return err;
	report->root = root.value;
	for (i = 0; !err && i < sizeof(parts) / sizeof(parts[0]); i++)
		err = parts[i](&root, report);
	if (err)
		report_free(report);
	return err;
}

void report_free(struct report *report)
{
	size_t i;

	for (i = 0; i < report->points; i++) {
		free(report->point[i].reason);
		free(report->point[i].function);
		free(report->point[i].kernel.fault);
		report_stress_free(&report->point[i].stress);
	}
	free(report->kernel.fault);
	free(report->point);
	free(report->member);
	free(report->argument);
	json_decref(report->root);
	memset(report, 0, sizeof(*report));
}
