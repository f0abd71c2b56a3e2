// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the time of the target's interrupt goes. */
#include <string.h>

#include "prose.h"
#include "summary_table.h"
#include "units.h"

/* 9 + 7 * 9 = 72 columns. */
static const struct column {
	const char *head;
	enum report_metric_id metric;
} columns[] = {
	{ "entry", REPORT_STAGE_ENTRY },    { "mask", REPORT_STAGE_MASK },
	{ "inject", REPORT_STAGE_INJECT },  { "guest", REPORT_STAGE_GUEST },
	{ "served", REPORT_STAGE_SERVICE }, { "trip", REPORT_ROUND_TRIP },
	{ "unmask", REPORT_ACK_UNMASK },
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* Of all executions of a row; weighted, so that sums stay sums. */
struct mean {
	double sum_ns;
	uint64_t count;
};

struct row {
	struct mean mean[COLUMNS];
	uint64_t clock_error_ns; /* the largest */
};

static void add_execution(const struct report_function *target, struct row *row)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		const struct report_metric *metric =
			&target->metric[columns[i].metric];

		row->mean[i].sum_ns += metric->mean_ns * metric->count;
		row->mean[i].count += metric->count;
	}
	if (target->clock_error_ns > row->clock_error_ns)
		row->clock_error_ns = target->clock_error_ns;
}

/* False: nothing measured. */
static bool collect(const struct scenario *scenario, size_t curve,
		    size_t service, struct row *row)
{
	const struct scenario_run *run = scenario->run;

	memset(row, 0, sizeof(*row));
	for (; run < scenario->run + scenario->runs; run++)
		if (run->curve == curve && run->service == service &&
		    run->point->functions && run->point->function[0].target)
			add_execution(&run->point->function[0], row);
	return row->mean[0].count;
}

static void put_row(const struct scenario *scenario, size_t service,
		    const struct row *row, FILE *out)
{
	fprintf(out, "%9s",
		report_service_text(scenario->service_ns[service]).text);
	for (size_t i = 0; i < COLUMNS; i++) {
		const struct mean *mean = &row->mean[i];

		fprintf(out, "%9s",
			mean->count ?
				units_time(mean->sum_ns / mean->count).text :
				"-");
	}
	putc('\n', out);
}

static void put_head(FILE *out)
{
	fputs("The target's interrupt, mean of each stage:\n\n", out);
	fprintf(out, "%9s", "service");
	for (size_t i = 0; i < COLUMNS; i++)
		fprintf(out, "%9s", columns[i].head);
	putc('\n', out);
}

/* Another clock than the host's, or not. */
static void put_note(uint64_t clock_error_ns, FILE *out)
{
	if (!clock_error_ns)
		return;
	prose_printf(out, 0, "",
		     "The guest's stamps are within %s of the host's clock: "
		     "guest and served can be off by as much, one for the "
		     "other.",
		     units_time(clock_error_ns).text);
	putc('\n', out);
}

void summary_table_stages(const struct scenario *scenario, FILE *out)
{
	uint64_t clock_error_ns = 0;
	bool any = false;
	struct row row;

	for (size_t curve = 0; curve < scenario->curves; curve++) {
		bool named = false;

		for (size_t i = 0; i < scenario->services; i++) {
			if (!collect(scenario, curve, i, &row))
				continue;
			if (!any)
				put_head(out);
			if (!named)
				fprintf(out, "%s\n",
					scenario->curve[curve].label);
			any = named = true;
			put_row(scenario, i, &row, out);
			if (row.clock_error_ns > clock_error_ns)
				clock_error_ns = row.clock_error_ns;
		}
	}
	if (any) {
		putc('\n', out);
		put_note(clock_error_ns, out);
	}
}
