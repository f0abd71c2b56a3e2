// SPDX-License-Identifier: GPL-2.0-or-later
/* intxbench restore: put back what a run that died has left changed. */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

#include "cmd.h"
#include "error.h"
#include "journal.h"

static const char usage[] =
	"usage: intxbench restore [--json]\n"
	"\n"
	"Put back what a run that died has left changed: driver bindings, overrides,\n"
	"kernel modules, interrupt affinity, CPUs taken offline, control groups. A run\n"
	"does so by itself at its end and before it starts; this is for when no other\n"
	"run is to follow. Needs root.\n"
	"\n"
	"  --json   the result as JSON\n"
	"  --help   this text\n";

static int parse_options(int argc, char **argv, bool *json)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (option) {
		case 'j':
			*json = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return 1;
		default:
			return error_set(
				EXIT_REQUEST, EINVAL,
				"restore: '%s' is not an option of it; try: intxbench restore --help",
				argv[optind - 1]);
		}
	}
	if (optind < argc)
		return error_set(
			EXIT_REQUEST, EINVAL,
			"restore: takes no argument like '%s'; try: intxbench restore --help",
			argv[optind]);
	return 0;
}

int cmd_restore(int argc, char **argv)
{
	size_t restored;
	bool json = false;
	int err;

	err = parse_options(argc, argv, &json);
	if (err)
		return err < 0 ? err : EXIT_PASS;
	/* Whoever takes the machine undoes what the last one left. */
	err = journal_open(&restored);
	if (err)
		return err;
	journal_close();
	if (json)
		printf("{\"schema\": \"intxbench-restore/1\", \"restored\": %zu}\n",
		       restored);
	else if (restored)
		printf("put back: %zu change%s\n", restored,
		       restored == 1 ? "" : "s");
	else
		printf("nothing to put back\n");
	return EXIT_PASS;
}
