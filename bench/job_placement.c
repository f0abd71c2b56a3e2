// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "job_placement.h"
#include "job_value.h"

#define CPU_MAX 65535 /* far above the kernel's NR_CPUS */
#define BLANKS " \t"

static void list_policies(char *text, size_t bytes)
{
	size_t used = 0;

	for (int policy = 0; policy < PLACEMENT_POLICIES; policy++)
		used += snprintf(text + used, bytes - used, "%s%s",
				 policy ? ", " : "",
				 placement_policy_name(policy));
}

static int fail_policy(const struct job_setting *setting)
{
	char policies[128];

	list_policies(policies, sizeof(policies));
	return job_fail(&setting->origin,
			"%s: \"%s\"; allowed: %s, or ROLE:CHOICE for each role "
			"apart, such as \"vcpus:2 irq:smt-sibling\"",
			setting->key, setting->value, policies);
}

static int fail_pair(const struct job_setting *setting, const char *pair)
{
	char policies[128];

	list_policies(policies, sizeof(policies));
	return job_fail(&setting->origin,
			"%s: \"%s\"; allowed: flood, irq, vcpus or pressure, a "
			"colon, and one of %s or a CPU from 0 to %d; for vcpus "
			"and pressure up to %d different CPUs, such as 2-3+6",
			setting->key, pair, policies, CPU_MAX, JOB_CPUS_MAX);
}

static bool find_policy(const char *name, enum placement_policy *policy)
{
	for (int i = 0; i < PLACEMENT_POLICIES; i++) {
		if (strcmp(name, placement_policy_name(i)) != 0)
			continue;
		*policy = i;
		return true;
	}
	return false;
}

/* guest is what vcpus was called while there was one. ROLES: none. */
static enum placement_role find_role(const char *name)
{
	int role = 0;

	if (!strcmp(name, "guest"))
		return ROLE_VCPUS;
	while (role < ROLES && strcmp(name, placement_role_name(role)) != 0)
		role++;
	return role;
}

static bool add_cpu(struct job_place *place, int cpu)
{
	for (size_t i = 0; i < place->cpus; i++)
		if (place->cpu[i] == cpu)
			return false;
	if (place->cpus == JOB_CPUS_MAX)
		return false;
	place->cpu[place->cpus++] = cpu;
	return true;
}

/* -1: there is no CPU number at *text. */
static int take_cpu(const char **text)
{
	size_t digits = strspn(*text, "0123456789");
	int cpu = digits && digits <= 5 ? atoi(*text) : -1;

	*text += digits;
	return cpu <= CPU_MAX ? cpu : -1;
}

/* "2", "2-3" */
static bool take_range(const char **text, struct job_place *place)
{
	int first = take_cpu(text), last = first;

	if (**text == '-') {
		(*text)++;
		last = take_cpu(text);
	}
	if (first < 0 || last < first)
		return false;
	for (int cpu = first; cpu <= last; cpu++)
		if (!add_cpu(place, cpu))
			return false;
	return true;
}

/* "2-3+6": Linux's form, but for the comma, which separates whole values. */
bool job_placement_cpus(const char *text, struct job_place *place)
{
	place->policy = PLACEMENT_EXPLICIT;
	while (take_range(&text, place)) {
		if (!*text)
			return true;
		if (*text++ != '+')
			return false;
	}
	return false;
}

/* "irq:smt-sibling"; changes pair for a while. */
static int take_pair(const struct job_setting *setting, char *pair,
		     bool named[ROLES], struct job *job)
{
	char *choice = strchr(pair, ':');
	enum placement_role role = ROLES;
	struct job_place *place;

	if (choice) {
		*choice = '\0';
		role = find_role(pair);
		*choice++ = ':';
	}
	if (role == ROLES)
		return fail_pair(setting, pair);
	if (named[role])
		return job_fail(&setting->origin, "%s: %s is there twice",
				setting->key, placement_role_name(role));
	named[role] = true;
	place = &job->place[role];
	if (find_policy(choice, &place->policy))
		return 0;
	if (!job_placement_cpus(choice, place) ||
	    (place->cpus > 1 && (role == ROLE_FLOOD || role == ROLE_IRQ)))
		return fail_pair(setting, pair);
	return 0;
}

static int take_pairs(const struct job_setting *setting, struct job *job)
{
	bool named[ROLES] = { false };
	char *pair, *rest, *text = strdup(setting->value);
	int err = 0;

	if (!text)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	for (pair = strtok_r(text, BLANKS, &rest); pair && !err;
	     pair = strtok_r(NULL, BLANKS, &rest))
		err = take_pair(setting, pair, named, job);
	free(text);
	return err;
}

static int take_placement(const struct job_setting *setting, struct job *job)
{
	enum placement_policy policy;

	if (!setting->value)
		return 0;
	if (strchr(setting->value, ':'))
		return take_pairs(setting, job);
	if (!find_policy(setting->value, &policy))
		return fail_policy(setting);
	for (int role = 0; role < ROLE_PRESSURE; role++)
		job->place[role].policy = policy;
	return 0;
}

int job_placement_take(const struct job_setting *setting, struct job *job)
{
	const struct job_setting *vcpus = &setting[JOB_KEY_VCPUS];
	const struct job_place *place = &job->place[ROLE_VCPUS];
	int err;

	err = job_value_u32(vcpus, 1, GUEST_VCPUS_MAX, &job->vcpus);
	if (!err)
		err = take_placement(&setting[JOB_KEY_PLACEMENT], job);
	if (err || place->policy != PLACEMENT_EXPLICIT)
		return err;
	if (vcpus->value && job->vcpus != place->cpus)
		return job_fail(&vcpus->origin,
				"vcpus: %" PRIu32
				", and placement lists CPUs for %zu",
				job->vcpus, place->cpus);
	job->vcpus = place->cpus;
	return 0;
}
