/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A JSON object or array in the making. What fails on the way is seen at the
 * end only, so that a caller can add one thing after the other.
 */
#ifndef BENCH_BUILDER_H
#define BENCH_BUILDER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct builder {
	json_t *value;
	bool failed;
};

struct builder builder_object(void);
struct builder builder_array(void);

/* Takes the reference to value; NULL is a failure. */
void builder_set(struct builder *object, const char *key, json_t *value);
void builder_append(struct builder *array, json_t *value);

/* What is not UTF-8 in text becomes '?'. */
void builder_set_text(struct builder *object, const char *key,
		      const char *text);
void builder_set_number(struct builder *object, const char *key,
			uint64_t number);
void builder_append_text(struct builder *array, const char *text);

/* The value, for the caller to keep; NULL: no memory. Ends the builder. */
json_t *builder_end(struct builder *builder);

/* The same, printed on stdout. Returns 0, -ENOMEM with error_set(). */
int builder_print(struct builder *builder);

#endif
