// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One after the other takes a seat: listed CPUs first, then the spread flood
 * and IRQ, then vCPU 0, from which the other policies are seen, then the rest.
 * Where vCPU 0 is free to choose, it is put where all others fit best.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "error.h"
#include "placement_policy.h"

struct want {
	enum placement_role role;
	unsigned int index;
	enum placement_policy policy;
};

static const struct want first_vcpu = { ROLE_VCPUS, 0, PLACEMENT_SPREAD };

struct chooser {
	const struct job *job;
	struct placement_cpus *cpus;
	struct placement *placement;
	const struct placement_cpu *anchor; /* vCPU 0's, NULL: not yet */
	int fastest; /* efficiency; -1: no difference known */
	bool few_fast; /* cores for IRQ and vCPUs, and none for the flood */
	unsigned long shared; /* how much the seats taken share, see sit() */
	/* What could not be had where most could. */
	struct want failed;
	size_t failed_seats;
};

/* What counts against a CPU, the gravest first. */
enum burden {
	BURDEN_LLC, /* same-numa prefers another */
	BURDEN_CPU, /* is shared */
	BURDEN_CORE, /* is shared */
	BURDEN_KIND, /* is not the one preferred */
	BURDEN_FIRST, /* the machine's own work is there: not for vCPUs */
	BURDEN_FAR, /* from vCPU 0, for the other vCPUs */
	BURDENS
};

static void mark(struct chooser *chooser, const struct placement_seat *seat,
		 int by)
{
	struct placement_cpus *cpus = chooser->cpus;
	int vcpu = seat->role == ROLE_VCPUS ? by : 0;

	for (size_t i = 0; i < cpus->cpus; i++) {
		struct placement_cpu *cpu = &cpus->cpu[i];

		if (cpu->where.core != seat->where.core)
			continue;
		cpu->core_seats += by;
		cpu->core_vcpus += vcpu;
		if (cpu->where.cpu != seat->where.cpu)
			continue;
		cpu->seats += by;
		cpu->vcpus += vcpu;
	}
}

/* No number of shared cores outweighs a shared CPU. */
static void sit(struct chooser *chooser, const struct want *want,
		const struct placement_cpu *cpu)
{
	struct placement *placement = chooser->placement;
	struct placement_seat *seat = &placement->seat[placement->seats++];

	seat->role = want->role;
	seat->index = want->index;
	seat->where = cpu->where;
	chooser->shared += cpu->seats * 65536UL + cpu->core_seats;
	mark(chooser, seat, 1);
	if (want->role == ROLE_VCPUS && !want->index)
		chooser->anchor = cpu;
}

/* All but the first so many; vCPU 0 is not among these. */
static void leave(struct chooser *chooser, size_t seats)
{
	struct placement *placement = chooser->placement;

	while (placement->seats > seats)
		mark(chooser, &placement->seat[--placement->seats], -1);
	chooser->anchor = NULL;
}

static bool equal(int a, int b)
{
	return a >= 0 && a == b;
}

static bool fits(enum placement_policy policy,
		 const struct placement_cpu *anchor,
		 const struct placement_cpu *cpu)
{
	const struct placement_where *from = &anchor->where, *to = &cpu->where;
	bool same_core = from->core == to->core;
	bool same_cpu = from->cpu == to->cpu;

	switch (policy) {
	case PLACEMENT_SAME_CORE:
		return same_core && (!same_cpu || cpu->threads == 1);
	case PLACEMENT_SMT_SIBLING:
		return same_core && !same_cpu;
	case PLACEMENT_SAME_LLC:
		return !same_core && equal(from->llc, to->llc);
	case PLACEMENT_SAME_NUMA:
		return !same_core && equal(from->numa_node, to->numa_node);
	case PLACEMENT_OTHER_NUMA:
		return from->numa_node >= 0 && to->numa_node >= 0 &&
		       from->numa_node != to->numa_node;
	default:
		return true;
	}
}

/* A vCPU that waits for another one is no vCPU of a machine that was asked
 * for; only spread allows it. */
static bool has_room(const struct want *want, const struct placement_cpu *cpu)
{
	if (want->role != ROLE_VCPUS || want->policy == PLACEMENT_SPREAD)
		return true;
	if (want->policy == PLACEMENT_SAME_CORE ||
	    want->policy == PLACEMENT_SMT_SIBLING)
		return !cpu->vcpus;
	return !cpu->core_vcpus;
}

static bool may_take(const struct chooser *chooser, const struct want *want,
		     const struct placement_cpu *cpu)
{
	const struct placement_cpu *anchor = chooser->anchor;

	if (want->role == ROLE_VCPUS && !want->index)
		return cpu->ours && !cpu->tried;
	/* Its own CPU may be listed, and outside our affinity. */
	if (!cpu->ours && cpu != anchor)
		return false;
	if (want->policy == PLACEMENT_SPREAD)
		return cpu->ours;
	return fits(want->policy, anchor, cpu) && has_room(want, cpu);
}

/* The flood wants no speed, and leaves the fast cores where they are few. */
static int wrong_kind(const struct chooser *chooser, enum placement_role role,
		      const struct placement_cpu *cpu)
{
	if (chooser->fastest < 0 || role == ROLE_PRESSURE)
		return 0;
	if (role == ROLE_FLOOD)
		return chooser->few_fast ? cpu->where.efficiency : 0;
	return chooser->fastest - cpu->where.efficiency;
}

/* 2: the first CPU itself, 1: its core. */
static int is_first(const struct chooser *chooser,
		    const struct placement_cpu *cpu)
{
	const struct placement_cpu *first = chooser->cpus->cpu;

	return (cpu->where.core == first->where.core) + (cpu == first);
}

static int distance(const struct placement_cpu *anchor,
		    const struct placement_cpu *cpu)
{
	const struct placement_where *from, *to = &cpu->where;

	if (!anchor)
		return 0;
	from = &anchor->where;
	return !equal(from->llc, to->llc) +
	       !equal(from->numa_node, to->numa_node) +
	       !equal(from->package, to->package);
}

static void weigh(const struct chooser *chooser, const struct want *want,
		  const struct placement_cpu *cpu, int burden[BURDENS])
{
	bool vcpu = want->role == ROLE_VCPUS;

	burden[BURDEN_LLC] = want->policy == PLACEMENT_SAME_NUMA &&
			     equal(chooser->anchor->where.llc, cpu->where.llc);
	burden[BURDEN_CPU] = cpu->seats;
	burden[BURDEN_CORE] = cpu->core_seats;
	burden[BURDEN_KIND] = wrong_kind(chooser, want->role, cpu);
	burden[BURDEN_FIRST] = vcpu ? is_first(chooser, cpu) : 0;
	burden[BURDEN_FAR] = vcpu ? distance(chooser->anchor, cpu) : 0;
}

/*
 * Of equals the first, while nobody is there; else the last, so that the flood
 * on the first core keeps it to itself for longest.
 */
static bool is_better(const struct chooser *chooser, const struct want *want,
		      const struct placement_cpu *cpu,
		      const struct placement_cpu *than)
{
	int mine[BURDENS], other[BURDENS];

	weigh(chooser, want, cpu, mine);
	weigh(chooser, want, than, other);
	for (int i = 0; i < BURDENS; i++)
		if (mine[i] != other[i])
			return mine[i] < other[i];
	return cpu->where.core == than->where.core ? cpu->seats > 0 :
						     cpu->core_seats > 0;
}

static struct placement_cpu *pick(const struct chooser *chooser,
				  const struct want *want)
{
	struct placement_cpus *cpus = chooser->cpus;
	struct placement_cpu *best = NULL;

	for (size_t i = 0; i < cpus->cpus; i++) {
		struct placement_cpu *cpu = &cpus->cpu[i];

		if (!may_take(chooser, want, cpu))
			continue;
		if (!best || is_better(chooser, want, cpu, best))
			best = cpu;
	}
	return best;
}

static bool seat(struct chooser *chooser, struct want want)
{
	const struct placement_cpu *cpu = pick(chooser, &want);

	if (cpu) {
		sit(chooser, &want, cpu);
		return true;
	}
	if (chooser->placement->seats >= chooser->failed_seats) {
		chooser->failed_seats = chooser->placement->seats;
		chooser->failed = want;
	}
	return false;
}

static const char *name_of(const struct want *want, char *text, size_t bytes)
{
	static const char *const names[ROLES] = {
		[ROLE_FLOOD] = "the flood",
		[ROLE_IRQ] = "the IRQ",
		[ROLE_PRESSURE] = "the pressure",
	};

	if (names[want->role])
		return names[want->role];
	snprintf(text, bytes, "vCPU %u", want->index);
	return text;
}

/* What there is none of, seen from CPU %s. */
static const char *lack(enum placement_policy policy)
{
	static const char *const lacks[PLACEMENT_POLICIES] = {
		[PLACEMENT_SPREAD] = "CPU",
		[PLACEMENT_SAME_CORE] = "other CPU of the core of %s",
		[PLACEMENT_SMT_SIBLING] = "other thread of the core of %s",
		[PLACEMENT_SAME_LLC] =
			"other core with the last-level cache of %s",
		[PLACEMENT_SAME_NUMA] = "other core on the NUMA node of %s",
		[PLACEMENT_OTHER_NUMA] =
			"core on another NUMA node than that of %s",
	};

	return lacks[policy];
}

static int fail(const struct chooser *chooser, bool anchored)
{
	const struct placement_cpus *cpus = chooser->cpus;
	const struct want *want = &chooser->failed;
	char name[32], anchor[32] = "vCPU 0", what[128];

	if (anchored)
		snprintf(anchor, sizeof(anchor), "CPU %d",
			 chooser->anchor->where.cpu);
	snprintf(what, sizeof(what), lack(want->policy), anchor);
	return error_set(
		EXIT_MACHINE, ENODEV,
		"placement: %s:%s cannot be: for %s there is no %s%s among the CPUs %s that are online and ours to use (%s)%s",
		placement_role_name(want->role),
		placement_policy_name(want->policy),
		name_of(want, name, sizeof(name)), what,
		want->role == ROLE_VCPUS ? " left" : "", cpus->ours,
		cpus->topology, anchored ? "" : ", wherever vCPU 0 is");
}

static const struct placement_cpu *find(const struct chooser *chooser, int cpu)
{
	for (size_t i = 0; i < chooser->cpus->cpus; i++)
		if (chooser->cpus->cpu[i].where.cpu == cpu)
			return &chooser->cpus->cpu[i];
	return NULL;
}

static int seat_listed(struct chooser *chooser, enum placement_role role)
{
	const struct job_place *place = &chooser->job->place[role];
	const struct placement_cpu *cpu;
	char name[32];

	for (unsigned int i = 0; i < place->cpus; i++) {
		struct want want = { role, i, PLACEMENT_EXPLICIT };

		cpu = find(chooser, place->cpu[i]);
		if (!cpu)
			return error_set(
				EXIT_MACHINE, ENODEV,
				"placement: CPU %d for %s is not one of the CPUs %s that are online and ours to use (%s)",
				place->cpu[i],
				name_of(&want, name, sizeof(name)),
				chooser->cpus->online, chooser->cpus->topology);
		sit(chooser, &want, cpu);
	}
	return 0;
}

/* The vCPUs but the first, and whoever is placed from there. */
static bool seat_rest(struct chooser *chooser)
{
	static const enum placement_role roles[] = { ROLE_IRQ, ROLE_FLOOD,
						     ROLE_PRESSURE };
	const struct job_place *place = chooser->job->place;
	enum placement_policy policy = place[ROLE_VCPUS].policy;
	bool seated = true;

	for (unsigned int i = 1; seated && i < chooser->job->vcpus; i++)
		if (policy != PLACEMENT_EXPLICIT)
			seated = seat(chooser,
				      (struct want){ ROLE_VCPUS, i, policy });
	for (size_t i = 0; seated && i < sizeof(roles) / sizeof(roles[0]);
	     i++) {
		policy = place[roles[i]].policy;
		if (policy >= PLACEMENT_POLICIES ||
		    (policy == PLACEMENT_SPREAD && roles[i] != ROLE_PRESSURE))
			continue;
		seated = seat(chooser, (struct want){ roles[i], 0, policy });
	}
	return seated;
}

/* All but what was seated before, with vCPU 0 on cpu. */
static bool seat_from(struct chooser *chooser, const struct placement_cpu *cpu)
{
	sit(chooser, &first_vcpu, cpu);
	return seat_rest(chooser);
}

/* Wherever least is shared; of such, where vCPU 0 likes it best. */
static int seat_around(struct chooser *chooser)
{
	const size_t seats = chooser->placement->seats;
	const unsigned long shared = chooser->shared;
	const struct placement_cpu *best = NULL;
	unsigned long least = 0;
	struct placement_cpu *cpu;

	while ((!best || least > shared) &&
	       (cpu = pick(chooser, &first_vcpu))) {
		cpu->tried = true;
		if (seat_from(chooser, cpu) &&
		    (!best || chooser->shared < least)) {
			best = cpu;
			least = chooser->shared;
		}
		leave(chooser, seats);
		chooser->shared = shared;
	}
	if (!best)
		return fail(chooser, false);
	seat_from(chooser, best);
	return 0;
}

static int seat_others(struct chooser *chooser)
{
	if (chooser->job->place[ROLE_VCPUS].policy != PLACEMENT_EXPLICIT)
		return seat_around(chooser);
	return seat_rest(chooser) ? 0 : fail(chooser, true);
}

/* Cores of the fastest kind, where there is more than one. */
static void look_at_kinds(struct chooser *chooser)
{
	const struct placement_cpus *cpus = chooser->cpus;
	unsigned int fast = 0;
	int core = -1;

	chooser->fastest = -1;
	for (size_t i = 0; i < cpus->cpus; i++)
		if (cpus->cpu[i].where.efficiency > chooser->fastest)
			chooser->fastest = cpus->cpu[i].where.efficiency;
	for (size_t i = 0; i < cpus->cpus; i++) {
		const struct placement_cpu *cpu = &cpus->cpu[i];

		if (!cpu->ours || cpu->where.core == core ||
		    cpu->where.efficiency != chooser->fastest)
			continue;
		core = cpu->where.core;
		fast++;
	}
	chooser->few_fast = fast < 2 + chooser->job->vcpus;
}

static int by_role(const void *left, const void *right)
{
	const struct placement_seat *a = left, *b = right;

	if (a->role != b->role)
		return a->role < b->role ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}

int placement_policy_apply(const struct job *job, struct placement_cpus *cpus,
			   struct placement *placement)
{
	struct chooser chooser = {
		.job = job,
		.cpus = cpus,
		.placement = placement,
		.failed = first_vcpu,
	};
	bool seated = true;
	int err = 0;

	placement->seats = 0;
	look_at_kinds(&chooser);
	for (int role = 0; role < ROLES && !err; role++)
		if (job->place[role].policy == PLACEMENT_EXPLICIT)
			err = seat_listed(&chooser, role);
	for (int role = ROLE_FLOOD; role <= ROLE_IRQ && !err && seated; role++)
		if (job->place[role].policy == PLACEMENT_SPREAD)
			seated = seat(&chooser,
				      (struct want){ role, 0,
						     PLACEMENT_SPREAD });
	if (!err)
		err = seated ? seat_others(&chooser) : fail(&chooser, false);
	qsort(placement->seat, placement->seats, sizeof(*placement->seat),
	      by_role);
	return err;
}
