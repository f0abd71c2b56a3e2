/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What memory was held, as a record has it. */
#ifndef BENCH_REPORT_MEMORY_H
#define BENCH_REPORT_MEMORY_H

#include <stdint.h>

struct field;

/* Bytes after the first execution and after the last; 0: not recorded. */
struct report_memory {
	uint64_t runner[2];
	uint64_t kernel[2]; /* the sum of the record's */
};

int report_load_memory(const struct field *root, struct report_memory *memory);

#endif
