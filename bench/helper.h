/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pinned thread that carries events between descriptors, as a VMM's does. */
#ifndef BENCH_HELPER_H
#define BENCH_HELPER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct helper {
	bool runs;
	pthread_t thread;
	atomic_int errnum;
	int (*carry)(void *context);
	void *context;
};

/*
 * carry() goes on for ever, or returns an errno. It may be ended in any call
 * that is a cancellation point (read, write, poll), so it owns nothing then.
 * 0 or -errno with error_set().
 */
int helper_start(struct helper *helper, int cpu, int (*carry)(void *context),
		 void *context);

/* What carry() returned, 0 while it goes on. Any time. */
int helper_failed(const struct helper *helper);

/* Nothing of it runs when this returns. Harmless if it was never started. */
void helper_stop(struct helper *helper);

#endif
