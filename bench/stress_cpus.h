/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which CPUs come and go, and which the line moves between. Reads what is
 * online and changes nothing.
 */
#ifndef BENCH_STRESS_CPUS_H
#define BENCH_STRESS_CPUS_H

#include "hotplug.h"
#include "placement.h"
#include "plan.h"

struct stress_cpus {
	int cpu[HOTPLUG_CPUS_MAX]; /* in the kernel's order, or the job's */
	size_t count;
};

/* What a choice comes to here; never the flood's CPU. None: EXIT_MACHINE says
 * whose they all are. */
int stress_cpus_hotplug(const struct job *job,
			const struct placement *placement,
			enum hotplug_choice choice, struct stress_cpus *cpus);

/* Those that stay online in such a point; fewer than two: EXIT_MACHINE. */
int stress_cpus_move(const struct job *job, const struct placement *placement,
		     enum hotplug_choice choice, struct stress_cpus *cpus);

/* "1,3"; text has room for all. */
#define STRESS_CPUS_TEXT_MAX (HOTPLUG_CPUS_MAX * 6)
const char *stress_cpus_text(const struct stress_cpus *cpus,
			     char text[STRESS_CPUS_TEXT_MAX]);

#endif
