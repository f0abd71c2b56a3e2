// SPDX-License-Identifier: GPL-2.0-or-later
/* A neighbour's assert-to-entry against the target's service time. */
#include <string.h>

#include "figure_kind.h"
#include "units.h"

static struct spread at(const struct scenario *scenario, size_t curve,
			size_t service, size_t function,
			enum report_percentile percentile)
{
	const struct scenario_query query = {
		.curve = curve,
		.service = service,
		.function = function,
		.metric = report_measure(scenario->function[function]),
		.percentile = percentile,
	};

	return scenario_spread(scenario, &query);
}

/* Service times at which any curve has a value; 0 has no place on the axis. */
static size_t measured_services(const struct scenario *scenario,
				size_t function)
{
	size_t curve, service, measured = 0;

	for (service = 0; service < scenario->services; service++) {
		if (!scenario->service_ns[service])
			continue;
		for (curve = 0; curve < scenario->curves; curve++)
			if (at(scenario, curve, service, function, REPORT_P50)
				    .blocks)
				break;
		measured += curve < scenario->curves;
	}
	return measured;
}

static const char *lacks(const struct figure *figure)
{
	const struct scenario *scenario = figure->scenario;
	size_t function, neighbours = 0;

	for (function = 0; function < scenario->functions; function++) {
		if (scenario->function[function]->target)
			continue;
		neighbours++;
		if (measured_services(scenario, function) > 1)
			return NULL;
	}
	if (!neighbours)
		return "no neighbours";
	if (scenario->services < 2)
		return "a single service time";
	return "no neighbour was measured at two service times";
}

static void write_summary(const struct scenario *scenario, size_t curve,
			  size_t function, struct figure_page *page)
{
	static const enum report_percentile shown[] = { REPORT_P10, REPORT_P50,
							REPORT_P90,
							REPORT_P99 };
	size_t service, i, rows = 0;

	figure_page_set(page, "%s, %s: service p10 p50 p90 p99, medians",
			scenario->function[function]->name,
			scenario->curve[curve].label);
	for (service = 0; service < scenario->services; service++) {
		if (!scenario->service_ns[service] ||
		    !at(scenario, curve, service, function, REPORT_P50).blocks)
			continue;
		rows++;
		fprintf(page->data, "%llu",
			(unsigned long long)scenario->service_ns[service]);
		for (i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
			figure_page_value(page, at(scenario, curve, service,
						   function, shown[i])
							.median_ns);
		putc('\n', page->data);
	}
	figure_page_end_set(page, rows);
}

static void write_blocks(const struct scenario *scenario, size_t curve,
			 size_t function, struct figure_page *page)
{
	const struct report_function *measured;
	const struct report_metric *metric;
	size_t i, rows = 0;

	figure_page_set(page, "%s, %s: service p50, for each block",
			scenario->function[function]->name,
			scenario->curve[curve].label);
	for (i = 0; i < scenario->runs; i++) {
		if (scenario->run[i].curve != curve ||
		    !scenario->run[i].point->service_ns)
			continue;
		measured = scenario_function_of(scenario, &scenario->run[i],
						function);
		metric = measured ?
				 &measured->metric[report_measure(measured)] :
				 NULL;
		if (!metric || !metric->count)
			continue;
		rows++;
		fprintf(page->data, "%llu",
			(unsigned long long)scenario->run[i].point->service_ns);
		figure_page_value(page, metric->value_ns[REPORT_P50]);
		putc('\n', page->data);
	}
	figure_page_end_set(page, rows);
}

/* An unsynchronised neighbour meets the window only now and then: its tail
 * is the message. */
static void write_panel(const struct scenario *scenario, size_t number,
			struct figure_page *page)
{
	const struct report_function *function = scenario->function[number];
	bool tail = strcmp(function->distribution, "periodic") != 0;
	size_t curve;

	if (function->load)
		figure_page_panel(page, "%.32s, live: %s", function->name,
				  strcmp(function->load, "ping") ?
					  "reads by fio" :
					  "round trips of ping");
	else
		figure_page_panel(
			page, "%.32s: %.16s, %s%s", function->name,
			function->distribution,
			units_rate(function->rate_hz).text,
			function->follow ? ", while the target is served" : "");
	fprintf(page->variables, "tail[%zu] = %d; measure[%zu] = '%s'; ",
		page->panels, tail, page->panels,
		function->load ? "as the workload says" :
				 "assert to handler entry");
	for (curve = 0; curve < scenario->curves; curve++) {
		write_summary(scenario, curve, number, page);
		write_blocks(scenario, curve, number, page);
	}
}

static void write_figure(const struct figure *figure, struct figure_page *page)
{
	const struct scenario *scenario = figure->scenario;
	const uint64_t *service_ns = scenario->service_ns;
	size_t i;

	for (i = 0; i < scenario->functions; i++)
		if (!scenario->function[i]->target &&
		    measured_services(scenario, i) > 1)
			write_panel(scenario, i, page);
	figure_page_curves(page, scenario);
	fprintf(page->variables, "service_low = %llu; service_high = %llu; ",
		(unsigned long long)(service_ns[0] ?: service_ns[1]),
		(unsigned long long)service_ns[scenario->services - 1]);
}

const struct figure_kind figure_neighbour_latency = {
	.name = "neighbour-latency",
	.title = "Does a neighbour's interrupt wait for the target's guest?",
	.lacks = lacks,
	.write = write_figure,
};
