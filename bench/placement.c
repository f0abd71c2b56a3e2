// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <hwloc.h>
#include <string.h>

#include "error.h"
#include "placement.h"
#include "placement_cpus.h"
#include "placement_policy.h"
#include "placement_text.h"

/* The arrays by role, from the seats. */
static void fill(struct placement *placement)
{
	placement->vcpus = 0;
	placement->pressure_cpus = 0;
	for (size_t i = 0; i < placement->seats; i++) {
		int cpu = placement->seat[i].where.cpu;

		switch (placement->seat[i].role) {
		case ROLE_FLOOD:
			placement->flood_cpu = cpu;
			break;
		case ROLE_IRQ:
			placement->irq_cpu = cpu;
			break;
		case ROLE_VCPUS:
			placement->vcpu_cpu[placement->vcpus++] = cpu;
			break;
		default:
			placement->pressure_cpu[placement->pressure_cpus++] =
				cpu;
		}
	}
}

int placement_choose_on(const struct job *job, struct hwloc_topology *topology,
			const struct hwloc_bitmap_s *affinity,
			struct placement *placement)
{
	struct placement_cpus cpus;
	int err = placement_cpus_read(topology, affinity, &cpus);

	if (err)
		return err;
	memset(placement, 0, sizeof(*placement));
	placement->this_machine = hwloc_topology_is_thissystem(topology);
	err = placement_policy_apply(job, &cpus, placement);
	placement_cpus_free(&cpus);
	if (err)
		return err;
	fill(placement);
	placement_text_note(placement);
	return 0;
}

/* Of the caches the first level says nothing: it is a core's. */
static void set_filters(hwloc_topology_t topology)
{
	static const hwloc_obj_type_t caches[] = {
		HWLOC_OBJ_L2CACHE,
		HWLOC_OBJ_L3CACHE,
		HWLOC_OBJ_L4CACHE,
		HWLOC_OBJ_L5CACHE,
	};

	hwloc_topology_set_cache_types_filter(topology,
					      HWLOC_TYPE_FILTER_KEEP_NONE);
	for (size_t i = 0; i < sizeof(caches) / sizeof(caches[0]); i++)
		hwloc_topology_set_type_filter(topology, caches[i],
					       HWLOC_TYPE_FILTER_KEEP_ALL);
	hwloc_topology_set_type_filter(topology, HWLOC_OBJ_GROUP,
				       HWLOC_TYPE_FILTER_KEEP_NONE);
}

/* CPUs offline or outside our cgroup's cpuset are not in it. */
static int load(const char *synthetic, hwloc_topology_t *topology)
{
	if (hwloc_topology_init(topology))
		return error_set(EXIT_MACHINE, ENOMEM, "hwloc: out of memory");
	set_filters(*topology);
	if (synthetic && hwloc_topology_set_synthetic(*topology, synthetic)) {
		hwloc_topology_destroy(*topology);
		return error_set(EXIT_MACHINE, EINVAL,
				 "hwloc does not understand '%s'", synthetic);
	}
	if (hwloc_topology_load(*topology)) {
		hwloc_topology_destroy(*topology);
		return error_set(EXIT_MACHINE, EIO,
				 "hwloc cannot read this machine's topology");
	}
	return 0;
}

/* Another machine's CPUs are all ours. */
static int choose(const struct job *job, hwloc_topology_t topology,
		  struct placement *placement)
{
	hwloc_bitmap_t affinity;
	int err;

	if (!hwloc_topology_is_thissystem(topology))
		return placement_choose_on(job, topology, NULL, placement);
	affinity = hwloc_bitmap_alloc();
	if (!affinity)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	if (hwloc_get_cpubind(topology, affinity, HWLOC_CPUBIND_PROCESS))
		err = error_set(EXIT_MACHINE, errno,
				"cannot read our own CPU affinity: %s",
				strerror(errno));
	else
		err = placement_choose_on(job, topology, affinity, placement);
	hwloc_bitmap_free(affinity);
	return err;
}

int placement_choose(const struct job *job, const char *synthetic,
		     struct placement *placement)
{
	hwloc_topology_t topology;
	int err = load(synthetic, &topology);

	if (err)
		return err;
	err = choose(job, topology, placement);
	hwloc_topology_destroy(topology);
	return err;
}

const char *placement_asked(const struct job *job)
{
	const struct job_place *place = job->place;

	for (int role = 1; role < ROLE_PRESSURE; role++)
		if (place[role].policy != place[ROLE_FLOOD].policy)
			return "mixed";
	return placement_policy_name(place[ROLE_FLOOD].policy);
}

int placement_topology(char *buffer, size_t bytes)
{
	hwloc_topology_t topology;
	int err = load(NULL, &topology);

	if (err)
		return err;
	err = placement_cpus_describe(topology, buffer, bytes);
	hwloc_topology_destroy(topology);
	if (err)
		return error_set(EXIT_MACHINE, -err,
				 "the topology's text is too long");
	return 0;
}
