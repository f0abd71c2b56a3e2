/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_PATH_H
#define BENCH_PATH_H
#include <stdint.h>
#include "host.h"
#include "registers.h"
struct path;
struct path_config {
	const struct host_function *function;
	int inject_fd, resample_fd;
	int cpu;
};
struct path_ops {
	const char *name, *arm, *driver;
	int (*check)(const struct host_function *function);
	int (*open)(const struct path_config *config, struct path **path);
	int (*registers)(struct path *path, uint32_t bar,
			 struct registers *registers);
	const char *(*handler)(const struct path *path);
	int (*connect)(struct path *path);
	int (*failed)(const struct path *path);
	void (*close)(struct path *path);
};
const struct path_ops *path_find(uint32_t arm);
#endif
