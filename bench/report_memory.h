/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What memory was held, as a record has it. */
#ifndef BENCH_REPORT_MEMORY_H
#define BENCH_REPORT_MEMORY_H

#include <stdint.h>

struct field;

enum report_memory_when {
	MEMORY_AFTER_FIRST,
	MEMORY_AFTER_HALF,
	MEMORY_AFTER_LAST,
	MEMORY_TIMES,
};

/* Bytes after these executions; 0: not recorded. */
struct report_memory {
	uint64_t runner[MEMORY_TIMES];
	uint64_t kernel[MEMORY_TIMES]; /* in use, all kinds */
};

int report_load_memory(const struct field *root, struct report_memory *memory);

#endif
