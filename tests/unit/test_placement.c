// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "error.h"
#include "job_placement.h"
#include "placement.h"
#include "unit.h"

/* What is asked for, and of which machine; NULL: left out, all, alike. */
struct request {
	const char *topology; /* hwloc's; indexes= are Linux CPU numbers */
	const char *placement, *vcpus; /* as in a job */
	const char *online, *affinity; /* CPUs */
	const char *fast, *slow; /* CPUs of two kinds */
};

struct row {
	struct request request;
	const char *cpus; /* "FLOOD IRQ VCPU,... [PRESSURE,...]" */
	const char *note;
};

/* Two nodes, on each two LLCs with two cores of two threads: cores are 0,1 2,3
 * and 4,5 6,7 on node 0; 8,9 10,11 and 12,13 14,15 on node 1. */
#define LARGE "pack:2 [numa] l3:2 core:2 pu:2"

/* Linux often counts second threads last: cores are 0,4 1,5 2,6 3,7. */
#define DESKTOP "l3:1 core:4 pu:2(indexes=0,4,1,5,2,6,3,7)"

/* Two fast cores of two threads: 0,1 2,3; four slow ones of one: 4 6 8 10. */
#define HYBRID                                                                 \
	.topology = "l3:1 core:6 pu:2", .online = "0-4,6,8,10", .fast = "0-3", \
	.slow = "4,6,8,10"

static const struct row rows[] = {
	/* Nothing asked for: different cores, sharing where it must. */
	{ { .topology = "core:4 pu:1" }, "0 1 2", "" },
	{ { .topology = "core:3 pu:1" }, "0 1 2", "" },
	{ { .topology = "pack:2 core:4 pu:2" }, "0 2 4", "" },
	{ { .topology = DESKTOP }, "0 1 2", "" },
	{ { .topology = "pu:3" }, "0 1 2", "" },
	{ { .topology = "pack:2 core:1 pu:1" },
	  "0 1 1",
	  "IRQ and guest share CPU 1" },
	{ { .topology = "core:2 pu:2" }, "0 2 3", "IRQ and guest share a core" },
	{ { .topology = "core:1 pu:4" },
	  "0 1 2",
	  "flood, IRQ and guest share a core" },
	{ { .topology = "core:1 pu:2" },
	  "0 1 1",
	  "IRQ and guest share CPU 1; flood, IRQ and guest share a core" },
	{ { .topology = "core:1 pu:1" },
	  "0 0 0",
	  "flood, IRQ and guest share CPU 0" },
	/* CPU 0 comes last in the description: it is still the flood's. */
	{ { .topology = "core:4 pu:1(indexes=3,2,1,0)" }, "0 1 2", "" },
	{ { .topology = "pack:2 core:2 pu:1(indexes=2,3,1,0)" }, "0 1 2", "" },

	/* More vCPUs: cores of their own, threads, shared ones. */
	{ { .topology = "core:6 pu:1", .vcpus = "4" }, "0 1 2,3,4,5", "" },
	{ { .topology = DESKTOP, .vcpus = "3" },
	  "0 1 2,3,7",
	  "vCPUs 1-2 share a core" },
	{ { .topology = "core:3 pu:1", .vcpus = "3" },
	  "0 1 2,2,1",
	  "IRQ and vCPU 2 share CPU 1; vCPUs 0-1 share CPU 2" },
	{ { .topology = "core:1 pu:1", .vcpus = "3" },
	  "0 0 0,0,0",
	  "flood, IRQ and vCPUs 0-2 share CPU 0" },
	/* The nearest to the first: same LLC, same node, the other. */
	{ { .topology = LARGE,
	    .placement = "flood:0 irq:1 vcpus:spread",
	    .vcpus = "4" },
	  "0 1 2,4,6,8",
	  "flood and IRQ share a core" },
	{ { .topology = LARGE, .placement = "flood:0 irq:4", .vcpus = "3" },
	  "0 4 2,6,8",
	  "" },

	/* Every policy, from a vCPU that is where it was told to be. */
	{ { .topology = LARGE, .placement = "vcpus:2 irq:same-core" },
	  "0 3 2",
	  "IRQ and guest share a core" },
	{ { .topology = "core:4 pu:1", .placement = "vcpus:2 irq:same-core" },
	  "0 2 2",
	  "IRQ and guest share CPU 2" },
	{ { .topology = LARGE,
	    .placement = "vcpus:2 irq:smt-sibling flood:other-numa" },
	  "8 3 2",
	  "IRQ and guest share a core" },
	{ { .topology = DESKTOP, .placement = "vcpus:6 irq:smt-sibling" },
	  "0 2 6",
	  "IRQ and guest share a core" },
	{ { .topology = LARGE, .placement = "vcpus:6 irq:same-llc" },
	  "0 4 6",
	  "" },
	{ { .topology = LARGE,
	    .placement = "vcpus:14 irq:same-llc flood:same-llc" },
	  "13 12 14",
	  "flood and IRQ share a core" },
	/* Another LLC of the node before one that nobody has. */
	{ { .topology = LARGE,
	    .placement = "vcpus:2 irq:same-numa flood:same-numa" },
	  "6 4 2",
	  "" },
	{ { .topology = LARGE,
	    .placement = "vcpus:2 irq:same-numa flood:4 pressure:6+7" },
	  "4 5 2 6,7",
	  "flood and IRQ share a core" },
	{ { .topology = "numa:2 l3:1 core:2 pu:1",
	    .placement = "vcpus:3 irq:same-numa" },
	  "0 2 3",
	  "" },
	{ { .topology = LARGE, .placement = "vcpus:9 irq:other-numa" },
	  "0 2 9",
	  "" },
	{ { .topology = LARGE, .placement = "vcpus:2 pressure:smt-sibling" },
	  "0 4 2 3",
	  "guest and pressure share a core" },
	{ { .topology = LARGE, .placement = "pressure:spread" }, "0 2 4 6", "" },

	/* One policy for all; vCPU 0 is where all others fit. */
	{ { .topology = "core:2 pu:4", .placement = "same-core" },
	  "6 5 4",
	  "flood, IRQ and guest share a core" },
	{ { .topology = DESKTOP, .placement = "same-core" },
	  "5 5 1",
	  "flood and IRQ share CPU 5; flood, IRQ and guest share a core" },
	{ { .topology = "core:2 pu:1", .placement = "same-core" },
	  "1 1 1",
	  "flood, IRQ and guest share CPU 1" },
	{ { .topology = "core:1 pu:2", .placement = "same-core" },
	  "0 0 1",
	  "flood and IRQ share CPU 0; flood, IRQ and guest share a core" },
	{ { .topology = "core:3 pu:1", .placement = "irq:same-core flood:0" },
	  "0 1 1",
	  "IRQ and guest share CPU 1" },
	{ { .topology = LARGE, .placement = "same-llc" },
	  "1 0 2",
	  "flood and IRQ share a core" },
	{ { .topology = LARGE, .placement = "same-numa" }, "6 4 2", "" },
	{ { .topology = LARGE, .placement = "other-numa" }, "10 8 2", "" },
	{ { .topology = "core:2 pu:2",
	    .placement = "smt-sibling",
	    .online = "0-2" },
	  "0 0 1",
	  "flood and IRQ share CPU 0; flood, IRQ and guest share a core" },
	{ { .topology = "numa:2 core:2 pu:2",
	    .placement = "irq:smt-sibling flood:other-numa",
	    .online = "0,2,4-6" },
	  "0 5 4",
	  "IRQ and guest share a core" },

	/* vCPUs by policy. */
	{ { .topology = DESKTOP,
	    .placement = "vcpus:same-core flood:0 irq:3",
	    .vcpus = "2" },
	  "0 3 1,5",
	  "vCPUs 0-1 share a core" },
	{ { .topology = DESKTOP,
	    .placement = "vcpus:smt-sibling flood:0 irq:3",
	    .vcpus = "2" },
	  "0 3 1,5",
	  "vCPUs 0-1 share a core" },
	{ { .topology = LARGE,
	    .placement = "vcpus:same-llc irq:smt-sibling",
	    .vcpus = "2" },
	  "0 5 4,6",
	  "IRQ and vCPU 0 share a core" },
	{ { .topology = LARGE,
	    .placement = "vcpus:same-numa flood:8 irq:10",
	    .vcpus = "4" },
	  "8 10 2,4,6,1",
	  "" },
	{ { .topology = LARGE, .placement = "vcpus:other-numa", .vcpus = "3" },
	  "0 2 4,8,10",
	  "" },

	/* Listed CPUs, in any order; only they may be outside our affinity. */
	{ { .topology = "core:2 pu:2", .placement = "flood:3 irq:1 guest:0" },
	  "3 1 0",
	  "IRQ and guest share a core" },
	{ { .topology = "core:2 pu:2", .placement = "guest:2 irq:0 flood:0" },
	  "0 0 2",
	  "flood and IRQ share CPU 0" },
	{ { .topology = "core:2 pu:2", .placement = "flood:0 irq:2 guest:0" },
	  "0 2 0",
	  "flood and guest share CPU 0" },
	{ { .topology = "core:2 pu:2", .placement = "flood:0 irq:1 guest:0" },
	  "0 1 0",
	  "flood and guest share CPU 0; flood, IRQ and guest share a core" },
	{ { .topology = "core:8 pu:1",
	    .placement = "vcpus:7+3-4 pressure:5-6+2" },
	  "0 1 7,3,4 5,6,2",
	  "" },
	{ { .topology = "core:4 pu:1",
	    .placement = "vcpus:1-2 irq:2 flood:0 pressure:0+1" },
	  "0 2 1,2 0,1",
	  "flood and pressure share CPU 0; IRQ and vCPU 1 share CPU 2; "
	  "vCPU 0 and pressure share CPU 1" },
	{ { .topology = "core:4 pu:1",
	    .placement = "vcpus:3 irq:2",
	    .affinity = "0-1" },
	  "0 2 3",
	  "" },
	{ { .topology = "core:4 pu:1",
	    .placement = "vcpus:3 irq:same-core",
	    .affinity = "0-1" },
	  "0 3 3",
	  "IRQ and guest share CPU 3" },

	/* Not ours, or offline. */
	{ { .topology = "core:4 pu:2", .affinity = "2-7" }, "2 4 6", "" },
	{ { .topology = "core:4 pu:2", .online = "2-7" }, "2 4 6", "" },
	{ { .topology = "core:4 pu:2", .online = "5" },
	  "5 5 5",
	  "flood, IRQ and guest share CPU 5" },
	{ { .topology = "core:4 pu:2", .affinity = "5" },
	  "5 5 5",
	  "flood, IRQ and guest share CPU 5" },
	{ { .topology = "core:4 pu:2",
	    .placement = "vcpus:2 irq:same-core",
	    .online = "0,2,4,6" },
	  "0 2 2",
	  "IRQ and guest share CPU 2" },
	{ { .topology = LARGE,
	    .placement = "vcpus:2 irq:other-numa",
	    .affinity = "0-7,15" },
	  "0 15 2",
	  "" },

	/* Two kinds: the guest and the IRQ have the fast one. */
	{ { HYBRID },
	  "4 0 2",
	  "CPUs of different kinds: flood on Slow, IRQ and guest on Fast" },
	{ { HYBRID, .vcpus = "2" },
	  "4 0 2,6",
	  "CPUs of different kinds: flood and vCPU 1 on Slow, IRQ and vCPU 0 "
	  "on Fast" },
	{ { HYBRID, .placement = "vcpus:8 irq:same-llc" },
	  "4 0 8",
	  "CPUs of different kinds: flood and guest on Slow, IRQ on Fast" },
	{ { HYBRID, .placement = "irq:smt-sibling flood:2" },
	  "2 0 1",
	  "IRQ and guest share a core" },
	{ { .topology = "core:4 pu:1", .fast = "2-3", .slow = "0-1" },
	  "0 2 3",
	  "CPUs of different kinds: flood on Slow, IRQ and guest on Fast" },
	{ { .topology = "core:6 pu:1", .fast = "0-3", .slow = "4-5" },
	  "0 1 2",
	  "" },
};

static const struct row refused[] = {
	{ { .topology = "core:2 pu:2", .placement = "flood:4" },
	  NULL,
	  "placement: CPU 4 for the flood is not one of the CPUs 0-3 that are "
	  "online and ours to use (Core:2 PU:4)" },
	{ { .topology = "core:4 pu:2", .placement = "irq:0", .online = "2-7" },
	  NULL,
	  "placement: CPU 0 for the IRQ is not one of the CPUs 2-7 that are "
	  "online and ours to use (Core:3 PU:6)" },
	{ { .topology = "core:2 pu:2", .placement = "vcpus:0+4096" },
	  NULL,
	  "placement: CPU 4096 for vCPU 1 is not one of the CPUs 0-3 that are "
	  "online and ours to use (Core:2 PU:4)" },
	{ { .topology = "core:2 pu:2", .placement = "pressure:5" },
	  NULL,
	  "placement: CPU 5 for the pressure is not one of the CPUs 0-3 that "
	  "are online and ours to use (Core:2 PU:4)" },

	{ { .topology = "core:4 pu:2",
	    .placement = "vcpus:2 irq:same-core",
	    .affinity = "0-2" },
	  NULL,
	  "placement: irq:same-core cannot be: for the IRQ there is no other "
	  "CPU of the core of CPU 2 among the CPUs 0-2 that are online and ours "
	  "to use (Core:4 PU:8)" },
	{ { .topology = "core:4 pu:1", .placement = "vcpus:2 irq:smt-sibling" },
	  NULL,
	  "placement: irq:smt-sibling cannot be: for the IRQ there is no other "
	  "thread of the core of CPU 2 among the CPUs 0-3 that are online and "
	  "ours to use (Core:4 PU:4)" },
	{ { .topology = "core:4 pu:1", .placement = "irq:smt-sibling" },
	  NULL,
	  "placement: irq:smt-sibling cannot be: for the IRQ there is no other "
	  "thread of the core of vCPU 0 among the CPUs 0-3 that are online and "
	  "ours to use (Core:4 PU:4), wherever vCPU 0 is" },
	{ { .topology = "core:4 pu:2",
	    .placement = "smt-sibling",
	    .online = "0,2,4,6" },
	  NULL,
	  "placement: irq:smt-sibling cannot be: for the IRQ there is no other "
	  "thread of the core of vCPU 0 among the CPUs 0,2,4,6 that are online "
	  "and ours to use (Core:4 PU:4), wherever vCPU 0 is" },
	{ { .topology = "l3:2 core:1 pu:2",
	    .placement = "vcpus:0 flood:same-llc" },
	  NULL,
	  "placement: flood:same-llc cannot be: for the flood there is no other "
	  "core with the last-level cache of CPU 0 among the CPUs 0-3 that are "
	  "online and ours to use (L3:2 Core:2 PU:4)" },
	/* No cache is known. */
	{ { .topology = "core:4 pu:1", .placement = "same-llc" },
	  NULL,
	  "placement: irq:same-llc cannot be: for the IRQ there is no other "
	  "core with the last-level cache of vCPU 0 among the CPUs 0-3 that are "
	  "online and ours to use (Core:4 PU:4), wherever vCPU 0 is" },
	{ { .topology = "pack:2 [numa] core:1 pu:2",
	    .placement = "vcpus:0 pressure:same-numa" },
	  NULL,
	  "placement: pressure:same-numa cannot be: for the pressure there is "
	  "no other core on the NUMA node of CPU 0 among the CPUs 0-3 that are "
	  "online and ours to use (Package:2 Core:2 PU:4)" },
	{ { .topology = "pack:2 core:2 pu:2", .placement = "other-numa" },
	  NULL,
	  "placement: irq:other-numa cannot be: for the IRQ there is no core on "
	  "another NUMA node than that of vCPU 0 among the CPUs 0-7 that are "
	  "online and ours to use (Package:2 Core:4 PU:8), wherever vCPU 0 is" },
	{ { .topology = LARGE,
	    .placement = "vcpus:2 irq:other-numa",
	    .affinity = "0-7" },
	  NULL,
	  "placement: irq:other-numa cannot be: for the IRQ there is no core on "
	  "another NUMA node than that of CPU 2 among the CPUs 0-7 that are "
	  "online and ours to use (Package:2 L3:4 Core:8 PU:16)" },

	/* vCPUs do not share but by spread. */
	{ { .topology = DESKTOP, .placement = "same-core", .vcpus = "3" },
	  NULL,
	  "placement: vcpus:same-core cannot be: for vCPU 2 there is no other "
	  "CPU of the core of vCPU 0 left among the CPUs 0-7 that are online "
	  "and ours to use (L3:1 Core:4 PU:8), wherever vCPU 0 is" },
	{ { .topology = "core:4 pu:1",
	    .placement = "vcpus:same-core",
	    .vcpus = "2" },
	  NULL,
	  "placement: vcpus:same-core cannot be: for vCPU 1 there is no other "
	  "CPU of the core of vCPU 0 left among the CPUs 0-3 that are online "
	  "and ours to use (Core:4 PU:4), wherever vCPU 0 is" },
	{ { .topology = LARGE, .placement = "vcpus:same-llc", .vcpus = "3" },
	  NULL,
	  "placement: vcpus:same-llc cannot be: for vCPU 2 there is no other "
	  "core with the last-level cache of vCPU 0 left among the CPUs 0-15 "
	  "that are online and ours to use (Package:2 L3:4 Core:8 PU:16), "
	  "wherever vCPU 0 is" },
	{ { .topology = LARGE, .placement = "vcpus:same-numa", .vcpus = "5" },
	  NULL,
	  "placement: vcpus:same-numa cannot be: for vCPU 4 there is no other "
	  "core on the NUMA node of vCPU 0 left among the CPUs 0-15 that are "
	  "online and ours to use (Package:2 L3:4 Core:8 PU:16), wherever vCPU "
	  "0 is" },

	/* Each can be had, but not both. */
	{ { .topology = "pack:2 [numa] core:2 pu:2",
	    .placement = "irq:smt-sibling flood:other-numa",
	    .online = "0,1,2" },
	  NULL,
	  "placement: flood:other-numa cannot be: for the flood there is no "
	  "core on another NUMA node than that of vCPU 0 among the CPUs 0-2 "
	  "that are online and ours to use (Package:2 Core:2 PU:3), wherever "
	  "vCPU 0 is" },
};

static hwloc_bitmap_t cpu_set(const char *list)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();

	assert_non_null(set);
	if (list)
		assert_int_equal(hwloc_bitmap_list_sscanf(set, list), 0);
	return set;
}

static void add_kind(hwloc_topology_t topology, const char *cpus, int speed,
		     char *name)
{
	char type[] = "CoreType";
	struct hwloc_info_s info = { type, name };
	hwloc_bitmap_t set = cpu_set(cpus);

	if (cpus)
		assert_int_equal(hwloc_cpukinds_register(topology, set, speed,
							 1, &info, 0),
				 0);
	hwloc_bitmap_free(set);
}

static hwloc_topology_t load(const struct request *request)
{
	char slow[] = "Slow", fast[] = "Fast";
	hwloc_bitmap_t online = cpu_set(request->online);
	hwloc_topology_t topology;

	assert_int_equal(hwloc_topology_init(&topology), 0);
	assert_int_equal(
		hwloc_topology_set_synthetic(topology, request->topology), 0);
	assert_int_equal(hwloc_topology_load(topology), 0);
	add_kind(topology, request->slow, 1, slow);
	add_kind(topology, request->fast, 2, fast);
	if (request->online)
		assert_int_equal(hwloc_topology_restrict(topology, online, 0),
				 0);
	hwloc_bitmap_free(online);
	return topology;
}

static void read_job(const struct request *request, struct job *job)
{
	char placement[128], vcpus[8];
	struct job_setting setting[JOB_KEYS] = {
		[JOB_KEY_PLACEMENT].key = "placement",
		[JOB_KEY_VCPUS].key = "vcpus",
	};

	memset(job, 0, sizeof(*job));
	job->vcpus = 1;
	job->place[ROLE_PRESSURE].policy = PLACEMENT_NONE;
	if (request->placement) {
		strcpy(placement, request->placement);
		setting[JOB_KEY_PLACEMENT].value = placement;
	}
	if (request->vcpus) {
		strcpy(vcpus, request->vcpus);
		setting[JOB_KEY_VCPUS].value = vcpus;
	}
	if (job_placement_take(setting, job))
		fail_msg("%s", error_message());
}

static int choose(const struct request *request, struct placement *placement)
{
	hwloc_topology_t topology = load(request);
	hwloc_bitmap_t affinity = cpu_set(request->affinity);
	struct job job;
	int err;

	print_message("# %s: %s\n", request->topology,
		      request->placement ? request->placement : "");
	read_job(request, &job);
	err = placement_choose_on(
		&job, topology, request->affinity ? affinity : NULL, placement);
	if (!err)
		assert_int_equal(placement->vcpus, job.vcpus);
	hwloc_bitmap_free(affinity);
	hwloc_topology_destroy(topology);
	return err;
}

static void add_list(char text[256], const int *cpu, size_t cpus)
{
	for (size_t i = 0; i < cpus; i++)
		sprintf(text + strlen(text), "%c%d", i ? ',' : ' ', cpu[i]);
}

static void test_choices(void **state)
{
	struct placement placement;
	char cpus[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (choose(&rows[i].request, &placement))
			fail_msg("%s", error_message());
		sprintf(cpus, "%d %d", placement.flood_cpu, placement.irq_cpu);
		add_list(cpus, placement.vcpu_cpu, placement.vcpus);
		add_list(cpus, placement.pressure_cpu, placement.pressure_cpus);
		print_message("# %s: %s\n", cpus, placement.note);
		assert_string_equal(cpus, rows[i].cpus);
		assert_string_equal(placement.note, rows[i].note);
		assert_false(placement.this_machine);
	}
}

static void test_refused(void **state)
{
	struct placement placement;

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		assert_int_equal(choose(&refused[i].request, &placement),
				 -ENODEV);
		assert_int_equal(error_status(), EXIT_MACHINE);
		assert_string_equal(error_message(), refused[i].note);
		error_clear();
	}
}

static void check_seat(const struct placement *placement, size_t index,
		       enum placement_role role, const char *where)
{
	const struct placement_seat *seat = &placement->seat[index];
	char text[64];

	snprintf(text, sizeof(text), "%u: %d %d %d %d %d %s", seat->index,
		 seat->where.cpu, seat->where.core, seat->where.llc,
		 seat->where.numa_node, seat->where.package, seat->where.kind);
	assert_int_equal(seat->role, role);
	assert_string_equal(text, where);
}

static void test_seats(void **state)
{
	static const struct request large = {
		.topology = "pack:2 [numa] l3:2 l2:2 core:1 pu:2",
		.placement = "pressure:1 vcpus:9+4 irq:12 flood:3"
	};
	static const struct request bare = { .topology = "pu:4" };
	static const struct request hybrid = { HYBRID };
	struct placement placement;

	(void)state;
	assert_int_equal(choose(&large, &placement), 0);
	assert_int_equal(placement.seats, 5);
	check_seat(&placement, 0, ROLE_FLOOD, "0: 3 1 0 0 0 ");
	check_seat(&placement, 1, ROLE_IRQ, "0: 12 6 3 1 1 ");
	check_seat(&placement, 2, ROLE_VCPUS, "0: 9 4 2 1 1 ");
	check_seat(&placement, 3, ROLE_VCPUS, "1: 4 2 1 0 0 ");
	check_seat(&placement, 4, ROLE_PRESSURE, "0: 1 0 0 0 0 ");
	assert_int_equal(choose(&bare, &placement), 0);
	assert_int_equal(placement.seats, 3);
	check_seat(&placement, 1, ROLE_IRQ, "0: 1 1 -1 0 -1 ");
	assert_int_equal(choose(&hybrid, &placement), 0);
	check_seat(&placement, 0, ROLE_FLOOD, "0: 4 2 0 0 -1 Slow");
}

static void test_bad_synthetic(void **state)
{
	struct placement placement;
	struct job job;

	(void)state;
	read_job(&(struct request){ 0 }, &job);
	assert_int_equal(placement_choose(&job, "no:such:thing", &placement),
			 -EINVAL);
	assert_int_equal(error_status(), EXIT_MACHINE);
	error_clear();
}

static void test_asked(void **state)
{
	static const char *const asked[][2] = {
		{ "spread", "spread" },
		{ "same-llc", "same-llc" },
		{ "flood:0 irq:1 guest:2 pressure:spread", "explicit" },
		{ "irq:1", "mixed" },
		{ "vcpus:same-core", "mixed" },
	};
	struct job job;

	(void)state;
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		read_job(&(struct request){ .placement = asked[i][0] }, &job);
		assert_string_equal(placement_asked(&job), asked[i][1]);
	}
}

static void test_this_machine(void **state)
{
	struct placement placement;
	struct job job;
	char text[256], tiny[8];
	const char *units;
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	(void)state;
	read_job(&(struct request){ 0 }, &job);
	assert_int_equal(placement_choose(&job, NULL, &placement), 0);
	assert_true(placement.this_machine);
	assert_in_range(placement.flood_cpu, 0, cpus - 1);
	assert_in_range(placement.irq_cpu, 0, cpus - 1);
	assert_in_range(placement.vcpu_cpu[0], 0, cpus - 1);
	assert_int_equal(placement_topology(text, sizeof(text)), 0);
	units = strstr(text, "PU:");
	assert_non_null(units);
	assert_in_range(atoi(units + 3), 1, cpus);
	assert_int_equal(placement_topology(tiny, sizeof(tiny)), -ENOSPC);
	error_clear();
}

/* taskset leaves us one CPU: others only where they are listed. */
static void test_affinity(void **state)
{
	struct placement placement;
	cpu_set_t before, one;
	struct job job;
	int first = 0, last = CPU_SETSIZE - 1;

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
	while (!CPU_ISSET(first, &before))
		first++;
	while (!CPU_ISSET(last, &before))
		last--;
	CPU_ZERO(&one);
	CPU_SET(last, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	read_job(&(struct request){ 0 }, &job);
	assert_int_equal(placement_choose(&job, NULL, &placement), 0);
	assert_int_equal(placement.flood_cpu, last);
	assert_int_equal(placement.irq_cpu, last);
	assert_int_equal(placement.vcpu_cpu[0], last);
	job.place[ROLE_IRQ] = (struct job_place){
		.policy = PLACEMENT_EXPLICIT,
		.cpu = { first },
		.cpus = 1,
	};
	assert_int_equal(placement_choose(&job, NULL, &placement), 0);
	assert_int_equal(placement.irq_cpu, first);
	assert_int_equal(placement.vcpu_cpu[0], last);
	assert_int_equal(sched_setaffinity(0, sizeof(before), &before), 0);
}

/* hwloc's own way to show another machine. */
static void test_other_machine(void **state)
{
	struct placement placement;
	struct job job;

	(void)state;
	read_job(&(struct request){ .placement = "flood:99" }, &job);
	assert_int_equal(setenv("HWLOC_SYNTHETIC", "core:100 pu:1", 1), 0);
	assert_int_equal(placement_choose(&job, NULL, &placement), 0);
	assert_int_equal(placement.flood_cpu, 99);
	assert_false(placement.this_machine);
	assert_int_equal(unsetenv("HWLOC_SYNTHETIC"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_seats),
		cmocka_unit_test(test_bad_synthetic),
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_this_machine),
		cmocka_unit_test(test_affinity),
		cmocka_unit_test(test_other_machine),
	};

	return cmocka_run_group_tests_name("placement", tests, NULL, NULL);
}
