/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread of ours beside the main one, to which all signals are left: a wait
 * of such a thread is never cut short.
 */
#ifndef BENCH_WORKER_H
#define BENCH_WORKER_H

#include <pthread.h>
#include <sched.h>

/* cpus NULL: wherever its maker may run. Returns 0 or errno, no error_set(). */
int worker_start(pthread_t *thread, const cpu_set_t *cpus, void *(*run)(void *),
		 void *arg);

/* On one CPU; -1: wherever its maker may run. */
int worker_start_on(pthread_t *thread, int cpu, void *(*run)(void *),
		    void *arg);

#endif
