// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vfio-pci masks by pci_check_and_mask_intx(), or turns the line off where it
 * was loaded with nointxmask=1 (vfio_intx_handler()), and signals an eventfd
 * either way. What unmasks it is the kernel's virqfd on the guest's ack, or a
 * thread of the VMM's that calls an ioctl.
 */
#include <errno.h>
#include <linux/pci_regs.h>
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
#include "vfio.h"
#include "vfio_group.h"

enum unmask { BY_VIRQFD, BY_IOCTL };

struct path {
	struct path_config config;
	struct vfio vfio;
	enum unmask unmask;
	bool masks_line; /* nointxmask */
	bool connected;
	struct helper helper; /* BY_IOCTL */
	char handler[40];
};

static int vfio_check(const struct host_function *function)
{
	unsigned long number;
	int err;

	err = vfio_group_number(function->address, &number);
	if (!err)
		err = vfio_group_check(function->address, number);
	return err ? err : host_driver_check(HOST_DRIVER_VFIO);
}

static int vfio_bind(const struct host_function *function)
{
	int err = host_driver_load_with(HOST_DRIVER_VFIO, "nointxmask", "N");

	return err ? err : host_bind(function, HOST_DRIVER_VFIO);
}

static int nointxmask_bind(const struct host_function *function)
{
	int err = host_driver_load_with(HOST_DRIVER_VFIO, "nointxmask", "Y");

	return err ? err : host_bind(function, HOST_DRIVER_VFIO);
}

static int says_otherwise(const struct path *path)
{
	const char *address = path->vfio.address;

	if (path->masks_line)
		return error_set(EXIT_MACHINE, EPROTO,
				 "vfio-pci masks %s itself and not its line, "
				 "though its nointxmask is on: the parameter "
				 "was set after it was loaded, which does "
				 "nothing; unload vfio-pci and try again",
				 address);
	return error_set(EXIT_MACHINE, EPROTO,
			 "vfio-pci does not mask %s but turns its line off: "
			 "its INTx Disable does not work, or vfio-pci was "
			 "loaded with nointxmask=1 and the parameter changed "
			 "since; arm nointxmask is for that",
			 address);
}

/*
 * The guest's INTx Disable reaches the function where vfio-pci masks functions
 * and never where it masks lines: that tells which it does. Where it does not,
 * the function is made quiet past vfio-pci, which then leaves the bit alone.
 */
static int quiesce(struct path *path)
{
	const char *address = path->vfio.address;
	uint16_t command = 0;
	int err;

	/* Where it masks lines it leaves a bit that was set before, too. */
	err = host_device_result(
		host_command_change(address, PCI_COMMAND_INTX_DISABLE, 0),
		"change the command register of", address);
	if (!err)
		err = vfio_disable_intx(&path->vfio, true);
	if (err)
		return err;
	err = host_command_read(address, &command);
	if (!err && !(command & PCI_COMMAND_INTX_DISABLE) != path->masks_line)
		return says_otherwise(path);
	if (!err && path->masks_line)
		err = host_command_change(address, 0, PCI_COMMAND_INTX_DISABLE);
	return host_device_result(err, "change the command register of",
				  address);
}

static void vfio_path_close(struct path *path);

static int open_path(const struct path_config *config, enum unmask unmask,
		     bool masks_line, struct path **path)
{
	struct path *new = calloc(1, sizeof(*new));
	int err;

	if (!new)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	new->config = *config;
	new->unmask = unmask;
	new->masks_line = masks_line;
	snprintf(new->handler, sizeof(new->handler), "vfio-intx(%s)",
		 config->function->address);
	err = vfio_open(config->function, &new->vfio);
	if (err) {
		free(new);
		return err;
	}
	err = quiesce(new);
	if (err)
		vfio_path_close(new);
	else
		*path = new;
	return err;
}

static int irqfd_open(const struct path_config *config, struct path **path)
{
	return open_path(config, BY_VIRQFD, false, path);
}

static int ioctl_open(const struct path_config *config, struct path **path)
{
	return open_path(config, BY_IOCTL, false, path);
}

static int nointxmask_open(const struct path_config *config, struct path **path)
{
	return open_path(config, BY_VIRQFD, true, path);
}

static int vfio_registers(struct path *path, uint32_t bar,
			  struct registers *registers)
{
	return vfio_map(&path->vfio, bar, registers);
}

static const char *vfio_handler(const struct path *path)
{
	return path->handler;
}

static int carry_acks(void *context)
{
	const struct path *path = context;
	uint64_t acks;
	int err = 0;

	while (!err) {
		if (read(path->config.resample_fd, &acks, sizeof(acks)) !=
		    sizeof(acks))
			return errno;
		err = vfio_unmask(&path->vfio);
	}
	return -err;
}

static int start_unmasking(struct path *path)
{
	if (path->unmask == BY_VIRQFD)
		return vfio_unmask_by(&path->vfio, path->config.resample_fd);
	return helper_start(&path->helper, path->config.cpu, carry_acks, path);
}

static int explain_trigger(const struct path *path, int err)
{
	if (err == -EBUSY)
		return err;
	return error_set(EXIT_MACHINE, -err,
			 "vfio-pci cannot request the interrupt of %s: %s",
			 path->vfio.address,
			 err == -ENODEV ? "it is on no line" : strerror(-err));
}

/* Requested while the guest's INTx Disable is set, so it is masked at first. */
static int vfio_connect(struct path *path)
{
	const char *address = path->vfio.address;
	int err;

	err = vfio_trigger(&path->vfio, path->config.inject_fd);
	if (err)
		return explain_trigger(path, err);
	path->connected = true;
	err = start_unmasking(path);
	if (!err && path->masks_line)
		err = host_device_result(
			host_command_change(address, PCI_COMMAND_INTX_DISABLE,
					    0),
			"change the command register of", address);
	return err ? err : vfio_disable_intx(&path->vfio, false);
}

static int vfio_failed(const struct path *path)
{
	return helper_failed(&path->helper);
}

/*
 * vfio-pci puts back the command register that it found once it had enabled
 * the function, with INTx on (vfio_pci_core_disable()). Nobody would answer.
 */
static void vfio_path_close(struct path *path)
{
	helper_stop(&path->helper);
	vfio_disable_intx(&path->vfio, true);
	if (path->connected)
		vfio_free_trigger(&path->vfio);
	vfio_close(&path->vfio);
	host_command_change(path->vfio.address, 0, PCI_COMMAND_INTX_DISABLE);
	free(path);
}

const struct path_ops vfio_irqfd_ops = {
	.name = "vfio",
	.arm = "irqfd",
	.driver = HOST_DRIVER_VFIO,
	.check = vfio_check,
	.bind = vfio_bind,
	.open = irqfd_open,
	.registers = vfio_registers,
	.handler = vfio_handler,
	.connect = vfio_connect,
	.failed = vfio_failed,
	.close = vfio_path_close,
};

const struct path_ops vfio_ioctl_ops = {
	.name = "vfio",
	.arm = "ioctl",
	.driver = HOST_DRIVER_VFIO,
	.check = vfio_check,
	.bind = vfio_bind,
	.open = ioctl_open,
	.registers = vfio_registers,
	.handler = vfio_handler,
	.connect = vfio_connect,
	.failed = vfio_failed,
	.close = vfio_path_close,
};

const struct path_ops vfio_nointxmask_ops = {
	.name = "vfio",
	.arm = "nointxmask",
	.driver = HOST_DRIVER_VFIO,
	.exclusive = true,
	.check = vfio_check,
	.bind = nointxmask_bind,
	.open = nointxmask_open,
	.registers = vfio_registers,
	.handler = vfio_handler,
	.connect = vfio_connect,
	.failed = vfio_failed,
	.close = vfio_path_close,
};
