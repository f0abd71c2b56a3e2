// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "error.h"
#include "field.h"
#include "timeline.h"

#define SCHEMA "intxbench-timeline/1"

double timeline_value(const struct timeline_series *series, size_t row,
		      size_t column)
{
	return json_number_value(json_array_get(series->column[column], row));
}

/* One column; all of a series have as many numbers as the first. */
static int load_column(const struct field *parent, const char *name,
		       struct timeline_series *series, size_t column)
{
	struct field array;
	int err = field_array(parent, name, &array);
	size_t rows;

	if (err)
		return err;
	rows = json_array_size(array.value);
	if (!column)
		series->rows = rows;
	if (rows != series->rows || rows > TIMELINE_ROWS_MAX)
		return field_fail(&array,
				  "%zu rows, where %zu are expected, and %d at "
				  "most",
				  rows, series->rows, TIMELINE_ROWS_MAX);
	for (size_t i = 0; i < rows; i++)
		if (!json_is_number(json_array_get(array.value, i)))
			return field_fail(&array, "not all of it are numbers");
	series->column[column] = array.value;
	return 0;
}

static int load_series(const struct field *parent, const char *const *names,
		       struct timeline_series *series)
{
	int err = 0;

	for (size_t i = 0; !err && names[i]; i++)
		err = load_column(parent, names[i], series, i);
	return err;
}

/* Directions become numbers, as the other columns. */
static int load_directions(const struct field *parent,
			   struct timeline *timeline)
{
	struct timeline_series *series = &timeline->operations;
	struct field array;
	int err = field_array(parent, "direction", &array);

	if (err)
		return err;
	if (json_array_size(array.value) != series->rows)
		return field_fail(&array, "not as long as start_ns");
	timeline->online = json_array();
	for (size_t i = 0; i < series->rows; i++) {
		const char *text =
			json_string_value(json_array_get(array.value, i));

		if (!text)
			return field_fail(&array, "not all of it is text");
		err |= json_array_append_new(
			timeline->online,
			json_integer(strcmp(text, "online") == 0));
	}
	series->column[TIMELINE_ONLINE] = timeline->online;
	return err ? error_set(EXIT_MACHINE, ENOMEM, "out of memory") : 0;
}

static int load_operations(const struct field *root, struct timeline *timeline)
{
	static const char *const names[] = { "start_ns", "end_ns", NULL };
	struct field field;
	int err;

	if (!field_has(root, "hotplug"))
		return 0;
	err = field_object(root, "hotplug", &field);
	if (!err)
		err = load_series(&field, names, &timeline->operations);
	return err ? err : load_directions(&field, timeline);
}

static int load_pressure(const struct field *root, struct timeline *timeline)
{
	static const char *const names[] = { "time_ns", "some_us", NULL };
	struct field field;
	int err;

	if (!field_has(root, "pressure"))
		return 0;
	err = field_object(root, "pressure", &field);
	if (err || !field_has(&field, "some_us"))
		return err;
	return load_series(&field, names, &timeline->pressure);
}

static int load_function(const struct field *field,
			 struct timeline_series *series)
{
	static const char *const names[] = { "end_ns", "mean_ns", "highest_ns",
					     NULL };
	int err = field_string(field, "name", &series->name);

	return err ? err : load_series(field, names, series);
}

static int load_functions(const struct field *root, struct timeline *timeline)
{
	struct field array, element;
	int err = field_array(root, "assert_to_entry", &array);

	if (err)
		return err;
	timeline->functions = json_array_size(array.value);
	if (timeline->functions > TIMELINE_FUNCTIONS_MAX)
		return field_fail(&array, "more than %d functions",
				  TIMELINE_FUNCTIONS_MAX);
	for (size_t i = 0; !err && i < timeline->functions; i++) {
		err = field_element(&array, i, JSON_OBJECT, &element);
		if (!err)
			err = load_function(&element, &timeline->function[i]);
	}
	return err;
}

static int load_head(const struct field *root, struct timeline *timeline)
{
	const char *schema;
	int err = field_string(root, "schema", &schema);

	if (!err && strcmp(schema, SCHEMA) != 0)
		err = field_fail(root,
				 "schema \"%s\", where \"" SCHEMA
				 "\" is expected",
				 schema);
	if (!err)
		err = field_count(root, "started_ns", &timeline->started_ns);
	if (!err)
		err = field_count(root, "flooded_ns", &timeline->flooded_ns);
	return err ? err : field_count(root, "window_ns", &timeline->window_ns);
}

int timeline_load(const char *path, struct timeline *timeline)
{
	struct field root;
	int err = field_load(path, &root);

	memset(timeline, 0, sizeof(*timeline));
	timeline->operations.name = timeline->pressure.name = "";
	if (err)
		return err;
	timeline->root = root.value;
	err = load_head(&root, timeline);
	if (!err)
		err = load_operations(&root, timeline);
	if (!err)
		err = load_pressure(&root, timeline);
	if (!err)
		err = load_functions(&root, timeline);
	if (err)
		timeline_free(timeline);
	return err;
}

void timeline_free(struct timeline *timeline)
{
	json_decref(timeline->online);
	json_decref(timeline->root);
	memset(timeline, 0, sizeof(*timeline));
}
