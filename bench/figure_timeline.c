// SPDX-License-Identifier: GPL-2.0-or-later
/* CPUs that come and go, stalls and handlers' lateness, on one axis of time. */
#include <string.h>

#include "figure_kind.h"
#include "summary_table.h"
#include "timeline.h"

#define PANELS_MAX 12
#define NS_PER_S 1e9

/* A curve's first execution that has one: blocks are alike, or the tables say
 * how they are not. */
static const struct scenario_run *run_of(const struct scenario *scenario,
					 size_t curve)
{
	for (size_t i = 0; i < scenario->runs; i++) {
		const struct report_stress *stress =
			&scenario->run[i].point->stress;

		if (scenario->run[i].curve == curve && stress->timeline &&
		    (stress->hotplug.choice[0] || stress->pressure.ran))
			return &scenario->run[i];
	}
	return NULL;
}

static size_t count_panels(const struct scenario *scenario)
{
	size_t panels = 0;

	for (size_t i = 0; i < scenario->curves; i++)
		panels += run_of(scenario, i) != NULL;
	return panels;
}

static const char *lacks(const struct figure *figure)
{
	return count_panels(figure->scenario) ? NULL : "no timeline";
}

static double seconds(const struct timeline *timeline, double time_ns)
{
	return (time_ns - timeline->started_ns) / NS_PER_S;
}

static void write_operations(const struct timeline *timeline, bool online,
			     struct figure_page *page)
{
	const struct timeline_series *series = &timeline->operations;
	size_t rows = 0;

	figure_page_set(page,
			"%s: s from the flood's start, ns it took, s it "
			"took",
			online ? "online" : "offline");
	for (size_t i = 0; i < series->rows; i++) {
		double start = timeline_value(series, i, TIMELINE_START);
		double end = timeline_value(series, i, TIMELINE_END);

		if ((timeline_value(series, i, TIMELINE_ONLINE) != 0) != online)
			continue;
		rows++;
		fprintf(page->data, "%.6f", seconds(timeline, start));
		figure_page_value(page, end - start);
		fprintf(page->data, " %.6f\n", (end - start) / NS_PER_S);
	}
	figure_page_end_set(page, rows);
}

/* From sample to sample. */
static void write_pressure(const struct timeline *timeline,
			   struct figure_page *page)
{
	const struct timeline_series *series = &timeline->pressure;
	size_t rows = 0;

	figure_page_set(page, "memory pressure: s, %% of the time in which "
			      "some waited");
	for (size_t i = 1; i < series->rows; i++) {
		double from = timeline_value(series, i - 1, TIMELINE_TIME);
		double to = timeline_value(series, i, TIMELINE_TIME);
		double us = timeline_value(series, i, TIMELINE_SOME) -
			    timeline_value(series, i - 1, TIMELINE_SOME);

		if (to <= from || to < timeline->started_ns)
			continue;
		rows++;
		fprintf(page->data, "%.6f %.2f\n", seconds(timeline, to),
			us * 1e5 / (to - from));
	}
	figure_page_end_set(page, rows);
}

static const struct timeline_series *
function_of(const struct timeline *timeline, const char *name)
{
	for (size_t i = 0; i < timeline->functions; i++)
		if (!strcmp(timeline->function[i].name, name))
			return &timeline->function[i];
	return NULL;
}

static void write_function(const struct timeline *timeline, const char *name,
			   struct figure_page *page)
{
	const struct timeline_series *series = function_of(timeline, name);
	size_t rows = 0;

	figure_page_set(page, "%s: s, mean ns and highest ns of a window",
			name);
	for (size_t i = 0; series && i < series->rows; i++) {
		rows++;
		fprintf(page->data, "%.6f",
			seconds(timeline,
				timeline_value(series, i, TIMELINE_WINDOW)));
		figure_page_value(page,
				  timeline_value(series, i, TIMELINE_MEAN));
		figure_page_value(page,
				  timeline_value(series, i, TIMELINE_HIGHEST));
		putc('\n', page->data);
	}
	figure_page_end_set(page, rows);
}

static void write_title(const struct scenario *scenario, size_t curve,
			struct figure_page *page)
{
	const struct report_point *point = run_of(scenario, curve)->point;
	size_t panels = count_panels(scenario);
	char beside[SUMMARY_STRESS_MAX], more[48] = "";

	if (page->panels + 1 == PANELS_MAX && panels > PANELS_MAX)
		snprintf(more, sizeof(more), " (%zu more are not drawn)",
			 panels - PANELS_MAX);
	figure_page_panel(page, "%.24s%.64s, block %llu%s", point->arm,
			  summary_stress_text(&point->stress, beside),
			  (unsigned long long)point->block, more);
}

static void write_timeline(const struct scenario *scenario, size_t curve,
			   const struct timeline *timeline,
			   struct figure_page *page)
{
	write_title(scenario, curve, page);
	write_operations(timeline, false, page);
	write_operations(timeline, true, page);
	write_pressure(timeline, page);
	for (size_t i = 0; i < scenario->functions; i++)
		write_function(timeline, scenario->function[i]->name, page);
}

static void write_figure(const struct figure *figure, struct figure_page *page)
{
	const struct scenario *scenario = figure->scenario;
	uint64_t longest_ns = 0, window_ns = 0;

	for (size_t i = 0; i < scenario->curves && page->panels < PANELS_MAX;
	     i++) {
		const struct scenario_run *run = run_of(scenario, i);
		struct timeline timeline;

		if (!run)
			continue;
		if (timeline_load(run->point->stress.timeline, &timeline)) {
			page->failed = true;
			return;
		}
		write_timeline(scenario, i, &timeline, page);
		if (timeline.flooded_ns > longest_ns)
			longest_ns = timeline.flooded_ns;
		if (timeline.window_ns > window_ns)
			window_ns = timeline.window_ns;
		timeline_free(&timeline);
	}
	figure_page_functions(page, scenario);
	fprintf(page->variables, "longest = %.6f; window_ms = %.0f; ",
		longest_ns / NS_PER_S, window_ns / 1e6);
}

const struct figure_kind figure_hotplug_timeline = {
	.name = "hotplug-timeline",
	.title = "What do handlers wait for while CPUs come and go?",
	.optional = true,
	.lacks = lacks,
	.write = write_figure,
};
