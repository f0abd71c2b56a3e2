// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>

#include "worker.h"

/* mlockall() makes a stack's whole size resident. */
#define STACK_BYTES (256 * 1024)

static int create(pthread_t *thread, const pthread_attr_t *attributes,
		  void *(*run)(void *), void *arg)
{
	sigset_t all, before;
	int errnum;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	errnum = pthread_create(thread, attributes, run, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return errnum;
}

int worker_start(pthread_t *thread, const cpu_set_t *cpus, void *(*run)(void *),
		 void *arg)
{
	pthread_attr_t attributes;
	int errnum = pthread_attr_init(&attributes);

	if (errnum)
		return errnum;
	errnum = pthread_attr_setstacksize(&attributes, STACK_BYTES);
	if (!errnum && cpus)
		errnum = pthread_attr_setaffinity_np(&attributes, sizeof(*cpus),
						     cpus);
	if (!errnum)
		errnum = create(thread, &attributes, run, arg);
	pthread_attr_destroy(&attributes);
	return errnum;
}

int worker_start_on(pthread_t *thread, int cpu, void *(*run)(void *), void *arg)
{
	cpu_set_t cpus;

	if (cpu < 0)
		return worker_start(thread, NULL, run, arg);
	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	return worker_start(thread, &cpus, run, arg);
}
