// SPDX-License-Identifier: GPL-2.0-or-later
/* What ran beside the flood: a table each, two rows for each curve. */
#include <string.h>

#include "prose.h"
#include "scenario_stress.h"
#include "summary_table.h"
#include "units.h"

#define SLOWEST 4 /* steps that are named */

typedef unsigned long long count_t;

static void put_time(const struct scenario *scenario, size_t curve,
		     enum stress_metric metric,
		     enum report_percentile percentile, FILE *out)
{
	struct spread spread =
		scenario_stress_spread(scenario, curve, metric, percentile);
	bool tail = percentile == REPORT_P99 && spread.least_values < 100;
	char cell[UNITS_TEXT_MAX + 1] = "-";

	if (spread.blocks)
		snprintf(cell, sizeof(cell), "%s%s", tail ? "~" : "",
			 units_time(spread.median_ns).text);
	fprintf(out, "%9s", cell);
}

static void put_times(const struct scenario *scenario, size_t curve,
		      enum stress_metric metric, FILE *out)
{
	put_time(scenario, curve, metric, REPORT_P50, out);
	put_time(scenario, curve, metric, REPORT_P99, out);
}

/* A label says what differs; `what` is said where that is another thing. */
static void put_label(const struct scenario_curve *curve, const char *what,
		      FILE *out)
{
	bool said = strstr(curve->label, what) != NULL;

	fprintf(out, "%s%s%s\n", curve->label, said ? "" : ", ",
		said ? "" : what);
}

/* All executions of a curve; `ran` counts those that had it. */
struct sums {
	size_t ran;
	count_t cycles, failed, not_back, asserted;
	bool asserted_known;
	count_t max, high, oom_kill, some_us, full_us, length_us;
	count_t inexact, reads, backwards, blocked, folds;
	count_t moves, moves_failed, missed;
};

static void add_hotplug(const struct report_hotplug *hotplug, struct sums *sums)
{
	sums->ran += hotplug->choice[0] != '\0';
	sums->cycles += hotplug->cycles;
	sums->failed += hotplug->failed[REPORT_OFFLINE] +
			hotplug->failed[REPORT_ONLINE];
	sums->not_back += hotplug->not_back;
	sums->asserted_known |= hotplug->asserted_known;
	sums->asserted += hotplug->asserted;
}

static void add_pressure(const struct report_pressure *pressure,
			 struct sums *sums)
{
	sums->ran += pressure->ran;
	sums->max += pressure->max;
	sums->high += pressure->high;
	sums->oom_kill += pressure->oom_kill;
	if (!pressure->psi)
		return;
	sums->some_us += pressure->some_us;
	sums->full_us += pressure->full_us;
	sums->length_us += pressure->length_ns / 1000;
}

static void add_counter(const struct report_counter *counter, struct sums *sums)
{
	sums->ran += counter->read[0] != '\0';
	sums->inexact += counter->added != counter->sum;
	sums->reads += counter->reads;
	sums->backwards += counter->backwards;
	sums->blocked += counter->blocked;
	sums->folds += counter->folds;
}

static void add_move(const struct report_move *move, struct sums *sums)
{
	sums->ran += move->rate_hz != 0;
	sums->moves += move->moves;
	sums->moves_failed += move->failed;
	sums->missed += move->missed;
}

static void put_share(count_t part_us, count_t whole_us, FILE *out)
{
	if (whole_us)
		fprintf(out, "%7.1f %%", 100.0 * part_us / whole_us);
	else
		fprintf(out, "%9s", "-");
}

static void put_steps(const struct scenario *scenario, size_t curve,
		      enum report_direction direction, const char *head,
		      FILE *out)
{
	struct scenario_step step[SLOWEST];
	size_t count =
		scenario_steps(scenario, curve, direction, step, SLOWEST);
	char text[512] = "";
	size_t used = 0;

	for (size_t i = 0; i < count; i++)
		used += snprintf(text + used, sizeof(text) - used, "%s%.48s %s",
				 i ? ", " : "", step[i].name,
				 units_time(step[i].mean_ns).text);
	if (count)
		prose_put(out, 12, head, text);
}

static const char *why_untraced(const struct scenario *scenario, size_t curve)
{
	for (size_t i = 0; i < scenario->runs; i++) {
		const struct report_hotplug *hotplug =
			&scenario->run[i].point->stress.hotplug;

		if (scenario->run[i].curve == curve && hotplug->trace_why[0])
			return hotplug->trace_why;
	}
	return "";
}

static struct sums hotplug_sums(const struct scenario *scenario, size_t curve)
{
	struct sums sums = { 0 };

	for (size_t i = 0; i < scenario->runs; i++)
		if (scenario->run[i].curve == curve)
			add_hotplug(&scenario->run[i].point->stress.hotplug,
				    &sums);
	return sums;
}

static void put_hotplug(const struct scenario *scenario, size_t curve,
			const struct sums *sums, FILE *out)
{
	const char *why = why_untraced(scenario, curve);

	fprintf(out, "%8s%8llu%8llu%10llu", "", sums->cycles, sums->failed,
		sums->not_back);
	put_times(scenario, curve, STRESS_OFFLINE, out);
	put_times(scenario, curve, STRESS_ONLINE, out);
	putc('\n', out);
	put_steps(scenario, curve, REPORT_OFFLINE, "    offline", out);
	put_steps(scenario, curve, REPORT_ONLINE, "    online", out);
	if (why[0])
		prose_printf(out, 12, "    steps", "not traced: %s", why);
	if (sums->asserted_known)
		prose_printf(out, 12, "    INTx",
			     "asserted all the while in %llu of %llu",
			     sums->asserted, sums->cycles);
}

static void table_hotplug(const struct scenario *scenario, FILE *out)
{
	bool any = false;

	for (size_t i = 0; i < scenario->curves; i++) {
		struct sums sums = hotplug_sums(scenario, i);

		if (!sums.ran)
			continue;
		if (!any)
			fprintf(out,
				"CPU hotplug, a write to the CPU's `online`; means "
				"of its slowest steps:\n\n"
				"%34s%18s%18s\n%8s%8s%8s%10s%9s%9s%9s%9s\n",
				"", "offline", "online", "", "cycles", "failed",
				"not back", "p50", "p99", "p50", "p99");
		any = true;
		put_label(&scenario->curve[i],
			  scenario->curve[i].stress->hotplug.choice, out);
		put_hotplug(scenario, i, &sums, out);
	}
	if (any)
		putc('\n', out);
}

static struct sums pressure_sums(const struct scenario *scenario, size_t curve)
{
	struct sums sums = { 0 };

	for (size_t i = 0; i < scenario->runs; i++)
		if (scenario->run[i].curve == curve)
			add_pressure(&scenario->run[i].point->stress.pressure,
				     &sums);
	return sums;
}

static void table_pressure(const struct scenario *scenario, FILE *out)
{
	bool any = false;

	for (size_t i = 0; i < scenario->curves; i++) {
		struct sums sums = pressure_sums(scenario, i);

		if (!sums.ran)
			continue;
		if (!any)
			fprintf(out,
				"Memory pressure; stalled: time in which some, "
				"or all, waited (PSI):\n\n"
				"%36s%18s%18s\n%9s%9s%9s%9s%9s%9s%9s%9s\n",
				"", "stalled", "memory.stat", "", "max", "high",
				"OOM", "some", "all", "p50", "p99");
		any = true;
		put_label(&scenario->curve[i], "pressure", out);
		fprintf(out, "%9s%9llu%9llu%9llu", "", sums.max, sums.high,
			sums.oom_kill);
		put_share(sums.some_us, sums.length_us, out);
		put_share(sums.full_us, sums.length_us, out);
		put_times(scenario, i, STRESS_STAT_READ, out);
		putc('\n', out);
	}
	if (any)
		putc('\n', out);
}

static struct sums counter_sums(const struct scenario *scenario, size_t curve)
{
	struct sums sums = { 0 };

	for (size_t i = 0; i < scenario->runs; i++)
		if (scenario->run[i].curve == curve)
			add_counter(&scenario->run[i].point->stress.counter,
				    &sums);
	return sums;
}

static void put_counter(const struct scenario *scenario, size_t curve,
			const struct sums *sums, FILE *out)
{
	put_label(&scenario->curve[curve],
		  scenario->curve[curve].stress->counter.read, out);
	fprintf(out, "%9llu%9s%9llu%9llu", sums->reads,
		sums->inexact ? "NO" : "yes", sums->backwards, sums->folds);
	put_times(scenario, curve, STRESS_COUNTER_READ, out);
	put_times(scenario, curve, STRESS_COUNTER_FOLD, out);
	putc('\n', out);
	if (sums->blocked)
		prose_printf(out, 4, "    ",
			     "%llu reads found the hotplug lock taken inside "
			     "their RCU section",
			     sums->blocked);
}

static void table_counter(const struct scenario *scenario, FILE *out)
{
	bool any = false;

	for (size_t i = 0; i < scenario->curves; i++) {
		struct sums sums = counter_sums(scenario, i);

		if (!sums.ran)
			continue;
		if (!any)
			fprintf(out,
				"The counter set:\n\n%36s%18s%18s\n"
				"%9s%9s%9s%9s%9s%9s%9s%9s\n",
				"", "read", "fold", "reads", "exact", "back",
				"folds", "p50", "p99", "p50", "p99");
		any = true;
		put_counter(scenario, i, &sums, out);
	}
	if (any)
		putc('\n', out);
}

static struct sums move_sums(const struct scenario *scenario, size_t curve)
{
	struct sums sums = { 0 };

	for (size_t i = 0; i < scenario->runs; i++)
		if (scenario->run[i].curve == curve)
			add_move(&scenario->run[i].point->stress.move, &sums);
	return sums;
}

static void table_moves(const struct scenario *scenario, FILE *out)
{
	bool any = false;

	for (size_t i = 0; i < scenario->curves; i++) {
		struct sums sums = move_sums(scenario, i);
		char rate[32];

		if (!sums.ran)
			continue;
		if (!any)
			fprintf(out,
				"The line moved, a write to its affinity:\n\n"
				"%9s%9s%9s%9s%9s%9s\n",
				"", "moves", "failed", "missed", "p50", "p99");
		any = true;
		snprintf(rate, sizeof(rate), "moved-%lluHz",
			 (count_t)scenario->curve[i].stress->move.rate_hz);
		put_label(&scenario->curve[i], rate, out);
		fprintf(out, "%9s%9llu%9llu%9llu", "", sums.moves,
			sums.moves_failed, sums.missed);
		put_times(scenario, i, STRESS_MOVE, out);
		putc('\n', out);
	}
	if (any)
		putc('\n', out);
}

const char *summary_stress_text(const struct report_stress *stress,
				char text[SUMMARY_STRESS_MAX])
{
	const struct report_hotplug *hotplug = &stress->hotplug;
	const struct report_counter *counter = &stress->counter;
	char move[UNITS_TEXT_MAX + 16] = "";

	if (stress->move.rate_hz)
		snprintf(move, sizeof(move), ", moved at %s",
			 units_rate(stress->move.rate_hz).text);
	snprintf(text, SUMMARY_STRESS_MAX, "%s%.16s%s%s%.16s%s",
		 hotplug->choice[0] ? ", hotplug " : "", hotplug->choice,
		 stress->pressure.ran ? ", pressure" : "",
		 counter->read[0] ? ", counter " : "", counter->read, move);
	return text;
}

void summary_table_stress(const struct scenario *scenario, FILE *out)
{
	table_hotplug(scenario, out);
	table_pressure(scenario, out);
	table_counter(scenario, out);
	table_moves(scenario, out);
}
