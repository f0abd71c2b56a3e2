// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>

#include "job_check.h"
#include "job_stress.h"
#include "schedule.h"

#define NS_PER_S 1000000000ULL
#define NS_PER_MS 1000000ULL

/* Above this the guest falls behind, and the flood only measures its queue. */
#define MOST_BUSY 0.9

/* A run keeps its plan and its record in memory. */
#define MOST_STEPS 1000000

static const struct job_section *section_of(struct job_source *source,
					    enum job_section_kind kind,
					    const char *name)
{
	return job_section_find(source, &(struct job_title){ kind, name });
}

static int check_burst(const struct job_flood *flood,
		       const struct job_section *section)
{
	const struct job_setting *burst = &section->setting[JOB_KEY_BURST];
	bool bursts = flood->distribution == DISTRIBUTION_BURST;

	if (bursts && !burst->value)
		return job_fail(&section->setting[JOB_KEY_DISTRIBUTION].origin,
				"distribution = burst needs burst: how many "
				"asserts each has");
	if (!bursts && burst->value)
		return job_fail(&burst->origin,
				"burst is for distribution = burst, not for %s",
				distribution_name(flood->distribution));
	return 0;
}

/* Else it would not be asserted once. */
static int check_phase(const struct job *job, const struct job_flood *flood,
		       const struct job_section *section)
{
	if (flood->phase_ns < job->duration_ms * NS_PER_MS)
		return 0;
	return job_fail(&section->setting[JOB_KEY_PHASE_NS].origin,
			"phase_ns %" PRIu64
			" is not within duration_ms (%" PRIu32 " ms)",
			flood->phase_ns, job->duration_ms);
}

/* rate is the setting that rate_hz was given by. */
static int check_rate(const struct job_flood *flood, uint32_t rate_hz,
		      const struct job_setting *rate)
{
	if (flood->distribution == DISTRIBUTION_POISSON &&
	    rate_hz < SCHEDULE_POISSON_MIN_HZ)
		return job_fail(&rate->origin,
				"rate_hz: %" PRIu32
				" with distribution = poisson; allowed: %d to "
				"50000",
				rate_hz, SCHEDULE_POISSON_MIN_HZ);
	if (flood->distribution == DISTRIBUTION_BURST && flood->burst > rate_hz)
		return job_fail(&rate->origin,
				"rate_hz: %" PRIu32 " with burst = %" PRIu32
				": less than one burst in a second",
				rate_hz, flood->burst);
	return 0;
}

static int check_target(const struct job *job, struct job_source *source)
{
	const struct job_section *section =
		section_of(source, JOB_SECTION_TARGET, "");
	int err;

	err = check_burst(&job->target, section);
	if (err)
		return err;
	return check_phase(job, &job->target, section);
}

/* An address may be there once; others are the first `before` neighbours'. */
static int check_function(const struct job *job, size_t before,
			  const struct job_setting *function)
{
	const char *address = job->neighbour[before].function;
	bool taken = !strcmp(address, job->target_function);

	if (!strcmp(address, "auto"))
		return 0;
	for (size_t i = 0; i < before; i++)
		taken |= !strcmp(address, job->neighbour[i].function);
	if (taken)
		return job_fail(&function->origin,
				"function: %s is in the job twice", address);
	return 0;
}

/* A driven and a live one have sections of their own. */
static int check_name(const struct job *job, size_t index,
		      const struct job_section *section)
{
	for (size_t i = 0; i < index; i++)
		if (!strcmp(job->neighbour[i].name, job->neighbour[index].name))
			return job_fail(&section->origin,
					"the name \"%s\" is another "
					"neighbour's",
					job->neighbour[i].name);
	return 0;
}

static int check_live(const struct job_neighbour *neighbour,
		      const struct job_section *section)
{
	const struct job_setting *function =
		&section->setting[JOB_KEY_FUNCTION];
	const struct job_setting *load = &section->setting[JOB_KEY_LOAD];
	const struct job_setting *object =
		&section->setting[JOB_KEY_LOAD_OBJECT];

	if (!strcmp(neighbour->function, "auto"))
		return job_fail(&function->origin,
				"function: a live neighbour is given by its "
				"address");
	if (neighbour->load != LOAD_NONE && !object->value)
		return job_fail(&load->origin,
				"load = %s needs load_object: the address to "
				"ping, or the disk or file to read",
				load_name(neighbour->load));
	if (neighbour->load == LOAD_NONE && object->value)
		return job_fail(&object->origin,
				"load_object without load: nothing would use "
				"it");
	if (object->value && object->value[0] == '-')
		return job_fail(&object->origin,
				"load_object: \"%s\" begins like an option",
				object->value);
	return 0;
}

static int check_neighbour(const struct job *job, size_t index,
			   struct job_source *source)
{
	const struct job_neighbour *neighbour = &job->neighbour[index];
	const struct job_section *section = section_of(
		source,
		neighbour->live ? JOB_SECTION_LIVE : JOB_SECTION_NEIGHBOUR,
		neighbour->name);
	int err = check_name(job, index, section);

	if (!err && neighbour->live)
		err = check_live(neighbour, section);
	if (!err && neighbour->live && !neighbour->flood.rate_hz)
		return check_function(job, index,
				      &section->setting[JOB_KEY_FUNCTION]);
	if (!err)
		err = check_burst(&neighbour->flood, section);
	if (!err)
		err = check_phase(job, &neighbour->flood, section);
	if (!err)
		err = check_rate(&neighbour->flood, neighbour->flood.rate_hz,
				 &section->setting[JOB_KEY_RATE_HZ]);
	if (!err)
		err = check_function(job, index,
				     &section->setting[JOB_KEY_FUNCTION]);
	return err;
}

static int check_arm(const struct job *job, const struct job_points *points,
		     uint32_t arm, const struct job_setting *setting)
{
	if (arm_is_busted(arm) && !job->allow_busted)
		return job_fail(&setting->origin,
				"arm: \"%s\" is a positive control; it needs "
				"allow_busted = yes in [job]",
				arm_name(arm));
	if (arm_is_exclusive(arm) && points->neighbours)
		return job_fail(&setting->origin,
				"arm: \"%s\" needs the line alone, and [points "
				"%s] has neighbours; move it to a [points] "
				"section with neighbours = none",
				arm_name(arm), points->name);
	return 0;
}

/* The drain must see the service under way and the one it leads to. */
static int check_service(const struct job *job, uint64_t service_ns,
			 const struct job_setting *setting)
{
	if (service_ns >= job->watchdog_ms * NS_PER_MS)
		return job_fail(&setting->origin,
				"service_ns: %" PRIu64
				" is not below watchdog_ms (%" PRIu32
				" ms), after which the module turns the line "
				"back on whatever the guest does",
				service_ns, job->watchdog_ms);
	if (2 * service_ns >= job->drain_ms * NS_PER_MS)
		return job_fail(&setting->origin,
				"service_ns: twice %" PRIu64
				" is not below drain_ms (%" PRIu32
				" ms): what is served late would count as lost",
				service_ns, job->drain_ms);
	return 0;
}

/*
 * Which part of the time the target would be in service. The asserts of a
 * burst but the first wait for the guest together and are served as one.
 */
static double busy_share(const struct job_flood *flood, uint32_t rate_hz,
			 uint64_t service_ns)
{
	double services_hz = rate_hz;

	if (flood->distribution == DISTRIBUTION_BURST && flood->burst > 2)
		services_hz *= 2.0 / flood->burst;
	return services_hz * service_ns / NS_PER_S;
}

static int check_busy(const struct job *job, uint32_t rate_hz,
		      uint64_t service_ns, const struct job_setting *setting)
{
	double share = busy_share(&job->target, rate_hz, service_ns);

	if (share <= MOST_BUSY ||
	    job->target.distribution == DISTRIBUTION_BACK_TO_BACK)
		return 0;
	return job_fail(&setting->origin,
			"service_ns: %" PRIu64 " at rate_hz %" PRIu32
			" keeps the target busy %.1f %% of the time; more than "
			"%.0f %% cannot be served, unless [target] says "
			"distribution = back-to-back",
			service_ns, rate_hz, share * 100, MOST_BUSY * 100);
}

static int check_load(const struct job *job, const struct job_points *points,
		      uint32_t rate_hz, const struct job_section *section)
{
	int err;

	err = check_rate(&job->target, rate_hz,
			 &section->setting[JOB_KEY_RATE_HZ]);
	for (size_t i = 0; i < points->services && !err; i++)
		err = check_busy(job, rate_hz, points->service_ns[i],
				 &section->setting[JOB_KEY_SERVICE_NS]);
	return err;
}

/* The module's call acts on the module's arms. */
static int check_mask(const struct job_points *points,
		      const struct job_section *section)
{
	const struct job_setting *hz = &section->setting[JOB_KEY_GUEST_MASK_HZ];
	const struct job_setting *order =
		&section->setting[JOB_KEY_GUEST_MASK_ORDER];

	if (order->value && !points->mask_hz)
		return job_fail(&order->origin,
				"guest_mask_order without guest_mask_hz: the "
				"guest never masks");
	for (size_t i = 0; i < points->arms && points->mask_hz; i++)
		if (arm_is_foreign(points->arm[i]))
			return job_fail(&hz->origin,
					"guest_mask_hz is for arms of our "
					"module, not for \"%s\"",
					arm_name(points->arm[i]));
	return 0;
}

/* How long a guest that is not ours serves its device is not ours to say. */
static int check_outside(const struct job *job, const struct job_points *points,
			 const struct job_section *section)
{
	const struct job_setting *service =
		&section->setting[JOB_KEY_SERVICE_NS];
	bool outside = job->guest == GUEST_CHOICE_QEMU;

	if (outside && service->value)
		return job_fail(&service->origin,
				"service_ns with guest = qemu: its guest's "
				"driver says that; leave it out");
	for (size_t i = 0; i < points->arms; i++)
		if ((points->arm[i] == ARM_VFIO_QEMU) != outside)
			return job_fail(&section->setting[JOB_KEY_ARM].origin,
					"arm: \"%s\" with guest = %s; guest = "
					"qemu goes with arm = %s, and no other",
					arm_name(points->arm[i]),
					guest_wish_name(job->guest),
					arm_name(ARM_VFIO_QEMU));
	return 0;
}

static int check_points(const struct job *job, const struct job_points *points,
			struct job_source *source)
{
	const struct job_section *section =
		section_of(source, JOB_SECTION_POINTS, points->name);
	int err = check_outside(job, points, section);

	if (!err)
		err = check_mask(points, section);

	for (size_t i = 0; i < points->arms && !err; i++)
		err = check_arm(job, points, points->arm[i],
				&section->setting[JOB_KEY_ARM]);
	for (size_t i = 0; i < points->services && !err; i++)
		err = check_service(job, points->service_ns[i],
				    &section->setting[JOB_KEY_SERVICE_NS]);
	for (size_t i = 0; i < points->rates && !err; i++)
		err = check_load(job, points, points->rate_hz[i], section);
	return err;
}

static int check_guest(const struct job *job, struct job_source *source)
{
	const struct job_setting *setting =
		section_of(source, JOB_SECTION_JOB, "")->setting;

	if (job->guest == GUEST_CHOICE_QEMU && !job->qmp[0])
		return job_fail(&setting[JOB_KEY_GUEST].origin,
				"guest = qemu needs qmp: the socket of its "
				"monitor, as given to QEMU by -qmp "
				"unix:PATH,server=on,wait=off");
	if (job->guest != GUEST_CHOICE_QEMU && job->qmp[0])
		return job_fail(&setting[JOB_KEY_QMP].origin,
				"qmp is for guest = qemu");
	return 0;
}

static int check_size(const struct job *job, struct job_source *source)
{
	const struct job_section *section =
		section_of(source, JOB_SECTION_JOB, "");
	const struct job_points *points;
	size_t steps = 0;

	for (size_t i = 0; i < job->sections; i++) {
		points = &job->points[i];
		steps += points->arms * points->rates * points->services *
			 points->mask_orders * stress_count(&points->stress);
	}
	if (!steps)
		return job_fail(&section->setting[JOB_KEY_BLOCKS].origin,
				"the job has no [points NAME] section");
	steps *= job->blocks;
	if (steps > MOST_STEPS)
		return job_fail(&section->setting[JOB_KEY_BLOCKS].origin,
				"blocks: %" PRIu32
				" make %zu executions; allowed: up to %d",
				job->blocks, steps, MOST_STEPS);
	return 0;
}

int job_check(const struct job *job, struct job_source *source)
{
	int err;

	err = check_guest(job, source);
	if (!err)
		err = check_size(job, source);
	if (!err)
		err = check_target(job, source);
	for (size_t i = 0; i < job->neighbours && !err; i++)
		err = check_neighbour(job, i, source);
	for (size_t i = 0; i < job->sections && !err; i++)
		err = check_points(job, &job->points[i], source);
	return err ? err : job_stress_check(job, source);
}
