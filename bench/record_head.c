// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/resource.h>

#include "builder.h"
#include "cmd.h"
#include "placement_json.h"
#include "record_json.h"

static json_t *texts(const char *const *text, size_t count)
{
	struct builder array = builder_array();

	for (size_t i = 0; i < count; i++)
		builder_append_text(&array, text[i]);
	return builder_end(&array);
}

static void set_utc(struct builder *object, const char *key, time_t when)
{
	char text[32];
	struct tm parts;

	gmtime_r(&when, &parts);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
	builder_set_text(object, key, text);
}

/* Readers need not ask whether the kernel said. */
static void set_known(struct builder *object, const char *key, const char *text)
{
	builder_set_text(object, key, text[0] ? text : "unknown");
}

static json_t *version(const char *text, uint64_t abi)
{
	struct builder object = builder_object();

	builder_set_text(&object, "version", text);
	builder_set_number(&object, "abi", abi);
	return builder_end(&object);
}

static json_t *host(const struct machine *machine)
{
	struct builder object = builder_object();

	set_known(&object, "hostname", machine->hostname);
	set_known(&object, "kernel_release", machine->kernel_release);
	set_known(&object, "kernel_version", machine->kernel_version);
	set_known(&object, "kernel_command_line", machine->kernel_command_line);
	set_known(&object, "machine", machine->machine);
	set_known(&object, "cpu_model", machine->cpu_model);
	builder_set_number(&object, "cpus_online", machine->cpus_online);
	set_known(&object, "topology", machine->topology);
	builder_set_number(&object, "memory_bytes", machine->memory_bytes);
	set_known(&object, "clock_source", machine->clock_source);
	set_known(&object, "virtualisation", machine->virtualisation);
	return builder_end(&object);
}

static json_t *job(const struct record_head *head)
{
	const struct job *from = head->job;
	struct builder object = builder_object();

	builder_set_text(&object, "name", from->name);
	builder_set_text(&object, "question", from->question);
	builder_set_text(&object, "path", from->path);
	builder_set_text(&object, "text", from->text);
	builder_set(&object, "overrides",
		    texts(head->override, head->overrides));
	builder_set_number(&object, "seed", head->seed);
	builder_set_number(&object, "blocks", from->blocks);
	builder_set_number(&object, "duration_ms", from->duration_ms);
	builder_set_number(&object, "drain_ms", from->drain_ms);
	builder_set_number(&object, "watchdog_ms", from->watchdog_ms);
	return builder_end(&object);
}

static json_t *line_function(const struct lineup_member *member, bool target)
{
	const struct host_function *function = &member->function;
	struct builder object = builder_object();
	char ids[16];

	snprintf(ids, sizeof(ids), "%04x:%04x", function->vendor,
		 function->device);
	builder_set_text(&object, "name", member->name);
	builder_set_text(&object, "role",
			 target       ? "target" :
			 member->live ? "live" :
					"neighbour");
	builder_set_text(&object, "address", function->address);
	builder_set_text(&object, "ids", ids);
	builder_set_text(&object, "trigger",
			 function->trigger ? function->trigger : "none");
	builder_set_text(&object, "driver_before", member->driver_before);
	return builder_end(&object);
}

static json_t *line(const struct record_head *head)
{
	const struct lineup *lineup = head->lineup;
	struct builder functions = builder_array();
	struct builder object = builder_object();

	for (size_t i = 0; i < lineup->members; i++)
		builder_append(&functions,
			       line_function(&lineup->member[i], !i));
	builder_set_number(&object, "irq", lineup->irq);
	set_known(&object, "chip", head->chip);
	builder_set_text(&object, "handlers", head->handlers);
	builder_set(&object, "functions", builder_end(&functions));
	return builder_end(&object);
}

static json_t *qemu_json(const struct qemu *qemu)
{
	struct builder object = builder_object();

	builder_set_number(&object, "pid", qemu->pid);
	builder_set_text(&object, "version", qemu->version);
	set_known(&object, "name", qemu->name);
	builder_set_number(&object, "vcpus", qemu->vcpus);
	return builder_end(&object);
}

static json_t *guest(const struct record_head *head)
{
	struct builder object = builder_object();

	builder_set_text(&object, "choice", guest_wish_name(head->job->guest));
	builder_set_text(&object, "name", head->guest->ops->name);
	builder_set_text(&object, "reason", head->guest->reason);
	if (head->guest->ops->outside)
		builder_set(&object, "qemu", qemu_json(head->qemu));
	return builder_end(&object);
}

/* getrusage() has it in KiB. */
static json_t *runner(const struct record_head *head)
{
	struct builder object = builder_object();
	struct rusage usage = { 0 };

	getrusage(RUSAGE_SELF, &usage);
	builder_set_number(&object, "peak_rss_bytes", usage.ru_maxrss * 1024);
	builder_set_number(&object, "rss_after_first_point_bytes",
			   head->after_first.runner_bytes);
	if (head->after_half.runner_bytes)
		builder_set_number(&object, "rss_after_half_points_bytes",
				   head->after_half.runner_bytes);
	builder_set_number(&object, "rss_after_last_point_bytes",
			   head->after_last.runner_bytes);
	return builder_end(&object);
}

static json_t *kernel_memory_after(const struct memory *memory)
{
	struct builder object = builder_object();

	for (int i = 0; i < MEMORY_KINDS; i++)
		if (memory->kernel_bytes[i])
			builder_set_number(&object, memory_kind_name(i),
					   memory->kernel_bytes[i]);
	return builder_end(&object);
}

static json_t *kernel_memory(const struct record_head *head)
{
	struct builder object = builder_object();

	builder_set(&object, "after_first_point",
		    kernel_memory_after(&head->after_first));
	if (head->after_half.runner_bytes)
		builder_set(&object, "after_half_points",
			    kernel_memory_after(&head->after_half));
	builder_set(&object, "after_last_point",
		    kernel_memory_after(&head->after_last));
	return builder_end(&object);
}

/* What was found wrong counts whatever ended the run. */
const char *record_verdict(const struct record_head *head,
			   const uint64_t counts[POINT_VERDICTS])
{
	if (counts[POINT_FAIL] || head->kernel.count || head->kernel.overruns)
		return "fail";
	if (head->interrupted)
		return "interrupted";
	if (head->error[0])
		return "fail";
	return counts[POINT_PASS] ? "pass" : "skip";
}

json_t *record_json_counts(const uint64_t counts[POINT_VERDICTS],
			   uint64_t not_run)
{
	struct builder object = builder_object();

	for (size_t i = 0; i < POINT_VERDICTS; i++)
		builder_set_number(&object, point_verdict_name(i), counts[i]);
	builder_set_number(&object, "not_run", not_run);
	return builder_end(&object);
}

static void set_outcome(struct builder *object, const struct record_head *head,
			const uint64_t counts[POINT_VERDICTS])
{
	builder_set_text(object, "schema", RECORD_SCHEMA);
	builder_set_text(object, "run_id", head->run_id);
	builder_set_text(object, "state",
			 head->interrupted ? "interrupted" : "complete");
	builder_set_text(object, "verdict", record_verdict(head, counts));
	builder_set_number(object, "exit_status", head->exit_status);
	if (head->error[0])
		builder_set_text(object, "error", head->error);
	builder_set(object, "counts",
		    record_json_counts(counts, head->not_run));
	builder_set(object, "restored", json_boolean(head->restored));
	set_utc(object, "started_utc", head->started_utc);
	set_utc(object, "finished_utc", head->finished_utc);
}

json_t *record_json_head(const struct record_head *head,
			 const uint64_t counts[POINT_VERDICTS])
{
	struct builder object = builder_object();

	set_outcome(&object, head, counts);
	builder_set(&object, "command_line",
		    texts(head->argument, head->arguments));
	builder_set(&object, "tool", version(INTXBENCH_VERSION, INTXBENCH_ABI));
	builder_set(&object, "module",
		    version(head->module_version, head->module_abi));
	builder_set(&object, "host", host(head->machine));
	builder_set(&object, "job", job(head));
	builder_set(&object, "line", line(head));
	builder_set(&object, "placement",
		    placement_json(head->job, head->placement));
	builder_set(&object, "guest", guest(head));
	builder_set(&object, "runner", runner(head));
	builder_set(&object, "kernel_memory", kernel_memory(head));
	record_json_kernel(&object, &head->kernel);
	return builder_end(&object);
}
