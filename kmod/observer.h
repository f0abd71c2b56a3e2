/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The instrument's clock: probes on the kernel's irq_handler_entry and
 * irq_handler_exit tracepoints, so that a handler is timed in the same way
 * whoever wrote it.
 */
#ifndef INTXBENCH_OBSERVER_H
#define INTXBENCH_OBSERVER_H

#include <linux/atomic.h>
#include <linux/types.h>

#include "uapi/intxbench.h"

struct intxbench_area;
struct intxbench_regs;

/*
 * A raised token nobody has claimed yet. assert_ns is the truth (0: none) and
 * changes hands by xchg/cmpxchg, so that exactly one of flood and observer
 * counts each token. intended_ns is written before assert_ns.
 */
struct intxbench_token {
	u64 assert_ns;
	u64 intended_ns;
};

/* The handler run in progress, for the thing under test; 0: not known. */
struct intxbench_stamps {
	u64 intended_ns;
	u64 assert_ns;
	u64 entry_ns;
};

/* One handler on the line. */
struct intxbench_observed {
	/*
	 * Its irqaction's; NULL: not watched (any more). A foreign one's is
	 * not known before its first run: until then it is `observed` itself,
	 * which is nobody's.
	 */
	const void *dev_id;
	char name[64];		/* foreign: its irqaction's; else empty */
	bool injects;		/* a claim is an injection: a foreign target */
	struct intxbench_area *area;
	const struct intxbench_regs *regs;
	atomic_t waiting;	/* hint: tokens with an assert_ns */
	u64 answered_ns;	/* entry of the last run that claimed a token;
				 * before `waiting` says so */
	unsigned int newest;	/* token raised last; its write may be under way */
	unsigned int changes;	/* by the flood to token[]; wraps */
	struct intxbench_token token[INTXBENCH_MAX_TOKENS];
	struct intxbench_stamps stamps;	/* written at entry; the kernel runs a
					 * line's handlers one at a time */
};

/* From irq_handler_entry to irq_handler_exit, on one CPU, interrupts off. */
struct intxbench_run {
	struct intxbench_observed *observed;
	u64 entry_ns;
	u32 covered;		/* tokens pending at entry */
	unsigned int changes;	/* observed->changes at entry */
	struct intxbench_token token[INTXBENCH_MAX_TOKENS];
};

struct intxbench_observer {
	unsigned int irq;
	/* Filled before the probes are attached, never shrinks while they are. */
	struct intxbench_observed *observed[INTXBENCH_MAX_FUNCTIONS];
	unsigned int count;
	bool foreign;		/* one of them is */
	struct intxbench_run __percpu *run;

	/* Guard; written by the exit probe only, one run at a time. */
	unsigned int guard_exits;
	unsigned int guard_claimed;
	/* Too few of the line's interrupts are claimed. Hard irq context. */
	void (*guard_trip)(struct intxbench_observer *observer);
};

/* Look the tracepoints up. -EOPNOTSUPP: this kernel lacks them. */
int intxbench_observer_init(void);

/* Both may sleep. detach returns when no probe runs any more. */
int intxbench_observer_attach(struct intxbench_observer *observer);
void intxbench_observer_detach(struct intxbench_observer *observer);

/*
 * Flood only, any context: token `bit` is about to be raised, or was served
 * without a handler run of its own.
 */
void intxbench_observed_expect(struct intxbench_observed *observed,
			       unsigned int bit, u64 intended_ns,
			       u64 assert_ns);
/* True if it was still waiting for one. */
bool intxbench_observed_absorb(struct intxbench_observed *observed,
			       unsigned int bit);

/* Tokens still waiting for a run, bit by bit. */
u32 intxbench_observed_unseen(const struct intxbench_observed *observed);

#endif
