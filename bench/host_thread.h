/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CPUs that a thread of another process may run on. */
#ifndef BENCH_HOST_THREAD_H
#define BENCH_HOST_THREAD_H

#include <sys/types.h>

/* Pin a thread of a process to one CPU, journalled. A thread that has gone is
 * -ESRCH. 0 or -errno with error_set(), EXIT_MACHINE. */
int host_thread_pin(pid_t process, pid_t thread, int cpu);

#endif
