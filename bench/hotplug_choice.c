// SPDX-License-Identifier: GPL-2.0-or-later
#include "hotplug_choice.h"
#include "plan.h"

int hotplug_choose(uint64_t *state, const bool online[], size_t count)
{
	size_t left = 0;
	uint64_t skip;

	for (size_t i = 0; i < count; i++)
		left += online[i];
	if (!left)
		return -1;
	skip = plan_random(state) % left;
	for (size_t i = 0; i < count; i++) {
		if (online[i] && !skip--)
			return i;
	}
	return -1;
}
