// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "field.h"

#define FIELD_PLACE_MAX 256

static const char *type_name(json_type type)
{
	switch (type) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
		return "an integer";
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	case JSON_NULL:
		break;
	}
	return "null";
}

/* "points[3].functions[0].rate_hz"; the document itself is "". */
static void field_place(const struct field *field, char *place)
{
	size_t length;

	place[0] = '\0';
	if (!field->parent)
		return;
	field_place(field->parent, place);
	length = strlen(place);
	if (field->name)
		snprintf(place + length, FIELD_PLACE_MAX - length, "%s%s",
			 length ? "." : "", field->name);
	else
		snprintf(place + length, FIELD_PLACE_MAX - length, "[%zu]",
			 field->index);
}

int field_fail(const struct field *field, const char *format, ...)
{
	char place[FIELD_PLACE_MAX], why[FIELD_PLACE_MAX];
	va_list args;

	field_place(field, place);
	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	return error_set(EXIT_REQUEST, EINVAL, "%s: %s%s%s", field->file, place,
			 place[0] ? ": " : "", why);
}

int field_load(const char *file, struct field *field)
{
	json_error_t error;
	FILE *in = fopen(file, "re");
	int err = -errno;

	if (!in) {
		error_set(EXIT_REQUEST, -err, "cannot read %s: %s", file,
			  strerror(-err));
		return err;
	}
	*field = (struct field){ .file = file };
	field->value = json_loadf(in, JSON_REJECT_DUPLICATES, &error);
	fclose(in);
	if (!field->value)
		return error_set(EXIT_REQUEST, EINVAL,
				 "%s: not JSON: line %d, column %d: %s", file,
				 error.line, error.column, error.text);
	if (!json_is_object(field->value)) {
		json_decref(field->value);
		return error_set(EXIT_REQUEST, EINVAL, "%s: not a JSON object",
				 file);
	}
	return 0;
}

static bool type_matches(const json_t *value, json_type type)
{
	if (type == JSON_REAL)
		return json_is_number(value);
	if (type == JSON_TRUE)
		return json_is_boolean(value);
	return json_typeof(value) == type;
}

static int field_check(struct field *field, json_type type)
{
	if (!field->value) {
		field_fail(field, "missing");
		return -ENOENT;
	}
	if (!type_matches(field->value, type))
		return field_fail(field, "%s, where %s is expected",
				  type_name(json_typeof(field->value)),
				  type_name(type));
	return 0;
}

static int field_member(const struct field *parent, const char *name,
			json_type type, struct field *field)
{
	*field = (struct field){
		.value = json_object_get(parent->value, name),
		.file = parent->file,
		.parent = parent,
		.name = name,
	};
	return field_check(field, type);
}

bool field_has(const struct field *parent, const char *name)
{
	return json_object_get(parent->value, name) != NULL;
}

int field_object(const struct field *parent, const char *name,
		 struct field *field)
{
	return field_member(parent, name, JSON_OBJECT, field);
}

int field_array(const struct field *parent, const char *name,
		struct field *field)
{
	return field_member(parent, name, JSON_ARRAY, field);
}

int field_element(const struct field *array, size_t index, json_type type,
		  struct field *field)
{
	*field = (struct field){
		.value = json_array_get(array->value, index),
		.file = array->file,
		.parent = array,
		.index = index,
	};
	return field_check(field, type);
}

int field_string(const struct field *parent, const char *name,
		 const char **value)
{
	struct field field;
	int err = field_member(parent, name, JSON_STRING, &field);

	if (!err)
		*value = json_string_value(field.value);
	return err;
}

int field_count(const struct field *parent, const char *name, uint64_t *value)
{
	struct field field;
	int err = field_member(parent, name, JSON_INTEGER, &field);

	if (err)
		return err;
	if (json_integer_value(field.value) < 0)
		return field_fail(&field, "negative");
	*value = json_integer_value(field.value);
	return 0;
}

int field_number(const struct field *parent, const char *name, double *value)
{
	struct field field;
	int err = field_member(parent, name, JSON_REAL, &field);

	if (err)
		return err;
	if (json_number_value(field.value) < 0)
		return field_fail(&field, "negative");
	*value = json_number_value(field.value);
	return 0;
}

int field_bool(const struct field *parent, const char *name, bool *value)
{
	struct field field;
	int err = field_member(parent, name, JSON_TRUE, &field);

	if (!err)
		*value = json_is_true(field.value);
	return err;
}

void *field_room(const struct field *array, size_t bytes, size_t *count)
{
	size_t n = json_array_size(array->value);
	void *memory = calloc(n ? n : 1, bytes);

	if (memory)
		*count = n;
	else
		error_set(EXIT_MACHINE, ENOMEM, "%s: out of memory",
			  array->file);
	return memory;
}
