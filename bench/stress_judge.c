// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>

#include "clock.h"
#include "point_judge.h"
#include "stress_judge.h"

static void judge_failures(struct point_result *result,
			   const struct hotplug_result *hotplug)
{
	static const char *const names[HOTPLUG_DIRECTIONS] = {
		[HOTPLUG_OFFLINE] = "offline",
		[HOTPLUG_ONLINE] = "online",
	};

	for (int i = 0; i < HOTPLUG_DIRECTIONS; i++)
		if (hotplug->failed[i])
			point_blame(result,
				    "hotplug: %" PRIu64
				    " times a CPU could not be brought %s",
				    hotplug->failed[i], names[i]);
	if (hotplug->strayed)
		point_blame(result,
			    "hotplug: %" PRIu64
			    " threads and lines could not be put back on "
			    "their CPUs",
			    hotplug->strayed);
	if (hotplug->errnum)
		point_blame(result, "hotplug ended by itself: %s",
			    hotplug->why[0] ? hotplug->why :
					      strerror(hotplug->errnum));
}

static void judge_hotplug(struct point_result *result, const struct job *job)
{
	const struct hotplug_result *hotplug = &result->stress.hotplug.result;
	char cpus[STRESS_CPUS_TEXT_MAX];

	if (!result->stress.hotplug.ran)
		return;
	judge_failures(result, hotplug);
	if (result->stress.hotplug.not_back.count)
		point_blame(result, "hotplug: CPU %.100s is not back",
			    stress_cpus_text(&result->stress.hotplug.not_back,
					     cpus));
	if (hotplug->cycles < job->hotplug.cycles && !result->flood_cut)
		point_blame(result,
			    "hotplug: %" PRIu64 " of %" PRIu64
			    " cycles in %" PRIu64 " ms",
			    hotplug->cycles, job->hotplug.cycles,
			    result->stress.flooded_ns / NSEC_PER_MSEC);
	else if (!hotplug->cycles && !result->flood_cut)
		point_blame(result,
			    "hotplug: not one cycle was done in %" PRIu64 " ms",
			    result->stress.flooded_ns / NSEC_PER_MSEC);
}

static void judge_counter(struct point_result *result)
{
	const struct counter_result *counter = &result->stress.counter.result;

	if (result->stress.counter.why[0])
		point_blame(result, "the counter: %.200s",
			    result->stress.counter.why);
	if (!result->stress.counter.ran)
		return;
	if (counter->sum != counter->added)
		point_blame(result,
			    "the counter's sum is %" PRIu64 ", where %" PRIu64
			    " were added",
			    counter->sum, counter->added);
	if (counter->backwards)
		point_blame(result,
			    "the counter: %" PRIu64 " of %" PRIu64
			    " reads found less than one before them",
			    counter->backwards, counter->reads);
	if (counter->blocked)
		point_blame(result,
			    "the counter: %" PRIu64 " of %" PRIu64
			    " reads found the hotplug lock taken inside their "
			    "RCU section, where they must not sleep",
			    counter->blocked, counter->reads);
	if (!counter->reads)
		point_blame(result, "the counter was never read");
}

static void judge_move(struct point_result *result)
{
	const struct irq_mover_result *move = &result->stress.move.result;

	if (!result->stress.move.ran)
		return;
	if (move->failed)
		point_blame(result,
			    "the line could not be moved %" PRIu64
			    " times, last: %s",
			    move->failed, strerror(move->last_errnum));
	if (move->errnum)
		point_blame(result, "what moves the line ended by itself: %s",
			    move->why[0] ? move->why : strerror(move->errnum));
	if (!move->moves && !result->flood_cut)
		point_blame(result, "the line was never moved");
}

static void judge_pressure(struct point_result *result)
{
	const struct pressure_result *pressure =
		&result->stress.pressure.result;

	if (!result->stress.pressure.ran)
		return;
	if (pressure->errnum)
		point_blame(result, "the memory pressure ended by itself: %s",
			    pressure->why[0] ? pressure->why :
					       strerror(pressure->errnum));
	if (pressure->read_errnum)
		point_blame(result, "memory.stat could not be read: %s",
			    strerror(pressure->read_errnum));
	if (pressure->reached || result->verdict != POINT_PASS)
		return;
	point_skip(result,
		   "memory pressure was not reached: memory.max was hit "
		   "%" PRIu64 " times, memory.high %" PRIu64
		   ", tasks stalled for %" PRIu64 " us%s",
		   pressure->events.max, pressure->events.high,
		   pressure->some_us, pressure->psi ? "" : " (no PSI)");
}

void stress_judge(struct point_result *result, const struct job *job)
{
	judge_hotplug(result, job);
	judge_counter(result);
	judge_move(result);
	judge_pressure(result);
}
