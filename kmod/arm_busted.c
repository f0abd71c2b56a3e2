// SPDX-License-Identifier: GPL-2.0-only
/*
 * Positive controls: pci23 with one defect each, which the harness must report.
 * A harness that passes one of these has proved nothing about the others.
 */
#include <linux/pci.h>

#include "data.h"
#include "handler.h"

static irqreturn_t pci23_interrupt(int irq, void *dev_id)
{
	return intxbench_arm_pci23.handler(irq, dev_id);
}

/*
 * For arms that leave the function masked and believe it is not: stay deaf,
 * for INTx Status is set in spite of INTx Disable, and the next interrupt of a
 * neighbour would hide the defect.
 */
static irqreturn_t stuck_interrupt(int irq, void *dev_id)
{
	struct intxbench_handler *handler = dev_id;
	u16 command;

	pci_read_config_word(handler->pdev, PCI_COMMAND, &command);
	if (command & PCI_COMMAND_INTX_DISABLE)
		return IRQ_NONE;
	return pci23_interrupt(irq, dev_id);
}

/* Never unmasks: all but the first interrupt are lost. */
static bool no_unmask(struct intxbench_handler *handler)
{
	return true;
}

/* Claims its neighbours' interrupts too: spurious. */
static irqreturn_t claim_all(int irq, void *dev_id)
{
	pci23_interrupt(irq, dev_id);
	return IRQ_HANDLED;
}

/*
 * Finds the function pending on unmask, leaves it masked as
 * pci_check_and_unmask_intx() does, and tells nobody: lost.
 */
static bool no_reassert(struct intxbench_handler *handler)
{
	pci_check_and_unmask_intx(handler->pdev);
	return true;
}

/* Declines everything: the line's interrupts are nobody's. */
static irqreturn_t deaf(int irq, void *dev_id)
{
	return IRQ_NONE;
}

static bool pci23_unmask(struct intxbench_handler *handler)
{
	return pci_check_and_unmask_intx(handler->pdev);
}

const struct intxbench_arm_ops intxbench_arm_busted_no_unmask = {
	.name = "busted-no-unmask",
	.id = INTXBENCH_ARM_BUSTED_NO_UNMASK,
	.busted = true,
	.irq_flags = INTXBENCH_IRQ_FLAGS,
	.handler = stuck_interrupt,
	.unmask = no_unmask,
};

const struct intxbench_arm_ops intxbench_arm_busted_claim_all = {
	.name = "busted-claim-all",
	.id = INTXBENCH_ARM_BUSTED_CLAIM_ALL,
	.busted = true,
	.irq_flags = INTXBENCH_IRQ_FLAGS,
	.handler = claim_all,
	.unmask = pci23_unmask,
};

const struct intxbench_arm_ops intxbench_arm_busted_no_reassert = {
	.name = "busted-no-reassert",
	.id = INTXBENCH_ARM_BUSTED_NO_REASSERT,
	.busted = true,
	.irq_flags = INTXBENCH_IRQ_FLAGS,
	.handler = stuck_interrupt,
	.unmask = no_reassert,
};

const struct intxbench_arm_ops intxbench_arm_busted_deaf = {
	.name = "busted-deaf",
	.id = INTXBENCH_ARM_BUSTED_DEAF,
	.busted = true,
	.irq_flags = INTXBENCH_IRQ_FLAGS,
	.handler = deaf,
	.unmask = pci23_unmask,
};
