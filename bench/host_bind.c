// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "../kmod/uapi/intxbench.h"
#include "error.h"
#include "host.h"
#include "host_device.h"
#include "host_module.h"
#include "host_undo.h"
#include "journal.h"
#include "sysfs.h"

/* Somebody may bind or unbind at the same time; nobody does so for ever. */
#define UNBIND_TRIES 5

/* The kernel shows an override that is not set as "(null)". */
static int read_override(const char *address, char *override, size_t bytes)
{
	int err;

	err = sysfs_read(override, bytes, HOST_DEVICE "/driver_override",
			 address);
	if (err < 0)
		return err;
	if (!strcmp(override, "(null)"))
		override[0] = '\0';
	return 0;
}

static int write_override(const char *address, const char *override)
{
	char text[NAME_MAX + 2];

	snprintf(text, sizeof(text), "%s\n", override);
	return sysfs_write(text, HOST_DEVICE "/driver_override", address);
}

/* Take it from whatever driver it has. Waits for that driver to let go. */
static int unbind(const char *address)
{
	char driver[64];
	int err = 0;

	for (int i = 0; i < UNBIND_TRIES; i++) {
		host_device_driver(address, driver, sizeof(driver));
		if (!driver[0])
			return 0;
		err = sysfs_write(address, HOST_DRIVER "/unbind", driver);
		if (err && err != -ENODEV && err != -ENOENT)
			return err;
	}
	host_device_driver(address, driver, sizeof(driver));
	if (!driver[0])
		return 0;
	return err ? err : -EBUSY;
}

static int bind(const char *address, const char *driver)
{
	char now[64];
	int err;

	err = sysfs_write(address, HOST_DRIVER "/bind", driver);
	host_device_driver(address, now, sizeof(now));
	if (!strcmp(now, driver))
		return 0;
	return err ? err : -EIO;
}

int host_check_module(void)
{
	char path[PATH_MAX];

	if (!sysfs_real(path, HOST_DRIVER, INTXBENCH_DRIVER))
		return 0;
	return error_set(
		EXIT_MACHINE, ENODEV,
		"the module intxbench is not loaded; load it: sudo insmod kmod/intxbench.ko (or: sudo modprobe intxbench)");
}

/* What made it a refusal is looked at again: the scan may be old. */
static int check_free(const char *address)
{
	const struct host_function *function;
	struct host_functions functions;
	int err;

	err = host_scan(&functions);
	if (err)
		return err;
	function = host_find(&functions, address);
	if (!function)
		err = error_set(EXIT_MACHINE, ENODEV,
				"there is no PCI function %s", address);
	else if (function->refusal[0])
		err = error_set(EXIT_MACHINE, EBUSY, "%s must not be taken: %s",
				address, function->refusal);
	host_scan_free(&functions);
	return err;
}

static int journal_driver(const char *address)
{
	char driver[64], override[NAME_MAX + 1];
	int err;

	host_device_driver(address, driver, sizeof(driver));
	err = read_override(address, override, sizeof(override));
	if (err)
		return host_device_result(err, "read the driver_override of",
					  address);
	err = host_command_journal(address);
	if (!err)
		err = journal_add(JOURNAL_DRIVER, address, driver);
	if (!err)
		err = journal_add(JOURNAL_DRIVER_OVERRIDE, address, override);
	return err;
}

/* What a run, or one that died, may have bound it to. */
static bool is_ours(const char *driver)
{
	return !strcmp(driver, INTXBENCH_DRIVER) ||
	       !strcmp(driver, HOST_DRIVER_VFIO) ||
	       !strcmp(driver, HOST_DRIVER_UIO);
}

static int take(const char *address, const char *from, const char *to)
{
	int err = unbind(address);

	if (err)
		return error_set(EXIT_MACHINE, -err,
				 "cannot take %s from its driver %s: %s",
				 address, from, strerror(-err));
	err = bind(address, to);
	if (err)
		return error_set(EXIT_MACHINE, -err,
				 "%s does not take %s: %s; dmesg may say why",
				 to, address, strerror(-err));
	return 0;
}

/* With the override first, no other driver can be quicker than ours. */
int host_bind(const struct host_function *function, const char *driver)
{
	const char *address = function->address;
	char now[64];
	int err;

	if (!strcmp(driver, INTXBENCH_DRIVER))
		err = host_check_module();
	else
		err = host_driver_load(driver);
	if (err)
		return err;
	host_device_driver(address, now, sizeof(now));
	if (!strcmp(now, driver))
		return 0;
	err = check_free(address);
	if (!err)
		err = journal_driver(address);
	if (err)
		return err;
	err = write_override(address, driver);
	if (err)
		return host_device_result(err, "set the driver_override of",
					  address);
	return take(address, now, driver);
}

/* To a driver that may not know its ID (any more); the override stays as it
 * was. */
static int bind_by_override(const char *address, const char *driver)
{
	char override[NAME_MAX + 1];
	int err, undone;

	err = read_override(address, override, sizeof(override));
	if (!err)
		err = write_override(address, driver);
	if (err)
		return err;
	err = bind(address, driver);
	undone = write_override(address, override);
	return err ? err : undone;
}

int host_bind_back(const char *address, const char *driver)
{
	char now[64];
	int err;

	host_device_driver(address, now, sizeof(now));
	if (!strcmp(now, driver))
		return 0;
	err = bind_by_override(address, driver);
	if (!err)
		return 0;
	return error_set(EXIT_MACHINE, -err, "cannot bind %s to %s again: %s",
			 address, driver, strerror(-err));
}

int host_undo_driver(const char *address, const char *driver)
{
	const char *advice = "";
	char now[64];
	int err;

	host_device_driver(address, now, sizeof(now));
	if (host_device_gone(address) || !strcmp(now, driver) ||
	    (now[0] && !is_ours(now)))
		return 0;
	err = unbind(address);
	if (err)
		return host_device_result(err, "take its driver from", address);
	err = driver[0] ? bind(address, driver) : 0;
	if (err == -ENODEV) /* It knew the ID from new_id, before a reload. */
		err = bind_by_override(address, driver);
	if (!err)
		return 0;
	if (err == -ENOENT)
		advice = "; load that driver, then: sudo intxbench restore";
	return error_set(EXIT_MACHINE, -err,
			 "cannot give %s back to its driver %s: %s%s", address,
			 driver, strerror(-err), advice);
}

int host_undo_driver_override(const char *address, const char *override)
{
	char now[NAME_MAX + 1];
	int err;

	if (host_device_gone(address))
		return 0;
	err = read_override(address, now, sizeof(now));
	if (!err && is_ours(now))
		err = write_override(address, override);
	return host_device_result(err, "restore the driver_override of",
				  address);
}
