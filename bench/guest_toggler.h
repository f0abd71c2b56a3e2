/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stand-in guest's own INTx mask: a thread on the guest's CPU that changes
 * it, as the guest's driver would by writing its command register.
 */
#ifndef BENCH_GUEST_TOGGLER_H
#define BENCH_GUEST_TOGGLER_H

#include <pthread.h>
#include <stdatomic.h>

#include "guest.h"

struct guest_toggler {
	const struct guest_config *config;
	pthread_t thread;
	bool running;
	atomic_bool stop;
	atomic_int errnum;
	uint64_t toggles; /* once stopped */
};

/* Nothing to do without mask_hz. 0 or errno. */
int guest_toggler_start(struct guest_toggler *toggler,
			const struct guest_config *config);

/* Leaves the guest unmasked. Harmless where none runs. */
void guest_toggler_stop(struct guest_toggler *toggler);

#endif
