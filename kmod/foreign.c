// SPDX-License-Identifier: GPL-2.0-only
/*
 * Another driver's function. We request, mask and serve nothing; what we need
 * of it is its line and the registers that make it assert.
 */
#include <linux/interrupt.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>

#include "foreign.h"
#include "function.h"
#include "regs.h"

int intxbench_foreign_check(const struct pci_dev *pdev)
{
	if (intxbench_function(pdev))
		return -ENODEV;
	/* Before it is enabled, and with MSI, pdev->irq is no line. */
	if (!pdev->pin || !atomic_read(&pdev->enable_cnt) ||
	    pdev->msi_enabled || pdev->msix_enabled || !pdev->irq ||
	    pdev->irq == IRQ_NOTCONNECTED)
		return -ENXIO;
	return 0;
}

/* Proving the trigger raises it, which is nobody's interrupt. */
static int map_quietly(struct intxbench_regs *regs, struct pci_dev *pdev)
{
	u16 command, readback;
	int ret;

	pci_read_config_word(pdev, PCI_COMMAND, &command);
	pci_write_config_word(pdev, PCI_COMMAND,
			      command | PCI_COMMAND_INTX_DISABLE);
	pci_read_config_word(pdev, PCI_COMMAND, &readback);
	if (!(readback & PCI_COMMAND_INTX_DISABLE))
		return -EPROTONOSUPPORT;
	ret = intxbench_regs_map(regs, pdev);
	pci_write_config_word(pdev, PCI_COMMAND, command);
	return ret;
}

int intxbench_foreign_map(struct intxbench_regs *regs, struct pci_dev *pdev,
			  enum intxbench_foreign whose)
{
	int ret;

	if (pm_runtime_resume_and_get(&pdev->dev) < 0)
		return -EIO;
	if (whose == INTXBENCH_FOREIGN_QUIET)
		ret = map_quietly(regs, pdev);
	else
		ret = intxbench_regs_map_live(regs, pdev, whose ==
					      INTXBENCH_FOREIGN_LIVE_GUEST);
	if (ret)
		pm_runtime_put(&pdev->dev);
	return ret;
}

void intxbench_foreign_unmap(struct intxbench_regs *regs, struct pci_dev *pdev)
{
	intxbench_regs_unmap(regs);
	pm_runtime_put(&pdev->dev);
}
