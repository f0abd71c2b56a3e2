// SPDX-License-Identifier: GPL-2.0-or-later
/* Enabling a function, and the command register that this changes. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host.h"
#include "host_device.h"
#include "host_undo.h"
#include "journal.h"
#include "sysfs.h"

#define COMMAND_OFFSET 4 /* PCI_COMMAND */

/* In hex digits, as the journal keeps it. */
static int read_command(const char *address, char *text, size_t bytes)
{
	unsigned char config[COMMAND_OFFSET + 2];
	char path[PATH_MAX];
	ssize_t length;
	int fd, err;

	err = sysfs_path(path, sizeof(path), HOST_DEVICE "/config", address);
	if (err)
		return err;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	length = pread(fd, config, sizeof(config), 0);
	err = length < 0 ? -errno : 0;
	close(fd);
	if (!err && length != sizeof(config))
		err = -EIO;
	if (!err)
		snprintf(text, bytes, "%02x%02x", config[COMMAND_OFFSET + 1],
			 config[COMMAND_OFFSET]);
	return err;
}

static int write_command(const char *address, unsigned int command)
{
	unsigned char bytes[2] = { command & 0xff, command >> 8 & 0xff };
	char path[PATH_MAX];
	ssize_t length;
	int fd, err;

	err = sysfs_path(path, sizeof(path), HOST_DEVICE "/config", address);
	if (err)
		return err;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	length = pwrite(fd, bytes, sizeof(bytes), COMMAND_OFFSET);
	err = length < 0 ? -errno : 0;
	close(fd);
	if (!err && length != sizeof(bytes))
		err = -EIO;
	return err;
}

int host_command_journal(const char *address)
{
	char driver[64], text[8];
	int err;

	host_device_driver(address, driver, sizeof(driver));
	if (driver[0])
		return 0;
	err = read_command(address, text, sizeof(text));
	if (err)
		return host_device_result(err, "read the command register of",
					  address);
	return journal_add(JOURNAL_COMMAND, address, text);
}

int host_undo_command(const char *address, const char *value)
{
	char driver[64], now[8];
	unsigned int command;
	int err;

	host_device_driver(address, driver, sizeof(driver));
	if (host_device_gone(address) || driver[0])
		return 0;
	if (sscanf(value, "%4x", &command) != 1)
		return host_device_result(
			-EINVAL, "restore the command register of", address);
	err = read_command(address, now, sizeof(now));
	if (!err && strcmp(now, value))
		err = write_command(address, command);
	return host_device_result(err, "restore the command register of",
				  address);
}

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
