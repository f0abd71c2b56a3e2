// SPDX-License-Identifier: GPL-2.0-or-later
/* Documentation/core-api/cpu_hotplug.rst; sysfs-devices-system-cpu. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "host_cpu.h"
#include "host_undo.h"
#include "sysfs.h"

static int parse_number(const char **text, unsigned long *number)
{
	char *end;

	if (**text < '0' || **text > '9')
		return -EINVAL;
	*number = strtoul(*text, &end, 10);
	*text = end;
	return *number < CPU_SETSIZE ? 0 : -EINVAL;
}

static int parse_range(const char **text, cpu_set_t *cpus)
{
	unsigned long first, last;

	if (parse_number(text, &first))
		return -EINVAL;
	last = first;
	if (**text == '-') {
		(*text)++;
		if (parse_number(text, &last) || last < first)
			return -EINVAL;
	}
	for (; first <= last; first++)
		CPU_SET(first, cpus);
	return 0;
}

int host_cpu_parse(const char *text, cpu_set_t *cpus)
{
	CPU_ZERO(cpus);
	if (!*text)
		return 0;
	for (;;) {
		if (parse_range(&text, cpus))
			return -EINVAL;
		if (!*text)
			return 0;
		if (*text++ != ',')
			return -EINVAL;
	}
}

int host_cpu_all_online(cpu_set_t *cpus)
{
	char text[SYSFS_TEXT_MAX];
	int err;

	err = sysfs_read(text, sizeof(text), HOST_CPU "/online");
	if (err >= 0)
		err = host_cpu_parse(text, cpus);
	if (!err)
		return 0;
	return error_set(EXIT_MACHINE, -err,
			 "cannot tell which CPUs are online from " HOST_CPU
			 "/online: %s",
			 strerror(-err));
}

/* A CPU without the file is always online. */
int host_cpu_online(int cpu)
{
	char text[16], path[PATH_MAX];
	int err;

	err = sysfs_read(text, sizeof(text), HOST_CPU "/cpu%d/online", cpu);
	if (err >= 0)
		return text[0] == '1';
	if (err != -ENOENT)
		return err;
	err = sysfs_path(path, sizeof(path), HOST_CPU "/cpu%d", cpu);
	if (!err && access(path, F_OK))
		err = -errno;
	return err ? err : 1;
}

static int refuse_missing(int cpu)
{
	char present[SYSFS_TEXT_MAX];

	sysfs_read(present, sizeof(present), HOST_CPU "/present");
	return error_set(EXIT_MACHINE, ENOENT,
			 "CPU %d does not exist; this machine has CPUs %s", cpu,
			 present);
}

static int refuse_fixed(int cpu, int errnum)
{
	char path[PATH_MAX];

	if (errnum == ENOENT &&
	    (sysfs_path(path, sizeof(path), HOST_CPU "/hotplug") ||
	     access(path, F_OK)))
		return error_set(
			EXIT_MACHINE, EOPNOTSUPP,
			"CPU %d cannot be taken offline: this kernel has no CPU hotplug (CONFIG_HOTPLUG_CPU)",
			cpu);
	if (errnum == ENOENT)
		return error_set(
			EXIT_MACHINE, EOPNOTSUPP,
			"CPU %d cannot be taken offline: it has no " HOST_CPU
			"/cpu%d/online; choose others",
			cpu, cpu);
	return error_set(EXIT_MACHINE, errnum,
			 "CPU %d cannot be taken offline: " HOST_CPU
			 "/cpu%d/online: %s%s",
			 cpu, cpu, strerror(errnum),
			 errnum == EACCES ? "; run as root" : "");
}

int host_cpu_check(int cpu)
{
	char path[PATH_MAX];
	int online = host_cpu_online(cpu);

	if (online == -ENOENT)
		return refuse_missing(cpu);
	if (!online)
		return error_set(
			EXIT_MACHINE, ENODEV,
			"CPU %d is offline, and what is offline stays so; choose another one or bring it online first",
			cpu);
	if (online < 0)
		return refuse_fixed(cpu, -online);
	if (sysfs_path(path, sizeof(path), HOST_CPU "/cpu%d/online", cpu))
		return refuse_fixed(cpu, ENAMETOOLONG);
	if (access(path, W_OK))
		return refuse_fixed(cpu, errno);
	return 0;
}

int host_undo_cpu(const char *cpu, const char *value)
{
	char now[16];
	int err;

	err = sysfs_read(now, sizeof(now), HOST_CPU "/cpu%s/online", cpu);
	if (err == -ENOENT)
		return 0;
	if (err >= 0 && strcmp(now, value))
		err = sysfs_write(value, HOST_CPU "/cpu%s/online", cpu);
	if (err >= 0)
		return 0;
	return error_set(EXIT_MACHINE, -err, "cannot bring CPU %s online: %s%s",
			 cpu, strerror(-err),
			 err == -EACCES ? "; run as root" : "");
}
