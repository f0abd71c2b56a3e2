// SPDX-License-Identifier: GPL-2.0-only
/* The trigger registers of a function, whatever driver owns it. */
#include <linux/bits.h>
#include <linux/io.h>
#include <linux/pci.h>

#include "regs.h"
#include "uapi/intxbench.h"

static const struct intxbench_trigger_ops *const all_ops[] = {
	&intxbench_trigger_edu,
	&intxbench_trigger_e1000,
};

static const struct intxbench_trigger_ops *find_ops(const struct pci_dev *pdev)
{
	static const struct {
		u16 vendor, device;
		u32 trigger;
	} ids[] = {
#define ID(vendor_id, device_id, trigger_id) \
		{ vendor_id, device_id, trigger_id },
		INTXBENCH_TRIGGER_IDS(ID)
#undef ID
	};
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		if (ids[i].vendor != pdev->vendor ||
		    ids[i].device != pdev->device)
			continue;
		for (j = 0; j < ARRAY_SIZE(all_ops); j++)
			if (all_ops[j]->id == ids[i].trigger)
				return all_ops[j];
	}
	return NULL;
}

u32 intxbench_regs_pending(const struct intxbench_regs *regs)
{
	return readl(regs->base + regs->ops->status_offset) & regs->tokens;
}

void intxbench_regs_ack(const struct intxbench_regs *regs, u32 bits)
{
	writel(bits, regs->base + regs->ops->ack_offset);
}

static bool answers(struct intxbench_regs *regs)
{
	u32 bit = BIT(__ffs(regs->tokens));

	intxbench_regs_ack(regs, regs->tokens);
	if (intxbench_regs_pending(regs))
		return false;
	regs->ops->raise(regs, bit);
	if (intxbench_regs_pending(regs) != bit)
		return false;
	intxbench_regs_ack(regs, bit);
	return !intxbench_regs_pending(regs);
}

static int map(struct intxbench_regs *regs, struct pci_dev *pdev,
	       const struct intxbench_trigger_ops *ops)
{
	u16 command;

	pci_read_config_word(pdev, PCI_COMMAND, &command);
	if (!(command & PCI_COMMAND_MEMORY) ||
	    !(pci_resource_flags(pdev, ops->bar) & IORESOURCE_MEM) ||
	    pci_resource_len(pdev, ops->bar) < ops->span)
		return -EIO;

	regs->ops = ops;
	regs->pdev = pdev;
	/* No region is requested: it may be another driver's. */
	regs->base = ioremap(pci_resource_start(pdev, ops->bar), ops->span);
	return regs->base ? 0 : -ENOMEM;
}

int intxbench_regs_map(struct intxbench_regs *regs, struct pci_dev *pdev)
{
	const struct intxbench_trigger_ops *ops = find_ops(pdev);
	int ret;

	if (!ops)
		return -EOPNOTSUPP;
	ret = map(regs, pdev, ops);
	if (ret)
		return ret;
	regs->tokens = ops->tokens;
	regs->ops->init(regs);
	if (!answers(regs)) {
		pci_err(pdev, "%s trigger does not answer\n", ops->name);
		intxbench_regs_unmap(regs);
		return -EIO;
	}
	return 0;
}

int intxbench_regs_map_live(struct intxbench_regs *regs, struct pci_dev *pdev,
			    bool by_guest)
{
	const struct intxbench_trigger_ops *ops = find_ops(pdev);

	if (by_guest && !ops)
		return -EOPNOTSUPP;
	if (!ops || !(ops->live_tokens || by_guest))
		return 0;
	regs->tokens = ops->live_tokens ?: ops->tokens;
	regs->live = true;
	regs->by_guest = by_guest;
	return map(regs, pdev, ops);
}

void intxbench_regs_unmap(struct intxbench_regs *regs)
{
	if (!regs->base)
		return;
	if (!regs->live)
		regs->ops->fini(regs);
	/*
	 * What we raised and a guest has left would assert for ever once the
	 * guest is gone and its driver has INTx on again.
	 */
	if (!regs->live || regs->by_guest)
		intxbench_regs_ack(regs, regs->tokens);
	/* A read pushes the posted writes out before the mapping goes. */
	intxbench_regs_pending(regs);
	iounmap(regs->base);
	regs->base = NULL;
}
