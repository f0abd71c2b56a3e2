// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "host_device.h"
#include "sysfs.h"
#include "vfio_group.h"

#define GROUP "/sys/kernel/iommu_groups/%lu"

static int no_group(const char *address)
{
	return error_set(
		EXIT_MACHINE, ENODEV,
		"%s has no IOMMU group, and vfio-pci takes no "
		"function without: turn the IOMMU (VT-d, AMD-Vi) on in "
		"the firmware's setup, and boot with intel_iommu=on "
		"where it is Intel's",
		address);
}

int vfio_group_number(const char *address, unsigned long *number)
{
	char text[32], name[64], *end;

	if (sysfs_link_name(text, sizeof(text), HOST_DEVICE "/iommu_group",
			    address))
		return no_group(address);
	*number = strtoul(text, &end, 10);
	if (end == text || *end)
		return no_group(address);
	/* vfio_noiommu_group_alloc() names those that it makes. */
	if (sysfs_read(name, sizeof(name), GROUP "/name", *number) > 0 &&
	    !strcmp(name, "vfio-noiommu"))
		return error_set(EXIT_MACHINE, ENODEV,
				 "%s is in a group without an IOMMU (vfio's "
				 "noiommu mode), where nothing keeps a device "
				 "from the host's memory: intxbench does not "
				 "use it",
				 address);
	return 0;
}

/*
 * Drivers that leave a group to VFIO: those with driver_managed_dma; what they
 * are before Linux 5.19 is the same (vfio_dev_viable()).
 */
static bool lets_vfio(const char *driver)
{
	static const char *const names[] = { "", "vfio-pci", "pci-stub",
					     "pcieport", "xen-pciback" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(driver, names[i]))
			return true;
	return false;
}

struct others {
	const char *address;
	unsigned long number;
	char text[512]; /* "0000:00:08.0 (e1000), ..." */
};

static int add_other(const char *name, void *context)
{
	struct others *others = context;
	size_t used = strlen(others->text);
	char driver[64];

	sysfs_link_name(driver, sizeof(driver), GROUP "/devices/%s/driver",
			others->number, name);
	if (strcmp(name, others->address) && !lets_vfio(driver))
		snprintf(others->text + used, sizeof(others->text) - used,
			 "%s%s (%s)", used ? ", " : "", name, driver);
	return 0;
}

int vfio_group_check(const char *address, unsigned long number)
{
	struct others others = { .address = address, .number = number };
	char folder[PATH_MAX];
	int err;

	err = sysfs_path(folder, sizeof(folder), GROUP "/devices", number);
	if (!err)
		err = sysfs_each(folder, add_other, &others);
	if (err)
		return host_device_result(err, "see the IOMMU group of",
					  address);
	if (!others.text[0])
		return 0;
	return error_set(EXIT_MACHINE, EBUSY,
			 "%s is in IOMMU group %lu with %s: VFIO gives a group "
			 "away as a whole; unbind those, or take a function "
			 "that is alone in its group",
			 address, number, others.text);
}
