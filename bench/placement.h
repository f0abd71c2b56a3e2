/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which CPU floods, which takes the line, which are the vCPUs' (hwloc). */
#ifndef BENCH_PLACEMENT_H
#define BENCH_PLACEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "job.h"

#define PLACEMENT_SEATS_MAX (2 + GUEST_VCPUS_MAX + JOB_CPUS_MAX)
#define PLACEMENT_NOTE_MAX 8192
#define PLACEMENT_KIND_MAX 24

struct hwloc_topology;
struct hwloc_bitmap_s;

/*
 * Where a CPU is. CPUs and NUMA nodes have Linux's numbers, the rest is
 * counted from 0 in hwloc's order, as lstopo does; -1: not known.
 */
struct placement_where {
	int cpu;
	int core;
	int llc; /* last-level cache */
	int numa_node;
	int package;
	int efficiency; /* hwloc's: more is faster */
	char kind[PLACEMENT_KIND_MAX]; /* "": all CPUs are alike */
};

struct placement_seat {
	enum placement_role role;
	unsigned int index; /* which of the vCPUs, or of the pressure's CPUs */
	struct placement_where where;
};

struct placement {
	int flood_cpu; /* Linux CPU numbers */
	int irq_cpu;
	int vcpu_cpu[GUEST_VCPUS_MAX];
	size_t vcpus; /* 1.. */
	int pressure_cpu[JOB_CPUS_MAX];
	size_t pressure_cpus; /* 0: there is no pressure */

	/* All of the above by role and index, and where they are. */
	struct placement_seat seat[PLACEMENT_SEATS_MAX];
	size_t seats;

	/* Which of them share a CPU or a core or are of different kinds; ""
	 * where there is nothing to say. */
	char note[PLACEMENT_NOTE_MAX];

	/* Not so where hwloc was told to show another machine (HWLOC_XMLFILE,
	 * HWLOC_SYNTHETIC): nothing may run on it. */
	bool this_machine;
};

/*
 * synthetic: an hwloc synthetic description for tests ("core:2 pu:2"), NULL:
 * what hwloc finds, this machine's online CPUs within our cpuset. Policies keep
 * to our affinity as well (taskset), listed CPUs may be outside it (isolcpus).
 * What cannot be is EXIT_MACHINE and names the topology it was checked against.
 */
int placement_choose(const struct job *job, const char *synthetic,
		     struct placement *placement);

/* The same on a topology that the caller has loaded and keeps; affinity: which
 * CPUs the policies keep to, NULL: all. */
int placement_choose_on(const struct job *job, struct hwloc_topology *topology,
			const struct hwloc_bitmap_s *affinity,
			struct placement *placement);

/*
 * What was asked for in one word: the policy, where flood, IRQ and vCPUs have
 * the same, else "mixed".
 */
const char *placement_asked(const struct job *job);

/* The topology in one line, for the record, each kind with its number on the
 * whole machine: "Package:1 L3:1 Core:4 PU:4". Returns 0, -errno. */
int placement_topology(char *buffer, size_t bytes);

#endif
