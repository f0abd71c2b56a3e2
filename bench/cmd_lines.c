// SPDX-License-Identifier: GPL-2.0-or-later
/* intxbench lines: which functions share which line, and what may be taken. */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "error.h"
#include "host.h"
#include "journal.h"
#include "lines.h"

static const char usage[] =
	"usage: intxbench lines [--all] [--json] [--route]\n"
	"\n"
	"Show which PCI functions share which interrupt line, and which of them may\n"
	"be taken as target or as driven neighbour. Changes nothing and needs no root.\n"
	"\n"
	"  --all    show every function, also those that share nothing\n"
	"  --json   the same as JSON, every function in it\n"
	"  --route  enable functions that have a trigger and no driver for a moment,\n"
	"           so that the kernel routes their lines (root; put back at the end)\n"
	"  --help   this text\n"
	"\n"
	"The kernel routes the line of a function when its driver enables it. Until\n"
	"then the line is shown as not known; what the firmware left is no answer.\n"
	"INTX: on, off (INTx Disable is set), or msi (not on the line now).\n"
	"NEIGHBOUR: driven (may be taken), live (stays with its driver), or no.\n";

struct options {
	bool all, json, route;
};

static void add_note(struct lines *lines, const char *text)
{
	json_array_append_new(lines->notes, json_string(text));
}

/* The first that may be taken on the line where most may be. */
static const struct host_function *
best_target(const struct host_functions *functions)
{
	const struct host_function *first = NULL, *best = NULL, *function;
	size_t count = 0, most = 1;

	for (size_t i = 0; i < functions->count; i++) {
		function = &functions->function[i];
		if (!function->irq || !lines_may_take(function))
			continue;
		if (!first || first->irq != function->irq) {
			first = function;
			count = 0;
		}
		if (++count > most) {
			most = count;
			best = first;
		}
	}
	return best;
}

static void suggest(const struct lines *lines)
{
	const struct host_function *target = best_target(&lines->functions);

	if (!isatty(STDERR_FILENO))
		return;
	if (target)
		fprintf(stderr,
			"next, on line %d: sudo intxbench run workloads/quick.ini --set target.function=%s\n",
			target->irq, target->address);
	else if (lines_not_routed(lines))
		fprintf(stderr,
			"next, to have the lines routed: sudo intxbench lines --route\n");
}

static void note_unseen(struct lines *lines, const struct options *options)
{
	size_t count = lines_not_routed(lines);
	char text[HOST_TEXT_MAX];

	if (access("/proc/interrupts", R_OK)) {
		snprintf(
			text, sizeof(text),
			"/proc/interrupts cannot be read (%s): no handlers are shown",
			strerror(errno));
		add_note(lines, text);
	}
	if (!count)
		return;
	snprintf(text, sizeof(text),
		 "the line of %zu function%s is not routed yet%s", count,
		 count == 1 ? "" : "s",
		 options->route ? "" : "; --route has it routed (root)");
	add_note(lines, text);
}

/* One that cannot be enabled is told, and must not hide the others. */
static void route_all(struct lines *lines)
{
	const struct host_function *function;

	for (size_t i = 0; i < lines->functions.count; i++) {
		function = &lines->functions.function[i];
		if (!lines_may_take(function) || function->irq)
			continue;
		if (!host_route(function))
			continue;
		add_note(lines, error_message());
		error_clear();
	}
}

static int look(struct lines *lines, const struct options *options, FILE *out)
{
	int err;

	err = host_scan(&lines->functions);
	if (!err && options->route) {
		route_all(lines);
		host_scan_free(&lines->functions);
		err = host_scan(&lines->functions);
	}
	if (err)
		return err;
	note_unseen(lines, options);
	if (options->json)
		return lines_print_json(lines, out);
	lines_print_text(lines, options->all, out);
	return 0;
}

/* A line that nobody has enabled may be gone, so it is described before. */
static int look_routed(struct lines *lines, const struct options *options,
		       FILE *out)
{
	size_t recovered;
	int err, undo_err;

	err = journal_open(&recovered);
	if (err)
		return err;
	err = look(lines, options, out);
	undo_err = journal_undo();
	journal_close();
	return err ? err : undo_err;
}

static int parse_options(int argc, char **argv, struct options *options)
{
	static const struct option longs[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "json", no_argument, NULL, 'j' },
		{ "route", no_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (option) {
		case 'a':
			options->all = true;
			break;
		case 'j':
			options->json = true;
			break;
		case 'r':
			options->route = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return 1;
		default:
			return error_set(
				EXIT_REQUEST, EINVAL,
				"lines: '%s' is not an option of it; try: intxbench lines --help",
				argv[optind - 1]);
		}
	}
	if (optind < argc)
		return error_set(
			EXIT_REQUEST, EINVAL,
			"lines: takes no argument like '%s'; try: intxbench lines --help",
			argv[optind]);
	return 0;
}

/*
 * Nothing is written before all is put back: the reader may be slow, or go
 * away (SIGPIPE).
 */
static int show(struct lines *lines, const struct options *options)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *out;
	int err;

	out = open_memstream(&text, &bytes);
	if (!out)
		return error_set(EXIT_MACHINE, errno, "out of memory");
	err = options->route ? look_routed(lines, options, out) :
			       look(lines, options, out);
	if (fclose(out) && !err)
		err = error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	if (!err && (fwrite(text, 1, bytes, stdout) != bytes || fflush(stdout)))
		err = error_set(EXIT_MACHINE, errno,
				"cannot write the listing: %s",
				strerror(errno));
	free(text);
	return err;
}

int cmd_lines(int argc, char **argv)
{
	struct options options = { 0 };
	struct lines lines = { 0 };
	int err;

	err = parse_options(argc, argv, &options);
	if (err)
		return err < 0 ? err : EXIT_PASS;
	lines.notes = json_array();
	err = show(&lines, &options);
	if (!err)
		suggest(&lines);
	host_scan_free(&lines.functions);
	json_decref(lines.notes);
	return err ? err : EXIT_PASS;
}
