// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <string.h>

#include "field.h"
#include "memory.h"
#include "report_memory.h"

static const struct {
	const char *runner, *kernel;
} names[MEMORY_TIMES] = {
	[MEMORY_AFTER_FIRST] = { "rss_after_first_point_bytes",
				 "after_first_point" },
	[MEMORY_AFTER_HALF] = { "rss_after_half_points_bytes",
				"after_half_points" },
	[MEMORY_AFTER_LAST] = { "rss_after_last_point_bytes",
				"after_last_point" },
};

static int load_runner(const struct field *root, uint64_t bytes[MEMORY_TIMES])
{
	struct field runner;
	int err = field_object(root, "runner", &runner);

	for (int i = 0; !err && i < MEMORY_TIMES; i++)
		if (i != MEMORY_AFTER_HALF ||
		    field_has(&runner, names[i].runner))
			err = field_count(&runner, names[i].runner, &bytes[i]);
	return err;
}

/* Slabs with what is free in them only where what is used of them is unknown. */
static int load_kernel(const struct field *all, const char *name,
		       uint64_t *bytes)
{
	struct field after;
	int err = field_object(all, name, &after);
	bool used = !err &&
		    field_has(&after, memory_kind_name(MEMORY_SLAB_USED));

	for (int i = 0; !err && i < MEMORY_KINDS; i++) {
		uint64_t kind = 0;

		if (used && i == MEMORY_SLAB)
			continue;
		if (field_has(&after, memory_kind_name(i)))
			err = field_count(&after, memory_kind_name(i), &kind);
		*bytes += kind;
	}
	return err;
}

int report_load_memory(const struct field *root, struct report_memory *memory)
{
	struct field all;
	int err;

	memset(memory, 0, sizeof(*memory));
	err = load_runner(root, memory->runner);
	if (err || !field_has(root, "kernel_memory"))
		return err;
	err = field_object(root, "kernel_memory", &all);
	for (int i = 0; !err && i < MEMORY_TIMES; i++)
		if (i != MEMORY_AFTER_HALF || field_has(&all, names[i].kernel))
			err = load_kernel(&all, names[i].kernel,
					  &memory->kernel[i]);
	return err;
}
