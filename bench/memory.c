// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "sysfs.h"

#define BYTES_PER_KB 1024
#define CACHES "/sys/kernel/slab"

static const struct {
	const char *name, *label;
} kinds[MEMORY_KINDS] = {
	[MEMORY_SLAB_USED] = { "slab_used_bytes", NULL },
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

/* Of a cache's file: "1234 N0=1200 N1=34" (Documentation/ABI/testing/
 * sysfs-kernel-slab). */
static int cache_number(const char *cache, const char *file, uint64_t *number)
{
	char text[SYSFS_TEXT_MAX];
	int err;

	err = sysfs_read(text, sizeof(text), CACHES "/%s/%s", cache, file);
	if (err < 0)
		return err;
	return sscanf(text, "%" SCNu64, number) == 1 ? 0 : -EINVAL;
}

/*
 * Objects that a CPU has at hand for the next allocation count as in use, until
 * the cache is shrunk.
 */
static int add_cache(const char *cache, uint64_t *bytes)
{
	uint64_t reclaimable, objects, size;
	int err;

	err = cache_number(cache, "reclaim_account", &reclaimable);
	if (err || reclaimable)
		return err;
	err = sysfs_write("1", CACHES "/%s/shrink", cache);
	if (!err)
		err = cache_number(cache, "objects", &objects);
	if (!err)
		err = cache_number(cache, "slab_size", &size);
	if (!err)
		*bytes += objects * size;
	return err;
}

/* A cache that others were merged with has their names as links to it. */
static int visit_cache(const char *name, void *context)
{
	char target[NAME_MAX + 1];
	int err;

	if (sysfs_link_name(target, sizeof(target), CACHES "/%s", name) >= 0)
		return 0;
	err = add_cache(name, context);
	return err == -ENOENT || err == -ENODEV ? 0 : err;
}

/* 0: this kernel does not say, or not to us. */
static uint64_t slab_used_bytes(void)
{
	char folder[PATH_MAX];
	uint64_t bytes = 0;

	if (sysfs_path(folder, sizeof(folder), CACHES) ||
	    sysfs_each(folder, visit_cache, &bytes))
		return 0;
	return bytes;
}

static void read_meminfo(uint64_t bytes[MEMORY_KINDS])
{
	char text[SYSFS_TEXT_MAX];
	uint64_t kb;

	if (sysfs_read(text, sizeof(text), "/proc/meminfo") < 0)
		return;
	for (int i = 0; i < MEMORY_KINDS; i++) {
		const char *label = kinds[i].label;
		const char *line = label ? strstr(text, label) : NULL;

		if (line &&
		    sscanf(line + strlen(label), "%" SCNu64 " kB", &kb) == 1)
			bytes[i] = kb * BYTES_PER_KB;
	}
}

void memory_read(struct memory *memory)
{
	memset(memory, 0, sizeof(*memory));
	memory->runner_bytes = resident_bytes();
	memory->kernel_bytes[MEMORY_SLAB_USED] = slab_used_bytes();
	read_meminfo(memory->kernel_bytes);
}

const char *memory_kind_name(enum memory_kind kind)
{
	return kinds[kind].name;
}
