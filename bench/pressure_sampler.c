// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "error.h"
#include "pressure_sampler.h"
#include "pressure_text.h"
#include "sysfs.h"
#include "worker.h"

struct pressure_sampler {
	const char *group;
	uint64_t some_us, full_us; /* PSI's totals at the start */
	pthread_t thread;
	atomic_bool stop;

	struct pressure_sample *sample;
	size_t samples;
	uint64_t dropped;
};

static void take(struct pressure_sampler *sampler)
{
	struct pressure_sample sample = { .time_ns = clock_now_ns() };
	unsigned long current;

	if (sampler->samples == PRESSURE_SAMPLES_MAX) {
		sampler->dropped++;
		return;
	}
	if (sysfs_read_number(&current, "%s/memory.current", sampler->group))
		return;
	sample.current_bytes = current;
	if (!pressure_read_psi(sampler->group, &sample.some_us,
			       &sample.full_us)) {
		sample.some_us -= sampler->some_us;
		sample.full_us -= sampler->full_us;
	}
	sampler->sample[sampler->samples++] = sample;
}

static void wait_until(uint64_t time_ns)
{
	const struct timespec until = {
		.tv_sec = time_ns / NSEC_PER_SEC,
		.tv_nsec = time_ns % NSEC_PER_SEC,
	};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

/* What is late is not made up for. */
static void *sample_all(void *arg)
{
	const uint64_t period_ns = PRESSURE_SAMPLE_MS * NSEC_PER_MSEC;
	struct pressure_sampler *sampler = arg;
	uint64_t next_ns = clock_now_ns();

	while (!sampler->stop) {
		take(sampler);
		next_ns += period_ns;
		if (next_ns < clock_now_ns())
			next_ns = clock_now_ns() + period_ns;
		wait_until(next_ns);
	}
	return NULL;
}

int pressure_sampler_start(const char *group, struct pressure_sampler **result)
{
	const size_t bytes =
		PRESSURE_SAMPLES_MAX * sizeof(struct pressure_sample);
	struct pressure_sampler *sampler = calloc(1, sizeof(*sampler));
	int err = -ENOMEM;

	if (sampler)
		sampler->sample = malloc(bytes);
	if (sampler && sampler->sample) {
		/* Touched now, so that a long run takes no more. */
		memset(sampler->sample, 0, bytes);
		sampler->group = group;
		pressure_read_psi(group, &sampler->some_us, &sampler->full_us);
		err = -worker_start(&sampler->thread, NULL, sample_all,
				    sampler);
	}
	if (!err) {
		*result = sampler;
		return 0;
	}
	if (sampler)
		free(sampler->sample);
	free(sampler);
	return error_set(EXIT_MACHINE, -err, "cannot sample %s: %s", group,
			 strerror(-err));
}

void pressure_sampler_stop(struct pressure_sampler *sampler,
			   struct pressure_result *result)
{
	if (!sampler)
		return;
	sampler->stop = true;
	pthread_join(sampler->thread, NULL);
	result->sample = sampler->sample;
	result->samples = sampler->samples;
	result->samples_dropped = sampler->dropped;
	free(sampler);
}
