// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <hwloc.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "placement.h"

#define ROLES 3
#define TOPOLOGY_MAX 256

/* Which of the three have something in common. */
enum shared {
	SHARED_NONE = 0,
	SHARED_FLOOD_IRQ = 1,
	SHARED_FLOOD_GUEST = 2,
	SHARED_IRQ_GUEST = 4,
	SHARED_ALL = 7,
};

/* A core shared by all says nothing about a pair on one CPU, so both count. */
static const char *const notes[SHARED_ALL + 1][SHARED_ALL + 1] = {
	/* [same CPU][same core] */
	[0] = {
		[SHARED_NONE] = "",
		[SHARED_FLOOD_IRQ] = "flood and IRQ share a core",
		[SHARED_FLOOD_GUEST] = "flood and guest share a core",
		[SHARED_IRQ_GUEST] = "IRQ and guest share a core",
		[SHARED_ALL] = "flood, IRQ and guest share a core",
	},
	[SHARED_FLOOD_IRQ] = {
		[SHARED_FLOOD_IRQ] = "flood and IRQ share a CPU",
		[SHARED_ALL] = "flood and IRQ share a CPU, the guest their core",
	},
	[SHARED_FLOOD_GUEST] = {
		[SHARED_FLOOD_GUEST] = "flood and guest share a CPU",
		[SHARED_ALL] = "flood and guest share a CPU, the IRQ their core",
	},
	[SHARED_IRQ_GUEST] = {
		[SHARED_IRQ_GUEST] = "IRQ and guest share a CPU",
		[SHARED_ALL] = "IRQ and guest share a CPU, the flood their core",
	},
	[SHARED_ALL] = {
		[SHARED_ALL] = "flood, IRQ and guest share a CPU",
	},
};

/* A machine without cores in its topology has each CPU for one. */
static hwloc_obj_type_t core_type(hwloc_topology_t topology)
{
	return hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE) > 0 ?
		       HWLOC_OBJ_CORE :
		       HWLOC_OBJ_PU;
}

static unsigned int count_cores(hwloc_topology_t topology)
{
	return hwloc_get_nbobjs_by_type(topology, core_type(topology));
}

static hwloc_obj_t get_core(hwloc_topology_t topology, unsigned int index)
{
	return hwloc_get_obj_by_type(topology, core_type(topology), index);
}

/* The core of a Linux CPU number as an index, -1: there is no such CPU. */
static int core_of(hwloc_topology_t topology, int cpu)
{
	for (unsigned int i = 0; i < count_cores(topology); i++) {
		if (hwloc_bitmap_isset(get_core(topology, i)->cpuset, cpu))
			return i;
	}
	return -1;
}

/* The nth CPU of a core, its last one where it has fewer. */
static int cpu_of_core(hwloc_topology_t topology, unsigned int core, int n)
{
	hwloc_const_cpuset_t set = get_core(topology, core)->cpuset;
	int cpu = hwloc_bitmap_first(set), next = cpu;

	while (n-- > 0 && next >= 0) {
		next = hwloc_bitmap_next(set, cpu);
		if (next >= 0)
			cpu = next;
	}
	return cpu;
}

/*
 * From core to core; with too few of them the last one takes the rest. hwloc
 * sorts by CPU number, so the first is CPU 0's, which has the machine's own
 * work to do.
 */
static void choose_spread(hwloc_topology_t topology, int cpu[ROLES])
{
	unsigned int last = count_cores(topology) - 1, core;

	for (unsigned int i = 0; i < ROLES; i++) {
		core = i < last ? i : last;
		cpu[i] = cpu_of_core(topology, core, i - core);
	}
}

static void choose_same_core(hwloc_topology_t topology, int cpu[ROLES])
{
	for (unsigned int i = 0; i < ROLES; i++)
		cpu[i] = cpu_of_core(topology, 0, i);
}

static int describe(hwloc_topology_t topology, char *buffer, size_t bytes)
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

static int check_explicit(hwloc_topology_t topology, const char *role, int cpu)
{
	char text[TOPOLOGY_MAX], cpus[TOPOLOGY_MAX];

	if (cpu >= 0 && core_of(topology, cpu) >= 0)
		return 0;
	if (describe(topology, text, sizeof(text)))
		snprintf(text, sizeof(text), "topology");
	hwloc_bitmap_list_snprintf(
		cpus, sizeof(cpus),
		hwloc_topology_get_topology_cpuset(topology));
	return error_set(
		EXIT_MACHINE, ENODEV,
		"placement: CPU %d for the %s is not one of the CPUs %s that are online and ours to use (%s)",
		cpu, role, cpus, text);
}

static int choose_explicit(hwloc_topology_t topology, const struct job *job,
			   int cpu[ROLES])
{
	static const char *const roles[ROLES] = { "flood", "IRQ", "guest" };
	int err;

	cpu[0] = job->flood_cpu;
	cpu[1] = job->irq_cpu;
	cpu[2] = job->guest_cpu;
	for (int i = 0; i < ROLES; i++) {
		err = check_explicit(topology, roles[i], cpu[i]);
		if (err)
			return err;
	}
	return 0;
}

static unsigned int shared(const int value[ROLES])
{
	return (value[0] == value[1] ? SHARED_FLOOD_IRQ : 0) |
	       (value[0] == value[2] ? SHARED_FLOOD_GUEST : 0) |
	       (value[1] == value[2] ? SHARED_IRQ_GUEST : 0);
}

int placement_choose_on(const struct job *job, struct hwloc_topology *topology,
			struct placement *placement, const char **note)
{
	int cpu[ROLES], core[ROLES], err = 0;

	switch (job->placement) {
	case PLACEMENT_SPREAD:
		choose_spread(topology, cpu);
		break;
	case PLACEMENT_SAME_CORE:
		choose_same_core(topology, cpu);
		break;
	case PLACEMENT_EXPLICIT:
		err = choose_explicit(topology, job, cpu);
		break;
	}
	if (err)
		return err;
	for (int i = 0; i < ROLES; i++)
		core[i] = core_of(topology, cpu[i]);
	*note = notes[shared(cpu)][shared(core)];
	placement->flood_cpu = cpu[0];
	placement->irq_cpu = cpu[1];
	placement->guest_cpu = cpu[2];
	return 0;
}

/* flags: HWLOC_TOPOLOGY_FLAG_*. CPUs offline or outside our cgroup's cpuset
 * are not in it. */
static int load(const char *synthetic, unsigned long flags,
		hwloc_topology_t *topology)
{
	if (hwloc_topology_init(topology))
		return error_set(EXIT_MACHINE, ENOMEM, "hwloc: out of memory");
	hwloc_topology_set_cache_types_filter(*topology,
					      HWLOC_TYPE_FILTER_KEEP_NONE);
	hwloc_topology_set_type_filter(*topology, HWLOC_OBJ_L3CACHE,
				       HWLOC_TYPE_FILTER_KEEP_ALL);
	hwloc_topology_set_type_filter(*topology, HWLOC_OBJ_GROUP,
				       HWLOC_TYPE_FILTER_KEEP_NONE);
	if (synthetic && hwloc_topology_set_synthetic(*topology, synthetic)) {
		hwloc_topology_destroy(*topology);
		return error_set(EXIT_MACHINE, EINVAL,
				 "hwloc does not understand '%s'", synthetic);
	}
	if (hwloc_topology_set_flags(*topology, flags) ||
	    hwloc_topology_load(*topology)) {
		hwloc_topology_destroy(*topology);
		return error_set(EXIT_MACHINE, EIO,
				 "hwloc cannot read this machine's topology");
	}
	return 0;
}

int placement_choose(const struct job *job, const char *synthetic,
		     struct placement *placement, const char **note)
{
	unsigned long flags = 0;
	hwloc_topology_t topology;
	int err;

	/* hwloc takes the affinity of real machines only. */
	if (!synthetic && job->placement != PLACEMENT_EXPLICIT)
		flags = HWLOC_TOPOLOGY_FLAG_IS_THISSYSTEM |
			HWLOC_TOPOLOGY_FLAG_RESTRICT_TO_CPUBINDING;
	err = load(synthetic, flags, &topology);
	if (err)
		return err;
	err = placement_choose_on(job, topology, placement, note);
	hwloc_topology_destroy(topology);
	return err;
}

int placement_topology(char *buffer, size_t bytes)
{
	hwloc_topology_t topology;
	int err;

	err = load(NULL, 0, &topology);
	if (err)
		return err;
	err = describe(topology, buffer, bytes);
	hwloc_topology_destroy(topology);
	if (err)
		return error_set(EXIT_MACHINE, -err,
				 "the topology's text is too long");
	return 0;
}
