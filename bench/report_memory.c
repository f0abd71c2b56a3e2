// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "field.h"
#include "memory.h"
#include "report_memory.h"

static int load_runner(const struct field *root, uint64_t bytes[2])
{
	struct field runner;
	int err = field_object(root, "runner", &runner);

	if (!err)
		err = field_count(&runner, "rss_after_first_point_bytes",
				  &bytes[0]);
	if (!err)
		err = field_count(&runner, "rss_after_last_point_bytes",
				  &bytes[1]);
	return err;
}

static int load_kernel(const struct field *both, const char *name,
		       uint64_t *bytes)
{
	struct field after;
	int err = field_object(both, name, &after);

	for (int i = 0; !err && i < MEMORY_KINDS; i++) {
		uint64_t kind = 0;

		if (field_has(&after, memory_kind_name(i)))
			err = field_count(&after, memory_kind_name(i), &kind);
		*bytes += kind;
	}
	return err;
}

int report_load_memory(const struct field *root, struct report_memory *memory)
{
	struct field both;
	int err;

	memset(memory, 0, sizeof(*memory));
	err = load_runner(root, memory->runner);
	if (err || !field_has(root, "kernel_memory"))
		return err;
	err = field_object(root, "kernel_memory", &both);
	if (!err)
		err = load_kernel(&both, "after_first_point",
				  &memory->kernel[0]);
	if (!err)
		err = load_kernel(&both, "after_last_point",
				  &memory->kernel[1]);
	return err;
}
