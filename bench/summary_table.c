// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <string.h>

#include "prose.h"
#include "summary_table.h"
#include "units.h"

/* Columns: 1 + 8 and three times 2 * 9 make 63; 8 and 2 * 2 * 16 make 72. */
#define MEDIANS_FUNCTIONS 3
#define RANGES_FUNCTIONS 2

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

/* Whether this arm ran at this service time, and whether it always passed. */
static bool has_row(const struct scenario *scenario, size_t curve,
		    size_t service, bool *failed)
{
	bool found = false;
	size_t i;

	*failed = false;
	for (i = 0; i < scenario->runs; i++) {
		if (scenario->run[i].curve != curve ||
		    scenario->run[i].service != service)
			continue;
		found = true;
		*failed |= scenario->run[i].point->verdict == REPORT_FAIL;
	}
	return found;
}

/* named: say whose it is. False where there is nothing to say. */
static bool put_change(const struct scenario *scenario, size_t curve,
		       size_t function, enum report_percentile percentile,
		       bool named, FILE *out)
{
	struct spread from = at(scenario, curve, 0, function, percentile);
	struct spread to = at(scenario, curve, scenario->services - 1, function,
			      percentile);
	char head[64] = "";

	if (!from.blocks || !to.blocks)
		return false;
	if (named)
		snprintf(head, sizeof(head), "%-16.16s %s",
			 scenario->function[function]->name,
			 percentile == REPORT_P50 ? "p50" : "p99");
	fprintf(out, "  %-20s  %-18.18s %8s -> %s", head,
		scenario->curve[curve].label, units_time(from.median_ns).text,
		units_time(to.median_ns).text);
	if (from.median_ns > 0)
		fprintf(out, "  (x %.3g)", to.median_ns / from.median_ns);
	putc('\n', out);
	return true;
}

static void put_changes(const struct scenario *scenario, size_t function,
			FILE *out)
{
	bool periodic = strcmp(scenario->function[function]->distribution,
			       "periodic") == 0;
	bool named = true;
	size_t curve;

	for (curve = 0; curve < scenario->curves; curve++)
		if (put_change(scenario, curve, function,
			       periodic ? REPORT_P50 : REPORT_P99, named, out))
			named = false;
}

void summary_table_short(const struct scenario *scenario, FILE *out)
{
	size_t neighbours = 0, i;

	for (i = 0; i < scenario->functions; i++)
		neighbours += !scenario->function[i]->target;
	if (!neighbours || scenario->services < 2)
		return;
	fprintf(out,
		"A neighbour's wait as the service time goes from %s to %s:\n",
		report_service_text(scenario->service_ns[0]).text,
		report_service_text(
			scenario->service_ns[scenario->services - 1])
			.text);
	for (i = 0; i < scenario->functions; i++)
		if (!scenario->function[i]->target)
			put_changes(scenario, i, out);
	putc('\n', out);
}

/* Neighbours first: they are the question. */
static size_t function_at(const struct scenario *scenario, size_t position)
{
	size_t i;

	for (i = 0; i < scenario->functions; i++)
		if (!scenario->function[i]->target && !position--)
			return i;
	for (i = 0; i < scenario->functions; i++)
		if (scenario->function[i]->target && !position--)
			return i;
	return 0;
}

static void put_median(const struct spread *spread, bool tail, FILE *out)
{
	char cell[UNITS_TEXT_MAX + 1] = "-";

	if (spread->blocks)
		snprintf(cell, sizeof(cell), "%s%s",
			 tail && spread->least_values < 100 ? "~" : "",
			 units_time(spread->median_ns).text);
	fprintf(out, "%9s", cell);
}

static void put_range(const struct spread *spread, FILE *out)
{
	fprintf(out, "%16s",
		spread->blocks ?
			units_range(spread->low_ns, spread->high_ns).text :
			"-");
}

static void put_row(const struct scenario *scenario, size_t curve,
		    size_t service, size_t first, size_t last, bool ranges,
		    FILE *out)
{
	struct spread half, tail;
	size_t i, function;
	bool failed;

	if (!has_row(scenario, curve, service, &failed))
		return;
	fprintf(out, ranges ? "%c%7s" : "%c%8s", failed ? '!' : ' ',
		report_service_text(scenario->service_ns[service]).text);
	for (i = first; i < last; i++) {
		function = function_at(scenario, i);
		half = at(scenario, curve, service, function, REPORT_P50);
		tail = at(scenario, curve, service, function, REPORT_P99);
		if (ranges) {
			put_range(&half, out);
			put_range(&tail, out);
		} else {
			put_median(&half, false, out);
			put_median(&tail, true, out);
		}
	}
	putc('\n', out);
}

static void put_heads(const struct scenario *scenario, size_t first,
		      size_t last, bool ranges, FILE *out)
{
	const struct report_function *function;
	int width = ranges ? 16 : 9;
	char head[64];
	size_t i;

	fprintf(out, "%*s", ranges ? 8 : 9, "");
	for (i = first; i < last; i++) {
		function = scenario->function[function_at(scenario, i)];
		snprintf(head, sizeof(head), "%.*s %s", ranges ? 20 : 10,
			 function->name, report_measure_name(function));
		fprintf(out, "%*s", 2 * width, head);
	}
	fprintf(out, "\n%*s", ranges ? 8 : 9, "service");
	for (i = first; i < last; i++)
		fprintf(out, "%*s%*s", width, "p50", width, "p99");
	putc('\n', out);
}

static void put_table(const struct scenario *scenario, size_t at_once,
		      bool ranges, FILE *out)
{
	size_t first, last, curve, service;

	for (first = 0; first < scenario->functions; first = last) {
		last = first + at_once;
		if (last > scenario->functions)
			last = scenario->functions;
		put_heads(scenario, first, last, ranges, out);
		for (curve = 0; curve < scenario->curves; curve++) {
			fprintf(out, "%s\n", scenario->curve[curve].label);
			for (service = 0; service < scenario->services;
			     service++)
				put_row(scenario, curve, service, first, last,
					ranges, out);
		}
		putc('\n', out);
	}
}

void summary_table_medians(const struct scenario *scenario, FILE *out)
{
	put_table(scenario, MEDIANS_FUNCTIONS, false, out);
}

void summary_table_ranges(const struct scenario *scenario, FILE *out)
{
	fputs("Lowest..highest block:\n\n", out);
	put_table(scenario, RANGES_FUNCTIONS, true, out);
}

struct account {
	uint64_t asserted, missed, coalesced, lost, duplicate, spurious;
};

static void account_add(struct account *sum, const struct report_point *point)
{
	const struct report_function *function = point->function;

	for (; function < point->function + point->functions; function++) {
		sum->asserted += function->asserted;
		sum->missed += function->missed;
		sum->coalesced += function->coalesced;
		sum->lost += function->lost;
		sum->duplicate += function->duplicate;
		sum->spurious += function->spurious;
	}
}

static void put_account(const struct account *sum, const char *head, FILE *out)
{
	char missed[64] = "";

	if (sum->missed)
		snprintf(missed, sizeof(missed),
			 "; %llu more missed by a late flood",
			 (unsigned long long)sum->missed);
	prose_printf(out, 4, head,
		     "%llu asserts (%llu coalesced%s): %llu lost, "
		     "%llu duplicate, %llu spurious",
		     (unsigned long long)sum->asserted,
		     (unsigned long long)sum->coalesced, missed,
		     (unsigned long long)sum->lost,
		     (unsigned long long)sum->duplicate,
		     (unsigned long long)sum->spurious);
}

static void put_account_row(const struct scenario *scenario, size_t curve,
			    size_t service, FILE *out)
{
	struct account sum = { 0 };
	char head[SCENARIO_LABEL_MAX + UNITS_TEXT_MAX + 32];
	size_t i;

	for (i = 0; i < scenario->runs; i++)
		if (scenario->run[i].curve == curve &&
		    scenario->run[i].service == service)
			account_add(&sum, scenario->run[i].point);
	if (!sum.lost && !sum.duplicate && !sum.spurious)
		return;
	snprintf(head, sizeof(head),
		 "  %s, service %s: ", scenario->curve[curve].label,
		 report_service_text(scenario->service_ns[service]).text);
	put_account(&sum, head, out);
}

void summary_table_accounting(const struct scenario *scenario, FILE *out)
{
	struct account sum = { 0 };
	size_t i, curve, service;

	for (i = 0; i < scenario->runs; i++)
		account_add(&sum, scenario->run[i].point);
	put_account(&sum, "All functions, all blocks: ", out);
	for (curve = 0; curve < scenario->curves; curve++)
		for (service = 0; service < scenario->services; service++)
			put_account_row(scenario, curve, service, out);
	putc('\n', out);
}
