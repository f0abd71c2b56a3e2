/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Choosing CPUs from a table of them. Pure. */
#ifndef BENCH_PLACEMENT_POLICY_H
#define BENCH_PLACEMENT_POLICY_H

#include "placement_cpus.h"

/*
 * Fills the placement's seats, by role and index; marks cpus on the way.
 * Returns 0, -ENODEV with error_set(): not to be had on these CPUs.
 */
int placement_policy_apply(const struct job *job, struct placement_cpus *cpus,
			   struct placement *placement);

#endif
