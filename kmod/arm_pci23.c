// SPDX-License-Identifier: GPL-2.0-only
/*
 * pci23: INTx Disable in the hard handler, the line stays live; what
 * drivers/vfio/pci/vfio_pci_intrs.c does for a function with a working INTx
 * Disable, and the reference patch with KVM_DEV_ASSIGN_PCI_2_3 set.
 */
#include <linux/pci.h>

#include "data.h"
#include "handler.h"

static irqreturn_t pci23_interrupt(int irq, void *dev_id)
{
	struct intxbench_handler *handler = dev_id;
	u64 start_ns = intxbench_now_ns();
	bool mine;

	raw_spin_lock(&handler->lock);
	/*
	 * While it is masked an interrupt of the line is somebody else's, even
	 * if INTx Status is set: that bit ignores INTx Disable.
	 */
	mine = intxbench_handler_ready(handler) &&
	       pci_check_and_mask_intx(handler->pdev);
	if (mine)
		intxbench_handler_masked(handler, start_ns);
	raw_spin_unlock(&handler->lock);

	if (!mine)
		return IRQ_NONE;
	intxbench_handler_inject(handler);
	return IRQ_HANDLED;
}

static bool pci23_unmask(struct intxbench_handler *handler)
{
	return pci_check_and_unmask_intx(handler->pdev);
}

const struct intxbench_arm_ops intxbench_arm_pci23 = {
	.name = "pci23",
	.id = INTXBENCH_ARM_PCI23,
	.irq_flags = INTXBENCH_IRQ_FLAGS,
	.handler = pci23_interrupt,
	.unmask = pci23_unmask,
};
