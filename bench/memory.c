// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "sysfs.h"

#define BYTES_PER_KB 1024

static const struct {
	const char *name, *label;
} kinds[MEMORY_KINDS] = {
	[MEMORY_SLAB] = { "slab_unreclaimable_bytes", "\nSUnreclaim:" },
	[MEMORY_PERCPU] = { "percpu_bytes", "\nPercpu:" },
	[MEMORY_VMALLOC] = { "vmalloc_bytes", "\nVmallocUsed:" },
	[MEMORY_STACK] = { "stack_bytes", "\nKernelStack:" },
};

static uint64_t resident_bytes(void)
{
	char text[SYSFS_TEXT_MAX];
	unsigned long pages;

	if (sysfs_read(text, sizeof(text), "/proc/self/statm") < 0 ||
	    sscanf(text, "%*u %lu", &pages) != 1)
		return 0;
	return (uint64_t)pages * sysconf(_SC_PAGESIZE);
}

void memory_read(struct memory *memory)
{
	char text[SYSFS_TEXT_MAX];
	uint64_t kb;

	memset(memory, 0, sizeof(*memory));
	memory->runner_bytes = resident_bytes();
	if (sysfs_read(text, sizeof(text), "/proc/meminfo") < 0)
		return;
	for (int i = 0; i < MEMORY_KINDS; i++) {
		const char *line = strstr(text, kinds[i].label);

		if (line && sscanf(line + strlen(kinds[i].label),
				   "%" SCNu64 " kB", &kb) == 1)
			memory->kernel_bytes[i] = kb * BYTES_PER_KB;
	}
}

const char *memory_kind_name(enum memory_kind kind)
{
	return kinds[kind].name;
}
