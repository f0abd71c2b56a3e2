// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vfio-pci in the hands of a QEMU that runs: there is nothing to do but to look
 * at its handler. Who masks and unmasks is as for the other vfio arms.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "host_device.h"
#include "path.h"

struct path {
	char handler[40];
};

/* Whether QEMU has it is its attachment's to say (qemu.h). */
static int qemu_path_check(const struct host_function *function)
{
	char driver[64];

	host_device_driver(function->address, driver, sizeof(driver));
	if (!strcmp(driver, HOST_DRIVER_VFIO))
		return 0;
	return error_set(EXIT_MACHINE, ENODEV,
			 "%s is not vfio-pci's but %s: give it to QEMU first",
			 function->address,
			 driver[0] ? driver : "without a driver");
}

static int qemu_path_open(const struct path_config *config, struct path **path)
{
	struct path *new = calloc(1, sizeof(*new));

	if (!new)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	snprintf(new->handler, sizeof(new->handler), "vfio-intx(%s)",
		 config->function->address);
	*path = new;
	return 0;
}

/* The guest has them, and we have no use for them. */
static int qemu_path_registers(struct path *path, uint32_t bar,
			       struct registers *registers)
{
	(void)path;
	(void)bar;
	registers->base = NULL;
	registers->bytes = 0;
	return 0;
}

static const char *qemu_path_handler(const struct path *path)
{
	return path->handler;
}

static int qemu_path_connect(struct path *path)
{
	(void)path;
	return 0;
}

static int qemu_path_failed(const struct path *path)
{
	(void)path;
	return 0;
}

static void qemu_path_close(struct path *path)
{
	free(path);
}

const struct path_ops vfio_qemu_ops = {
	.name = "vfio",
	.arm = "qemu",
	.driver = HOST_DRIVER_VFIO,
	.held = true,
	.check = qemu_path_check,
	.bind = qemu_path_check,
	.open = qemu_path_open,
	.registers = qemu_path_registers,
	.handler = qemu_path_handler,
	.connect = qemu_path_connect,
	.failed = qemu_path_failed,
	.close = qemu_path_close,
};
