// SPDX-License-Identifier: GPL-2.0-or-later
/* Live neighbours: their own driver's handler on the shared line. */
#include "summary_table.h"
#include "units.h"

/* Of all executions of a row. */
struct handler {
	uint64_t entries, claimed, unanswered;
};

static struct handler handler_of(const struct scenario *scenario, size_t curve,
				 size_t service, size_t number)
{
	const struct scenario_run *run = scenario->run;
	struct handler sum = { 0 };

	for (; run < scenario->run + scenario->runs; run++) {
		const struct report_function *function;

		if (run->curve != curve || run->service != service)
			continue;
		function = scenario_function_of(scenario, run, number);
		if (!function)
			continue;
		sum.entries += function->entries;
		sum.claimed += function->claimed;
		sum.unanswered += function->unanswered;
	}
	return sum;
}

static void put_entry(const struct scenario *scenario, size_t curve,
		      size_t service, size_t number,
		      enum report_percentile percentile, FILE *out)
{
	const struct scenario_query query = {
		.curve = curve,
		.service = service,
		.function = number,
		.metric = REPORT_ASSERT_ENTRY,
		.percentile = percentile,
	};
	struct spread spread = scenario_spread(scenario, &query);

	fprintf(out, "%10s",
		spread.blocks ? units_time(spread.median_ns).text : "-");
}

static void put_row(const struct scenario *scenario, size_t curve,
		    size_t service, size_t number, FILE *out)
{
	struct handler sum = handler_of(scenario, curve, service, number);

	if (!sum.entries)
		return;
	fprintf(out, "  %-18.18s%9s", scenario->curve[curve].label,
		report_service_text(scenario->service_ns[service]).text);
	put_entry(scenario, curve, service, number, REPORT_P50, out);
	put_entry(scenario, curve, service, number, REPORT_P99, out);
	fprintf(out, "%9llu%7.1f %%%8llu\n", (unsigned long long)sum.entries,
		100.0 * sum.claimed / sum.entries,
		(unsigned long long)sum.unanswered);
}

static void put_function(const struct scenario *scenario, size_t number,
			 FILE *out)
{
	fprintf(out, "%.32s, live; its handler:\n\n",
		scenario->function[number]->name);
	fprintf(out, "%20s%9s%10s%10s%9s%9s%8s\n", "", "service", "entry p50",
		"p99", "runs", "claimed", "no reply");
	for (size_t curve = 0; curve < scenario->curves; curve++)
		for (size_t i = 0; i < scenario->services; i++)
			put_row(scenario, curve, i, number, out);
	putc('\n', out);
}

void summary_table_live(const struct scenario *scenario, FILE *out)
{
	for (size_t i = 0; i < scenario->functions; i++)
		if (scenario->function[i]->live)
			put_function(scenario, i, out);
}
