// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timing the handlers of a line.
 *
 * A handler run that claims the interrupt answers every token that was pending
 * when it was entered: assert-to-entry is measured there. A token can also be
 * served by a run or a service that had begun before it: asserted while its
 * function was masked and read by the guest in the service under way, say. It
 * is then absorbed, and counted so.
 */
#include <linux/bitops.h>
#include <linux/interrupt.h>
#include <linux/percpu.h>
#include <linux/tracepoint.h>

#include "data.h"
#include "line.h"
#include "observer.h"
#include "regs.h"

/*
 * The kernel switches a line off for good when 99,900 of 100,000 interrupts
 * were claimed by nobody (kernel/irq/spurious.c, note_interrupt()). Handler
 * runs are at least as many as interrupts, so half of that in runs, with fewer
 * than one in 500 claiming, is always seen before; and a line with one claim
 * per interrupt and INTXBENCH_MAX_FUNCTIONS handlers stays far above it.
 */
#define GUARD_EXITS	50000
#define GUARD_CLAIMED	(GUARD_EXITS / 500)

/* Of the claiming runs, one in so many has its exit timed: a clock costs. */
#define HANDLER_SAMPLE	16

static struct tracepoint *entry_tracepoint;
static struct tracepoint *exit_tracepoint;

static void find_tracepoint(struct tracepoint *tracepoint, void *unused)
{
	if (!strcmp(tracepoint->name, "irq_handler_entry"))
		entry_tracepoint = tracepoint;
	else if (!strcmp(tracepoint->name, "irq_handler_exit"))
		exit_tracepoint = tracepoint;
}

int intxbench_observer_init(void)
{
	for_each_kernel_tracepoint(find_tracepoint, NULL);
	return entry_tracepoint && exit_tracepoint ? 0 : -EOPNOTSUPP;
}

void intxbench_observed_expect(struct intxbench_observed *observed,
			       unsigned int bit, u64 intended_ns,
			       u64 assert_ns)
{
	struct intxbench_token *token = &observed->token[bit];

	WRITE_ONCE(observed->newest, bit);
	WRITE_ONCE(observed->changes, observed->changes + 1);
	WRITE_ONCE(token->intended_ns, intended_ns);
	/* Both are fully ordered: who sees the bit sees the stamps. */
	xchg(&token->assert_ns, assert_ns);
	atomic_fetch_or(BIT(bit), &observed->waiting);
}

bool intxbench_observed_absorb(struct intxbench_observed *observed,
			       unsigned int bit)
{
	WRITE_ONCE(observed->changes, observed->changes + 1);
	atomic_andnot(BIT(bit), &observed->waiting);
	return xchg(&observed->token[bit].assert_ns, 0);
}

u32 intxbench_observed_unseen(const struct intxbench_observed *observed)
{
	u32 unseen = 0;
	unsigned int bit;

	for (bit = 0; bit < INTXBENCH_MAX_TOKENS; bit++)
		if (READ_ONCE(observed->token[bit].assert_ns))
			unseen |= BIT(bit);
	return unseen;
}

/* Whoever turns assert_ns to 0 counts the token. */
static __always_inline bool take(struct intxbench_observed *observed,
				 unsigned int bit, u64 assert_ns)
{
	if (!assert_ns || cmpxchg(&observed->token[bit].assert_ns, assert_ns,
				  0) != assert_ns)
		return false;
	atomic_andnot(BIT(bit), &observed->waiting);
	return true;
}

/*
 * With more than one token waiting, some may have been served already: ask
 * the device. Not about the newest, whose write may still be on its way; a
 * token that is not the newest any more had its write pushed out by the look
 * at the status that the flood takes before each raise. Hence the order: what
 * waits and since when (in run->token), then which is newest, then the device.
 * A token that the flood has raised anew meanwhile has another stamp.
 */
static u32 sort_out(struct intxbench_observed *observed,
		    const struct intxbench_run *run, u32 waiting)
{
	/* After the stamps, before the device. */
	unsigned int newest = smp_load_acquire(&observed->newest);
	u32 pending = intxbench_regs_pending(observed->regs);
	u32 served = waiting & ~pending & ~BIT(newest);
	unsigned int bit;

	for (; served; served &= served - 1) {
		bit = __ffs(served);
		if (take(observed, bit, run->token[bit].assert_ns))
			intxbench_area_cpu(observed->area)->absorbed++;
	}
	return waiting & pending;
}

/* for_each_set_bit() would call a function for each step. */
static void snapshot(struct intxbench_observed *observed,
		     struct intxbench_run *run)
{
	/* Before what waits: a token is in one of the two, or in both. */
	unsigned int changes = smp_load_acquire(&observed->changes);
	u32 waiting = atomic_read_acquire(&observed->waiting);
	const struct intxbench_token *token, *oldest, *seen;
	unsigned int bit;
	u32 bits;

	for (bits = waiting; bits; bits &= bits - 1) {
		bit = __ffs(bits);
		token = &observed->token[bit];
		/* The stamps before what sort_out() asks for. */
		run->token[bit].assert_ns = smp_load_acquire(&token->assert_ns);
		run->token[bit].intended_ns = READ_ONCE(token->intended_ns);
	}
	if (waiting & (waiting - 1))
		waiting = sort_out(observed, run, waiting);
	run->covered = waiting;
	run->changes = changes;
	observed->stamps.entry_ns = run->entry_ns;
	observed->stamps.assert_ns = 0;
	observed->stamps.intended_ns = 0;
	if (!waiting)
		return;

	oldest = &run->token[__ffs(waiting)];
	while (waiting &= waiting - 1) {
		seen = &run->token[__ffs(waiting)];
		if (seen->assert_ns < oldest->assert_ns)
			oldest = seen;
	}
	observed->stamps.assert_ns = oldest->assert_ns;
	observed->stamps.intended_ns = oldest->intended_ns;
}

/*
 * A run of a handler that is none of ours. Is it the one that a foreign member
 * is watched by? It is taken for it by its name at the first run. Once known, it
 * changes only when the one it was is not on the line any more: its driver has
 * requested the interrupt anew. Else two handlers have that name, and this run
 * may be either's. Runs of a line come one at a time, so nobody but detach
 * changes dev_id meanwhile, and only to NULL.
 */
static noinline struct intxbench_observed *
recognise(const struct intxbench_observer *observer,
	  const struct irqaction *action)
{
	struct intxbench_observed *observed;
	const void *known;
	unsigned int i;

	for (i = 0; i < observer->count; i++) {
		observed = observer->observed[i];
		known = READ_ONCE(observed->dev_id);
		if (!known || !observed->name[0] || !action->name ||
		    strcmp(observed->name, action->name))
			continue;
		if (intxbench_line_has(observer->irq, known)) {
			observed->area->data->ambiguous++;
			return NULL;
		}
		if (cmpxchg(&observed->dev_id, known, action->dev_id) != known)
			return NULL;
		observed->area->data->found = 1;
		return observed;
	}
	return NULL;
}

static __always_inline struct intxbench_observed *
find(const struct intxbench_observer *observer, const struct irqaction *action)
{
	unsigned int i;

	/* An exclusive handler may have none, and NULL means unwatched. */
	if (!action->dev_id)
		return NULL;
	for (i = 0; i < observer->count; i++)
		if (READ_ONCE(observer->observed[i]->dev_id) == action->dev_id)
			return observer->observed[i];
	return observer->foreign ? recognise(observer, action) : NULL;
}

static void probe_entry(void *data, int irq, struct irqaction *action)
{
	struct intxbench_observer *observer = data;
	struct intxbench_run *run;

	if (irq != observer->irq)
		return;

	run = this_cpu_ptr(observer->run);
	run->entry_ns = intxbench_now_ns();
	run->observed = find(observer, action);
	if (run->observed)
		snapshot(run->observed, run);
}

static void count_entry(struct intxbench_observed *observed, unsigned int bit,
			const struct intxbench_token *seen, u64 entry_ns,
			struct intxbench_cpu_data *cpu)
{
	if (!take(observed, bit, seen->assert_ns))
		return;
	intxbench_cpu_record(cpu, INTXBENCH_METRIC_ASSERT_ENTRY,
			     seen->assert_ns, entry_ns);
	intxbench_cpu_record(cpu, INTXBENCH_METRIC_INTENDED_ENTRY,
			     seen->intended_ns, entry_ns);
}

/*
 * A claim with nothing pending at entry. A token may have come between that
 * and the handler's look at its device: it is absorbed by this run, and will be
 * counted so. The hint will not do here, for it may be behind the stamps; and
 * the flood may have counted the token while we look: it then says that
 * something has changed before it does.
 */
static bool is_spurious(const struct intxbench_observed *observed,
			const struct intxbench_run *run)
{
	if (run->covered || intxbench_observed_unseen(observed))
		return false;
	smp_rmb(); /* pairs with the xchg() in absorb and expect */
	return READ_ONCE(observed->changes) == run->changes;
}

/* A foreign target's handler has told its guest, at some time since entry. */
static noinline void count_injection(const struct intxbench_observed *observed,
			    struct intxbench_cpu_data *cpu)
{
	struct intxbench_timeline *slot =
		intxbench_area_timeline_begin(observed->area);

	slot->intended_ns = observed->stamps.intended_ns;
	slot->assert_ns = observed->stamps.assert_ns;
	slot->entry_ns = observed->stamps.entry_ns;
	slot->inject_ns = intxbench_now_ns();
	intxbench_cpu_record(cpu, INTXBENCH_METRIC_ENTRY_INJECT, slot->entry_ns,
			     slot->inject_ns);
	intxbench_area_timeline_publish(observed->area);
}

static void guard_count(struct intxbench_observer *observer, int ret)
{
	observer->guard_claimed += ret != IRQ_NONE;
	if (++observer->guard_exits < GUARD_EXITS)
		return;
	if (observer->guard_claimed < GUARD_CLAIMED)
		observer->guard_trip(observer);
	observer->guard_exits = 0;
	observer->guard_claimed = 0;
}

static void probe_exit(void *data, int irq, struct irqaction *action, int ret)
{
	struct intxbench_observer *observer = data;
	struct intxbench_observed *observed;
	struct intxbench_cpu_data *cpu;
	struct intxbench_run *run;
	unsigned int bit;
	u32 covered;

	if (irq != observer->irq)
		return;

	guard_count(observer, ret);
	run = this_cpu_ptr(observer->run);
	observed = run->observed;
	run->observed = NULL;
	if (!observed)
		return;

	cpu = intxbench_area_cpu(observed->area);
	cpu->entries++;
	if (ret == IRQ_NONE)
		return;
	if (cpu->claimed++ % HANDLER_SAMPLE == 0)
		intxbench_cpu_record(cpu, INTXBENCH_METRIC_HANDLER,
				     run->entry_ns, intxbench_now_ns());
	if (observed->injects)
		count_injection(observed, cpu);
	if (is_spurious(observed, run))
		cpu->spurious++;
	/* cmpxchg() in take() orders it before the hint. */
	if (run->covered)
		WRITE_ONCE(observed->answered_ns, run->entry_ns);
	for (covered = run->covered; covered; covered &= covered - 1) {
		bit = __ffs(covered);
		count_entry(observed, bit, &run->token[bit], run->entry_ns,
			    cpu);
	}
}

int intxbench_observer_attach(struct intxbench_observer *observer)
{
	int ret;

	observer->run = alloc_percpu(struct intxbench_run);
	if (!observer->run)
		return -ENOMEM;
	/* Exit first: an exit without its entry is ignored. */
	ret = tracepoint_probe_register(exit_tracepoint, probe_exit, observer);
	if (ret)
		goto err_free_run;
	ret = tracepoint_probe_register(entry_tracepoint, probe_entry,
					observer);
	if (ret)
		goto err_unregister_exit;
	return 0;

err_unregister_exit:
	tracepoint_probe_unregister(exit_tracepoint, probe_exit, observer);
	tracepoint_synchronize_unregister();
err_free_run:
	free_percpu(observer->run);
	observer->run = NULL;
	return ret;
}

void intxbench_observer_detach(struct intxbench_observer *observer)
{
	if (!observer->run)
		return;
	tracepoint_probe_unregister(entry_tracepoint, probe_entry, observer);
	tracepoint_probe_unregister(exit_tracepoint, probe_exit, observer);
	tracepoint_synchronize_unregister();
	free_percpu(observer->run);
	observer->run = NULL;
}
