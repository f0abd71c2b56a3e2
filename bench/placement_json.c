// SPDX-License-Identifier: GPL-2.0-or-later
#include "builder.h"
#include "placement_json.h"

static json_t *policies(const struct job *job)
{
	struct builder object = builder_object();

	for (int role = 0; role < ROLES; role++)
		builder_set_text(
			&object, placement_role_name(role),
			placement_policy_name(job->place[role].policy));
	return builder_end(&object);
}

static json_t *numbers(const int *number, size_t count)
{
	struct builder array = builder_array();

	for (size_t i = 0; i < count; i++)
		builder_append(&array, json_integer(number[i]));
	return builder_end(&array);
}

static void set_known(struct builder *object, const char *key, int number)
{
	if (number >= 0)
		builder_set_number(object, key, number);
}

static json_t *seat(const struct placement_seat *from)
{
	const struct placement_where *where = &from->where;
	struct builder object = builder_object();

	builder_set_text(&object, "role", placement_role_name(from->role));
	builder_set_number(&object, "index", from->index);
	builder_set_number(&object, "cpu", where->cpu);
	builder_set_number(&object, "core", where->core);
	set_known(&object, "llc", where->llc);
	set_known(&object, "numa_node", where->numa_node);
	set_known(&object, "package", where->package);
	if (where->kind[0])
		builder_set_text(&object, "kind", where->kind);
	return builder_end(&object);
}

static json_t *seats(const struct placement *placement)
{
	struct builder array = builder_array();

	for (size_t i = 0; i < placement->seats; i++)
		builder_append(&array, seat(&placement->seat[i]));
	return builder_end(&array);
}

json_t *placement_json(const struct job *job, const struct placement *placement)
{
	struct builder object = builder_object();

	builder_set_text(&object, "policy", placement_asked(job));
	builder_set(&object, "policies", policies(job));
	builder_set_number(&object, "flood_cpu", placement->flood_cpu);
	builder_set_number(&object, "irq_cpu", placement->irq_cpu);
	builder_set_number(&object, "guest_cpu", placement->vcpu_cpu[0]);
	builder_set(&object, "vcpu_cpus",
		    numbers(placement->vcpu_cpu, placement->vcpus));
	builder_set(&object, "pressure_cpus",
		    numbers(placement->pressure_cpu, placement->pressure_cpus));
	builder_set(&object, "seats", seats(placement));
	builder_set_text(&object, "note", placement->note);
	return builder_end(&object);
}
