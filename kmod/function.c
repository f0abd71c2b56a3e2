// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PCI driver. It has no static IDs: a function is bound only by writing
 * our name to its driver_override (Documentation/ABI/testing/sysfs-bus-pci).
 * Between sessions a bound function is enabled and quiet: memory decoded, INTx
 * disabled, no bus mastering.
 */
#include <linux/pci.h>
#include <linux/slab.h>

#include "function.h"
#include "session.h"
#include "uapi/intxbench.h"

DEFINE_MUTEX(intxbench_lock);

static LIST_HEAD(functions);	/* intxbench_lock */

struct intxbench_function *intxbench_function_find(u32 domain, u8 bus,
						   u8 devfn)
{
	struct intxbench_function *function;

	lockdep_assert_held(&intxbench_lock);
	list_for_each_entry(function, &functions, node)
		if (pci_domain_nr(function->pdev->bus) == domain &&
		    function->pdev->bus->number == bus &&
		    function->pdev->devfn == devfn)
			return function;
	return NULL;
}

/* Leaves INTx disabled. PCI Local Bus 3.0, 6.2.2: writable since 2.3. */
static bool intx_disable_works(struct pci_dev *pdev)
{
	u16 command, readback;

	pci_read_config_word(pdev, PCI_COMMAND, &command);
	pci_write_config_word(pdev, PCI_COMMAND,
			      command & ~PCI_COMMAND_INTX_DISABLE);
	pci_read_config_word(pdev, PCI_COMMAND, &readback);
	if (readback & PCI_COMMAND_INTX_DISABLE)
		return false;
	pci_write_config_word(pdev, PCI_COMMAND,
			      command | PCI_COMMAND_INTX_DISABLE);
	pci_read_config_word(pdev, PCI_COMMAND, &readback);
	return readback & PCI_COMMAND_INTX_DISABLE;
}

static int function_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct intxbench_function *function;
	int ret;

	if (!pdev->pin || pdev->hdr_type != PCI_HEADER_TYPE_NORMAL) {
		pci_err(pdev, "no INTx pin, nothing to test\n");
		return -ENODEV;
	}
	function = kzalloc(sizeof(*function), GFP_KERNEL);
	if (!function)
		return -ENOMEM;
	function->pdev = pdev;
	pci_read_config_word(pdev, PCI_COMMAND, &function->saved_command);

	ret = pci_enable_device(pdev);
	if (ret)
		goto err_restore;
	pci_clear_master(pdev);
	/* Not before: enabling clears the bit (do_pci_enable_device()). */
	function->intx_maskable = pci_intx_mask_supported(pdev) &&
				  intx_disable_works(pdev);
	pci_set_drvdata(pdev, function);

	mutex_lock(&intxbench_lock);
	list_add_tail(&function->node, &functions);
	mutex_unlock(&intxbench_lock);
	return 0;

err_restore:
	pci_write_config_word(pdev, PCI_COMMAND, function->saved_command);
	kfree(function);
	return ret;
}

static void function_remove(struct pci_dev *pdev)
{
	struct intxbench_function *function = pci_get_drvdata(pdev);

	mutex_lock(&intxbench_lock);
	if (function->member)
		intxbench_member_detach(function->member);
	list_del(&function->node);
	mutex_unlock(&intxbench_lock);

	pci_disable_device(pdev);
	pci_write_config_word(pdev, PCI_COMMAND, function->saved_command);
	kfree(function);
}

static struct pci_driver driver = {
	.name = INTXBENCH_DRIVER,
	.probe = function_probe,
	.remove = function_remove,
};

int intxbench_function_init(void)
{
	return pci_register_driver(&driver);
}

void intxbench_function_exit(void)
{
	pci_unregister_driver(&driver);
}
