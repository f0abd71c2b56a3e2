// SPDX-License-Identifier: GPL-2.0-or-later
/* What masking and unmasking cost the host's CPU, arm by arm. */
#include "figure_kind.h"
#include "units.h"

static const enum report_metric_id costs[] = { REPORT_MASK, REPORT_UNMASK };

static struct spread at(const struct scenario *scenario, size_t curve,
			enum report_metric_id metric,
			enum report_percentile percentile)
{
	struct scenario_query query = {
		.curve = curve,
		.service = SCENARIO_ALL,
		.metric = metric,
		.percentile = percentile,
	};

	while (query.function < scenario->functions &&
	       !scenario->function[query.function]->target)
		query.function++;
	if (query.function == scenario->functions)
		return (struct spread){ 0 };
	return scenario_spread(scenario, &query);
}

static size_t measured_curves(const struct scenario *scenario)
{
	size_t curve, measured = 0;

	for (curve = 0; curve < scenario->curves; curve++)
		measured +=
			at(scenario, curve, REPORT_MASK, REPORT_P50).blocks ||
			at(scenario, curve, REPORT_UNMASK, REPORT_P50).blocks;
	return measured;
}

static const char *lacks(const struct figure *figure)
{
	size_t i, measured = 0;

	for (i = 0; i < figure->scenarios; i++)
		measured += measured_curves(&figure->scenario[i]);
	if (measured > 1)
		return NULL;
	return measured ? "a single arm, nothing to compare it with" :
			  "no mask or unmask was measured";
}

static void write_arm(const struct scenario *scenario, size_t curve,
		      struct figure_page *page)
{
	static const enum report_percentile shown[] = { REPORT_P50, REPORT_P10,
							REPORT_P90 };
	struct spread spread;
	size_t i, k;

	fprintf(page->data, "%zu", curve + 1);
	for (i = 0; i < sizeof(costs) / sizeof(costs[0]); i++) {
		for (k = 0; k < sizeof(shown) / sizeof(shown[0]); k++) {
			spread = at(scenario, curve, costs[i], shown[k]);
			if (spread.blocks)
				figure_page_value(page, spread.median_ns);
			else
				fputs(" ?", page->data);
		}
	}
	putc('\n', page->data);
}

static void write_panel(const struct scenario *scenario,
			struct figure_page *page)
{
	size_t curve;

	figure_page_panel(page, "[points %.32s], target at %s",
			  scenario->section,
			  units_rate(scenario->rate_hz).text);
	figure_page_set(
		page, "%s: arm, mask p50 p10 p90, unmask p50 p10 p90, medians",
		scenario->section);
	fprintf(page->variables, "bars[%zu] = %zu; ", page->panels,
		scenario->curves);
	for (curve = 0; curve < scenario->curves; curve++) {
		write_arm(scenario, curve, page);
		figure_page_text(page, "bar", ++page->bars,
				 scenario->curve[curve].label);
	}
}

static void write_figure(const struct figure *figure, struct figure_page *page)
{
	size_t i;

	for (i = 0; i < figure->scenarios; i++)
		if (measured_curves(&figure->scenario[i]))
			write_panel(&figure->scenario[i], page);
}

const struct figure_kind figure_arm_cost = {
	.name = "arm-cost",
	.title = "What does it cost the host to keep the target quiet?",
	.together = true,
	.lacks = lacks,
	.write = write_figure,
};
