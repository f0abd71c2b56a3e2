/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A topology as a table of its CPUs, which is all that choosing looks at. */
#ifndef BENCH_PLACEMENT_CPUS_H
#define BENCH_PLACEMENT_CPUS_H

#include "placement.h"

#define TOPOLOGY_TEXT_MAX 256

struct placement_cpu {
	struct placement_where where;
	unsigned int threads; /* of its core */
	bool ours; /* a policy may choose it */
	/* While choosing: what sits on the CPU, and on its core. */
	unsigned int seats, core_seats;
	unsigned int vcpus, core_vcpus;
	bool tried; /* for vCPU 0 */
};

struct placement_cpus {
	struct placement_cpu *cpu; /* core by core, the first core first */
	size_t cpus;
	char topology[TOPOLOGY_TEXT_MAX]; /* for errors */
	char online[TOPOLOGY_TEXT_MAX], ours[TOPOLOGY_TEXT_MAX]; /* "0-3,6" */
};

/* Offline CPUs and those outside our cpuset are not in topology. affinity as
 * in placement_choose_on(). Returns 0, -errno with error_set(). */
int placement_cpus_read(struct hwloc_topology *topology,
			const struct hwloc_bitmap_s *affinity,
			struct placement_cpus *cpus);
void placement_cpus_free(struct placement_cpus *cpus);

/* As placement_topology(). Returns 0, -ENOSPC. */
int placement_cpus_describe(struct hwloc_topology *topology, char *buffer,
			    size_t bytes);

#endif
