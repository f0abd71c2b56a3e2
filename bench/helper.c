// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "error.h"
#include "helper.h"
#include "worker.h"

static void *run(void *arg)
{
	struct helper *helper = arg;

	atomic_store(&helper->errnum, helper->carry(helper->context));
	return NULL;
}

int helper_start(struct helper *helper, int cpu, int (*carry)(void *context),
		 void *context)
{
	int errnum;

	helper->carry = carry;
	helper->context = context;
	atomic_init(&helper->errnum, 0);
	errnum = worker_start_on(&helper->thread, cpu, run, helper);
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
