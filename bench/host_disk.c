// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which block devices are in use. A file system is found by its device number
 * in our mount table and, for other mount namespaces and for those that have
 * another number than their disks (btrfs), by its name in /sys/fs.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host_use.h"
#include "sysfs.h"

/* Stacks of disks deeper than this are loops. */
#define DEPTH_MAX 16

/* A disk, or one below it, and what stands on it. */
struct stack {
	struct host_uses *uses;
	const char *use; /* of the one on top */
	const char *text; /* the same, and of which disk */
	const char *path; /* of an NVMe subsystem */
	int depth;
};

static int add_stack(const struct stack *stack, const char *name);

static int add_controller(const char *name, void *context)
{
	const struct stack *stack = context;
	char link[PATH_MAX + NAME_MAX + 2], real[PATH_MAX];

	snprintf(link, sizeof(link), "%s/%s", stack->path, name);
	if (strncmp(name, "nvme", 4) || !realpath(link, real))
		return 0;
	return host_uses_add(stack->uses, real, stack->text);
}

/*
 * With multipathing an NVMe namespace hangs below its subsystem, a virtual
 * device that has links to the controllers, which are the functions'.
 */
static int add_subsystem(const struct stack *stack, char *path)
{
	static const char part[] = "/nvme-subsystem/";
	struct stack below = *stack;
	char *end = strstr(path, part);

	end = end ? strchr(end + strlen(part), '/') : NULL;
	if (!end)
		return 0;
	*end = '\0';
	below.path = path;
	return sysfs_each(path, add_controller, &below);
}

static int add_slave(const char *name, void *context)
{
	const struct stack *stack = context;
	struct stack below = *stack;
	char text[HOST_TEXT_MAX];

	snprintf(text, sizeof(text), "%.110s (on /dev/%.32s)", stack->use,
		 name);
	below.text = text;
	below.depth++;
	return add_stack(&below, name);
}

/* A disk and, where it is made of others (LVM, MD), those as well. */
static int add_stack(const struct stack *stack, const char *name)
{
	struct stack below = *stack;
	char path[PATH_MAX];
	int err;

	if (stack->depth > DEPTH_MAX ||
	    sysfs_real(path, "/sys/class/block/%s", name))
		return 0;
	err = host_uses_add(stack->uses, path, stack->text);
	if (!err)
		err = add_subsystem(stack, path);
	if (!err)
		err = sysfs_path(path, sizeof(path),
				 "/sys/class/block/%s/slaves", name);
	return err ? err : sysfs_each(path, add_slave, &below);
}

struct tables {
	struct host_uses *uses;
	char *mounts; /* /proc/self/mountinfo */
	char *swaps; /* /proc/swaps, "" where there is none */
	const char *name; /* the disk looked for */
	char text[HOST_TEXT_MAX]; /* what it is used for */
};

static const char *next_line(const char *line)
{
	line = strchr(line, '\n');
	return line ? line + 1 : NULL;
}

/* "36 35 98:0 / /mnt rw,noatime - ext3 /dev/root rw": device 3rd, point 5th. */
static bool is_mounted(struct tables *tables)
{
	unsigned int major, minor, line_major, line_minor;
	char number[32], point[64];
	const char *line;

	if (sysfs_read(number, sizeof(number), "/sys/class/block/%s/dev",
		       tables->name) < 0 ||
	    sscanf(number, "%u:%u", &major, &minor) != 2)
		return false;
	for (line = tables->mounts; line; line = next_line(line)) {
		if (sscanf(line, "%*u %*u %u:%u %*s %63s", &line_major,
			   &line_minor, point) != 3)
			continue;
		if (line_major != major || line_minor != minor)
			continue;
		snprintf(tables->text, sizeof(tables->text),
			 "/dev/%.32s is mounted on %s", tables->name, point);
		return true;
	}
	return false;
}

static bool is_swap(struct tables *tables)
{
	char device[64];
	const char *line;

	snprintf(device, sizeof(device), "/dev/%.32s ", tables->name);
	for (line = tables->swaps; line; line = next_line(line)) {
		if (strncmp(line, device, strlen(device)))
			continue;
		snprintf(tables->text, sizeof(tables->text),
			 "/dev/%.32s is swap", tables->name);
		return true;
	}
	return false;
}

static int find_btrfs(const char *uuid, void *context)
{
	const struct tables *tables = context;
	char path[PATH_MAX];

	return !sysfs_real(path, "/sys/fs/btrfs/%s/devices/%s", uuid,
			   tables->name);
}

/* /sys/fs/ext4/sda1 is there as long as somebody has it mounted. */
static int find_type(const char *type, void *context)
{
	struct tables *tables = context;
	char path[PATH_MAX];
	bool found;
	int err;

	if (!strcmp(type, "btrfs")) {
		err = sysfs_path(path, sizeof(path), "/sys/fs/btrfs");
		if (!err)
			err = sysfs_each(path, find_btrfs, tables);
		if (err < 0)
			return err;
		found = err;
	} else {
		found = !sysfs_real(path, "/sys/fs/%s/%s", type, tables->name);
	}
	if (found)
		snprintf(tables->text, sizeof(tables->text),
			 "/dev/%.32s is mounted (%.32s)", tables->name, type);
	return found;
}

/* 1: yes, tables->text says as what. */
static int has_file_system(struct tables *tables)
{
	char path[PATH_MAX];
	int err;

	err = sysfs_path(path, sizeof(path), "/sys/fs");
	return err ? err : sysfs_each(path, find_type, tables);
}

static int collect_used(const char *name, void *context)
{
	struct tables *tables = context;
	struct stack stack = {
		.uses = tables->uses,
		.use = tables->text,
		.text = tables->text,
	};
	int used = 1;

	tables->name = name;
	if (!is_mounted(tables) && !is_swap(tables))
		used = has_file_system(tables);
	return used > 0 ? add_stack(&stack, name) : used;
}

static int add_holder(const char *holder, void *context)
{
	struct tables *tables = context;
	char path[PATH_MAX];

	if (sysfs_real(path, "/sys/class/block/%s", tables->name))
		return 0;
	snprintf(tables->text, sizeof(tables->text),
		 "/dev/%.32s is held by %.64s", tables->name, holder);
	return host_uses_add(tables->uses, path, tables->text);
}

/* An active volume or array counts, whether or not it is mounted. */
static int collect_held(const char *name, void *context)
{
	struct tables *tables = context;
	char path[PATH_MAX];
	int err;

	tables->name = name;
	err = sysfs_path(path, sizeof(path), "/sys/class/block/%s/holders",
			 name);
	return err ? err : sysfs_each(path, add_holder, tables);
}

static int load_tables(struct tables *tables)
{
	tables->mounts = sysfs_load("/proc/self/mountinfo");
	if (!tables->mounts)
		return -errno;
	tables->swaps = sysfs_load("/proc/swaps");
	if (!tables->swaps && errno == ENOENT)
		tables->swaps = strdup("");
	return tables->swaps ? 0 : -errno;
}

/* What is mounted comes before what is only held: the first one is told. */
int host_uses_collect_disks(struct host_uses *uses)
{
	struct tables tables = { .uses = uses };
	char path[PATH_MAX];
	int err;

	err = load_tables(&tables);
	if (!err)
		err = sysfs_path(path, sizeof(path), "/sys/class/block");
	if (!err)
		err = sysfs_each(path, collect_used, &tables);
	if (!err)
		err = sysfs_each(path, collect_held, &tables);
	free(tables.mounts);
	free(tables.swaps);
	return err;
}
