// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "clock.h"
#include "guest_toggler.h"
#include "worker.h"

static void sleep_until(uint64_t until_ns)
{
	const struct timespec until = {
		.tv_sec = until_ns / NSEC_PER_SEC,
		.tv_nsec = until_ns % NSEC_PER_SEC,
	};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) ==
	       EINTR)
		;
}

/* An even number of changes: the last one unmasks. */
static void *toggle(void *arg)
{
	struct guest_toggler *toggler = arg;
	const struct guest_config *config = toggler->config;
	uint64_t period_ns = NSEC_PER_SEC / config->mask_hz;
	uint64_t next_ns = clock_now_ns();
	bool masked = false;
	int err = 0;

	while (!err && (masked || !atomic_load(&toggler->stop))) {
		next_ns += period_ns;
		if (next_ns < clock_now_ns())
			next_ns = clock_now_ns();
		sleep_until(next_ns);
		masked = !masked;
		err = config->set_mask(config->mask_context, masked);
		toggler->toggles += !err;
	}
	atomic_store(&toggler->errnum, -err);
	return NULL;
}

int guest_toggler_start(struct guest_toggler *toggler,
			const struct guest_config *config)
{
	int errnum;

	toggler->config = config;
	atomic_init(&toggler->stop, false);
	atomic_init(&toggler->errnum, 0);
	if (!config->mask_hz)
		return 0;
	errnum = worker_start_on(&toggler->thread, config->vcpu_cpu[0], toggle,
				 toggler);
	toggler->running = !errnum;
	return errnum;
}

void guest_toggler_stop(struct guest_toggler *toggler)
{
	if (!toggler->running)
		return;
	atomic_store(&toggler->stop, true);
	pthread_join(toggler->thread, NULL);
	toggler->running = false;
}
