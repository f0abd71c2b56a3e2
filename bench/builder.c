// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder.h"
#include "error.h"

static struct builder begin(json_t *value)
{
	return (struct builder){ .value = value, .failed = !value };
}

struct builder builder_object(void)
{
	return begin(json_object());
}

struct builder builder_array(void)
{
	return begin(json_array());
}

/* jansson takes NULL for either, and says that it failed. */
void builder_set(struct builder *object, const char *key, json_t *value)
{
	if (json_object_set_new(object->value, key, value))
		object->failed = true;
}

void builder_append(struct builder *array, json_t *value)
{
	if (json_array_append_new(array->value, value))
		array->failed = true;
}

static json_t *text_json(const char *text)
{
	json_t *string = json_string(text);
	char *copy;

	if (string)
		return string;
	copy = strdup(text);
	if (!copy)
		return NULL;
	for (char *byte = copy; *byte; byte++)
		if (*byte & 0x80)
			*byte = '?';
	string = json_string(copy);
	free(copy);
	return string;
}

void builder_set_text(struct builder *object, const char *key, const char *text)
{
	builder_set(object, key, text_json(text));
}

void builder_set_number(struct builder *object, const char *key,
			uint64_t number)
{
	builder_set(object, key, json_integer(number));
}

void builder_append_text(struct builder *array, const char *text)
{
	builder_append(array, text_json(text));
}

json_t *builder_end(struct builder *builder)
{
	json_t *value = builder->value;

	builder->value = NULL;
	if (!builder->failed)
		return value;
	json_decref(value);
	return NULL;
}

int builder_print(struct builder *builder)
{
	json_t *value = builder_end(builder);
	int failed = value ? json_dumpf(value, stdout, JSON_INDENT(2)) : -1;

	json_decref(value);
	if (failed)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	printf("\n");
	return 0;
}
