/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads that read a group's memory.stat back to back. */
#ifndef BENCH_PRESSURE_READERS_H
#define BENCH_PRESSURE_READERS_H

#include <sched.h>

#include "pressure.h"

struct pressure_readers;

/* cpus: where they run, NULL: anywhere. No reader gives NULL. EXIT_MACHINE. */
int pressure_readers_start(const char *group, uint32_t count,
			   const cpu_set_t *cpus,
			   struct pressure_readers **readers);

/* Fills in read_hist. Frees them; NULL is harmless. */
void pressure_readers_stop(struct pressure_readers *readers,
			   struct pressure_result *result);

#endif
