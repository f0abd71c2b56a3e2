/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A function's folder in sysfs, for those files that change things there. */
#ifndef BENCH_HOST_DEVICE_H
#define BENCH_HOST_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOST_DEVICE "/sys/bus/pci/devices/%s"
#define HOST_DRIVER "/sys/bus/pci/drivers/%s"

bool host_device_gone(const char *address);

/* The driver it has now, "" for none. */
void host_device_driver(const char *address, char *driver, size_t bytes);

/* Bind to a driver that may not know its ID, by an override that is taken back.
 * Nothing is journalled. EXIT_MACHINE. */
int host_bind_back(const char *address, const char *driver);

/* error_set() with EXIT_MACHINE, "cannot WHAT ADDRESS: why", and err returned;
 * where err is not negative, nothing but 0. */
int host_device_result(int err, const char *what, const char *address);

/* Its config space, to be closed; -errno. */
int host_config_open(const char *address, int flags);

/* Its command register, whoever has it. 0 or -errno. */
int host_command_read(const char *address, uint16_t *command);
int host_command_write(const char *address, uint16_t command);
int host_command_change(const char *address, uint16_t clear, uint16_t set);

/*
 * Journal the command register before a function is enabled: that turns its
 * decoders on, and disabling it does not turn them off. One that has a driver
 * is left to that driver.
 */
int host_command_journal(const char *address);

#endif
