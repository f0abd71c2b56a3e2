/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A point's timeline (results/SCHEMA.md) as a record has it. */
#ifndef BENCH_TIMELINE_H
#define BENCH_TIMELINE_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#define TIMELINE_COLUMNS_MAX 4
#define TIMELINE_FUNCTIONS_MAX 8
#define TIMELINE_ROWS_MAX 4096

/* Columns of one length, of numbers. */
struct timeline_series {
	const char *name; /* of the function, else "" */
	size_t rows;
	const json_t *column[TIMELINE_COLUMNS_MAX];
};

enum { TIMELINE_START, TIMELINE_END, TIMELINE_ONLINE }; /* operations */
enum { TIMELINE_TIME, TIMELINE_SOME }; /* pressure; some_us */
enum { TIMELINE_WINDOW, TIMELINE_MEAN, TIMELINE_HIGHEST }; /* a function */

struct timeline {
	json_t *root;
	json_t *online; /* made of the directions: 0, 1 */
	uint64_t started_ns, flooded_ns, window_ns;
	struct timeline_series operations, pressure; /* no rows: none */
	struct timeline_series function[TIMELINE_FUNCTIONS_MAX];
	size_t functions;
};

/* EXIT_REQUEST: it is not what it should be, by file and place. */
int timeline_load(const char *path, struct timeline *timeline);
void timeline_free(struct timeline *timeline);

/* row < series->rows */
double timeline_value(const struct timeline_series *series, size_t row,
		      size_t column);

#endif
