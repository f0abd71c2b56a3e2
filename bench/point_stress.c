// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "error.h"
#include "point_setup.h"
#include "point_stress.h"
#include "stress_cpus.h"
#include "sysfs.h"

#define CPU_ONLINE "/sys/devices/system/cpu/cpu%d/online"
#define LOOK_NS (200 * NSEC_PER_MSEC)

/* Of the run's seed, the block and the point, apart from the floods'. */
static uint64_t seed_of(const struct point *point)
{
	uint64_t state = point->seed ^ UINT64_C(0x68706c7567);

	state = plan_random(&state) ^ point->step.block;
	state = plan_random(&state) ^ point->step.point;
	return plan_random(&state);
}

static struct hotplug_config hotplug_config(const struct job *job,
					    const struct stress_cpus *cpus)
{
	struct hotplug_config config = {
		.cpus = cpus->count,
		.interval_ms = job->hotplug.interval_ms,
		.cycles = job->hotplug.cycles,
		.engine_cpu = -1,
	};

	memcpy(config.cpu, cpus->cpu, sizeof(config.cpu));
	return config;
}

static struct pressure_config pressure_config(const struct job *job,
					      const struct placement *placement)
{
	const struct job_pressure *pressure = &job->pressure;
	struct pressure_config config = {
		.work = pressure->work,
		.max_bytes = pressure->max_bytes,
		.high_bytes = pressure->high_bytes,
		.readers = pressure->readers,
		.cpus = placement->pressure_cpus,
		.scratch = pressure->scratch[0] ? pressure->scratch : NULL,
	};

	_Static_assert((int)PRESSURE_CPUS_MAX >= (int)JOB_CPUS_MAX,
		       "a role's CPUs fit");
	memcpy(config.cpu, placement->pressure_cpu,
	       sizeof(placement->pressure_cpu));
	return config;
}

static int check_hotplug(const struct job *job,
			 const struct placement *placement,
			 enum hotplug_choice choice)
{
	struct hotplug_config config;
	struct stress_cpus cpus;
	int err = stress_cpus_hotplug(job, placement, choice, &cpus);

	if (err || !cpus.count)
		return err;
	config = hotplug_config(job, &cpus);
	return hotplug_check(&config);
}

int point_stress_check(const struct job *job, const struct plan *plan,
		       const struct placement *placement)
{
	bool seen[HOTPLUG_CHOICES] = { false }, pressure = false;
	int err = 0;

	for (size_t i = 0; !err && i < plan->points; i++) {
		const struct stress *stress = &plan->point[i].stress;
		struct stress_cpus cpus;

		pressure |= stress->pressure;
		if (!seen[stress->hotplug])
			err = check_hotplug(job, placement, stress->hotplug);
		seen[stress->hotplug] = true;
		if (!err && stress->move_irq_hz)
			err = stress_cpus_move(job, placement, stress->hotplug,
					       &cpus);
	}
	if (!err && pressure) {
		struct pressure_config config = pressure_config(job, placement);

		err = pressure_check(&config);
	}
	return err;
}

static int start_pressure(struct running *running)
{
	const struct point *point = running->point;
	struct pressure_config config =
		pressure_config(point->job, point->placement);
	int err;

	if (!point->plan->stress.pressure)
		return 0;
	err = pressure_start(&config, &running->stress.pressure);
	running->result->stress.pressure.begun_ns = clock_now_ns();
	return err;
}

static int start_counter(struct running *running)
{
	const struct point *point = running->point;
	const struct counter_config config = {
		.read = point->plan->stress.counter,
		.readers = point->job->counter.readers,
		.allow_inside = point->job->counter.allow_inside,
	};

	if (config.read == COUNTER_NONE)
		return 0;
	return counter_start(&config, &running->stress.counter);
}

int point_stress_set_up(struct running *running)
{
	const struct point *point = running->point;
	int err;

	if (!stress_any(&point->plan->stress))
		return 0;
	err = latency_track_open(&running->result->stress.track,
				 running->result->functions,
				 point->job->duration_ms * NSEC_PER_MSEC);
	if (!err)
		err = start_pressure(running);
	return err ? err : start_counter(running);
}

static int start_mover(struct running *running)
{
	const struct point *point = running->point;
	const struct stress *stress = &point->plan->stress;
	struct stress_cpus *cpus = &running->result->stress.move.cpus;
	struct irq_mover_config config = {
		.irq = running->result->irq,
		.rate_hz = stress->move_irq_hz,
		.engine_cpu = -1,
	};
	int err;

	if (!stress->move_irq_hz)
		return 0;
	err = stress_cpus_move(point->job, point->placement, stress->hotplug,
			       cpus);
	if (err)
		return err;
	for (; config.cpus < cpus->count && config.cpus < IRQ_MOVER_CPUS_MAX;
	     config.cpus++)
		config.cpu[config.cpus] = cpus->cpu[config.cpus];
	return irq_mover_start(&config, &running->stress.mover);
}

/* Injections and acks take turns, but for acks that meet nothing masked. */
static uint64_t asserted_now(const void *of)
{
	const struct intxbench_data *target = of;
	uint64_t acks =
		__atomic_load_n(&target->acks, __ATOMIC_RELAXED) -
		__atomic_load_n(&target->acks_unmasked, __ATOMIC_RELAXED);
	uint64_t injected =
		__atomic_load_n(&target->injected, __ATOMIC_RELAXED);

	return injected > acks ? injected : 0;
}

static int start_hotplug(struct running *running)
{
	const struct point *point = running->point;
	enum hotplug_choice choice = point->plan->stress.hotplug;
	struct stress_cpus *cpus = &running->result->stress.hotplug.cpus;
	struct hotplug_config config;
	int err;

	if (choice == HOTPLUG_CHOICE_NONE)
		return 0;
	err = stress_cpus_hotplug(point->job, point->placement, choice, cpus);
	if (err)
		return err;
	config = hotplug_config(point->job, cpus);
	config.seed = seed_of(point);
	/* Another driver's injections are not known to us. */
	if (!running->path_ops) {
		running->result->stress.hotplug.asserted_known = true;
		config.asserted = asserted_now;
		config.asserted_of = running->session.function[0].data;
	}
	/* A line that moves is its mover's. */
	if (!point->plan->stress.move_irq_hz) {
		config.irq = running->result->irq;
		config.irq_cpu = point->placement->irq_cpu;
	}
	return hotplug_start(&config, &running->stress.hotplug);
}

int point_stress_begin(struct running *running)
{
	int err = start_hotplug(running);

	return err ? err : start_mover(running);
}

bool point_stress_goes_on(const struct running *running)
{
	const struct point_stress *stress = &running->stress;

	return !(stress->hotplug && hotplug_ended(stress->hotplug)) &&
	       !(stress->pressure && pressure_failed(stress->pressure)) &&
	       !(stress->mover && irq_mover_failed(stress->mover));
}

uint64_t point_stress_look(struct running *running, uint64_t now_ns)
{
	struct latency_track *track = &running->result->stress.track;

	if (!track->functions)
		return LOOK_NS;
	latency_track_look(track, &running->session, now_ns);
	return track->window_ns < LOOK_NS ? track->window_ns : LOOK_NS;
}

/* A CPU without that file cannot have gone. */
static bool is_offline(int cpu)
{
	char online[16];

	return sysfs_read(online, sizeof(online), CPU_ONLINE, cpu) >= 0 &&
	       !strcmp(online, "0");
}

static void end_hotplug(struct running *running)
{
	struct stress_result *result = &running->result->stress;
	const struct stress_cpus *cpus = &result->hotplug.cpus;
	struct stress_cpus *not_back = &result->hotplug.not_back;

	if (!running->stress.hotplug)
		return;
	hotplug_stop(running->stress.hotplug, &result->hotplug.result);
	result->hotplug.ran = true;
	for (size_t i = 0; i < cpus->count; i++)
		if (is_offline(cpus->cpu[i]))
			not_back->cpu[not_back->count++] = cpus->cpu[i];
	running->stress.hotplug = NULL;
}

static void end_counter(struct running *running)
{
	struct stress_result *result = &running->result->stress;
	bool failed = error_message()[0]; /* the flood, before this */

	if (!running->stress.counter)
		return;
	if (!counter_stop(running->stress.counter, &result->counter.result)) {
		result->counter.ran = true;
	} else if (!failed) {
		snprintf(result->counter.why, sizeof(result->counter.why), "%s",
			 error_message());
		error_clear();
	}
	running->stress.counter = NULL;
}

static void end_mover(struct running *running)
{
	struct stress_result *result = &running->result->stress;

	if (!running->stress.mover)
		return;
	irq_mover_stop(running->stress.mover, &result->move.result);
	result->move.ran = true;
	running->stress.mover = NULL;
}

static void end_pressure(struct running *running)
{
	struct stress_result *result = &running->result->stress;

	if (!running->stress.pressure)
		return;
	result->pressure.length_ns = clock_now_ns() - result->pressure.begun_ns;
	pressure_stop(running->stress.pressure, &result->pressure.result);
	result->pressure.ran = true;
	running->stress.pressure = NULL;
}

void point_stress_end(struct running *running)
{
	end_mover(running);
	end_hotplug(running);
	end_counter(running);
	end_pressure(running);
	running->result->stress.flooded_ns = running->flooded_ns;
}
