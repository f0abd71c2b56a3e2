// SPDX-License-Identifier: GPL-2.0-or-later
/* What the job format calls the arms, of the module and of other paths, and our
 * own choices. */
#include <string.h>

#include "../kmod/uapi/intxbench.h"
#include "job.h"

struct arm {
	uint32_t id;
	const char *name; /* as a job says it */
	const char *path;
	const char *policy;
	unsigned int flags;
};

enum {
	EXCLUSIVE = 1 << 0,
	BUSTED = 1 << 1,
	DISABLES_LINE = 1 << 2,
};

#define MODULE(id, name, flags)                                        \
	{                                                              \
		INTXBENCH_ARM_##id, name, ARM_PATH_MODULE, name, flags \
	}

static const struct arm arms[] = {
	MODULE(PCI23, "pci23", 0),
	MODULE(LINE, "line", DISABLES_LINE),
	MODULE(LINE_UNLAZY, "line-unlazy", DISABLES_LINE),
	MODULE(ONESHOT, "oneshot", EXCLUSIVE | DISABLES_LINE),
	MODULE(ADAPTIVE, "adaptive", 0),
	MODULE(POSTED_V1, "posted-v1", 0),
	{ ARM_VFIO_IRQFD, "vfio/irqfd", "vfio", "irqfd", 0 },
	{ ARM_VFIO_IOCTL, "vfio/ioctl", "vfio", "ioctl", 0 },
	{ ARM_VFIO_NOINTXMASK, "vfio/nointxmask", "vfio", "nointxmask",
	  EXCLUSIVE | DISABLES_LINE },
	{ ARM_VFIO_QEMU, "vfio/qemu", "vfio", "qemu", 0 },
	{ ARM_UIO, "uio", "uio", "uio", 0 },
	MODULE(BUSTED_NO_UNMASK, "busted-no-unmask", BUSTED),
	MODULE(BUSTED_CLAIM_ALL, "busted-claim-all", BUSTED),
	MODULE(BUSTED_NO_REASSERT, "busted-no-reassert", BUSTED),
	MODULE(BUSTED_DEAF, "busted-deaf", BUSTED),
};

#define ARMS (sizeof(arms) / sizeof(arms[0]))

static const struct arm *find_arm(uint32_t id)
{
	for (size_t i = 0; i < ARMS; i++)
		if (arms[i].id == id)
			return &arms[i];
	return NULL;
}

static bool has(uint32_t id, unsigned int flag)
{
	const struct arm *found = find_arm(id);

	return found && found->flags & flag;
}

const char *arm_name(uint32_t arm)
{
	const struct arm *found = find_arm(arm);

	return found ? found->name : NULL;
}

const char *arm_path(uint32_t arm)
{
	const struct arm *found = find_arm(arm);

	return found ? found->path : NULL;
}

const char *arm_policy(uint32_t arm)
{
	const struct arm *found = find_arm(arm);

	return found ? found->policy : NULL;
}

const char *arm_name_at(size_t index)
{
	return index < ARMS ? arms[index].name : NULL;
}

/* "kmod/pci23" is "pci23". */
int arm_by_name(const char *name)
{
	const char prefix[] = ARM_PATH_MODULE "/";
	bool ours = !strncmp(name, prefix, strlen(prefix));

	if (ours)
		name += strlen(prefix);
	for (size_t i = 0; i < ARMS; i++)
		if (!strcmp(arms[i].name, name) &&
		    (!ours || !arm_is_foreign(arms[i].id)))
			return arms[i].id;
	return -1;
}

bool arm_is_exclusive(uint32_t arm)
{
	return has(arm, EXCLUSIVE);
}

bool arm_is_busted(uint32_t arm)
{
	return has(arm, BUSTED);
}

bool arm_disables_line(uint32_t arm)
{
	return has(arm, DISABLES_LINE);
}

bool arm_is_foreign(uint32_t arm)
{
	return arm >= ARM_FOREIGN;
}

static const char *const mask_orders[MASK_ORDERS] = {
	[MASK_CALL_FIRST] = "call-first",
	[MASK_WRITE_FIRST] = "write-first",
};

const char *mask_order_name(enum mask_order order)
{
	return mask_orders[order];
}

int mask_order_by_name(const char *name)
{
	for (int i = 0; i < MASK_ORDERS; i++)
		if (!strcmp(mask_orders[i], name))
			return i;
	return -1;
}

const char *guest_wish_name(enum guest_wish wish)
{
	static const char *const names[GUEST_CHOICES] = {
		[GUEST_CHOICE_AUTO] = "auto",
		[GUEST_CHOICE_KVM] = "kvm",
		[GUEST_CHOICE_THREAD] = "thread",
		[GUEST_CHOICE_QEMU] = "qemu",
	};

	return names[wish];
}

const char *distribution_name(enum distribution distribution)
{
	switch (distribution) {
	case DISTRIBUTION_PERIODIC:
		return "periodic";
	case DISTRIBUTION_POISSON:
		return "poisson";
	case DISTRIBUTION_BURST:
		return "burst";
	case DISTRIBUTION_BACK_TO_BACK:
		return "back-to-back";
	}
	return NULL;
}

const char *placement_policy_name(enum placement_policy policy)
{
	static const char *const names[] = {
		[PLACEMENT_SPREAD] = "spread",
		[PLACEMENT_SAME_CORE] = "same-core",
		[PLACEMENT_SMT_SIBLING] = "smt-sibling",
		[PLACEMENT_SAME_LLC] = "same-llc",
		[PLACEMENT_SAME_NUMA] = "same-numa",
		[PLACEMENT_OTHER_NUMA] = "other-numa",
		[PLACEMENT_EXPLICIT] = "explicit",
		[PLACEMENT_NONE] = "none",
	};

	return names[policy];
}

const char *placement_role_name(enum placement_role role)
{
	static const char *const names[ROLES] = {
		[ROLE_FLOOD] = "flood",
		[ROLE_IRQ] = "irq",
		[ROLE_VCPUS] = "vcpus",
		[ROLE_PRESSURE] = "pressure",
	};

	return names[role];
}
