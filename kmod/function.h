/* SPDX-License-Identifier: GPL-2.0-only */
/* The PCI driver: functions bound to us by driver_override. */
#ifndef INTXBENCH_FUNCTION_H
#define INTXBENCH_FUNCTION_H

#include <linux/types.h>

struct pci_dev;

/* From probe to remove. */
struct intxbench_function {
	u16 saved_command;		/* as it was before probe */
	bool intx_maskable;		/* INTx Disable can be set and cleared;
					 * all that silences relies on it */
};

/* NULL: not bound to us. Device lock held. */
const struct intxbench_function *intxbench_function(const struct pci_dev *pdev);

/* Register the driver, and the notifier that tells when a function goes. */
int intxbench_function_init(void);
void intxbench_function_exit(void);

#endif
