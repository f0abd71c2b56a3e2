/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A group's memory.current and PSI, every PRESSURE_SAMPLE_MS, by a thread. */
#ifndef BENCH_PRESSURE_SAMPLER_H
#define BENCH_PRESSURE_SAMPLER_H

#include "pressure.h"

#define PRESSURE_SAMPLES_MAX 36000 /* an hour; 1.1 MiB, taken at the start */

struct pressure_sampler;

/* group is to live as long. Without PSI its totals stay 0. EXIT_MACHINE. */
int pressure_sampler_start(const char *group,
			   struct pressure_sampler **sampler);

/* Fills in sample, samples and samples_dropped. Frees it; NULL is harmless. */
void pressure_sampler_stop(struct pressure_sampler *sampler,
			   struct pressure_result *result);

#endif
