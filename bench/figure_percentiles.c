// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Latency by percentile, as HdrHistogram plots show it: the x axis is
 * 1 / (1 - percentile), so that each decade is one more nine. At the shortest
 * and the longest service time of the scenario.
 */
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
		.metric = scenario->function[function]->target ?
				  REPORT_ROUND_TRIP :
				  REPORT_ASSERT_ENTRY,
		.percentile = percentile,
	};

	return scenario_spread(scenario, &query);
}

static bool is_measured(const struct scenario *scenario, size_t service,
			size_t function)
{
	size_t curve;

	for (curve = 0; curve < scenario->curves; curve++)
		if (at(scenario, curve, service, function, REPORT_P50).blocks)
			return true;
	return false;
}

static const char *lacks(const struct figure *figure)
{
	const struct scenario *scenario = figure->scenario;
	size_t function, last = scenario->services - 1;

	for (function = 0; function < scenario->functions; function++)
		if (is_measured(scenario, 0, function) ||
		    is_measured(scenario, last, function))
			return NULL;
	return "no latency was measured";
}

/* A percentile that fewer values than that cannot show is the maximum by
 * another name; the maximum itself stands where the values end. */
static void write_curve(const struct scenario *scenario, size_t curve,
			size_t service, size_t function,
			struct figure_page *page)
{
	size_t i, rows = 0;

	figure_page_set(
		page, "%s, %s, service %s: 1/(1-p) median low high",
		scenario->function[function]->name,
		scenario->curve[curve].label,
		report_service_text(scenario->service_ns[service]).text);
	for (i = 0; i < REPORT_PERCENTILES; i++) {
		struct spread spread =
			at(scenario, curve, service, function, i);
		double nines = i == REPORT_MAX ? spread.least_values :
						 1 / (1 - report_quantile(i));

		if (!spread.blocks || nines > spread.least_values)
			continue;
		rows++;
		fprintf(page->data, "%.6g", nines);
		figure_page_value(page, spread.median_ns);
		figure_page_value(page, spread.low_ns);
		figure_page_value(page, spread.high_ns);
		putc('\n', page->data);
		if (nines > page->most_nines)
			page->most_nines = nines;
	}
	figure_page_end_set(page, rows);
}

static void write_panels(const struct scenario *scenario, size_t service,
			 struct figure_page *page)
{
	const struct report_function *function;
	size_t i, curve;

	for (i = 0; i < scenario->functions; i++) {
		if (!is_measured(scenario, service, i))
			continue;
		function = scenario->function[i];
		figure_page_panel(
			page, "%.24s%s, service %s", function->name,
			function->target ? " round trip" : " entry",
			report_service_text(scenario->service_ns[service]).text);
		for (curve = 0; curve < scenario->curves; curve++)
			write_curve(scenario, curve, service, i, page);
	}
}

static void write_figure(const struct figure *figure, struct figure_page *page)
{
	const struct scenario *scenario = figure->scenario;

	write_panels(scenario, 0, page);
	if (scenario->services > 1)
		write_panels(scenario, scenario->services - 1, page);
	figure_page_curves(page, scenario);
	fprintf(page->variables, "functions = %zu; most_nines = %.6g; ",
		scenario->functions, page->most_nines);
}

const struct figure_kind figure_latency_percentiles = {
	.name = "latency-percentiles",
	.title = "How late, and how often? Latency by percentile",
	.lacks = lacks,
	.write = write_figure,
};
