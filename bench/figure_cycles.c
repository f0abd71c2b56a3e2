// SPDX-License-Identifier: GPL-2.0-or-later
/* How many times a CPU went and came without an interrupt lost, arm by arm. */
#include <stdio.h>
#include <string.h>

#include "figure_kind.h"
#include "units.h"

/* Cycles of all executions of an arm, whatever else ran. */
struct cycles {
	uint64_t clean, failed, asserted;
};

/* An execution with anything wrong has no clean cycle: which of them it was is
 * not known. */
static struct cycles cycles_of(const struct scenario *scenario, size_t curve)
{
	const struct scenario_curve *arm = &scenario->curve[curve];
	struct cycles sum = { 0 };

	for (size_t i = 0; i < scenario->runs; i++) {
		const struct report_point *point = scenario->run[i].point;
		uint64_t cycles = point->stress.hotplug.cycles;

		if (!cycles || strcmp(point->arm, arm->arm) != 0 ||
		    strcmp(point->path, arm->path) != 0)
			continue;
		if (point->verdict == REPORT_PASS)
			sum.clean += cycles;
		else
			sum.failed += cycles;
		for (size_t k = 0; k < point->functions; k++)
			sum.asserted += point->function[k].asserted;
	}
	return sum;
}

/* Curves that differ in other things than the arm are one bar. */
static bool is_first(const struct scenario *scenario, size_t curve)
{
	for (size_t i = 0; i < curve; i++)
		if (!strcmp(scenario->curve[i].arm,
			    scenario->curve[curve].arm) &&
		    !strcmp(scenario->curve[i].path,
			    scenario->curve[curve].path))
			return false;
	return true;
}

static bool has_cycles(const struct scenario *scenario)
{
	for (size_t i = 0; i < scenario->curves; i++) {
		struct cycles sum = cycles_of(scenario, i);

		if (sum.clean || sum.failed)
			return true;
	}
	return false;
}

static const char *lacks(const struct figure *figure)
{
	for (size_t i = 0; i < figure->scenarios; i++)
		if (has_cycles(&figure->scenario[i]))
			return NULL;
	return "no CPU came or went";
}

static size_t write_arms(const struct scenario *scenario,
			 struct figure_page *page)
{
	size_t arms = 0;

	for (size_t i = 0; i < scenario->curves; i++) {
		const struct scenario_curve *curve = &scenario->curve[i];
		struct cycles sum = cycles_of(scenario, i);
		bool prefix = strcmp(curve->path, "kmod") != 0 &&
			      strcmp(curve->path, curve->arm) != 0;
		char name[SCENARIO_LABEL_MAX];

		if (!is_first(scenario, i) || !(sum.clean || sum.failed))
			continue;
		snprintf(name, sizeof(name), "%.32s%s%.32s",
			 prefix ? curve->path : "", prefix ? "/" : "",
			 curve->arm);
		fprintf(page->data, "%zu", ++arms);
		figure_page_value(page, sum.clean);
		figure_page_value(page, sum.failed);
		fprintf(page->data, " %llu\n",
			(unsigned long long)sum.asserted);
		figure_page_text(page, "bar", ++page->bars, name);
	}
	return arms;
}

static void write_figure(const struct figure *figure, struct figure_page *page)
{
	for (size_t i = 0; i < figure->scenarios; i++) {
		const struct scenario *scenario = &figure->scenario[i];
		size_t arms;

		if (!has_cycles(scenario))
			continue;
		figure_page_panel(page, "[points %.32s], target at %s",
				  scenario->section,
				  units_rate(scenario->rate_hz).text);
		figure_page_set(page,
				"%s: arm, cycles without and with a failure, "
				"asserts meanwhile",
				scenario->section);
		arms = write_arms(scenario, page);
		fprintf(page->variables, "bars[%zu] = %zu; ", page->panels,
			arms);
	}
}

const struct figure_kind figure_hotplug_cycles = {
	.name = "hotplug-cycles",
	.title = "How many times did a CPU go and come, nothing being lost?",
	.subtitle = "offline and online again, all executions of an arm",
	.together = true,
	.optional = true,
	.lacks = lacks,
	.write = write_figure,
};
