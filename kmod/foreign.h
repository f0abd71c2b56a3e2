/* SPDX-License-Identifier: GPL-2.0-only */
/* A function that another driver has, or none: watched, and flooded. */
#ifndef INTXBENCH_FOREIGN_H
#define INTXBENCH_FOREIGN_H

#include <linux/types.h>

struct intxbench_regs;
struct pci_dev;

/* Whether it can be watched. -ENODEV: it is ours; -ENXIO: it has no line. */
int intxbench_foreign_check(const struct pci_dev *pdev);

enum intxbench_foreign {
	INTXBENCH_FOREIGN_QUIET,	/* made ready for a guest of ours */
	INTXBENCH_FOREIGN_LIVE,		/* its driver's */
	INTXBENCH_FOREIGN_LIVE_GUEST,	/* its driver's, in a guest not ours */
};

/*
 * Wake it up and map its trigger. The errors of intxbench_regs_map(), and for
 * QUIET -EPROTONOSUPPORT: its INTx cannot be disabled meanwhile. May sleep; the
 * device lock held.
 */
int intxbench_foreign_map(struct intxbench_regs *regs, struct pci_dev *pdev,
			  enum intxbench_foreign whose);
void intxbench_foreign_unmap(struct intxbench_regs *regs,
			     struct pci_dev *pdev);

#endif
