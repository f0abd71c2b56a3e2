// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "scenario.h"

/* The job's order: blocks are shuffled, the plan is not. */
static int compare_points(const void *a, const void *b)
{
	const struct report_point *x = *(const struct report_point *const *)a;
	const struct report_point *y = *(const struct report_point *const *)b;

	if (x->point != y->point)
		return x->point < y->point ? -1 : 1;
	return (x->block > y->block) - (x->block < y->block);
}

static int compare_services(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int compare_values(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static struct scenario *scenario_of(struct scenarios *scenarios,
				    const struct report_point *point)
{
	struct scenario *scenario;
	size_t i;

	for (i = 0; i < scenarios->count; i++) {
		scenario = &scenarios->scenario[i];
		if (scenario->rate_hz == point->rate_hz &&
		    !strcmp(scenario->section, point->section))
			return scenario;
	}
	scenario = &scenarios->scenario[scenarios->count++];
	scenario->section = point->section;
	scenario->rate_hz = point->rate_hz;
	return scenario;
}

static size_t curve_of(struct scenario *scenario,
		       const struct report_point *point)
{
	struct scenario_curve *curve;
	size_t i;

	for (i = 0; i < scenario->curves; i++) {
		curve = &scenario->curve[i];
		if (!strcmp(curve->arm, point->arm) &&
		    !strcmp(curve->path, point->path) &&
		    !strcmp(curve->guest, point->guest) &&
		    !strcmp(curve->order, point->order) &&
		    report_stress_same(curve->stress, &point->stress))
			return i;
	}
	curve = &scenario->curve[scenario->curves++];
	curve->arm = point->arm;
	curve->path = point->path;
	curve->guest = point->guest;
	curve->order = point->order;
	curve->stress = &point->stress;
	return i;
}

static void scenario_add_service(struct scenario *scenario, uint64_t service_ns)
{
	size_t i;

	for (i = 0; i < scenario->services; i++)
		if (scenario->service_ns[i] == service_ns)
			return;
	scenario->service_ns[scenario->services++] = service_ns;
}

static size_t service_of(const struct scenario *scenario, uint64_t service_ns)
{
	size_t i = 0;

	while (scenario->service_ns[i] != service_ns)
		i++;
	return i;
}

static int scenario_add_function(struct scenario *scenario,
				 const struct report_function *function)
{
	const struct report_function **grown;
	size_t i;

	for (i = 0; i < scenario->functions; i++)
		if (!strcmp(scenario->function[i]->name, function->name))
			return 0;
	grown = realloc(scenario->function, (i + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	scenario->function = grown;
	scenario->function[scenario->functions++] = function;
	return 0;
}

static int scenario_add_functions(struct scenario *scenario,
				  const struct report_point *point)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < point->functions; i++)
		err = scenario_add_function(scenario, &point->function[i]);
	return err;
}

/* Room for the worst case: every run another curve, another service time. */
static int scenario_allocate(struct scenario *scenario, size_t runs)
{
	scenario->run = calloc(runs, sizeof(*scenario->run));
	scenario->curve = calloc(runs, sizeof(*scenario->curve));
	scenario->service_ns = calloc(runs, sizeof(*scenario->service_ns));
	scenario->scratch = calloc(runs, sizeof(*scenario->scratch));
	if (!scenario->run || !scenario->curve || !scenario->service_ns ||
	    !scenario->scratch)
		return -ENOMEM;
	return 0;
}

/* What a label must say, as the curves differ in it. */
struct varied {
	bool path, guest, order, hotplug, pressure, counter, move;
};

static void add_word(char label[SCENARIO_LABEL_MAX], const char *word)
{
	size_t used = strlen(label);

	snprintf(label + used, SCENARIO_LABEL_MAX - used, "%s%s",
		 used ? " " : "", word);
}

static void label_stress(struct scenario_curve *curve,
			 const struct varied *varied)
{
	const struct report_stress *stress = curve->stress;
	char move[32] = "unmoved";

	if (stress->move.rate_hz)
		snprintf(move, sizeof(move), "moved-%lluHz",
			 (unsigned long long)stress->move.rate_hz);
	if (varied->hotplug)
		add_word(curve->label, stress->hotplug.choice[0] ?
					       stress->hotplug.choice :
					       "no-hotplug");
	if (varied->pressure)
		add_word(curve->label,
			 stress->pressure.ran ? "pressure" : "no-pressure");
	if (varied->counter)
		add_word(curve->label, stress->counter.read[0] ?
					       stress->counter.read :
					       "no-counter");
	if (varied->move)
		add_word(curve->label, move);
}

/* "vfio/irqfd"; a path with one way only is its own name. */
static void label_curve(struct scenario_curve *curve,
			const struct varied *varied)
{
	bool prefix = varied->path && strcmp(curve->path, curve->arm) != 0;

	snprintf(curve->label, sizeof(curve->label), "%s%s%s",
		 prefix ? curve->path : "", prefix ? "/" : "", curve->arm);
	if (varied->guest)
		add_word(curve->label, curve->guest);
	if (varied->order)
		add_word(curve->label, curve->order);
	label_stress(curve, varied);
}

static void compare_stress(const struct report_stress *a,
			   const struct report_stress *b, struct varied *varied)
{
	varied->hotplug |= strcmp(a->hotplug.choice, b->hotplug.choice) != 0;
	varied->pressure |= a->pressure.ran != b->pressure.ran;
	varied->counter |= strcmp(a->counter.read, b->counter.read) != 0;
	varied->move |= a->move.rate_hz != b->move.rate_hz;
}

static void scenario_label_curves(struct scenario *scenario)
{
	struct scenario_curve *curve = scenario->curve;
	struct varied varied = { 0 };
	size_t i;

	for (i = 1; i < scenario->curves; i++) {
		varied.path |= strcmp(curve[i].path, curve[0].path) != 0;
		varied.guest |= strcmp(curve[i].guest, curve[0].guest) != 0;
		varied.order |= strcmp(curve[i].order, curve[0].order) != 0;
		compare_stress(curve[i].stress, curve[0].stress, &varied);
	}
	for (i = 0; i < scenario->curves; i++)
		label_curve(&curve[i], &varied);
}

static int scenario_fill(struct scenario *scenario,
			 const struct report_point **points, size_t count)
{
	size_t i;
	int err = scenario_allocate(scenario, count);

	for (i = 0; !err && i < count; i++) {
		if (points[i]->rate_hz != scenario->rate_hz ||
		    strcmp(points[i]->section, scenario->section))
			continue;
		scenario->run[scenario->runs].point = points[i];
		scenario->run[scenario->runs++].curve =
			curve_of(scenario, points[i]);
		scenario_add_service(scenario, points[i]->service_ns);
		err = scenario_add_functions(scenario, points[i]);
	}
	if (err)
		return err;
	qsort(scenario->service_ns, scenario->services,
	      sizeof(*scenario->service_ns), compare_services);
	for (i = 0; i < scenario->runs; i++)
		scenario->run[i].service = service_of(
			scenario, scenario->run[i].point->service_ns);
	scenario_label_curves(scenario);
	return 0;
}

static int scenarios_fill(struct scenarios *scenarios,
			  const struct report_point **points, size_t count)
{
	size_t i;
	int err = 0;

	scenarios->scenario = calloc(count + 1, sizeof(*scenarios->scenario));
	if (!scenarios->scenario)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		scenario_of(scenarios, points[i]);
	for (i = 0; !err && i < scenarios->count; i++)
		err = scenario_fill(&scenarios->scenario[i], points, count);
	return err;
}

/* Skipped executions have no place in a scenario: nothing was judged. */
int scenarios_build(const struct report *report, struct scenarios *scenarios)
{
	const struct report_point **points;
	size_t i, count = 0;
	int err = -ENOMEM;

	memset(scenarios, 0, sizeof(*scenarios));
	points = calloc(report->points + 1, sizeof(*points));
	if (points) {
		for (i = 0; i < report->points; i++)
			if (report->point[i].verdict != REPORT_SKIP)
				points[count++] = &report->point[i];
		qsort(points, count, sizeof(*points), compare_points);
		err = scenarios_fill(scenarios, points, count);
		free(points);
	}
	if (!err)
		return 0;
	scenarios_free(scenarios);
	return error_set(EXIT_MACHINE, -err, "out of memory");
}

void scenarios_free(struct scenarios *scenarios)
{
	struct scenario *scenario;
	size_t i;

	for (i = 0; i < scenarios->count; i++) {
		scenario = &scenarios->scenario[i];
		free(scenario->run);
		free(scenario->curve);
		free(scenario->service_ns);
		free(scenario->function);
		free(scenario->scratch);
	}
	free(scenarios->scenario);
	memset(scenarios, 0, sizeof(*scenarios));
}

const struct report_function *
scenario_function_of(const struct scenario *scenario,
		     const struct scenario_run *run, size_t function)
{
	const char *name = scenario->function[function]->name;
	const struct report_point *point = run->point;
	size_t i;

	for (i = 0; i < point->functions; i++)
		if (!strcmp(point->function[i].name, name))
			return &point->function[i];
	return NULL;
}

static double median(double *value, size_t count)
{
	qsort(value, count, sizeof(*value), compare_values);
	if (count % 2)
		return value[count / 2];
	return (value[count / 2 - 1] + value[count / 2]) / 2;
}

struct spread spread_over(double *value, size_t count)
{
	struct spread spread = { .blocks = count };

	if (!count)
		return spread;
	spread.median_ns = median(value, count);
	spread.low_ns = value[0];
	spread.high_ns = value[count - 1];
	return spread;
}

struct spread scenario_spread(const struct scenario *scenario,
			      const struct scenario_query *query)
{
	const struct report_function *function;
	const struct report_metric *metric;
	const struct scenario_run *run;
	uint64_t least_values = UINT64_MAX;
	double *value = scenario->scratch;
	struct spread spread;
	size_t blocks = 0;

	for (run = scenario->run; run < scenario->run + scenario->runs; run++) {
		if (run->curve != query->curve ||
		    (query->service != SCENARIO_ALL &&
		     run->service != query->service))
			continue;
		function = scenario_function_of(scenario, run, query->function);
		metric = function ? &function->metric[query->metric] : NULL;
		if (!metric || !metric->count)
			continue;
		value[blocks++] = metric->value_ns[query->percentile];
		if (metric->count < least_values)
			least_values = metric->count;
	}
	spread = spread_over(value, blocks);
	spread.least_values = least_values;
	return spread;
}
