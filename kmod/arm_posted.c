// SPDX-License-Identifier: GPL-2.0-only
/*
 * posted-v1: the reference patch as it was first posted ("KVM: Allow host IRQ
 * sharing for assigned PCI 2.3 devices", 9 January 2012) with
 * KVM_DEV_ASSIGN_PCI_2_3 set. Two things are as they were there:
 *
 * - The hard handler masks without a look at whether it has masked already.
 *   INTx Status is set in spite of INTx Disable, so while the guest serves, it
 *   claims each interrupt of its neighbours, and tells the guest again.
 * - When the guest unmasks its INTx, the line is enabled, which nobody had
 *   disabled, and INTx Disable stays set.
 *
 * IRQF_NO_THREAD is ours, as for all arms.
 */
#include <linux/pci.h>

#include "data.h"
#include "handler.h"

/* kvm_assigned_dev_intx() */
static irqreturn_t posted_interrupt(int irq, void *dev_id)
{
	struct intxbench_handler *handler = dev_id;
	u64 start_ns = intxbench_now_ns();
	bool mine;

	raw_spin_lock(&handler->lock);
	mine = intxbench_handler_active(handler) &&
	       pci_check_and_mask_intx(handler->pdev);
	if (mine)
		intxbench_handler_masked(handler, start_ns);
	raw_spin_unlock(&handler->lock);

	return mine ? IRQ_WAKE_THREAD : IRQ_NONE;
}

/* kvm_assigned_dev_thread_intx() */
static irqreturn_t posted_thread(int irq, void *dev_id)
{
	intxbench_handler_inject(dev_id);
	return IRQ_HANDLED;
}

/* kvm_assigned_dev_ack_irq() */
static bool posted_unmask(struct intxbench_handler *handler)
{
	return pci_check_and_unmask_intx(handler->pdev);
}

/* kvm_vm_ioctl_set_pci_irq_mask() */
static void posted_guest_unmasked(struct intxbench_handler *handler)
{
	if (handler->masked) {
		enable_irq(handler->irq);
		handler->masked = false;
	}
}

const struct intxbench_arm_ops intxbench_arm_posted_v1 = {
	.name = "posted-v1",
	.id = INTXBENCH_ARM_POSTED_V1,
	.irq_flags = INTXBENCH_IRQ_FLAGS,
	.handler = posted_interrupt,
	.thread = posted_thread,
	.unmask = posted_unmask,
	.guest_unmasked = posted_guest_unmasked,
};
