// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../kmod/uapi/intxbench.h"
#include "error.h"
#include "lineup.h"

#define AUTO "auto"

static bool is_auto(const char *wanted)
{
	return !strcmp(wanted, AUTO);
}

static const char *wanted_by(const struct job *job, size_t member)
{
	return member ? job->neighbour[member - 1].function :
			job->target_function;
}

bool lineup_is_auto(const struct job *job)
{
	for (size_t i = 0; i <= job->neighbours; i++)
		if (is_auto(wanted_by(job, i)))
			return true;
	return false;
}

/* A function with MSI on says nothing about the line its pin is on. */
bool lineup_may_choose(const struct host_function *function)
{
	return function->trigger && !function->refusal[0] && !function->msi;
}

static bool is_member(const struct lineup *lineup,
		      const struct host_function *function)
{
	for (size_t i = 0; i < lineup->members; i++)
		if (!strcmp(lineup->member[i].function.address,
			    function->address))
			return true;
	return false;
}

static void take(struct lineup_member *member,
		 const struct host_function *function)
{
	member->function = *function;
	snprintf(member->driver_before, sizeof(member->driver_before), "%s",
		 function->driver);
}

static int take_given(struct lineup *lineup, struct lineup_member *member,
		      const char *address,
		      const struct host_functions *functions)
{
	const struct host_function *function = host_find(functions, address);

	if (!function)
		return error_set(EXIT_MACHINE, ENODEV,
				 "%s: there is no function %s on this machine; "
				 "'intxbench lines' shows what there is",
				 member->name, address);
	if (!function->trigger)
		return error_set(EXIT_MACHINE, EOPNOTSUPP,
				 "%s: %s (%04x:%04x, %s) has no trigger: no "
				 "way is known to make it assert INTx by "
				 "software; 'intxbench lines' shows which have "
				 "one",
				 member->name, function->address,
				 function->vendor, function->device,
				 function->name);
	if (function->refusal[0])
		return error_set(EXIT_MACHINE, EPERM,
				 "%s: %s must not be taken: %s", member->name,
				 function->address, function->refusal);
	if (is_member(lineup, function))
		return error_set(EXIT_REQUEST, EINVAL,
				 "%s: the job has %s twice", member->name,
				 function->address);
	take(member, function);
	return 0;
}

/* One that stays with its driver, and is on the line by it. */
static int take_live(struct lineup *lineup, struct lineup_member *member,
		     const struct job_neighbour *wanted,
		     const struct host_functions *functions)
{
	const struct host_function *function =
		host_find(functions, wanted->function);

	if (!function)
		return error_set(EXIT_MACHINE, ENODEV,
				 "%s: there is no function %s on this machine; "
				 "'intxbench lines' shows what there is",
				 member->name, wanted->function);
	if (!function->driver[0] || !strcmp(function->driver, INTXBENCH_DRIVER))
		return error_set(EXIT_MACHINE, ENODEV,
				 "%s: %s has no driver of its own, so it is no "
				 "live neighbour",
				 member->name, function->address);
	if (function->msi)
		return error_set(EXIT_MACHINE, ENXIO,
				 "%s: %s uses MSI, not its line; boot with "
				 "pci=nomsi",
				 member->name, function->address);
	if (wanted->flood.rate_hz && !function->trigger)
		return error_set(EXIT_MACHINE, EOPNOTSUPP,
				 "%s: %s has no trigger: it cannot have a "
				 "rate_hz, only a load",
				 member->name, function->address);
	if (is_member(lineup, function))
		return error_set(EXIT_REQUEST, EINVAL,
				 "%s: the job has %s twice", member->name,
				 function->address);
	take(member, function);
	return 0;
}

/* A target that is a guest's already, which qemu_has() or found. */
static int take_held(struct lineup_member *member, const char *address,
		     const struct host_functions *functions)
{
	const struct host_function *function = host_find(functions, address);

	if (!function)
		return error_set(EXIT_MACHINE, ENODEV,
				 "%s: there is no function %s on this machine",
				 member->name, address);
	if (!function->trigger)
		return error_set(EXIT_MACHINE, EOPNOTSUPP,
				 "%s: %s has no trigger: no way is known to "
				 "make it assert INTx by software",
				 member->name, address);
	if (function->msi)
		return error_set(EXIT_MACHINE, ENXIO,
				 "%s: the guest has MSI on in %s, so it is not "
				 "on its line; boot the guest with pci=nomsi",
				 member->name, address);
	take(member, function);
	return 0;
}

static int take_all_given(const struct job *job,
			  const struct host_functions *functions,
			  struct lineup *lineup)
{
	for (size_t i = 0; i < lineup->members; i++) {
		int err;

		if (is_auto(wanted_by(job, i)))
			continue;
		if (!i && lineup->member[i].live)
			err = take_held(&lineup->member[i],
					job->target_function, functions);
		else if (lineup->member[i].live)
			err = take_live(lineup, &lineup->member[i],
					&job->neighbour[i - 1], functions);
		else
			err = take_given(lineup, &lineup->member[i],
					 wanted_by(job, i), functions);
		if (err)
			return err;
	}
	return 0;
}

static size_t choices_on(const struct host_functions *functions, int irq)
{
	size_t choices = 0;

	for (size_t i = 0; i < functions->count; i++)
		if (functions->function[i].irq == irq &&
		    lineup_may_choose(&functions->function[i]))
			choices++;
	return choices;
}

/* Functions whose line is not known are one line, and the last to be chosen:
 * all that can be said before they are enabled. */
static int fullest_line(const struct host_functions *functions)
{
	size_t most = 0;
	int line = 0;

	for (size_t i = 0; i < functions->count; i++) {
		int irq = functions->function[i].irq;
		size_t choices = irq ? choices_on(functions, irq) : 0;

		if (choices > most) {
			most = choices;
			line = irq;
		}
	}
	return line;
}

/* The line of what the job names, else the fullest. */
static int choose_line(const struct host_functions *functions,
		       const struct lineup *lineup)
{
	for (size_t i = 0; i < lineup->members; i++)
		if (lineup->member[i].function.address[0] &&
		    !lineup->member[i].function.msi)
			return lineup->member[i].function.irq;
	return fullest_line(functions);
}

/* The next free one on the line; of a kind of trigger, or of any (NULL). */
static const struct host_function *
next_choice(const struct host_functions *functions, const struct lineup *lineup,
	    int irq, const char *trigger)
{
	for (size_t i = 0; i < functions->count; i++) {
		const struct host_function *function = &functions->function[i];

		if (function->irq == irq && lineup_may_choose(function) &&
		    !is_member(lineup, function) &&
		    (!trigger || !strcmp(function->trigger, trigger)))
			return function;
	}
	return NULL;
}

static int nothing_left(const struct lineup_member *member, int irq,
			size_t taken)
{
	if (!irq && !taken)
		return error_set(
			EXIT_MACHINE, ENODEV,
			"%s: no function of this machine has a trigger "
			"and may be taken; 'intxbench lines' shows why",
			member->name);
	if (!irq)
		return error_set(EXIT_MACHINE, ENODEV,
				 "%s: no other function has a trigger and may "
				 "be taken; 'intxbench lines' shows why",
				 member->name);
	return error_set(EXIT_MACHINE, ENODEV,
			 "%s: no function that has a trigger and may be taken "
			 "is left on line %d; 'intxbench lines' shows which "
			 "functions share a line",
			 member->name, irq);
}

/* edu first: its status bits are independent and nothing else sets them. */
static int take_choice(const struct host_functions *functions,
		       struct lineup *lineup, size_t index, size_t taken)
{
	const struct host_function *function = NULL;

	if (!index)
		function = next_choice(functions, lineup, lineup->irq, "edu");
	if (!function)
		function = next_choice(functions, lineup, lineup->irq, NULL);
	if (!function)
		return nothing_left(&lineup->member[index], lineup->irq, taken);
	take(&lineup->member[index], function);
	return 0;
}

int lineup_choose(const struct job *job, const struct host_functions *functions,
		  struct lineup *lineup)
{
	int err;

	memset(lineup, 0, sizeof(*lineup));
	lineup->members = 1 + job->neighbours;
	lineup->member[0].name = "target";
	lineup->member[0].live = job->guest == GUEST_CHOICE_QEMU;
	for (size_t i = 0; i < job->neighbours; i++) {
		lineup->member[i + 1].name = job->neighbour[i].name;
		lineup->member[i + 1].live = job->neighbour[i].live;
	}

	err = take_all_given(job, functions, lineup);
	if (err)
		return err;
	lineup->irq = choose_line(functions, lineup);
	for (size_t i = 0; i < lineup->members; i++) {
		if (!is_auto(wanted_by(job, i)))
			continue;
		err = take_choice(functions, lineup, i, i);
		if (err)
			return err;
	}
	return 0;
}

static int look_again(struct lineup *lineup,
		      const struct host_functions *functions)
{
	for (size_t i = 0; i < lineup->members; i++) {
		struct lineup_member *member = &lineup->member[i];
		const struct host_function *function =
			host_find(functions, member->function.address);

		if (!function)
			return error_set(EXIT_MACHINE, ENODEV,
					 "%s: %s has gone", member->name,
					 member->function.address);
		if (!function->irq)
			return error_set(EXIT_MACHINE, ENXIO,
					 "%s: %s is on no line", member->name,
					 member->function.address);
		member->function = *function;
	}
	lineup->irq = lineup->member[0].function.irq;
	return 0;
}

static int check_one_line(const struct lineup *lineup)
{
	const struct lineup_member *target = &lineup->member[0];

	for (size_t i = 1; i < lineup->members; i++) {
		const struct lineup_member *member = &lineup->member[i];

		if (member->function.irq != lineup->irq)
			return error_set(
				EXIT_MACHINE, EXDEV,
				"%s and %s do not share a line: %s is "
				"on line %d, %s on line %d; 'intxbench "
				"lines' shows which functions do",
				target->name, member->name,
				target->function.address, lineup->irq,
				member->function.address, member->function.irq);
	}
	return 0;
}

/* An arm of the plan that turns the line off, or NULL. */
static const char *disabling_arm(const struct plan *plan)
{
	for (size_t i = 0; i < plan->points; i++)
		if (arm_disables_line(plan->point[i].arm))
			return arm_name(plan->point[i].arm);
	return NULL;
}

static int check_live(const struct lineup *lineup, const struct plan *plan,
		      const struct host_functions *functions)
{
	const char *arm = disabling_arm(plan);

	for (size_t i = 0; arm && i < functions->count; i++) {
		const struct host_function *function = &functions->function[i];

		if (function->irq != lineup->irq || !function->live ||
		    is_member(lineup, function))
			continue;
		return error_set(EXIT_MACHINE, EPERM,
				 "arm %s turns line %d off, and %s (%s) is in "
				 "use on it: %s; choose another line, or arms "
				 "that leave it on",
				 arm, lineup->irq, function->address,
				 function->driver, function->refusal);
	}
	return 0;
}

int lineup_confirm(struct lineup *lineup, const struct plan *plan,
		   const struct host_functions *functions)
{
	int err = look_again(lineup, functions);

	if (!err)
		err = check_one_line(lineup);
	if (!err)
		err = check_live(lineup, plan, functions);
	return err;
}
