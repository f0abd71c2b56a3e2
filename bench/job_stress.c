// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>

#include "job_placement.h"
#include "job_stress.h"
#include "job_value.h"
#include "pressure.h"

#define INTERVAL_MAX_MS 60000
#define CYCLES_MAX 1000000
#define READERS_MAX 64
#define MOVE_MAX_HZ 10000

/* What every reader of JSON can hold: RFC 8259, section 6. */
#define BYTES_MAX ((1ULL << 53) - 1)

void job_stress_defaults(struct job *job)
{
	job->hotplug.cpus.policy = PLACEMENT_NONE;
	job->pressure.work = PRESSURE_FAULT;
	job->pressure.readers = 1;
	job->counter.readers = 2;
}

static int take_cpus(const struct job_setting *setting, struct job_place *cpus)
{
	if (!setting->value || !strcmp(setting->value, "auto"))
		return 0;
	if (job_placement_cpus(setting->value, cpus))
		return 0;
	return job_fail(
		&setting->origin,
		"%s: \"%s\"; allowed: auto, or up to %d different CPUs, "
		"such as 2-3+5",
		setting->key, setting->value, JOB_CPUS_MAX);
}

int job_stress_take_hotplug(const struct job_setting *setting, struct job *job)
{
	struct job_hotplug *hotplug = &job->hotplug;
	int err;

	err = job_value_u32(&setting[JOB_KEY_INTERVAL_MS], 0, INTERVAL_MAX_MS,
			    &hotplug->interval_ms);
	if (!err)
		err = job_value_u64(&setting[JOB_KEY_CYCLES], 0, CYCLES_MAX,
				    &hotplug->cycles);
	return err ? err : take_cpus(&setting[JOB_KEY_CPUS], &hotplug->cpus);
}

static int take_work(const struct job_setting *setting, unsigned int *work)
{
	static const char *const names[PRESSURE_WORKS] = { "fault", "cache",
							   "dirty" };
	unsigned int kind[JOB_LIST_MAX];
	size_t kinds = 0;
	int err = job_value_name_list(setting, names, PRESSURE_WORKS, kind,
				      &kinds);

	if (err || !kinds)
		return err;
	*work = 0;
	for (size_t i = 0; i < kinds; i++)
		*work |= 1U << kind[i];
	return 0;
}

int job_stress_take_pressure(const struct job_setting *setting, struct job *job)
{
	struct job_pressure *pressure = &job->pressure;
	int err = take_work(&setting[JOB_KEY_WORK], &pressure->work);

	if (!err)
		err = job_value_u64(&setting[JOB_KEY_MAX_BYTES], 0, BYTES_MAX,
				    &pressure->max_bytes);
	if (!err)
		err = job_value_u64(&setting[JOB_KEY_HIGH_BYTES], 0, BYTES_MAX,
				    &pressure->high_bytes);
	if (!err)
		err = job_value_u32(&setting[JOB_KEY_READERS], 0, READERS_MAX,
				    &pressure->readers);
	return err ? err :
		     job_value_text(&setting[JOB_KEY_SCRATCH],
				    pressure->scratch,
				    sizeof(pressure->scratch));
}

int job_stress_take_counter(const struct job_setting *setting, struct job *job)
{
	int err = job_value_u32(&setting[JOB_KEY_READERS], 1, READERS_MAX,
				&job->counter.readers);

	return err ? err :
		     job_value_bool(&setting[JOB_KEY_ALLOW_INSIDE],
				    &job->counter.allow_inside);
}

static int take_hotplugs(const struct job_setting *setting,
			 struct stress_lists *lists)
{
	const char *names[HOTPLUG_CHOICES];

	for (int i = 0; i < HOTPLUG_CHOICES; i++)
		names[i] = hotplug_choice_name(i);
	return job_value_name_list(setting, names, HOTPLUG_CHOICES,
				   lists->hotplug, &lists->hotplugs);
}

static int take_counters(const struct job_setting *setting,
			 struct stress_lists *lists)
{
	const char *names[COUNTER_READS] = { [COUNTER_NONE] = "none" };

	for (int i = COUNTER_NONE + 1; i < COUNTER_READS; i++)
		names[i] = counter_read_name(i);
	return job_value_name_list(setting, names, COUNTER_READS,
				   lists->counter, &lists->counters);
}

int job_stress_take_lists(const struct job_setting *setting,
			  struct stress_lists *lists)
{
	static const char *const no_yes[] = { "no", "yes" };
	int err = take_hotplugs(&setting[JOB_KEY_HOTPLUG], lists);

	_Static_assert(STRESS_LIST_MAX >= JOB_LIST_MAX, "a list fits");
	if (!err)
		err = job_value_name_list(&setting[JOB_KEY_PRESSURE], no_yes, 2,
					  lists->pressure, &lists->pressures);
	if (!err)
		err = take_counters(&setting[JOB_KEY_COUNTER], lists);
	return err ? err :
		     job_value_u32_list(&setting[JOB_KEY_MOVE_IRQ_HZ], 0,
					MOVE_MAX_HZ, lists->move_irq_hz,
					&lists->moves);
}

static const struct job_section *section_of(struct job_source *source,
					    enum job_section_kind kind,
					    const char *name)
{
	return job_section_find(source, &(struct job_title){ kind, name });
}

/* A key of a section that no point makes use of. */
static int check_used(const struct job_section *section, bool used,
		      const char *word)
{
	for (int key = 0; key < JOB_KEYS && !used; key++)
		if (section->setting[key].value)
			return job_fail(&section->setting[key].origin,
					"%s in [%s], and no [points NAME] has "
					"%s",
					section->setting[key].key, word, word);
	return 0;
}

static bool chooses(const struct job *job, enum hotplug_choice choice)
{
	for (size_t i = 0; i < job->sections; i++) {
		const struct stress_lists *lists = &job->points[i].stress;

		for (size_t k = 0; k < lists->hotplugs; k++)
			if (lists->hotplug[k] == choice)
				return true;
	}
	return false;
}

static int check_hotplug(const struct job *job,
			 const struct job_section *section)
{
	bool used = false;

	for (size_t i = 0; i < job->sections; i++)
		used |= stress_has_hotplug(&job->points[i].stress);
	if (used && job->hotplug.cpus.policy == PLACEMENT_EXPLICIT &&
	    !chooses(job, HOTPLUG_CHOICE_OTHERS) &&
	    !chooses(job, HOTPLUG_CHOICE_ANY))
		return job_fail(&section->setting[JOB_KEY_CPUS].origin,
				"cpus is for hotplug = others and any, and no "
				"[points NAME] has them");
	return check_used(section, used, "hotplug");
}

static int check_pressure(const struct job *job,
			  const struct job_section *section)
{
	const struct job_pressure *pressure = &job->pressure;
	const struct job_setting *scratch = &section->setting[JOB_KEY_SCRATCH];
	bool disk = pressure->work & (PRESSURE_CACHE | PRESSURE_DIRTY);
	bool used = false;

	for (size_t i = 0; i < job->sections; i++)
		used |= stress_has_pressure(&job->points[i].stress);
	if (disk && !scratch->value)
		return job_fail(&section->setting[JOB_KEY_WORK].origin,
				"work = cache and dirty need scratch: a "
				"directory on a disk");
	if (!disk && scratch->value)
		return job_fail(&scratch->origin,
				"scratch is for work = cache and dirty");
	if (scratch->value && pressure->scratch[0] != '/')
		return job_fail(&scratch->origin,
				"scratch: \"%s\"; allowed: a directory, from "
				"the root",
				pressure->scratch);
	if (pressure->max_bytes && pressure->high_bytes > pressure->max_bytes)
		return job_fail(&section->setting[JOB_KEY_HIGH_BYTES].origin,
				"high_bytes: %" PRIu64
				" is above max_bytes (%" PRIu64 ")",
				pressure->high_bytes, pressure->max_bytes);
	return check_used(section, used, "pressure");
}

static int check_counter(const struct job *job,
			 const struct job_section *section)
{
	bool used = false;

	for (size_t i = 0; i < job->sections; i++)
		used |= stress_has_counter(&job->points[i].stress);
	return check_used(section, used, "counter");
}

static int check_points(const struct job *job, const struct job_points *points,
			const struct job_section *section)
{
	const struct stress_lists *lists = &points->stress;

	for (size_t i = 0; i < lists->counters; i++)
		if (lists->counter[i] == COUNTER_INSIDE &&
		    !job->counter.allow_inside)
			return job_fail(
				&section->setting[JOB_KEY_COUNTER].origin,
				"counter: \"inside\" sleeps where it must not; "
				"it needs allow_inside = yes in [counter]");
	for (size_t i = 0; i < lists->hotplugs; i++)
		if ((lists->hotplug[i] == HOTPLUG_CHOICE_GUEST ||
		     lists->hotplug[i] == HOTPLUG_CHOICE_ANY) &&
		    job->guest == GUEST_CHOICE_QEMU)
			return job_fail(
				&section->setting[JOB_KEY_HOTPLUG].origin,
				"hotplug: with guest = qemu only none, others "
				"and irq; threads of other processes are not "
				"pinned again");
	for (size_t i = 0; i < lists->hotplugs; i++)
		if (lists->hotplug[i] == HOTPLUG_CHOICE_IRQ &&
		    stress_has_move(lists))
			return job_fail(
				&section->setting[JOB_KEY_HOTPLUG].origin,
				"hotplug: \"irq\" with move_irq_hz: the line "
				"has no CPU of its own then");
	return 0;
}

int job_stress_check(const struct job *job, struct job_source *source)
{
	int err =
		check_hotplug(job, section_of(source, JOB_SECTION_HOTPLUG, ""));

	if (!err)
		err = check_pressure(job, section_of(source,
						     JOB_SECTION_PRESSURE, ""));
	if (!err)
		err = check_counter(job, section_of(source, JOB_SECTION_COUNTER,
						    ""));
	for (size_t i = 0; i < job->sections && !err; i++)
		err = check_points(job, &job->points[i],
				   section_of(source, JOB_SECTION_POINTS,
					      job->points[i].name));
	return err;
}
