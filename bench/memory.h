/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What memory the runner and the kernel hold, so that a run can tell whether it
 * grows. Reads /proc and /sys/kernel/slab; may sleep.
 */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include <stdint.h>

/* Memory of the kernel's own that nothing takes back from it
 * (Documentation/filesystems/proc.rst, meminfo). */
enum memory_kind {
	MEMORY_SLAB_USED, /* of MEMORY_SLAB, what objects in use take: a slab
			   * stays as long as one of its objects does, and
			   * MEMORY_SLAB grows where nothing leaks */
	MEMORY_SLAB, /* SUnreclaim */
	MEMORY_PERCPU,
	MEMORY_VMALLOC, /* VmallocUsed: modules too */
	MEMORY_STACK, /* KernelStack */
	MEMORY_KINDS,
};

struct memory {
	uint64_t runner_bytes; /* resident; 0: not known */
	uint64_t kernel_bytes[MEMORY_KINDS]; /* 0: this kernel does not say */
};

/*
 * Shrinks the slab caches whose objects are counted, which takes each CPU's slabs
 * of them away (kmem_cache_shrink()): some ms to some 100 ms in which what
 * allocates is slower. Not while anything is measured.
 */
void memory_read(struct memory *memory);

/* A field's name in a record. */
const char *memory_kind_name(enum memory_kind kind);

#endif
