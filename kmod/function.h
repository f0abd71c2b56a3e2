/* SPDX-License-Identifier: GPL-2.0-only */
/* The PCI driver: functions bound to us by driver_override. */
#ifndef INTXBENCH_FUNCTION_H
#define INTXBENCH_FUNCTION_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

struct intxbench_member;
struct pci_dev;

/*
 * The control plane's one lock: sessions, functions and their ties. Taken by
 * every ioctl, by release, probe and remove; never in an interrupt. Order: the
 * driver core's device lock, then this.
 */
extern struct mutex intxbench_lock;

/* From probe to remove. */
struct intxbench_function {
	struct list_head node;		/* intxbench_lock */
	struct pci_dev *pdev;
	u16 saved_command;		/* as it was before probe */
	bool intx_maskable;		/* INTx Disable can be set and cleared;
					 * all that silences relies on it */
	struct intxbench_member *member; /* intxbench_lock; NULL: not taken */
};

/* intxbench_lock held. NULL: no function bound to us at that address. */
struct intxbench_function *intxbench_function_find(u32 domain, u8 bus,
						   u8 devfn);

int intxbench_function_init(void);
void intxbench_function_exit(void);

#endif
