// SPDX-License-Identifier: GPL-2.0-or-later
/* A function's command register (PCI Local Bus 3.0, 6.2.2), through sysfs. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <unistd.h>

#include "host_device.h"
#include "host_undo.h"
#include "journal.h"
#include "sysfs.h"

int host_config_open(const char *address, int flags)
{
	char path[PATH_MAX];
	int fd, err;

	err = sysfs_path(path, sizeof(path), HOST_DEVICE "/config", address);
	if (err)
		return err;
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int host_command_read(const char *address, uint16_t *command)
{
	unsigned char bytes[2];
	ssize_t length;
	int fd, err;

	fd = host_config_open(address, O_RDONLY);
	if (fd < 0)
		return fd;
	length = pread(fd, bytes, sizeof(bytes), PCI_COMMAND);
	err = length < 0 ? -errno : 0;
	close(fd);
	if (!err && length != sizeof(bytes))
		err = -EIO;
	if (!err)
		*command = bytes[0] | bytes[1] << 8;
	return err;
}

int host_command_write(const char *address, uint16_t command)
{
	unsigned char bytes[2] = { command & 0xff, command >> 8 };
	ssize_t length;
	int fd, err;

	fd = host_config_open(address, O_WRONLY);
	if (fd < 0)
		return fd;
	length = pwrite(fd, bytes, sizeof(bytes), PCI_COMMAND);
	err = length < 0 ? -errno : 0;
	close(fd);
	if (!err && length != sizeof(bytes))
		err = -EIO;
	return err;
}

int host_command_change(const char *address, uint16_t clear, uint16_t set)
{
	uint16_t command = 0;
	int err;

	err = host_command_read(address, &command);
	if (err)
		return err;
	return host_command_write(address, (command & ~clear) | set);
}

int host_command_journal(const char *address)
{
	char driver[64], text[8];
	uint16_t command = 0;
	int err;

	host_device_driver(address, driver, sizeof(driver));
	if (driver[0])
		return 0;
	err = host_command_read(address, &command);
	if (err)
		return host_device_result(err, "read the command register of",
					  address);
	snprintf(text, sizeof(text), "%04x", command);
	return journal_add(JOURNAL_COMMAND, address, text);
}

int host_undo_command(const char *address, const char *value)
{
	uint16_t now = 0;
	char driver[64];
	unsigned int command;
	int err;

	host_device_driver(address, driver, sizeof(driver));
	if (host_device_gone(address) || driver[0])
		return 0;
	if (sscanf(value, "%4x", &command) != 1)
		return host_device_result(
			-EINVAL, "restore the command register of", address);
	err = host_command_read(address, &now);
	if (!err && now != command)
		err = host_command_write(address, command);
	return host_device_result(err, "restore the command register of",
				  address);
}
