// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "field.h"
#include "report.h"
#include "report_setup.h"

static int load_member(const struct field *field, struct report_member *member)
{
	int err = field_string(field, "name", &member->name);

	if (!err)
		err = field_string(field, "role", &member->role);
	if (!err)
		err = field_string(field, "address", &member->address);
	if (!err)
		err = field_string(field, "ids", &member->ids);
	if (!err)
		err = field_string(field, "trigger", &member->trigger);
	return err;
}

static int load_members(const struct field *line, struct report *report)
{
	struct field array, element;
	int err = field_array(line, "functions", &array);
	size_t i;

	if (err)
		return err;
	report->member =
		field_room(&array, sizeof(*report->member), &report->members);
	if (!report->member)
		return -ENOMEM;
	for (i = 0; !err && i < report->members; i++) {
		err = field_element(&array, i, JSON_OBJECT, &element);
		if (!err)
			err = load_member(&element, &report->member[i]);
	}
	return err;
}

static int load_line(const struct field *root, struct report *report)
{
	struct field line;
	int err = field_object(root, "line", &line);

	if (!err)
		err = field_count(&line, "irq", &report->irq);
	if (!err)
		err = field_string(&line, "chip", &report->chip);
	if (!err)
		err = load_members(&line, report);
	return err;
}

static int load_cpus(const struct field *placement, const char *name,
		     size_t least, struct report_cpus *cpus)
{
	struct field array, element;
	int err = field_array(placement, name, &array);

	if (err)
		return err;
	cpus->count = json_array_size(array.value);
	if (cpus->count < least || cpus->count > REPORT_CPUS_MAX)
		return field_fail(&array, "%zu CPUs, where %zu to %d can be",
				  cpus->count, least, REPORT_CPUS_MAX);
	for (size_t i = 0; i < cpus->count; i++) {
		err = field_element(&array, i, JSON_INTEGER, &element);
		if (err)
			return err;
		if (json_integer_value(element.value) < 0)
			return field_fail(&element, "negative");
		cpus->cpu[i] = json_integer_value(element.value);
	}
	return 0;
}

static int load_policies(const struct field *placement, struct report *report)
{
	struct field policies;
	int err = field_object(placement, "policies", &policies);

	if (!err)
		err = field_string(&policies, "flood", &report->flood_policy);
	if (!err)
		err = field_string(&policies, "irq", &report->irq_policy);
	if (!err)
		err = field_string(&policies, "vcpus", &report->vcpu_policy);
	return err;
}

/* The oldest records know one vCPU. */
static int load_roles(const struct field *placement, struct report *report)
{
	int err = 0;

	report->vcpus.count = 1;
	if (field_has(placement, "vcpu_cpus"))
		err = load_cpus(placement, "vcpu_cpus", 1, &report->vcpus);
	if (!err && field_has(placement, "pressure_cpus"))
		err = load_cpus(placement, "pressure_cpus", 0,
				&report->pressure);
	if (!err && field_has(placement, "policies"))
		err = load_policies(placement, report);
	return err;
}

static int load_placement(const struct field *root, struct report *report)
{
	struct field placement;
	int err = field_object(root, "placement", &placement);

	if (!err)
		err = field_string(&placement, "policy", &report->placement);
	if (!err)
		err = field_count(&placement, "flood_cpu", &report->flood_cpu);
	if (!err)
		err = field_count(&placement, "irq_cpu", &report->irq_cpu);
	if (!err)
		err = field_count(&placement, "guest_cpu",
				  &report->vcpus.cpu[0]);
	if (!err)
		err = field_string(&placement, "note", &report->placement_note);
	return err ? err : load_roles(&placement, report);
}

/* Records of before there was a choice do not have it. */
static int load_guest(const struct field *root, struct report *report)
{
	struct field guest;
	int err;

	report->guest = report->guest_choice = report->guest_reason = "";
	if (!field_has(root, "guest"))
		return 0;
	err = field_object(root, "guest", &guest);
	if (!err)
		err = field_string(&guest, "choice", &report->guest_choice);
	if (!err)
		err = field_string(&guest, "name", &report->guest);
	if (!err)
		err = field_string(&guest, "reason", &report->guest_reason);
	return err;
}

static int load_host(const struct field *root, struct report *report)
{
	const struct {
		const char *name;
		const char **value;
	} strings[] = {
		{ "hostname", &report->hostname },
		{ "kernel_release", &report->kernel_release },
		{ "machine", &report->machine },
		{ "cpu_model", &report->cpu_model },
		{ "virtualisation", &report->virtualisation },
		{ "clock_source", &report->clock_source },
	};
	struct field host;
	int err = field_object(root, "host", &host);
	size_t i;

	for (i = 0; !err && i < sizeof(strings) / sizeof(strings[0]); i++) {
		*strings[i].value = "unknown";
		if (field_has(&host, strings[i].name))
			err = field_string(&host, strings[i].name,
					   strings[i].value);
	}
	if (!err)
		err = field_count(&host, "cpus_online", &report->cpus_online);
	return err;
}

int report_load_setup(const struct field *root, struct report *report)
{
	int err = load_host(root, report);

	if (!err)
		err = load_line(root, report);
	if (!err)
		err = load_placement(root, report);
	return err ? err : load_guest(root, report);
}
