// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "histogram.h"
#include "point_judge.h"

static void add_reason(struct point_result *result, const char *format,
		       va_list args)
{
	if (result->reasons < POINT_REASONS_MAX)
		vsnprintf(result->reason[result->reasons], POINT_REASON_BYTES,
			  format, args);
	result->reasons++;
}

void point_blame(struct point_result *result, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_reason(result, format, args);
	va_end(args);
	result->verdict = POINT_FAIL;
}

static void merge_cpu(const struct intxbench_cpu_data *from,
		      struct point_function *function,
		      struct accounting_input *input)
{
	input->entries += from->entries;
	input->claimed += from->claimed;
	input->spurious += from->spurious;
	input->absorbed += from->absorbed;
	for (size_t i = 0; i < INTXBENCH_METRICS; i++)
		histogram_merge(&function->hist[i], &from->hist[i]);
}

void point_collect(const struct session_function *from, uint32_t nr_cpu_ids,
		   uint32_t pending, struct point_function *function,
		   struct accounting_input *input)
{
	const struct intxbench_data *data = &function->data;

	_Static_assert((int)ACCOUNTING_TOKENS == (int)INTXBENCH_MAX_TOKENS,
		       "the module's tokens are the accounting's");
	memset(input, 0, sizeof(*input));
	function->data = *from->data;
	input->intended = data->intended;
	input->asserted = data->asserted;
	input->coalesced = data->coalesced;
	input->missed = data->missed;
	for (size_t i = 0; i < INTXBENCH_MAX_TOKENS; i++) {
		input->raised[i] = data->raised[i];
		input->served[i] = data->served[i];
	}
	for (uint32_t cpu = 0; cpu < nr_cpu_ids; cpu++)
		merge_cpu(session_cpu_data(from, cpu), function, input);
	input->entered = function->hist[INTXBENCH_METRIC_ASSERT_ENTRY].count;
	input->absorbed += data->absorbed +
			   __builtin_popcountll(data->unseen & ~(__u64)pending);
	input->observed = true;
}

void point_collect_guest(const struct guest_result *guest,
			 struct accounting_input *input)
{
	for (size_t i = 0; i < INTXBENCH_MAX_TOKENS; i++)
		input->served[i] = guest->served[i];
	input->serve_empty = guest->empty;
}

void point_collect_outside(const struct session_function *from,
			   uint32_t pending, struct accounting_input *input)
{
	for (size_t i = 0; i < INTXBENCH_MAX_TOKENS; i++)
		input->served[i] = input->raised[i] -
				   (input->raised[i] && pending >> i & 1);
	input->claims_all = from->add.trigger != INTXBENCH_TRIGGER_EDU;
}

void point_judge_accounting(struct point_result *result,
			    struct point_function *function,
			    const struct accounting_input *input)
{
	unsigned int faults = accounting_judge(input, &function->accounting);
	char text[2048], *rest = text, *line;

	if (result->flood_cut)
		faults &= ~ACCOUNTING_NOTHING;
	/* What was pending when it was cut looks lost and need not be. */
	if (result->drain_cut)
		faults &= ~(ACCOUNTING_LOST | ACCOUNTING_UNBALANCED);
	if (!faults)
		return;
	accounting_explain(&function->accounting, faults, text, sizeof(text));
	while ((line = strsep(&rest, "\n")))
		point_blame(result, "%s: %s", function->member->name, line);
}

void point_judge_live(struct point_result *result,
		      struct point_function *function,
		      const struct accounting_input *input)
{
	const char *name = function->member->name;

	function->accounting.entries = input->entries;
	function->accounting.claimed = input->claimed;
	function->accounting.declined = input->entries - input->claimed;
	if (function->data.ambiguous)
		point_blame(result, "%s: its handler's name is another's too",
			    name);
	if (result->flood_cut)
		return;
	if (!function->data.found)
		point_blame(result, "%s: its handler was not seen on line %d",
			    name, result->irq);
	if (function->live->load != LOAD_NONE && !function->load.latency.count)
		point_blame(result, "%s: its load %s got no answer", name,
			    load_name(function->live->load));
}

/* posted-v1's first defect; no other arm may have it. */
static void judge_masking(struct point_result *result)
{
	const struct intxbench_data *data = &result->function[0].data;

	if (data->masked_again)
		point_blame(result,
			    "claimed while masked: %" PRIu64
			    " times the arm claimed an interrupt of the line "
			    "while it held the target masked already",
			    (uint64_t)data->masked_again);
}

static void judge_foreign(struct point_result *result,
			  const struct point_function *target)
{
	if (result->path_errnum)
		point_blame(result, "the path ended by itself: %s",
			    strerror(result->path_errnum));
	if (!target->data.found && !result->flood_cut)
		point_blame(result,
			    "the target's handler was not seen on line %d; "
			    "handlers there: %s",
			    result->irq, result->handlers);
	if (target->data.ambiguous)
		point_blame(result,
			    "%" PRIu64 " runs of another handler with the "
			    "name of the target's: which is which is not known",
			    (uint64_t)target->data.ambiguous);
}

void point_judge_health(struct point_result *result, bool foreign,
			uint64_t watchdog_ns)
{
	const struct point_function *target = &result->function[0];

	judge_masking(result);
	if (foreign)
		judge_foreign(result, target);
	if (result->guest.errnum)
		point_blame(result, "the guest ended by itself: %s",
			    result->guest.why[0] ?
				    result->guest.why :
				    strerror(result->guest.errnum));
	if (target->data.starved)
		point_blame(result,
			    "the watchdog turned the line back on %" PRIu64
			    " times, after %" PRIu64 " ms each",
			    (uint64_t)target->data.starved,
			    watchdog_ns / NSEC_PER_MSEC);
	for (size_t i = 0; i < result->functions; i++)
		result->guarded |= result->function[i].data.guarded;
	if (result->guarded)
		point_blame(result, "the guard silenced the flood: too few "
				    "interrupts of the line were claimed");
}

void point_judge_log(struct point_result *result)
{
	const struct kmsg_faults *kernel = &result->kernel;

	if (kernel->count == 1)
		point_blame(result, "the kernel's log has: %s",
			    kernel->fault[0].text);
	else if (kernel->count)
		point_blame(result,
			    "the kernel's log has: %s (the first of %zu)",
			    kernel->fault[0].text, kernel->count);
	if (kernel->overruns)
		point_blame(result,
			    "the kernel's log was overwritten before it was "
			    "read, %" PRIu64 " times: %" PRIu64 " lines are "
			    "missing, and what they said is not known",
			    kernel->overruns, kernel->lost);
}

void point_skip(struct point_result *result, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_reason(result, format, args);
	va_end(args);
	result->verdict = POINT_SKIP;
}

/* What a signal has cut short proves nothing, but what it shows is so. */
void point_conclude(struct point_result *result, uint64_t flooded_ns,
		    uint64_t asked_ns)
{
	if (result->verdict != POINT_PASS)
		return;
	if (result->drain_cut)
		point_skip(result, "interrupted: the drain was cut short, so "
				   "what is lost is not known");
	else if (result->flood_cut)
		point_skip(result,
			   "interrupted: flooded for %" PRIu64 " of %" PRIu64
			   " ms",
			   flooded_ns / NSEC_PER_MSEC,
			   asked_ns / NSEC_PER_MSEC);
}
