// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "builder.h"
#include "dry_run.h"
#include "error.h"
#include "lineup.h"
#include "placement.h"
#include "placement_json.h"
#include "progress.h"
#include "stress_cpus.h"

struct preview {
	const struct job *job;
	const struct plan *plan;
	struct placement placement;
	struct lineup lineup;
	char no_lineup[256]; /* why there is none, or "" */
	uint64_t estimate_ns;
};

/* A machine without the functions can still be asked for the plan. */
static int choose_functions(struct preview *preview)
{
	struct host_functions functions;
	int err = host_scan(&functions);

	if (err)
		return err;
	err = lineup_choose(preview->job, &functions, &preview->lineup);
	host_scan_free(&functions);
	if (err && error_status() != EXIT_MACHINE)
		return err;
	if (err)
		snprintf(preview->no_lineup, sizeof(preview->no_lineup), "%s",
			 error_message());
	error_clear();
	return 0;
}

static void print_functions(const struct preview *preview)
{
	const struct lineup *lineup = &preview->lineup;

	if (preview->no_lineup[0]) {
		printf("functions  %s\n", preview->no_lineup);
		return;
	}
	for (size_t i = 0; i < lineup->members; i++) {
		const struct host_function *function =
			&lineup->member[i].function;

		printf("%-10s %-12s %s  %s", i ? "" : "functions",
		       lineup->member[i].name, function->address,
		       function->trigger);
		if (function->irq && !function->msi)
			printf("  line %d\n", function->irq);
		else
			printf("  line not known before it is bound\n");
	}
}

static void print_neighbours(const struct job *job,
			     const struct job_points *section)
{
	if (!section->neighbours)
		printf("none");
	for (size_t i = 0; i < section->neighbours; i++)
		printf("%s%s", i ? ", " : "",
		       job->neighbour[section->neighbour[i]].name);
	printf("\n");
}

static void print_point_stress(const struct stress *stress)
{
	char text[STRESS_TEXT_MAX];

	if (stress_any(stress))
		printf("%s; ", stress_text(stress, text));
}

static void print_points(const struct preview *preview)
{
	printf("\n%5s  %-16s %-15s %8s %12s  %s\n", "point", "section", "arm",
	       "rate_hz", "service_ns", "neighbours");
	for (size_t i = 0; i < preview->plan->points; i++) {
		const struct plan_point *point = &preview->plan->point[i];

		printf("%5zu  %-16s %-15s %8" PRIu32 " %12" PRIu64 "  ", i,
		       point->section->name, arm_name(point->arm),
		       point->rate_hz, point->service_ns);
		if (point->mask_hz)
			printf("mask %" PRIu32 " Hz %s; ", point->mask_hz,
			       mask_order_name(point->mask_order));
		print_point_stress(&point->stress);
		print_neighbours(preview->job, point->section);
	}
	printf("\norder of block 1:");
	for (size_t i = 0; i < preview->plan->points; i++)
		printf(" %" PRIu32, preview->plan->step[i].point);
	printf("\n");
}

static const char *number(int value, char text[16])
{
	snprintf(text, 16, "%d", value);
	return value < 0 ? "-" : text;
}

static void print_seat(const struct job *job, const struct placement_seat *seat)
{
	const struct placement_where *where = &seat->where;
	char role[16], llc[16], node[16], package[16];

	snprintf(role, sizeof(role), "%s", placement_role_name(seat->role));
	if (seat->role == ROLE_VCPUS)
		snprintf(role, sizeof(role), "vcpu %u", seat->index);
	printf("%-10s %5d  %-11s %5d %4s %5s %8s%s%s\n", role, where->cpu,
	       placement_policy_name(job->place[seat->role].policy),
	       where->core, number(where->llc, llc),
	       number(where->numa_node, node), number(where->package, package),
	       where->kind[0] ? "  " : "", where->kind);
}

static void print_placement(const struct preview *preview)
{
	const struct placement *placement = &preview->placement;

	printf("\n%-10s %5s  %-11s %5s %4s %5s %8s%s\n", "role", "CPU",
	       "policy", "core", "LLC", "NUMA", "package",
	       placement->seat[0].where.kind[0] ? "  kind" : "");
	for (size_t i = 0; i < placement->seats; i++)
		print_seat(preview->job, &placement->seat[i]);
	if (placement->note[0])
		printf("note: %s\n", placement->note);
	if (!placement->this_machine)
		printf("note: hwloc shows another machine than this one; "
		       "nothing would run here\n");
}

static bool plans_hotplug(const struct plan *plan, enum hotplug_choice choice)
{
	for (size_t i = 0; i < plan->points; i++)
		if (plan->point[i].stress.hotplug == choice)
			return true;
	return false;
}

/* What each choice of the plan's comes to, or why it cannot be had. */
static void print_hotplug(const struct preview *preview)
{
	for (int i = HOTPLUG_CHOICE_NONE + 1; i < HOTPLUG_CHOICES; i++) {
		char text[STRESS_CPUS_TEXT_MAX];
		struct stress_cpus cpus;

		if (!plans_hotplug(preview->plan, i))
			continue;
		if (stress_cpus_hotplug(preview->job, &preview->placement, i,
					&cpus)) {
			printf("note: %s\n", error_message());
			error_clear();
		} else {
			printf("hotplug    %s: CPU %s\n",
			       hotplug_choice_name(i),
			       stress_cpus_text(&cpus, text));
		}
	}
}

static void print_text(const struct preview *preview)
{
	const struct job *job = preview->job;
	char length[PROGRESS_LENGTH_MAX];

	printf("job        %s: %s\n", job->name, job->question);
	printf("seed       %" PRIu64 "%s\n", preview->plan->seed,
	       job->seed ? "" : " (chosen now; a run chooses its own)");
	printf("length     %" PRIu32 " blocks of %zu points, %" PRIu32
	       " ms each: about %s\n",
	       job->blocks, preview->plan->points, job->duration_ms,
	       progress_length(preview->estimate_ns, length));
	print_functions(preview);
	print_placement(preview);
	if (preview->placement.this_machine)
		print_hotplug(preview);
	print_points(preview);
}

static json_t *function_json(const struct lineup_member *member)
{
	const struct host_function *function = &member->function;
	struct builder object = builder_object();

	builder_set_text(&object, "name", member->name);
	builder_set_text(&object, "address", function->address);
	builder_set_text(&object, "trigger", function->trigger);
	if (function->irq && !function->msi)
		builder_set_number(&object, "irq", function->irq);
	return builder_end(&object);
}

static json_t *functions_json(const struct preview *preview)
{
	struct builder functions = builder_array();

	for (size_t i = 0; i < preview->lineup.members; i++)
		builder_append(&functions,
			       function_json(&preview->lineup.member[i]));
	return builder_end(&functions);
}

static void put_stress(struct builder *object, const struct stress *stress)
{
	if (stress->hotplug)
		builder_set_text(object, "hotplug",
				 hotplug_choice_name(stress->hotplug));
	if (stress->pressure)
		builder_set(object, "pressure", json_true());
	if (stress->counter)
		builder_set_text(object, "counter",
				 counter_read_name(stress->counter));
	if (stress->move_irq_hz)
		builder_set_number(object, "move_irq_hz", stress->move_irq_hz);
}

static json_t *point_json(const struct preview *preview, size_t index)
{
	const struct plan_point *point = &preview->plan->point[index];
	const struct job_points *section = point->section;
	struct builder object = builder_object();
	struct builder neighbours = builder_array();

	for (size_t i = 0; i < section->neighbours; i++)
		builder_append_text(
			&neighbours,
			preview->job->neighbour[section->neighbour[i]].name);
	builder_set_number(&object, "point", index);
	builder_set_text(&object, "section", section->name);
	builder_set_text(&object, "arm", arm_name(point->arm));
	builder_set_number(&object, "rate_hz", point->rate_hz);
	builder_set_number(&object, "service_ns", point->service_ns);
	if (point->mask_hz) {
		builder_set_number(&object, "guest_mask_hz", point->mask_hz);
		builder_set_text(&object, "guest_mask_order",
				 mask_order_name(point->mask_order));
	}
	put_stress(&object, &point->stress);
	builder_set(&object, "neighbours", builder_end(&neighbours));
	return builder_end(&object);
}

static json_t *points_json(const struct preview *preview)
{
	struct builder points = builder_array();

	for (size_t i = 0; i < preview->plan->points; i++)
		builder_append(&points, point_json(preview, i));
	return builder_end(&points);
}

static json_t *order_json(const struct preview *preview)
{
	struct builder order = builder_array();

	for (size_t i = 0; i < preview->plan->points; i++)
		builder_append(&order,
			       json_integer(preview->plan->step[i].point));
	return builder_end(&order);
}

static int print_json(const struct preview *preview)
{
	const struct job *job = preview->job;
	struct builder object = builder_object();

	builder_set_text(&object, "job", job->name);
	builder_set_text(&object, "question", job->question);
	builder_set_number(&object, "seed", preview->plan->seed);
	builder_set_number(&object, "blocks", job->blocks);
	builder_set_number(&object, "duration_ms", job->duration_ms);
	builder_set_number(&object, "estimate_ns", preview->estimate_ns);
	builder_set(&object, "placement",
		    placement_json(job, &preview->placement));
	builder_set(&object, "this_machine",
		    json_boolean(preview->placement.this_machine));
	if (preview->no_lineup[0])
		builder_set_text(&object, "no_functions", preview->no_lineup);
	else
		builder_set(&object, "functions", functions_json(preview));
	builder_set(&object, "points", points_json(preview));
	builder_set(&object, "first_block", order_json(preview));
	return builder_print(&object);
}

int dry_run_print(const struct job *job, const struct plan *plan, bool json)
{
	struct preview preview = {
		.job = job,
		.plan = plan,
		.estimate_ns = plan->steps * progress_guess_step_ns(job),
	};
	int err;

	err = placement_choose(job, NULL, &preview.placement);
	if (!err)
		err = choose_functions(&preview);
	if (err)
		return err;
	if (json)
		return print_json(&preview);
	print_text(&preview);
	return 0;
}
