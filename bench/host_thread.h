/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CPUs that a thread may run on. */
#ifndef BENCH_HOST_THREAD_H
#define BENCH_HOST_THREAD_H

#include <sys/types.h>

#include "sysfs.h"

/* As it was set, "0-2,5": sched_getaffinity() leaves out what is offline now.
 * Returns 0, -ESRCH: no such thread, -errno; no error_set(). */
int host_thread_allowed(pid_t process, pid_t thread, char list[SYSFS_TEXT_MAX]);

/* Pin a thread of a process to one CPU, journalled. A thread that has gone is
 * -ESRCH. 0 or -errno with error_set(), EXIT_MACHINE. */
int host_thread_pin(pid_t process, pid_t thread, int cpu);

#endif
