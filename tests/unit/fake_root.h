/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tree in a temporary folder that looks like a machine's /sys and /proc. */
#ifndef TESTS_FAKE_ROOT_H
#define TESTS_FAKE_ROOT_H

#include <stdbool.h>
#include <stdint.h>

struct fake_function {
	const char *address;
	const char *parent; /* a bridge's folder, NULL: the root bus */
	uint16_t vendor, device;
	uint32_t class_code;
	uint16_t command;
	uint8_t header_type, pin, firmware_line;
	int irq; /* the sysfs attribute */
	bool enabled;
	const char *driver; /* NULL: unbound */
};

/* An empty machine; sysfs_use_root() is told. */
void fake_root_make(void);
void fake_root_remove(void);
const char *fake_root(void);

/* Paths are below the root; folders on the way are made. */
void fake_folder(const char *path);
void fake_file(const char *path, const char *text);
void fake_link(const char *path, const char *target); /* target: below too */
void fake_remove(const char *path);

/* What a file says; until the next call. */
const char *fake_read(const char *path);

/* A function, and its folder below the root, until the next call. */
const char *fake_function(const struct fake_function *function);

/* A device in a folder of that name, and its link in /sys/class. */
void fake_class(const char *class, const char *name, const char *folder);

/* The same for a block device with its number, "8:1". */
void fake_block(const char *name, const char *folder, const char *number);

#endif
