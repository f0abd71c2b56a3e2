/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading and unloading kernel modules. Return 0 or -errno, no error_set(). */
#ifndef BENCH_MODPROBE_H
#define BENCH_MODPROBE_H

/* Whether it could be loaded; -ENOENT. */
int modprobe_find(const char *module);

/* options: "name=value name=value", or "". Those of modprobe.d hold too, and
 * yield to these. -EIO: modprobe says on stderr why. */
int modprobe_load(const char *module, const char *options);

/* -EBUSY: something uses it. Waits for nothing. */
int modprobe_unload(const char *module);

#endif
