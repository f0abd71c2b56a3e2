/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `intxbench lines` shows, and how. */
#ifndef BENCH_LINES_H
#define BENCH_LINES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "host.h"

struct lines {
	struct host_functions functions;
	json_t *notes; /* strings: what could not be seen or done */
};

/* As target or as driven neighbour. */
bool lines_may_take(const struct host_function *function);

/* "on", "off" (INTx Disable), "msi", or "-" without a pin. */
const char *lines_intx(const struct host_function *function);

/* "driven": may be taken; "live": stays with its driver; "no". */
const char *lines_neighbour(const struct host_function *function);

/* Functions that may be taken, but whose line is not known. */
size_t lines_not_routed(const struct lines *lines);

/* Without all, functions that share nothing are only counted. */
void lines_print_text(const struct lines *lines, bool all, FILE *out);

/* All functions. Returns 0, -errno with error_set(). */
int lines_print_json(const struct lines *lines, FILE *out);

#endif
