// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PCI driver. It has no static IDs: a function is bound only by writing
 * our name to its driver_override (Documentation/ABI/testing/sysfs-bus-pci).
 * Between sessions a bound function is enabled and quiet: memory decoded, INTx
 * disabled, no bus mastering.
 */
#include <linux/device.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "function.h"
#include "member.h"
#include "uapi/intxbench.h"

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
	pci_read_config_word(pdev, PCI_COMMAND, &function->saved_command);

	ret = pci_enable_device(pdev);
	if (ret)
		goto err_restore;
	pci_clear_master(pdev);
	/* Not before: enabling clears the bit (do_pci_enable_device()). */
	function->intx_maskable = pci_intx_mask_supported(pdev) &&
				  intx_disable_works(pdev);
	pci_set_drvdata(pdev, function);
	return 0;

err_restore:
	pci_write_config_word(pdev, PCI_COMMAND, function->saved_command);
	kfree(function);
	return ret;
}

/* It is no member any more: function_event() came first. */
static void function_remove(struct pci_dev *pdev)
{
	struct intxbench_function *function = pci_get_drvdata(pdev);

	pci_disable_device(pdev);
	pci_write_config_word(pdev, PCI_COMMAND, function->saved_command);
	kfree(function);
}

static struct pci_driver driver = {
	.name = INTXBENCH_DRIVER,
	.probe = function_probe,
	.remove = function_remove,
};

const struct intxbench_function *intxbench_function(const struct pci_dev *pdev)
{
	if (pdev->dev.driver != &driver.driver)
		return NULL;
	return dev_get_drvdata(&pdev->dev);
}

/*
 * Any function's driver is about to let go, ours or another's: before its remove,
 * under the device lock, so that no call can take the function until the driver
 * is gone. Or the function itself goes: without that lock, and told twice, for
 * until it is not registered any more a call may take it.
 */
static int function_event(struct notifier_block *block, unsigned long event,
			  void *device)
{
	if (event == BUS_NOTIFY_UNBIND_DRIVER ||
	    event == BUS_NOTIFY_DEL_DEVICE ||
	    event == BUS_NOTIFY_REMOVED_DEVICE)
		intxbench_member_gone(to_pci_dev(device));
	return NOTIFY_DONE;
}

static struct notifier_block events = {
	.notifier_call = function_event,
};

int intxbench_function_init(void)
{
	int ret;

	ret = bus_register_notifier(&pci_bus_type, &events);
	if (ret)
		return ret;
	ret = pci_register_driver(&driver);
	if (ret)
		bus_unregister_notifier(&pci_bus_type, &events);
	return ret;
}

void intxbench_function_exit(void)
{
	pci_unregister_driver(&driver);
	bus_unregister_notifier(&pci_bus_type, &events);
}
