// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "host_cpu.h"
#include "stress_cpus.h"

/* All that are online. */
static int online_cpus(struct stress_cpus *cpus)
{
	cpu_set_t online;
	int err = host_cpu_all_online(&online);

	cpus->count = 0;
	for (int cpu = 0; !err && cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &online) && cpus->count < HOTPLUG_CPUS_MAX)
			cpus->cpu[cpus->count++] = cpu;
	return err;
}

static bool has(const struct stress_cpus *cpus, int cpu)
{
	for (size_t i = 0; i < cpus->count; i++)
		if (cpus->cpu[i] == cpu)
			return true;
	return false;
}

static bool is_vcpus(const struct placement *placement, int cpu)
{
	for (size_t i = 0; i < placement->vcpus; i++)
		if (placement->vcpu_cpu[i] == cpu)
			return true;
	return false;
}

/* Who had but this one CPU would run anywhere when it goes, and stay there. */
static bool is_pressures_last(const struct placement *placement, int cpu)
{
	return placement->pressure_cpus == 1 &&
	       placement->pressure_cpu[0] == cpu;
}

static bool is_taken(const struct placement *placement,
		     enum hotplug_choice choice, int cpu)
{
	if (cpu == placement->flood_cpu || is_pressures_last(placement, cpu))
		return false;
	return choice == HOTPLUG_CHOICE_ANY ||
	       (cpu != placement->irq_cpu && !is_vcpus(placement, cpu));
}

/* The job's list, or all that are online but CPU 0. */
static int candidates(const struct job *job, struct stress_cpus *cpus)
{
	const struct job_place *place = &job->hotplug.cpus;
	struct stress_cpus online;
	int err;

	cpus->count = 0;
	if (place->policy == PLACEMENT_EXPLICIT) {
		for (size_t i = 0; i < place->cpus; i++)
			cpus->cpu[cpus->count++] = place->cpu[i];
		return 0;
	}
	err = online_cpus(&online);
	if (err)
		return err;
	for (size_t i = 0; i < online.count; i++)
		if (online.cpu[i])
			cpus->cpu[cpus->count++] = online.cpu[i];
	return 0;
}

/* The one CPU of a role, which the flood must not share. */
static int take_one(const struct placement *placement, const char *whose,
		    int cpu, struct stress_cpus *cpus)
{
	if (cpu == placement->flood_cpu)
		return error_set(EXIT_MACHINE, EBUSY,
				 "hotplug = %s: CPU %d is the flood's too, "
				 "which is never taken offline; place it "
				 "elsewhere (placement = flood:0 ...)",
				 whose, cpu);
	if (is_pressures_last(placement, cpu))
		return error_set(EXIT_MACHINE, EBUSY,
				 "hotplug = %s: CPU %d is the only one that "
				 "memory pressure may run on; give it more "
				 "(placement = pressure:%d+...)",
				 whose, cpu, cpu);
	cpus->cpu[0] = cpu;
	cpus->count = 1;
	return 0;
}

int stress_cpus_hotplug(const struct job *job,
			const struct placement *placement,
			enum hotplug_choice choice, struct stress_cpus *cpus)
{
	struct stress_cpus from = { .count = 0 };
	int err;

	cpus->count = 0;
	if (choice == HOTPLUG_CHOICE_NONE)
		return 0;
	if (choice == HOTPLUG_CHOICE_IRQ)
		return take_one(placement, "irq", placement->irq_cpu, cpus);
	if (choice == HOTPLUG_CHOICE_GUEST)
		return take_one(placement, "guest", placement->vcpu_cpu[0],
				cpus);
	err = candidates(job, &from);
	for (size_t i = 0; !err && i < from.count; i++)
		if (is_taken(placement, choice, from.cpu[i]))
			cpus->cpu[cpus->count++] = from.cpu[i];
	if (err || cpus->count)
		return err;
	return error_set(EXIT_MACHINE, ENODEV,
			 "hotplug = %s: no CPU is left to be taken offline: "
			 "CPU 0%s stay (flood %d, line %d, vCPU 0 %d)",
			 hotplug_choice_name(choice),
			 choice == HOTPLUG_CHOICE_ANY ?
				 " and the flood's" :
				 ", the flood's, the line's and the vCPUs'",
			 placement->flood_cpu, placement->irq_cpu,
			 placement->vcpu_cpu[0]);
}

int stress_cpus_move(const struct job *job, const struct placement *placement,
		     enum hotplug_choice choice, struct stress_cpus *cpus)
{
	struct stress_cpus online, leave;
	int err = online_cpus(&online);

	if (!err)
		err = stress_cpus_hotplug(job, placement, choice, &leave);
	if (err)
		return err;
	cpus->count = 0;
	for (size_t i = 0; i < online.count; i++)
		if (!has(&leave, online.cpu[i]))
			cpus->cpu[cpus->count++] = online.cpu[i];
	if (cpus->count > 1)
		return 0;
	return error_set(EXIT_MACHINE, ENODEV,
			 "move_irq_hz: with hotplug = %s %zu CPU stays online: "
			 "the line cannot move",
			 hotplug_choice_name(choice), cpus->count);
}

const char *stress_cpus_text(const struct stress_cpus *cpus,
			     char text[STRESS_CPUS_TEXT_MAX])
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < cpus->count; i++)
		used += snprintf(text + used, STRESS_CPUS_TEXT_MAX - used,
				 "%s%d", i ? "," : "", cpus->cpu[i]);
	return text;
}
