// SPDX-License-Identifier: GPL-2.0-or-later
#include "record_json.h"

static json_t *fault_json(const struct kmsg_fault *fault)
{
	struct builder object = builder_object();

	builder_set_text(&object, "kind", fault->kind);
	builder_set_text(&object, "text", fault->text);
	builder_set_number(&object, "log_us", fault->log_us);
	builder_set_number(&object, "seen_ns", fault->seen_ns);
	return builder_end(&object);
}

void record_json_kernel(struct builder *object,
			const struct kmsg_faults *faults)
{
	struct builder array = builder_array();
	size_t kept = kmsg_faults_kept(faults);

	for (size_t i = 0; i < kept; i++)
		builder_append(&array, fault_json(&faults->fault[i]));
	builder_set(object, "kernel_faults", builder_end(&array));
	builder_set_number(object, "kernel_faults_more", faults->count - kept);
	builder_set_number(object, "kernel_log_overruns", faults->overruns);
	builder_set_number(object, "kernel_log_lost", faults->lost);
}
