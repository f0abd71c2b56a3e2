/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A job: the question a run answers, as read from an .ini file.
 * Pure but for reading the one file; see docs/JOBS.md for the keys.
 */
#ifndef BENCH_JOB_H
#define BENCH_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load.h"
#include "stress.h"

#define JOB_NAME_MAX 32
#define JOB_FUNCTION_MAX 16 /* "0000:00:04.0" or "auto" */
#define JOB_LIST_MAX 32
#define JOB_NEIGHBOURS_MAX 7
#define JOB_SECTIONS_MAX 16
#define GUEST_VCPUS_MAX 64
#define JOB_QMP_MAX 108 /* sockaddr_un's path */
#define JOB_CPUS_MAX GUEST_VCPUS_MAX /* in the list of one role */

enum distribution {
	DISTRIBUTION_PERIODIC,
	DISTRIBUTION_POISSON,
	DISTRIBUTION_BURST,
	DISTRIBUTION_BACK_TO_BACK,
};

enum placement_role {
	ROLE_FLOOD,
	ROLE_IRQ,
	ROLE_VCPUS,
	ROLE_PRESSURE, /* may be absent */
	ROLES
};

/* Where a role is, seen from vCPU 0; docs/JOBS.md defines each. */
enum placement_policy {
	PLACEMENT_SPREAD, /* a core of its own, as far as there are cores */
	PLACEMENT_SAME_CORE,
	PLACEMENT_SMT_SIBLING,
	PLACEMENT_SAME_LLC,
	PLACEMENT_SAME_NUMA,
	PLACEMENT_OTHER_NUMA,
	PLACEMENT_POLICIES, /* the above can be asked for by name */
	PLACEMENT_EXPLICIT = PLACEMENT_POLICIES, /* the CPUs listed */
	PLACEMENT_NONE, /* the role is absent */
};

/* What a job asks for one role. */
struct job_place {
	enum placement_policy policy;
	int cpu[JOB_CPUS_MAX]; /* Linux CPU numbers; for EXPLICIT */
	size_t cpus;
};

enum guest_wish {
	GUEST_CHOICE_AUTO, /* kvm where it works, else thread */
	GUEST_CHOICE_KVM,
	GUEST_CHOICE_THREAD,
	GUEST_CHOICE_QEMU, /* one that runs already */
	GUEST_CHOICES
};

/* What comes first when the guest changes its INTx mask. */
enum mask_order {
	MASK_CALL_FIRST, /* INTXBENCH_INTX_MASK, then the command register */
	MASK_WRITE_FIRST,
	MASK_ORDERS
};

/* How a function is flooded. rate_hz 0: the point says it (target only). */
struct job_flood {
	enum distribution distribution;
	uint32_t rate_hz; /* 1..50000 */
	uint64_t phase_ns; /* after the run's start; 0..1e9 */
	uint32_t burst; /* asserts per burst, 1..1000, and <= rate_hz */
	bool follow; /* neighbour: INTXBENCH_SCHEDULE_FOLLOW */
};

#define JOB_SCRATCH_MAX 256

/* What is taken offline in points that have hotplug. */
struct job_hotplug {
	uint32_t interval_ms; /* from cycle to cycle; 0: back to back */
	uint64_t cycles; /* 0: as many as the flood sees */
	struct job_place cpus; /* EXPLICIT; else all but CPU 0 */
};

/* The memory cgroup of points that have pressure. */
struct job_pressure {
	unsigned int work; /* enum pressure_work's bits */
	uint64_t max_bytes, high_bytes; /* 0: by the machine */
	uint32_t readers; /* of memory.stat, 0..64 */
	char scratch[JOB_SCRATCH_MAX]; /* "" where work needs none */
};

/* The counter set of points that have one. */
struct job_counter {
	uint32_t readers; /* 1..64 */
	bool allow_inside;
};

#define JOB_HANDLER_MAX 64 /* as INTXBENCH_ADD's */

/* A driven neighbour, or ([live NAME]) one that keeps its own driver. */
struct job_neighbour {
	char name[JOB_NAME_MAX];
	char function[JOB_FUNCTION_MAX]; /* live: never "auto" */
	struct job_flood flood; /* live: rate_hz 0 is not asserted by us */
	bool live;
	enum load_kind load; /* live: who uses it meanwhile */
	char load_object[LOAD_OBJECT_MAX];
	char handler[JOB_HANDLER_MAX]; /* live: "" is found by the function */
};

/* One [points NAME] section: the product of its lists. */
struct job_points {
	char name[JOB_NAME_MAX];
	int line; /* where it starts in the file */
	uint32_t arm[JOB_LIST_MAX]; /* see arm_name() */
	size_t arms;
	uint32_t rate_hz[JOB_LIST_MAX];
	size_t rates;
	uint64_t service_ns[JOB_LIST_MAX];
	size_t services; /* qemu: one, which is 0 and means nothing */
	uint32_t mask_hz; /* the guest toggles its INTx mask; 0: never */
	enum mask_order mask_order[MASK_ORDERS];
	size_t mask_orders; /* one, and no matter which, without mask_hz */
	struct stress_lists stress;
	/* Indices into job.neighbours, the set present in all its points. */
	size_t neighbour[JOB_NEIGHBOURS_MAX];
	size_t neighbours;
};

struct job {
	char name[JOB_NAME_MAX]; /* file name without .ini */
	char *path;
	char *text; /* the file as read */
	char *question; /* its first line, without "; " */
	uint64_t seed; /* 0: chosen at run time */
	uint32_t blocks; /* 1..1000 */
	uint32_t duration_ms; /* flood per point, 10..3600000 */
	uint32_t drain_ms; /* longest wait after it, 1..60000 */
	uint32_t watchdog_ms; /* 1..60000 */
	bool allow_unsafe; /* vfio without interrupt remapping */
	bool allow_busted; /* positive controls may be planned */
	enum guest_wish guest;
	char qmp[JOB_QMP_MAX]; /* qemu: its monitor's socket; else "" */
	uint32_t vcpus; /* 1..GUEST_VCPUS_MAX; qemu: 0, as many as it has */
	struct job_place place[ROLES];
	char target_function[JOB_FUNCTION_MAX];
	struct job_flood target;
	struct job_neighbour neighbour[JOB_NEIGHBOURS_MAX];
	size_t neighbours;
	struct job_hotplug hotplug;
	struct job_pressure pressure;
	struct job_counter counter;
	struct job_points points[JOB_SECTIONS_MAX];
	size_t sections;
};

/*
 * Read and check a job. overrides: "section.key=value" or "key=value" (the
 * [job] section), as given by --set, count of them; section names with a
 * space are written "points shared.rate_hz=100". Errors set error_set() with
 * EXIT_REQUEST, naming file, line and the allowed values (or the --set), and
 * leave *job empty. Returns 0, -errno. Free with job_free().
 */
int job_read(const char *path, const char *const *overrides, size_t count,
	     struct job *job);
void job_free(struct job *job);

/*
 * An arm is how the target is kept quiet, and whose code does it: one of the
 * module's (enum intxbench_arm), or another driver's path.
 */
#define ARM_PATH_MODULE "kmod"
#define ARM_FOREIGN 0x100U

enum arm_foreign {
	ARM_VFIO_IRQFD = ARM_FOREIGN,
	ARM_VFIO_IOCTL,
	ARM_VFIO_NOINTXMASK,
	ARM_VFIO_QEMU,
	ARM_UIO,
};

/* All of these: NULL or false for an unknown one. */
const char *arm_name(uint32_t arm); /* as a job says it: "vfio/irqfd" */
const char *arm_path(uint32_t arm); /* "kmod", "vfio", "uio" */
const char *arm_policy(uint32_t arm); /* "pci23", "irqfd" */
const char *arm_name_at(size_t index); /* all of them; NULL past the last */
int arm_by_name(const char *name); /* or -1 */
bool arm_is_foreign(uint32_t arm); /* not the module's */
bool arm_is_exclusive(uint32_t arm); /* needs the line alone */
bool arm_is_busted(uint32_t arm);
bool arm_disables_line(uint32_t arm);
const char *mask_order_name(enum mask_order order);
int mask_order_by_name(const char *name); /* or -1 */
const char *guest_wish_name(enum guest_wish wish);
const char *distribution_name(enum distribution distribution);
const char *placement_policy_name(enum placement_policy policy);
const char *placement_role_name(enum placement_role role);

#endif
