// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flood: an hrtimer on a chosen CPU that walks a table of gaps. Each moment
 * of the schedule is kept as the intended time of its assert, however late the
 * timer is, so that an overloaded flood does not hide its own delay.
 */
#include <linux/bitops.h>
#include <linux/smp.h>

#include "compat.h"
#include "data.h"
#include "flood.h"
#include "observer.h"
#include "regs.h"
#include "trace.h"

/* Asserts made up for in one timer run; more are missed, and counted so. */
#define CATCH_UP	32
/* How often a source that is held back looks again. */
#define FOLLOW_POLL_NS	10000

static unsigned int next_bit(u32 tokens, unsigned int bit)
{
	u32 above = bit < 31 ? tokens & (~0U << (bit + 1)) : 0;

	return __ffs(above ? above : tokens);
}

static void absorb(struct intxbench_source *source, unsigned int bit)
{
	if (intxbench_observed_absorb(source->observed, bit) &&
	    source->observing)
		source->area->data->absorbed++;
}

/*
 * Tokens that are served and nobody claimed: the raises before this are done.
 * With no probe attached nobody claims any.
 */
static void absorb_served(struct intxbench_source *source, u32 pending)
{
	u32 served = atomic_read(&source->observed->waiting) & ~pending;

	if (!source->observing)
		return;
	for (; served; served &= served - 1)
		absorb(source, __ffs(served));
}

/* False: nothing done, the function is still pending and the flood closed. */
static bool assert_once(struct intxbench_source *source, u64 intended_ns)
{
	struct intxbench_data *data = source->area->data;
	u32 pending = intxbench_regs_pending(source->regs);
	unsigned int bit = source->bit;
	u64 assert_ns;

	absorb_served(source, pending);
	if (source->closed && pending)
		return false;

	data->intended++;
	data->asserted++;
	source->bit = next_bit(data->tokens, bit);
	if (pending & BIT(bit)) {
		data->coalesced++;
		return true;
	}

	/* A token lost from the hint: still exactly one count for it. */
	absorb(source, bit);
	data->raised[bit]++;
	assert_ns = intxbench_now_ns();
	intxbench_observed_expect(source->observed, bit, intended_ns,
				  assert_ns);
	source->regs->ops->raise(source->regs, BIT(bit));

	trace_intxbench_assert(source->regs->pdev, bit, intended_ns, assert_ns);
	intxbench_area_record(source->area, INTXBENCH_METRIC_INTENDED_ASSERT,
			      intended_ns, assert_ns);
	return true;
}

static void advance(struct intxbench_source *source)
{
	source->next_ns += source->gap_ns[source->gap];
	if (++source->gap == source->gaps)
		source->gap = 0;
}

static enum hrtimer_restart schedule_next(struct intxbench_source *source)
{
	if (READ_ONCE(source->halted) || source->next_ns >= source->end_ns) {
		WRITE_ONCE(source->running, false);
		return HRTIMER_NORESTART;
	}
	hrtimer_set_expires(&source->timer, ns_to_ktime(source->next_ns));
	return HRTIMER_RESTART;
}

/*
 * A follower whose moment has come while its leader's handler has not answered
 * yet, or only just. Unobserved, nobody would ever: it is not held back then.
 */
static bool is_held(const struct intxbench_source *source, u64 now_ns)
{
	const struct intxbench_observed *leader = source->leader;

	return source->observing &&
	       now_ns < source->next_ns + INTXBENCH_FOLLOW_LIMIT_NS &&
	       (atomic_read_acquire(&leader->waiting) ||
		now_ns < READ_ONCE(leader->answered_ns) + source->phase_ns);
}

static enum hrtimer_restart follow_timer(struct intxbench_source *source)
{
	struct intxbench_data *data = source->area->data;
	u64 now_ns = intxbench_now_ns();

	if (READ_ONCE(source->halted) || source->next_ns >= source->end_ns)
		return schedule_next(source);
	if (is_held(source, now_ns)) {
		hrtimer_set_expires(&source->timer,
				    ns_to_ktime(now_ns + FOLLOW_POLL_NS));
		return HRTIMER_RESTART;
	}
	if (now_ns < source->next_ns + INTXBENCH_FOLLOW_LIMIT_NS &&
	    now_ns < source->end_ns) {
		assert_once(source, now_ns);
	} else {
		data->intended++;
		data->missed++;
	}
	advance(source);
	return schedule_next(source);
}

static enum hrtimer_restart flood_timer(struct hrtimer *timer)
{
	struct intxbench_source *source =
		container_of(timer, struct intxbench_source, timer);
	struct intxbench_data *data = source->area->data;
	u64 now_ns = intxbench_now_ns();
	unsigned int done = 0;

	if (source->leader)
		return follow_timer(source);

	while (source->next_ns <= now_ns && source->next_ns < source->end_ns) {
		if (READ_ONCE(source->halted))
			break;
		if (source->closed) {
			assert_once(source, source->next_ns);
			/* What passed meanwhile was never due. */
			source->next_ns = now_ns;
		} else if (done++ < CATCH_UP) {
			assert_once(source, source->next_ns);
		} else {
			data->intended++;
			data->missed++;
		}
		advance(source);
	}

	return schedule_next(source);
}

void intxbench_source_init(struct intxbench_source *source)
{
	hrtimer_setup(&source->timer, flood_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_PINNED_HARD);
}

/* On source->cpu, interrupts off. */
static void start_here(void *info)
{
	struct intxbench_source *source = info;

	hrtimer_start(&source->timer, ns_to_ktime(source->next_ns),
		      HRTIMER_MODE_ABS_PINNED_HARD);
}

int intxbench_source_start(struct intxbench_source *source, u64 start_ns,
			   u64 end_ns)
{
	int ret;

	if (!source->gap_ns)
		return 0;
	source->area->data->start_ns = start_ns;
	source->bit = __ffs(source->regs->tokens);
	source->next_ns = start_ns + source->phase_ns;
	source->end_ns = end_ns;
	WRITE_ONCE(source->running, true);
	ret = smp_call_function_single(source->cpu, start_here, source, 1);
	if (ret)
		WRITE_ONCE(source->running, false);
	return ret;
}

void intxbench_source_stop(struct intxbench_source *source)
{
	WRITE_ONCE(source->halted, true);
	hrtimer_cancel(&source->timer);
	WRITE_ONCE(source->running, false);
}
