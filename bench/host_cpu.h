/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which CPUs are online, and which may be taken offline. CPUs are Linux's
 * numbers.
 */
#ifndef BENCH_HOST_CPU_H
#define BENCH_HOST_CPU_H

#include <sched.h>

#define HOST_CPU "/sys/devices/system/cpu"

/* "0-2,5" as the kernel writes it, "" for none. Returns 0, -EINVAL: no such
 * list, or a CPU of CPU_SETSIZE and more. */
int host_cpu_parse(const char *text, cpu_set_t *cpus);

/* All that are online. Returns 0, -errno with error_set(). */
int host_cpu_all_online(cpu_set_t *cpus);

/* Returns 1 or 0; -ENOENT: no such CPU; -errno. No error_set(). */
int host_cpu_online(int cpu);

/* Whether it can be taken offline: it is there, online, and has the file for
 * it. Returns 0, -errno with error_set(). */
int host_cpu_check(int cpu);

#endif
