// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "figure_kind.h"

static const struct figure_kind *const kinds[] = {
	&figure_neighbour_latency, &figure_latency_percentiles,
	&figure_arm_cost,          &figure_hotplug_timeline,
	&figure_hotplug_latency,   &figure_hotplug_cycles,
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* A drawable figure of the same kind elsewhere needs a name of its own. */
static bool is_only_one(const struct figure_kind *kind,
			const struct scenarios *scenarios)
{
	size_t i, drawable = 0;

	if (kind->together)
		return true;
	for (i = 0; i < scenarios->count; i++) {
		struct figure one = { .scenario = &scenarios->scenario[i],
				      .scenarios = 1 };

		drawable += !kind->lacks(&one);
	}
	return drawable == 1;
}

static bool is_taken(const char *name, const struct figures *figures)
{
	size_t i;

	for (i = 0; i + 1 < figures->count; i++)
		if (!strcmp(figures->figure[i].name, name))
			return true;
	return false;
}

/*
 * Section names are the user's: keep what is safe in a file name, and number
 * those that become the same. The figure is the last of figures.
 */
static void name_figure(struct figure *figure, const struct figures *figures)
{
	const struct scenario *scenario = figure->scenario;
	char *name = figure->name, *c;
	size_t length, number = 2;

	snprintf(name, FIGURE_NAME_MAX, "%.20s-%.64s-%lluhz",
		 figure->kind->name, scenario->section,
		 (unsigned long long)scenario->rate_hz);
	for (c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '-')
			*c = '_';
	length = c - name;
	while (is_taken(name, figures))
		snprintf(name + length, FIGURE_NAME_MAX - length, "-%zu",
			 number++);
}

static void plan_figure(const struct figure_kind *kind,
			const struct scenario *scenario, size_t count,
			bool only_one, struct figures *figures)
{
	struct figure *figure = &figures->figure[figures->count];
	const char *lacks;

	figure->kind = kind;
	figure->scenario = scenario;
	figure->scenarios = count;
	lacks = kind->lacks(figure);
	if (lacks && kind->optional)
		return;
	figures->count++;
	if (lacks)
		snprintf(figure->skipped, sizeof(figure->skipped), "%s", lacks);
	if (kind->together || (only_one && !lacks))
		snprintf(figure->name, sizeof(figure->name), "%s", kind->name);
	else
		name_figure(figure, figures);
}

static void plan_kind(const struct figure_kind *kind,
		      const struct scenarios *scenarios,
		      struct figures *figures)
{
	bool only_one = is_only_one(kind, scenarios);
	size_t i;

	if (kind->together) {
		plan_figure(kind, scenarios->scenario, scenarios->count, true,
			    figures);
		return;
	}
	for (i = 0; i < scenarios->count; i++)
		plan_figure(kind, &scenarios->scenario[i], 1, only_one,
			    figures);
}

int figures_plan(const struct scenarios *scenarios, struct figures *figures)
{
	size_t i;

	figures->count = 0;
	figures->figure = calloc(KINDS * (scenarios->count + 1),
				 sizeof(*figures->figure));
	if (!figures->figure)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	for (i = 0; i < KINDS; i++)
		if (scenarios->count)
			plan_kind(kinds[i], scenarios, figures);
	return 0;
}

void figures_free(struct figures *figures)
{
	free(figures->figure);
	figures->figure = NULL;
	figures->count = 0;
}
