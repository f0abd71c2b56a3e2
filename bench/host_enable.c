// SPDX-License-Identifier: GPL-2.0-or-later
/* Enabling a function that has no driver. */
#include "host.h"
#include "host_device.h"
#include "host_undo.h"
#include "journal.h"
#include "sysfs.h"

int host_route(const struct host_function *function)
{
	const char *address = function->address;
	int err;

	if (function->driver[0] || function->enabled || !function->pin)
		return 0;
	err = host_command_journal(address);
	if (!err)
		err = journal_add(JOURNAL_ENABLE, address, "0");
	if (err)
		return err;
	err = sysfs_write("1", HOST_DEVICE "/enable", address);
	return host_device_result(err, "enable", address);
}

int host_unroute(const struct host_function *function)
{
	if (!journal_has(JOURNAL_ENABLE, function->address))
		return 0;
	return host_undo_enable(function->address, "0");
}

int host_undo_enable(const char *address, const char *value)
{
	unsigned long enabled;
	char driver[64];
	int err;

	host_device_driver(address, driver, sizeof(driver));
	if (host_device_gone(address) || driver[0])
		return 0;
	err = sysfs_read_number(&enabled, HOST_DEVICE "/enable", address);
	if (!err && enabled)
		err = sysfs_write(value, HOST_DEVICE "/enable", address);
	return host_device_result(err, "disable", address);
}
