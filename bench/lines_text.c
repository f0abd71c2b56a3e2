// SPDX-License-Identifier: GPL-2.0-or-later
#include <pci/header.h>

#include "lines.h"

bool lines_may_take(const struct host_function *function)
{
	return !function->refusal[0];
}

const char *lines_intx(const struct host_function *function)
{
	if (!function->pin)
		return "-";
	if (function->msi)
		return "msi";
	return function->command & PCI_COMMAND_DISABLE_INTx ? "off" : "on";
}

const char *lines_neighbour(const struct host_function *function)
{
	if (lines_may_take(function))
		return "driven";
	if (function->pin && !function->msi && function->driver[0])
		return "live";
	return "no";
}

size_t lines_not_routed(const struct lines *lines)
{
	const struct host_function *function;
	size_t count = 0;

	for (size_t i = 0; i < lines->functions.count; i++) {
		function = &lines->functions.function[i];
		count += lines_may_take(function) && !function->irq &&
			 !function->msi && !function->driver[0];
	}
	return count;
}

#define COLUMNS "  %-12s  %-9s  %-3s  %-4s  %-7s  %-9s  %s\n"

static void print_function(const struct host_function *function, FILE *out)
{
	char ids[16], pin[2] = "-";

	snprintf(ids, sizeof(ids), "%04x:%04x", function->vendor,
		 function->device);
	if (function->pin)
		pin[0] = 'A' + function->pin - 1;
	fprintf(out, COLUMNS, function->address, ids, pin, lines_intx(function),
		function->trigger ? function->trigger : "-",
		lines_neighbour(function),
		function->driver[0] ? function->driver : "none");
	fprintf(out, "%16s%.63s\n", "", function->name);
	if (function->line_note[0])
		fprintf(out, "%16sline: %s\n", "", function->line_note);
	if (lines_may_take(function))
		fprintf(out, "%16starget: yes\n", "");
	else
		fprintf(out, "%16starget: no: %s\n", "", function->refusal);
}

static void print_line(int irq, FILE *out)
{
	char chip[64], type[32], handlers[512];
	int err;

	host_line_chip(irq, chip, sizeof(chip));
	host_line_type(irq, type, sizeof(type));
	err = host_line_text(irq, handlers, sizeof(handlers));
	fprintf(out, "line %d", irq);
	if (chip[0])
		fprintf(out, ", %s", chip);
	if (type[0])
		fprintf(out, ", %s", type);
	if (err)
		fprintf(out, "; handlers: not readable\n");
	else
		fprintf(out, "; handlers: %s\n",
			handlers[0] ? handlers : "none");
}

static void print_heading(int irq, FILE *out)
{
	if (irq)
		print_line(irq, out);
	else
		fprintf(out, "no line, or not known\n");
	fprintf(out, COLUMNS, "FUNCTION", "IDS", "PIN", "INTX", "TRIGGER",
		"NEIGHBOUR", "DRIVER");
}

/* Of interest: what may be taken, and who shares a line with another. */
static bool is_shown(const struct host_functions *functions, size_t index)
{
	const struct host_function *function = &functions->function[index];
	size_t sharers = 0;
	bool taken = lines_may_take(function);

	if (taken)
		return true;
	if (!function->irq || function->msi)
		return false;
	for (size_t i = 0; i < functions->count; i++) {
		if (functions->function[i].irq != function->irq)
			continue;
		sharers += !functions->function[i].msi;
		taken |= lines_may_take(&functions->function[i]);
	}
	return taken || sharers > 1;
}

void lines_print_text(const struct lines *lines, bool all, FILE *out)
{
	const struct host_functions *functions = &lines->functions;
	size_t hidden = 0;
	const char *heading = "";
	int irq = -1;

	for (size_t i = 0; i < functions->count; i++) {
		if (!all && !is_shown(functions, i)) {
			hidden++;
			continue;
		}
		if (functions->function[i].irq != irq) {
			irq = functions->function[i].irq;
			fputs(heading, out);
			print_heading(irq, out);
			heading = "\n";
		}
		print_function(&functions->function[i], out);
	}
	if (!*heading)
		fprintf(out,
			"no function here shares a line or may be taken\n");
	if (hidden)
		fprintf(out,
			"\n%zu not shown, sharing no line now or having none: --all shows them\n",
			hidden);
	for (size_t i = 0; i < json_array_size(lines->notes); i++)
		fprintf(out, "note: %s\n",
			json_string_value(json_array_get(lines->notes, i)));
}
