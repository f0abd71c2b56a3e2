// SPDX-License-Identifier: GPL-2.0-or-later
/* What taking a CPU offline and bringing it back costs, step by step. */
#include <string.h>

#include "figure_kind.h"
#include "scenario_stress.h"

#define STEPS 7 /* that are drawn; the slowest over all curves */

static const char *const whole[REPORT_DIRECTIONS] = {
	[REPORT_OFFLINE] = "whole offline",
	[REPORT_ONLINE] = "whole online",
};
static const enum stress_metric metrics[REPORT_DIRECTIONS] = {
	[REPORT_OFFLINE] = STRESS_OFFLINE,
	[REPORT_ONLINE] = STRESS_ONLINE,
};

static bool has_hotplug(const struct scenario *scenario, size_t curve)
{
	return scenario_stress_spread(scenario, curve, STRESS_OFFLINE,
				      REPORT_P50)
		       .blocks ||
	       scenario_stress_spread(scenario, curve, STRESS_ONLINE,
				      REPORT_P50)
		       .blocks;
}

static const char *lacks(const struct figure *figure)
{
	for (size_t i = 0; i < figure->scenario->curves; i++)
		if (has_hotplug(figure->scenario, i))
			return NULL;
	return "no CPU came or went";
}

/* Keep the slowest of each name, the slowest first. */
static size_t merge_steps(struct scenario_step *into, size_t count,
			  const struct scenario_step *from, size_t more)
{
	for (size_t i = 0; i < more; i++) {
		struct scenario_step step = from[i];
		size_t k = 0;

		while (k < count && strcmp(into[k].name, step.name) != 0)
			k++;
		if (k < count && into[k].mean_ns >= step.mean_ns)
			continue;
		if (k == count && count == STEPS &&
		    into[STEPS - 1].mean_ns >= step.mean_ns)
			continue;
		if (k == count && count < STEPS)
			count++;
		else if (k == count)
			k--;
		for (; k && into[k - 1].mean_ns < step.mean_ns; k--)
			into[k] = into[k - 1];
		into[k] = step;
	}
	return count;
}

static size_t choose_steps(const struct scenario *scenario,
			   enum report_direction direction,
			   struct scenario_step step[STEPS])
{
	size_t count = 0;

	for (size_t i = 0; i < scenario->curves; i++) {
		struct scenario_step found[STEPS];
		size_t more =
			scenario_steps(scenario, i, direction, found, STEPS);

		count = merge_steps(step, count, found, more);
	}
	return count;
}

static void write_whole(const struct scenario *scenario, size_t curve,
			enum report_direction direction,
			struct figure_page *page)
{
	static const enum report_percentile shown[] = { REPORT_P50, REPORT_P10,
							REPORT_P99 };

	if (!scenario_stress_spread(scenario, curve, metrics[direction],
				    REPORT_P50)
		     .blocks)
		return;
	fputs("0", page->data);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		figure_page_value(page, scenario_stress_spread(
						scenario, curve,
						metrics[direction], shown[i])
						.median_ns);
	putc('\n', page->data);
}

static void write_curve(const struct scenario *scenario, size_t curve,
			enum report_direction direction,
			const struct scenario_step *step, size_t steps,
			struct figure_page *page)
{
	struct scenario_step found[SCENARIO_STEPS_MAX];
	size_t count = scenario_steps(scenario, curve, direction, found,
				      SCENARIO_STEPS_MAX);

	figure_page_set(page,
			"%s, %s: row, ns (0: p50, p10, p99, medians; steps: "
			"mean)",
			scenario->curve[curve].label, whole[direction]);
	write_whole(scenario, curve, direction, page);
	for (size_t i = 0; i < steps; i++)
		for (size_t k = 0; k < count; k++) {
			if (strcmp(found[k].name, step[i].name) != 0)
				continue;
			fprintf(page->data, "%zu", i + 1);
			figure_page_value(page, found[k].mean_ns);
			fputs(" ? ?\n", page->data);
		}
	figure_page_end_set(page, count);
}

static void write_panel(const struct scenario *scenario,
			enum report_direction direction,
			struct figure_page *page)
{
	struct scenario_step step[STEPS];
	size_t steps = choose_steps(scenario, direction, step);

	figure_page_panel(page, "%s, and its slowest steps", whole[direction]);
	fprintf(page->variables, "bars[%zu] = %zu; ", page->panels, steps);
	for (size_t i = 0; i < steps; i++)
		figure_page_text(page, "bar", ++page->bars, step[i].name);
	for (size_t i = 0; i < scenario->curves; i++)
		write_curve(scenario, i, direction, step, steps, page);
}

static void write_figure(const struct figure *figure, struct figure_page *page)
{
	for (int i = 0; i < REPORT_DIRECTIONS; i++)
		write_panel(figure->scenario, i, page);
	figure_page_curves(page, figure->scenario);
}

const struct figure_kind figure_hotplug_latency = {
	.name = "hotplug-latency",
	.title = "What does it take to take a CPU offline and bring it back?",
	.optional = true,
	.lacks = lacks,
	.write = write_figure,
};
