// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "guest_mask.h"

int guest_mask_open(struct guest_mask *mask, struct session *session,
		    size_t function, enum mask_order order)
{
	const char *address = session->function[function].address;
	char path[PATH_MAX];
	uint16_t command;

	mask->session = session;
	mask->function = function;
	mask->order = order;
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", address);
	mask->config_fd = open(path, O_RDWR | O_CLOEXEC);
	if (mask->config_fd < 0 ||
	    pread(mask->config_fd, &command, sizeof(command), PCI_COMMAND) !=
		    sizeof(command))
		return error_set(EXIT_MACHINE, errno,
				 "cannot read %s, for the guest's INTx mask: "
				 "%s",
				 path, strerror(errno));
	mask->command = le16toh(command) & ~PCI_COMMAND_INTX_DISABLE;
	return 0;
}

void guest_mask_close(struct guest_mask *mask)
{
	if (mask->config_fd >= 0)
		close(mask->config_fd);
	mask->config_fd = -1;
}

/* The guest's value as it is: that is what a write passed through does. */
static int write_command(struct guest_mask *mask, bool masked)
{
	uint16_t command = htole16(mask->command |
				   (masked ? PCI_COMMAND_INTX_DISABLE : 0));
	ssize_t written =
		pwrite(mask->config_fd, &command, sizeof(command), PCI_COMMAND);

	if (written == sizeof(command))
		return 0;
	return written < 0 ? -errno : -EIO;
}

int guest_mask_set(void *context, bool masked)
{
	struct guest_mask *mask = context;
	int err = 0;

	if (mask->order == MASK_WRITE_FIRST)
		err = write_command(mask, masked);
	if (!err)
		err = session_intx_mask(mask->session, mask->function, masked);
	if (!err && mask->order == MASK_CALL_FIRST)
		err = write_command(mask, masked);
	return err;
}
