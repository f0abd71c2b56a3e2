/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How each tool is called, and what it prints. Pure. */
#ifndef BENCH_LOAD_TOOL_H
#define BENCH_LOAD_TOOL_H

#include <stdbool.h>

#include "load.h"

#define LOAD_ARGUMENTS_MAX 20

/* What a tool has said so far. */
struct load_reading {
	struct load_result result;
	uint64_t replies, first, last; /* ping: sequence numbers that came */
};

struct load_tool {
	const char *name; /* the program's */
	const char *package; /* Debian's */
	bool early; /* it prints each value as it comes; the others print all
		     * so far when SIGUSR1 comes, and at the end */
	/* NULL-terminated; object is to live as long. */
	void (*arguments)(const char *object,
			  const char *argument[LOAD_ARGUMENTS_MAX]);
	/* A line of output as it comes: true if it is a value. */
	bool (*take_line)(struct load_reading *reading, const char *line);
	/* All of the output, at the end; -EINVAL: not understood. May be NULL. */
	int (*take_all)(struct load_reading *reading, const char *text);
};

extern const struct load_tool load_tools[LOAD_KINDS];

#endif
