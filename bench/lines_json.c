// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <pci/header.h>

#include "error.h"
#include "lines.h"

/* Null also for what is no UTF-8: names come from devices and drivers. */
static json_t *string_or_null(const char *text)
{
	json_t *string = text && text[0] ? json_string(text) : NULL;

	return string ? string : json_null();
}

static json_t *function_json(const struct host_function *function)
{
	char ids[16], pin[2] = "";

	snprintf(ids, sizeof(ids), "%04x:%04x", function->vendor,
		 function->device);
	if (function->pin)
		pin[0] = 'A' + function->pin - 1;
	return json_pack(
		"{s:s, s:s, s:o, s:o, s:o, s:b, s:b, s:b, s:o, s:b, s:o, s:s, s:b, s:o}",
		"address", function->address, "ids", ids, "name",
		string_or_null(function->name), "driver",
		string_or_null(function->driver), "pin", string_or_null(pin),
		"enabled", function->enabled, "msi", function->msi,
		"intx_disabled",
		!!(function->command & PCI_COMMAND_DISABLE_INTx), "trigger",
		string_or_null(function->trigger), "target",
		lines_may_take(function), "refusal",
		string_or_null(function->refusal), "neighbour",
		lines_neighbour(function), "live", function->live, "line_note",
		string_or_null(function->line_note));
}

/* The functions from *index on that are on the same line. */
static json_t *group_json(const struct lines *lines, size_t *index)
{
	const struct host_functions *functions = &lines->functions;
	const struct host_function *function = &functions->function[*index];
	int irq = function->irq;
	json_t *array = json_array();

	for (; *index < functions->count && function->irq == irq;
	     ++*index, function++)
		json_array_append_new(array, function_json(function));
	return array;
}

static json_t *line_json(const struct lines *lines, size_t *index)
{
	char chip[64], type[32], handlers[512];
	int irq = lines->functions.function[*index].irq;

	host_line_chip(irq, chip, sizeof(chip));
	host_line_type(irq, type, sizeof(type));
	host_line_text(irq, handlers, sizeof(handlers));
	return json_pack("{s:i, s:o, s:o, s:o, s:o}", "irq", irq, "chip",
			 string_or_null(chip), "type", string_or_null(type),
			 "handlers", string_or_null(handlers), "functions",
			 group_json(lines, index));
}

int lines_print_json(const struct lines *lines, FILE *out)
{
	json_t *array = json_array(), *rest = json_array(), *root;
	size_t index = 0;
	int err;

	while (index < lines->functions.count) {
		if (lines->functions.function[index].irq) {
			json_array_append_new(array, line_json(lines, &index));
			continue;
		}
		json_decref(rest);
		rest = group_json(lines, &index);
	}
	root = json_pack("{s:s, s:o, s:o, s:O}", "schema", "intxbench-lines/1",
			 "lines", array, "without_line", rest, "notes",
			 lines->notes);
	if (!root)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	err = json_dumpf(root, out, JSON_INDENT(2));
	json_decref(root);
	if (err)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	fputc('\n', out);
	return 0;
}
