// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the place of the counters' lock costs: block by block, hotplug with the
 * hoisted lock over hotplug with another way to read.
 *
 * The interval is the lowest to the highest of n blocks. It misses the median of
 * what they are drawn from only if all are on one side of it, which happens once
 * in 2^(n-1) runs: no distribution is assumed, only that blocks are independent.
 */
#include <math.h>
#include <string.h>

#include "prose.h"
#include "scenario.h"
#include "summary_table.h"

static const char hoisted[] = "hoisted";

static const struct report_metric *metric_of(const struct scenario_run *run,
					     enum report_direction direction)
{
	const struct report_metric *metric =
		&run->point->stress.hotplug.metric[direction];

	return metric->count && metric->value_ns[REPORT_P50] > 0 ? metric :
								   NULL;
}

/* The same point in the same block, but for the curve. */
static const struct scenario_run *partner(const struct scenario *scenario,
					  const struct scenario_run *run,
					  size_t curve)
{
	for (size_t i = 0; i < scenario->runs; i++) {
		const struct scenario_run *other = &scenario->run[i];

		if (other->curve == curve && other->service == run->service &&
		    other->point->block == run->point->block)
			return other;
	}
	return NULL;
}

/* Ratios, not times, in what spread calls ns. */
static struct spread ratios(const struct scenario *scenario, size_t over,
			    size_t under, enum report_direction direction)
{
	const struct report_metric *above, *below;
	const struct scenario_run *other;
	size_t count = 0;

	for (size_t i = 0; i < scenario->runs; i++) {
		if (scenario->run[i].curve != over)
			continue;
		other = partner(scenario, &scenario->run[i], under);
		above = metric_of(&scenario->run[i], direction);
		below = other ? metric_of(other, direction) : NULL;
		if (above && below)
			scenario->scratch[count++] =
				above->value_ns[REPORT_P50] /
				below->value_ns[REPORT_P50];
	}
	return spread_over(scenario->scratch, count);
}

/* All alike but the way to read. */
static bool differ_in_lock(const struct scenario_curve *a,
			   const struct scenario_curve *b)
{
	struct report_stress like = *a->stress;

	like.counter.read = b->stress->counter.read;
	return !strcmp(a->arm, b->arm) && !strcmp(a->path, b->path) &&
	       !strcmp(a->guest, b->guest) && !strcmp(a->order, b->order) &&
	       strcmp(a->stress->counter.read, b->stress->counter.read) != 0 &&
	       report_stress_same(&like, b->stress);
}

static void put_head(size_t blocks, FILE *out)
{
	prose_printf(out, 0, "",
		     "The lock's place: hotplug (p50) with the hoisted lock "
		     "over that with another, block by block: median "
		     "(lowest..highest of %zu blocks, which holds the true "
		     "median in %.1f %% of such runs)",
		     blocks, 100 * (1 - pow(2, 1 - (double)blocks)));
	fprintf(out, "\n%40s%26s\n", "offline", "online");
}

static void put_ratio(const struct spread *spread, FILE *out)
{
	char text[32] = "-";

	if (spread->blocks)
		snprintf(text, sizeof(text), "%.2f (%.2f..%.2f)",
			 spread->median_ns, spread->low_ns, spread->high_ns);
	fprintf(out, "%26s", text);
}

static void put_pair(const struct scenario *scenario, size_t over, size_t under,
		     bool *any, FILE *out)
{
	struct spread offline = ratios(scenario, over, under, REPORT_OFFLINE);
	struct spread online = ratios(scenario, over, under, REPORT_ONLINE);

	/* One block has no interval. */
	if (offline.blocks < 2)
		return;
	if (!*any)
		put_head(offline.blocks, out);
	*any = true;
	fprintf(out, "%s over %s\n%14s", scenario->curve[over].label,
		scenario->curve[under].stress->counter.read, "");
	put_ratio(&offline, out);
	put_ratio(&online, out);
	putc('\n', out);
}

void summary_table_lock(const struct scenario *scenario, FILE *out)
{
	bool any = false;

	for (size_t i = 0; i < scenario->curves; i++) {
		if (strcmp(scenario->curve[i].stress->counter.read, hoisted) !=
		    0)
			continue;
		for (size_t j = 0; j < scenario->curves; j++)
			if (differ_in_lock(&scenario->curve[i],
					   &scenario->curve[j]))
				put_pair(scenario, i, j, &any, out);
	}
	if (any)
		putc('\n', out);
}
