/* SPDX-License-Identifier: GPL-2.0-only */
/* The instrument's hand: asserts one function on a schedule. */
#ifndef INTXBENCH_FLOOD_H
#define INTXBENCH_FLOOD_H

#include <linux/hrtimer.h>
#include <linux/types.h>

struct intxbench_area;
struct intxbench_observed;
struct intxbench_regs;

struct intxbench_source {
	struct intxbench_regs *regs;
	struct intxbench_area *area;
	struct intxbench_observed *observed;

	/* Fixed before the start. */
	unsigned int cpu;
	bool observing;		/* the probes are attached */
	bool closed;		/* back to back: never onto a pending token */
	/* Hold back while it has tokens nobody claimed; NULL: do not. */
	const struct intxbench_observed *leader;
	u64 phase_ns;
	u32 *gap_ns;		/* kvmalloc()ed; NULL: no schedule */
	u32 gaps;

	/* The timer's own while it runs. */
	struct hrtimer timer;
	u64 next_ns;		/* the next intended time */
	u64 end_ns;
	u32 gap;		/* index of the gap after it */
	unsigned int bit;	/* the token to raise next */

	bool running;		/* READ_ONCE: cleared by the timer at the end */
	bool halted;		/* set by anyone, hard irq too: raise no more */
};

/* State complete but for the schedule; starts nothing. */
void intxbench_source_init(struct intxbench_source *source);

/*
 * First assert at start_ns + phase, on source->cpu; returns -ENXIO if that
 * CPU has gone. May sleep.
 */
int intxbench_source_start(struct intxbench_source *source, u64 start_ns,
			   u64 end_ns);
/* No assert is under way or comes after this returns. May sleep. */
void intxbench_source_stop(struct intxbench_source *source);

#endif
