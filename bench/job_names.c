// SPDX-License-Identifier: GPL-2.0-or-later
/* What the job format calls the module's arms and our own choices. */
#include <string.h>

#include "../kmod/uapi/intxbench.h"
#include "job.h"

struct arm {
	uint32_t id; /* enum intxbench_arm */
	const char *name;
	bool exclusive;
	bool busted;
	bool disables_line;
};

static const struct arm arms[] = {
	{ INTXBENCH_ARM_PCI23, "pci23", false, false, false },
	{ INTXBENCH_ARM_LINE, "line", false, false, true },
	{ INTXBENCH_ARM_LINE_UNLAZY, "line-unlazy", false, false, true },
	{ INTXBENCH_ARM_ONESHOT, "oneshot", true, false, true },
	{ INTXBENCH_ARM_ADAPTIVE, "adaptive", false, false, false },
	{ INTXBENCH_ARM_POSTED_V1, "posted-v1", false, false, false },
	{ INTXBENCH_ARM_BUSTED_NO_UNMASK, "busted-no-unmask", false, true,
	  false },
	{ INTXBENCH_ARM_BUSTED_CLAIM_ALL, "busted-claim-all", false, true,
	  false },
	{ INTXBENCH_ARM_BUSTED_NO_REASSERT, "busted-no-reassert", false, true,
	  false },
	{ INTXBENCH_ARM_BUSTED_DEAF, "busted-deaf", false, true, false },
};

#define ARMS (sizeof(arms) / sizeof(arms[0]))

static const struct arm *find_arm(uint32_t id)
{
	for (size_t i = 0; i < ARMS; i++)
		if (arms[i].id == id)
			return &arms[i];
	return NULL;
}

const char *arm_name(uint32_t arm)
{
	const struct arm *found = find_arm(arm);

	return found ? found->name : NULL;
}

int arm_by_name(const char *name)
{
	for (size_t i = 0; i < ARMS; i++)
		if (!strcmp(arms[i].name, name))
			return arms[i].id;
	return -1;
}

bool arm_is_exclusive(uint32_t arm)
{
	const struct arm *found = find_arm(arm);

	return found && found->exclusive;
}

bool arm_is_busted(uint32_t arm)
{
	const struct arm *found = find_arm(arm);

	return found && found->busted;
}

bool arm_disables_line(uint32_t arm)
{
	const struct arm *found = find_arm(arm);

	return found && found->disables_line;
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
	switch (policy) {
	case PLACEMENT_SPREAD:
		return "spread";
	case PLACEMENT_SAME_CORE:
		return "same-core";
	case PLACEMENT_EXPLICIT:
		return "explicit";
	}
	return NULL;
}
