// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uio_pci_generic masks by pci_check_and_mask_intx() and counts an event; all
 * else is the VMM's. A helper thread stands in for it: it waits for an event,
 * injects, waits for the guest's ack, and clears INTx Disable in config space
 * (Documentation/driver-api/uio-howto.rst, Example code using
 * uio_pci_generic). A level that is still there then is the next interrupt.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "helper.h"
#include "host_device.h"
#include "host_module.h"
#include "path.h"
#include "sysfs.h"

#define HANDLER "uio_pci_generic" /* its probe(): info.name */

struct path {
	struct path_config config;
	char address[HOST_ADDRESS_MAX];
	int uio, pci; /* the device, its config space; -1: closed */
	uint8_t live[2]; /* the command register with INTx on */
	struct helper helper;
};

static int uio_check(const struct host_function *function)
{
	(void)function;
	return host_driver_check(HOST_DRIVER_UIO);
}

static int uio_bind(const struct host_function *function)
{
	return host_bind(function, HOST_DRIVER_UIO);
}

static int take_name(const char *name, void *context)
{
	snprintf(context, NAME_MAX + 1, "%s", name);
	return 1;
}

static int open_uio(struct path *path)
{
	char folder[PATH_MAX], name[NAME_MAX + 1] = "none", file[PATH_MAX];
	int err;

	err = sysfs_path(folder, sizeof(folder), HOST_DEVICE "/uio",
			 path->address);
	if (!err)
		err = sysfs_each(folder, take_name, name);
	if (err < 0)
		return host_device_result(err, "find the UIO device of",
					  path->address);
	snprintf(file, sizeof(file), "/dev/%s", name);
	path->uio = open(file, O_RDWR | O_CLOEXEC);
	if (path->uio >= 0)
		return 0;
	return error_set(EXIT_MACHINE, errno,
			 "cannot open %s, the UIO device of %s: %s", file,
			 path->address, strerror(errno));
}

/* Its driver does not change bus mastering until it is closed. */
static int quiesce(struct path *path)
{
	uint16_t command = 0;
	int err;

	path->pci = host_config_open(path->address, O_RDWR);
	err = path->pci < 0 ? path->pci : 0;
	if (!err)
		err = host_command_change(path->address, PCI_COMMAND_MASTER,
					  PCI_COMMAND_INTX_DISABLE);
	if (!err)
		err = host_command_read(path->address, &command);
	command &= ~PCI_COMMAND_INTX_DISABLE;
	path->live[0] = command & 0xff;
	path->live[1] = command >> 8;
	return host_device_result(err, "change the command register of",
				  path->address);
}

static void uio_close(struct path *path);

static int uio_open(const struct path_config *config, struct path **path)
{
	struct path *new = calloc(1, sizeof(*new));
	int err;

	if (!new)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	new->config = *config;
	memcpy(new->address, config->function->address, sizeof(new->address));
	new->uio = -1;
	new->pci = -1;
	err = open_uio(new);
	if (!err)
		err = quiesce(new);
	if (err)
		uio_close(new);
	else
		*path = new;
	return err;
}

static int uio_registers(struct path *path, uint32_t bar,
			 struct registers *registers)
{
	return registers_map(path->address, bar, registers);
}

static const char *uio_handler(const struct path *path)
{
	(void)path;
	return HANDLER;
}

static bool wait_event(const struct path *path)
{
	int32_t events;

	return read(path->uio, &events, sizeof(events)) == sizeof(events);
}

/*
 * While the function is masked and pending, the driver claims its neighbours'
 * interrupts and counts an event each: pci_check_and_mask_intx() looks at the
 * status only. All events before the unmask are the one that was injected.
 */
static bool drop_events(const struct path *path)
{
	struct pollfd uio = { .fd = path->uio, .events = POLLIN };

	return !poll(&uio, 1, 0) || wait_event(path);
}

/*
 * The whole register: QEMU (7.2, pci_default_write_config()) does not look at
 * INTx Disable when its upper byte is written alone, as the howto's example
 * does, and a level that waits there would not come.
 */
static bool unmask(const struct path *path)
{
	return pwrite(path->pci, path->live, sizeof(path->live), PCI_COMMAND) ==
	       sizeof(path->live);
}

static bool carry_one(const struct path *path)
{
	const uint64_t one = 1;
	uint64_t acks;

	return wait_event(path) &&
	       write(path->config.inject_fd, &one, sizeof(one)) ==
		       sizeof(one) &&
	       read(path->config.resample_fd, &acks, sizeof(acks)) ==
		       sizeof(acks) &&
	       drop_events(path) && unmask(path);
}

static int carry(void *context)
{
	while (carry_one(context))
		;
	return errno;
}

/* What came before, while nobody listened, is no interrupt of the guest's. */
static int uio_connect(struct path *path)
{
	int err = 0;

	if (!drop_events(path))
		err = error_set(EXIT_MACHINE, errno,
				"uio_pci_generic gives no interrupts of %s: %s",
				path->address,
				errno == EIO ? "it is on no line" :
					       strerror(errno));
	if (!err)
		err = helper_start(&path->helper, path->config.cpu, carry,
				   path);
	if (!err && !unmask(path))
		err = host_device_result(-errno, "enable INTx of",
					 path->address);
	return err;
}

static int uio_failed(const struct path *path)
{
	return helper_failed(&path->helper);
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void uio_close(struct path *path)
{
	helper_stop(&path->helper);
	host_command_change(path->address, 0, PCI_COMMAND_INTX_DISABLE);
	close_fd(path->uio);
	close_fd(path->pci);
	free(path);
}

const struct path_ops uio_ops = {
	.name = "uio",
	.arm = "uio",
	.driver = HOST_DRIVER_UIO,
	.check = uio_check,
	.bind = uio_bind,
	.open = uio_open,
	.registers = uio_registers,
	.handler = uio_handler,
	.connect = uio_connect,
	.failed = uio_failed,
	.close = uio_close,
};
