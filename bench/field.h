/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A JSON value and where it stands, so that a wrong record is told by file and
 * place: "run.json: points[3].functions[0].rate_hz: missing". Every failure
 * is EXIT_REQUEST, unless noted: the file is not what it was said to be.
 *
 * Fields borrow their value from the document and their parent's storage.
 */
#ifndef BENCH_FIELD_H
#define BENCH_FIELD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct field {
	json_t *value;
	const char *file;
	const struct field *parent; /* NULL: the whole document */
	const char *name; /* NULL: an array's element */
	size_t index;
};

/* The document in a file; free with json_decref(field->value). */
int field_load(const char *file, struct field *field);

/* Members of an object. -ENOENT where they are missing, -EINVAL where they
 * are not of the type. */
int field_object(const struct field *parent, const char *name,
		 struct field *field);
int field_array(const struct field *parent, const char *name,
		struct field *field);
int field_string(const struct field *parent, const char *name,
		 const char **value);
int field_count(const struct field *parent, const char *name, uint64_t *value);
int field_number(const struct field *parent, const char *name, double *value);
int field_bool(const struct field *parent, const char *name, bool *value);

/* Whether an object has a member at all. */
bool field_has(const struct field *parent, const char *name);

/* Element of an array, index below json_array_size(). */
int field_element(const struct field *array, size_t index, json_type type,
		  struct field *field);

/* Zeroed room for each element of an array, and how many there are; one at least
 * is allocated. NULL is EXIT_MACHINE: out of memory. */
void *field_room(const struct field *array, size_t bytes, size_t *count);

/* Something else is wrong with a field. Returns -EINVAL. */
int field_fail(const struct field *field, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
