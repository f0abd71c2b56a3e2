/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of this machine is in use, and the devices that it stands on: mounted
 * disks, swap, what LVM or MD hold, interfaces that are up, consoles.
 */
#ifndef BENCH_HOST_USE_H
#define BENCH_HOST_USE_H

#include <stdbool.h>
#include <stddef.h>

#include "host.h"

struct host_use {
	char *path; /* of the device in /sys/devices, resolved */
	char *text; /* "eth0 is up"; NULL: there, but not in use */
};

struct host_uses {
	struct host_use *use;
	size_t count;
};

/* Returns 0, -errno with error_set(): what cannot be seen is not free. */
int host_uses_collect(struct host_uses *uses);
void host_uses_free(struct host_uses *uses);

/* What stands on a function, or on one behind it: NULL if nothing does. */
const char *host_uses_find(const struct host_uses *uses, const char *address);

/* Whether a network interface of a function can be seen from here. */
bool host_uses_has_interface(const struct host_uses *uses, const char *address);

/* Used by host_uses_collect(), each for its own kind. */
int host_uses_add(struct host_uses *uses, const char *path, const char *text);
int host_uses_collect_disks(struct host_uses *uses);

#endif
