/* SPDX-License-Identifier: GPL-2.0-only */
/* A function that another driver has, or none: watched, and flooded. */
#ifndef INTXBENCH_FOREIGN_H
#define INTXBENCH_FOREIGN_H

#include <linux/types.h>

struct intxbench_regs;
struct pci_dev;

/* Whether it can be watched. -ENODEV: it is ours; -ENXIO: it has no line. */
int intxbench_foreign_check(const struct pci_dev *pdev);

/*
 * Wake it up and map its trigger: made ready, for one that a guest is to serve;
 * or live. The errors of intxbench_regs_map(), and -EPROTONOSUPPORT: its INTx
 * cannot be disabled meanwhile. May sleep; the device lock held.
 */
int intxbench_foreign_map(struct intxbench_regs *regs, struct pci_dev *pdev,
			  bool live);
void intxbench_foreign_unmap(struct intxbench_regs *regs,
			     struct pci_dev *pdev);

#endif
