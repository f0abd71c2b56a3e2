// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "placement_cpus.h"

int placement_cpus_describe(hwloc_topology_t topology, char *buffer,
			    size_t bytes)
{
	hwloc_obj_t object;
	char type[32];
	size_t used = 0;

	buffer[0] = '\0';
	for (int depth = 1; depth < hwloc_topology_get_depth(topology);
	     depth++) {
		object = hwloc_get_obj_by_depth(topology, depth, 0);
		hwloc_obj_type_snprintf(type, sizeof(type), object, 0);
		used += snprintf(buffer + used, bytes - used, "%s%s:%u",
				 used ? " " : "", type,
				 hwloc_get_nbobjs_by_depth(topology, depth));
		if (used >= bytes)
			return -ENOSPC;
	}
	return 0;
}

/* A CPU without a core in the topology is one by itself. */
static int core_of(hwloc_topology_t topology, hwloc_obj_t pu)
{
	hwloc_obj_t core =
		hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_CORE, pu);

	if (core)
		return core->logical_index;
	return hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE) +
	       pu->logical_index;
}

static int package_of(hwloc_topology_t topology, hwloc_obj_t pu)
{
	hwloc_obj_t package =
		hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_PACKAGE, pu);

	return package ? (int)package->logical_index : -1;
}

/* The smallest that it is in: a node of the whole machine, of another kind of
 * memory, tells nothing apart. */
static int numa_node_of(hwloc_topology_t topology, hwloc_obj_t pu)
{
	hwloc_obj_t node = NULL, best = NULL;

	while ((node = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE,
						  node))) {
		if (!hwloc_bitmap_isset(node->cpuset, pu->os_index))
			continue;
		if (!best || hwloc_bitmap_weight(node->cpuset) <
				     hwloc_bitmap_weight(best->cpuset))
			best = node;
	}
	return best ? (int)best->os_index : -1;
}

/* Not always the L3: some cores have none. */
static hwloc_obj_t llc_of(hwloc_obj_t pu)
{
	hwloc_obj_t llc = NULL;

	for (hwloc_obj_t above = pu->parent; above; above = above->parent)
		if (hwloc_obj_type_is_cache(above->type))
			llc = above;
	return llc;
}

/* Kinds have no names of their own: "IntelAtom", or "kind 0". */
static void set_kind(hwloc_topology_t topology, hwloc_obj_t pu,
		     struct placement_where *where)
{
	struct hwloc_info_s *infos;
	unsigned int count;
	int kind;

	where->efficiency = -1;
	if (hwloc_cpukinds_get_nr(topology, 0) < 2)
		return;
	kind = hwloc_cpukinds_get_by_cpuset(topology, pu->cpuset, 0);
	if (kind < 0 ||
	    hwloc_cpukinds_get_info(topology, kind, NULL, &where->efficiency,
				    &count, &infos, 0)) {
		snprintf(where->kind, sizeof(where->kind), "unknown kind");
		return;
	}
	snprintf(where->kind, sizeof(where->kind), "kind %d", kind);
	for (unsigned int i = 0; i < count; i++)
		if (!strcmp(infos[i].name, "CoreType"))
			snprintf(where->kind, sizeof(where->kind), "%s",
				 infos[i].value);
}

static void set_where(hwloc_topology_t topology, hwloc_obj_t pu,
		      struct placement_where *where)
{
	where->cpu = pu->os_index;
	where->core = core_of(topology, pu);
	where->numa_node = numa_node_of(topology, pu);
	where->package = package_of(topology, pu);
	set_kind(topology, pu, where);
}

static void count_threads(struct placement_cpus *cpus)
{
	for (size_t i = 0; i < cpus->cpus; i++)
		for (size_t j = 0; j < cpus->cpus; j++)
			cpus->cpu[i].threads += cpus->cpu[i].where.core ==
						cpus->cpu[j].where.core;
}

/* hwloc's order is by the lowest CPU number within, on every level. */
static void fill(hwloc_topology_t topology,
		 const struct hwloc_bitmap_s *affinity,
		 struct placement_cpus *cpus)
{
	hwloc_obj_t pu, llc, before = NULL;
	int llcs = 0;

	for (size_t i = 0; i < cpus->cpus; i++) {
		pu = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PU, i);
		set_where(topology, pu, &cpus->cpu[i].where);
		llc = llc_of(pu);
		llcs += llc && llc != before;
		cpus->cpu[i].where.llc = llc ? llcs - 1 : -1;
		before = llc;
		cpus->cpu[i].ours = !affinity ||
				    hwloc_bitmap_isset(affinity, pu->os_index);
	}
	count_threads(cpus);
}

static int list_ours(hwloc_topology_t topology,
		     const struct hwloc_bitmap_s *affinity,
		     struct placement_cpus *cpus)
{
	hwloc_const_cpuset_t online =
		hwloc_topology_get_topology_cpuset(topology);
	hwloc_bitmap_t ours = hwloc_bitmap_dup(online);

	if (!ours)
		return -ENOMEM;
	if (affinity)
		hwloc_bitmap_and(ours, online, affinity);
	hwloc_bitmap_list_snprintf(cpus->online, sizeof(cpus->online), online);
	hwloc_bitmap_list_snprintf(cpus->ours, sizeof(cpus->ours), ours);
	hwloc_bitmap_free(ours);
	return 0;
}

int placement_cpus_read(hwloc_topology_t topology,
			const struct hwloc_bitmap_s *affinity,
			struct placement_cpus *cpus)
{
	memset(cpus, 0, sizeof(*cpus));
	cpus->cpus = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU);
	cpus->cpu = calloc(cpus->cpus, sizeof(*cpus->cpu));
	if (!cpus->cpu || list_ours(topology, affinity, cpus)) {
		placement_cpus_free(cpus);
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	}
	if (placement_cpus_describe(topology, cpus->topology,
				    sizeof(cpus->topology)))
		snprintf(cpus->topology, sizeof(cpus->topology), "topology");
	fill(topology, affinity, cpus);
	return 0;
}

void placement_cpus_free(struct placement_cpus *cpus)
{
	free(cpus->cpu);
	cpus->cpu = NULL;
}
