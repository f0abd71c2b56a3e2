// SPDX-License-Identifier: GPL-2.0-or-later
#include <sched.h>
#include <signal.h>
#include <string.h>

#include "error.h"
#include "helper.h"

/* mlockall() makes a stack's whole size resident. */
#define STACK_BYTES (256 * 1024)

static void *run(void *arg)
{
	struct helper *helper = arg;

	atomic_store(&helper->errnum, helper->carry(helper->context));
	return NULL;
}

/* Signals are the main thread's: a wait of this one must not be cut short. */
static int create(struct helper *helper, const pthread_attr_t *attributes)
{
	sigset_t all, before;
	int errnum;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	errnum = pthread_create(&helper->thread, attributes, run, helper);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return errnum;
}

static int create_pinned(struct helper *helper, int cpu)
{
	pthread_attr_t attributes;
	cpu_set_t cpus;
	int errnum;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	errnum = pthread_attr_init(&attributes);
	if (errnum)
		return errnum;
	errnum = pthread_attr_setstacksize(&attributes, STACK_BYTES);
	if (!errnum)
		errnum = pthread_attr_setaffinity_np(&attributes, sizeof(cpus),
						     &cpus);
	if (!errnum)
		errnum = create(helper, &attributes);
	pthread_attr_destroy(&attributes);
	return errnum;
}

int helper_start(struct helper *helper, int cpu, int (*carry)(void *context),
		 void *context)
{
	int errnum;

	helper->carry = carry;
	helper->context = context;
	atomic_init(&helper->errnum, 0);
	errnum = create_pinned(helper, cpu);
	helper->runs = !errnum;
	if (!errnum)
		return 0;
	return error_set(EXIT_MACHINE, errnum,
			 "cannot start a helper thread on CPU %d: %s", cpu,
			 strerror(errnum));
}

int helper_failed(const struct helper *helper)
{
	return helper->runs ? atomic_load(&helper->errnum) : 0;
}

void helper_stop(struct helper *helper)
{
	if (!helper->runs)
		return;
	pthread_cancel(helper->thread);
	pthread_join(helper->thread, NULL);
	helper->runs = false;
}
