/* SPDX-License-Identifier: GPL-2.0-only */
/* A function's trigger registers: how to make it assert INTx by software. */
#ifndef INTXBENCH_REGS_H
#define INTXBENCH_REGS_H

#include <linux/types.h>

struct pci_dev;
struct intxbench_regs;

/*
 * One per kind of device. All but init and fini run in hard irq context; they
 * are a few MMIO accesses and take no lock. Only the flood raises, and only
 * the one who serves the function acks, so a status bit goes from clear to set
 * and back in two hands that never touch the same transition.
 */
struct intxbench_trigger_ops {
	const char *name;
	u32 id;			/* enum intxbench_trigger */
	u32 tokens;		/* status bits that are independent and ours */
	u32 live_tokens;	/* of these: served by its own driver whenever
				 * they come; 0: it has none such */
	u32 bar;		/* memory BAR with all the registers */
	u32 span;		/* bytes of it that are used, from 0 */
	u32 status_offset;
	u32 ack_offset;		/* writing a bit clears it in the status */

	/* Called with INTx disabled in the command register; may sleep. */
	void (*init)(struct intxbench_regs *regs);
	void (*fini)(struct intxbench_regs *regs);
	void (*raise)(struct intxbench_regs *regs, u32 bit);
};

struct intxbench_regs {
	const struct intxbench_trigger_ops *ops;
	struct pci_dev *pdev;
	void __iomem *base;	/* NULL: not mapped */
	u32 tokens;
	bool live;		/* its driver's: raise and look, no more */
	bool by_guest;		/* live, in a guest's hands */
	u32 saved[2];		/* what ops->init changed, for ops->fini */
};

extern const struct intxbench_trigger_ops intxbench_trigger_edu;
extern const struct intxbench_trigger_ops intxbench_trigger_e1000;

/*
 * Map and prove the trigger: a raised bit must show in the status and an
 * acked one must go. INTx must be disabled. -EOPNOTSUPP: no trigger for these
 * IDs; -EIO: not mappable, or it does not answer. May sleep.
 */
int intxbench_regs_map(struct intxbench_regs *regs, struct pci_dev *pdev);
/*
 * The registers of a function that its own driver uses, the host's or a guest's:
 * nothing is set up or proved. A host's function that has no live tokens is not
 * mapped at all, and that is no error; a guest that has such a function is taken
 * to serve all of them (edu), and one without a trigger is -EOPNOTSUPP.
 */
int intxbench_regs_map_live(struct intxbench_regs *regs, struct pci_dev *pdev,
			    bool by_guest);
/* Either kind; nothing where nothing is mapped. */
void intxbench_regs_unmap(struct intxbench_regs *regs);

u32 intxbench_regs_pending(const struct intxbench_regs *regs);
void intxbench_regs_ack(const struct intxbench_regs *regs, u32 bits);

#endif
