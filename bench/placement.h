/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which CPU floods, which takes the line, which is the guest's (hwloc). */
#ifndef BENCH_PLACEMENT_H
#define BENCH_PLACEMENT_H

#include <stddef.h>

#include "job.h"

struct hwloc_topology;

struct placement {
	int flood_cpu; /* Linux CPU numbers */
	int irq_cpu;
	int guest_cpu;
};

/*
 * synthetic: an hwloc synthetic description for tests ("core:2 pu:2"), NULL:
 * this machine, its online CPUs within our cpuset; SPREAD and SAME_CORE keep
 * to our affinity as well (taskset), EXPLICIT may name CPUs outside it
 * (isolcpus). An impossible request is EXIT_MACHINE and names the topology it
 * was checked against.
 * SPREAD prefers three different cores. CPU 0 is given to the flood, last to
 * the guest. *note says which of the three share a CPU or a core (static text,
 * "" where none do), never silently.
 */
int placement_choose(const struct job *job, const char *synthetic,
		     struct placement *placement, const char **note);

/* The same on a topology that the caller has loaded and keeps. */
int placement_choose_on(const struct job *job, struct hwloc_topology *topology,
			struct placement *placement, const char **note);

/* The topology in one line, for the record, each kind with its number on the
 * whole machine: "Package:1 L3:1 Core:4 PU:4". Returns 0, -errno. */
int placement_topology(char *buffer, size_t bytes);

#endif
