// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "scenario_stress.h"

static const struct report_metric *metric_of(const struct report_stress *stress,
					     enum stress_metric metric)
{
	switch (metric) {
	case STRESS_OFFLINE:
		return &stress->hotplug.metric[REPORT_OFFLINE];
	case STRESS_ONLINE:
		return &stress->hotplug.metric[REPORT_ONLINE];
	case STRESS_STAT_READ:
		return &stress->pressure.read;
	case STRESS_COUNTER_READ:
		return &stress->counter.reading;
	case STRESS_COUNTER_FOLD:
		return &stress->counter.folding;
	default:
		return &stress->move.moving;
	}
}

struct spread scenario_stress_spread(const struct scenario *scenario,
				     size_t curve, enum stress_metric metric,
				     enum report_percentile percentile)
{
	uint64_t least_values = UINT64_MAX;
	struct spread spread;
	size_t blocks = 0;

	for (size_t i = 0; i < scenario->runs; i++) {
		const struct scenario_run *run = &scenario->run[i];
		const struct report_metric *found =
			metric_of(&run->point->stress, metric);

		if (run->curve != curve || !found->count)
			continue;
		scenario->scratch[blocks++] = found->value_ns[percentile];
		if (found->count < least_values)
			least_values = found->count;
	}
	spread = spread_over(scenario->scratch, blocks);
	spread.least_values = least_values;
	return spread;
}

/* mean_ns holds the sum meanwhile. */
static size_t add_step(const struct report_step *from,
		       enum report_direction direction,
		       struct scenario_step *step, size_t count)
{
	uint64_t times = from->direction[direction].count;
	size_t i = 0;

	if (!times)
		return count;
	while (i < count && strcmp(step[i].name, from->name) != 0)
		i++;
	if (i == SCENARIO_STEPS_MAX)
		return count;
	if (i == count)
		step[count++] = (struct scenario_step){ .name = from->name };
	step[i].count += times;
	step[i].mean_ns += times * from->direction[direction].mean_ns;
	return count;
}

static int compare_steps(const void *a, const void *b)
{
	const struct scenario_step *x = a, *y = b;

	return (x->mean_ns < y->mean_ns) - (x->mean_ns > y->mean_ns);
}

size_t scenario_steps(const struct scenario *scenario, size_t curve,
		      enum report_direction direction,
		      struct scenario_step *step, size_t most)
{
	struct scenario_step all[SCENARIO_STEPS_MAX] = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < scenario->runs; i++) {
		const struct report_hotplug *hotplug =
			&scenario->run[i].point->stress.hotplug;

		for (size_t k = 0;
		     scenario->run[i].curve == curve && k < hotplug->steps; k++)
			count = add_step(&hotplug->step[k], direction, all,
					 count);
	}
	for (size_t i = 0; i < count; i++)
		all[i].mean_ns /= all[i].count;
	qsort(all, count, sizeof(*all), compare_steps);
	if (count > most)
		count = most;
	memcpy(step, all, count * sizeof(*step));
	return count;
}
