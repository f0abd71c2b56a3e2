// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "error.h"
#include "host_device.h"
#include "sysfs.h"

bool host_device_gone(const char *address)
{
	char path[PATH_MAX];

	return sysfs_real(path, HOST_DEVICE, address) == -ENOENT;
}

void host_device_driver(const char *address, char *driver, size_t bytes)
{
	sysfs_link_name(driver, bytes, HOST_DEVICE "/driver", address);
}

int host_device_result(int err, const char *what, const char *address)
{
	const char *advice = "";

	if (err >= 0)
		return 0;
	if (err == -EACCES || err == -EPERM)
		advice = "; run as root";
	return error_set(EXIT_MACHINE, -err, "cannot %s %s: %s%s", what,
			 address, strerror(-err), advice);
}
