/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The thing under test: a function's interrupt handler in the host, and how it
 * keeps a target quiet until the guest has served it.
 */
#ifndef INTXBENCH_HANDLER_H
#define INTXBENCH_HANDLER_H

#include <linux/interrupt.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "resample.h"

struct eventfd_ctx;
struct intxbench_area;
struct intxbench_handler;
struct intxbench_regs;
struct intxbench_stamps;
struct pci_dev;

/*
 * For hard handlers: not to be forced into threads by threadirqs, for then
 * irq_handler_exit tells nothing of what they claim.
 */
#define INTXBENCH_IRQ_FLAGS	(IRQF_SHARED | IRQF_NO_THREAD)

/* One masking policy. */
struct intxbench_arm_ops {
	const char *name;
	u32 id;			/* enum intxbench_arm */
	bool busted;		/* a positive control */
	unsigned long irq_flags;
	irq_handler_t handler;	/* dev_id: struct intxbench_handler */
	irq_handler_t thread;
	/* Before request_irq and after free_irq; may be NULL, may sleep. */
	void (*setup)(struct intxbench_handler *handler);
	void (*teardown)(struct intxbench_handler *handler);
	/*
	 * The guest has acked: make the function live again. False: it is
	 * still pending, stays masked, and the guest is to be told again.
	 * Called with handler->lock held, interrupts off.
	 */
	bool (*unmask)(struct intxbench_handler *handler);
	/*
	 * The guest has unmasked; NULL: what was withheld is made up for.
	 * Called like unmask.
	 */
	void (*guest_unmasked)(struct intxbench_handler *handler);
	/*
	 * Another handler of ours has joined the line. May be NULL. Called like
	 * unmask, but never while it closes.
	 */
	void (*joined)(struct intxbench_handler *handler);
};

/* What adaptive masked with last. */
enum intxbench_technique {
	INTXBENCH_TECHNIQUE_NONE,
	INTXBENCH_TECHNIQUE_LINE,
	INTXBENCH_TECHNIQUE_DEVICE,
};

struct intxbench_handler {
	/* Complete before request_irq, constant until after free_irq. */
	const struct intxbench_arm_ops *arm;
	struct pci_dev *pdev;
	const struct intxbench_regs *regs;
	struct intxbench_area *area;
	const struct intxbench_stamps *stamps;	/* the instrument's */
	unsigned int irq;
	char name[32];
	struct eventfd_ctx *inject;
	struct intxbench_resample resample;
	struct work_struct reinject;

	/*
	 * Serialises masking with unmasking, and everything below. Raw: taken
	 * in hard irq context on every kernel. Order: eventfd's wait queue
	 * lock, then this, then the irq descriptor's lock or pci_lock.
	 */
	raw_spinlock_t lock;
	bool masked;		/* from the arm's mask to its unmask */
	bool line_off;		/* masked by one disable_irq() of ours, else by
				 * INTx Disable */
	bool starved;		/* masked, and the watchdog gave the line back */
	bool reinjecting;	/* the work is to tell the guest again */
	bool silenced;		/* by the guard: stays quiet, masks no more */
	bool guest_masked;	/* the guest masks: tell it nothing */
	bool withheld;		/* masked, and an injection or an ack's unmask
				 * waits for the guest to unmask */
	bool closing;		/* mask no more */
	enum intxbench_technique technique;
	u64 masked_ns;
};

extern const struct intxbench_arm_ops intxbench_arm_neighbour;
extern const struct intxbench_arm_ops intxbench_arm_pci23;
extern const struct intxbench_arm_ops intxbench_arm_line;
extern const struct intxbench_arm_ops intxbench_arm_line_unlazy;
extern const struct intxbench_arm_ops intxbench_arm_oneshot;
extern const struct intxbench_arm_ops intxbench_arm_adaptive;
extern const struct intxbench_arm_ops intxbench_arm_posted_v1;
extern const struct intxbench_arm_ops intxbench_arm_busted_no_unmask;
extern const struct intxbench_arm_ops intxbench_arm_busted_claim_all;
extern const struct intxbench_arm_ops intxbench_arm_busted_no_reassert;
extern const struct intxbench_arm_ops intxbench_arm_busted_deaf;

/* NULL: no such arm. */
const struct intxbench_arm_ops *intxbench_arm_find(u32 id);
/* Bit n: arm n exists. */
u64 intxbench_arm_mask(void);

/*
 * Request the line and make the function live; or take all that back. fds are
 * -1 for a neighbour. Errors: EBADF, EINVAL not an eventfd; EBUSY the line
 * cannot be shared that way; those of request_irq. May sleep. After close, no
 * handler, callback or work of it runs, INTx is disabled, the line is as
 * enabled as it was.
 */
int intxbench_handler_open(struct intxbench_handler *handler, int inject_fd,
			   int resample_fd);
void intxbench_handler_close(struct intxbench_handler *handler);

/* Another handler has joined the line of this one. May sleep. */
void intxbench_handler_joined(struct intxbench_handler *handler);

/* Whether an arm may mask at all; lock held. */
static inline bool
intxbench_handler_active(const struct intxbench_handler *handler)
{
	return !handler->silenced && !handler->closing;
}

/* And has not yet. */
static inline bool
intxbench_handler_ready(const struct intxbench_handler *handler)
{
	return !handler->masked && intxbench_handler_active(handler);
}

/*
 * For arms: mask by the line, and unmask; lock held. Off, it is so for its
 * other handlers too, and watched for how long.
 */
void intxbench_handler_line_off(struct intxbench_handler *handler);
void intxbench_handler_line_on(struct intxbench_handler *handler);
/* From the line to INTx Disable: the line is given back, it stays masked. */
void intxbench_handler_give_line_back(struct intxbench_handler *handler);
/* For arms: it is masked as of now; lock held, interrupts off. */
void intxbench_handler_masked(struct intxbench_handler *handler, u64 start_ns);
/* For arms: tell the guest, unless it masks; lock not held. */
void intxbench_handler_inject(struct intxbench_handler *handler);

/* The guest masks or unmasks. Interrupts on, lock not held. */
void intxbench_handler_guest_mask(struct intxbench_handler *handler, bool mask);

/* Set or clear INTx Disable; lock held, any context. */
void intxbench_handler_intx(struct intxbench_handler *handler, bool enable);
/* Silence the function for good; hard irq context, lock not held. */
void intxbench_handler_silence(struct intxbench_handler *handler);
/* If it has kept its line off for longer than bound_ns, turn it back on. */
void intxbench_handler_watch(struct intxbench_handler *handler, u64 bound_ns);

#endif
