// SPDX-License-Identifier: GPL-2.0-or-later
/* intxbench version: of the tool, and of the module where one is loaded. */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

#include "../kmod/uapi/intxbench.h"
#include "builder.h"
#include "cmd.h"
#include "error.h"
#include "sysfs.h"

#define LOADED_VERSION "/sys/module/" INTXBENCH_DRIVER "/version"

static const char usage[] =
	"usage: intxbench version [--json]\n"
	"\n"
	"The tool's version and ABI, and the version of the module if it is\n"
	"loaded. Needs no root.\n";

static int print_json(const char *module)
{
	struct builder tool = builder_object();
	struct builder object = builder_object();

	builder_set_text(&tool, "version", INTXBENCH_VERSION);
	builder_set_number(&tool, "abi", INTXBENCH_ABI);
	builder_set(&object, "tool", builder_end(&tool));
	if (module[0]) {
		struct builder loaded = builder_object();

		builder_set_text(&loaded, "version", module);
		builder_set(&object, "module", builder_end(&loaded));
	}
	return builder_print(&object);
}

int cmd_version(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	char module[64];
	bool json = false;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return EXIT_PASS;
		}
		if (option != 'j')
			return error_set(EXIT_REQUEST, EINVAL,
					 "version: unknown option %s; see "
					 "'intxbench version --help'",
					 argv[optind - 1]);
		json = true;
	}
	if (optind < argc)
		return error_set(EXIT_REQUEST, EINVAL,
				 "version takes no argument, not '%s'",
				 argv[optind]);
	sysfs_read(module, sizeof(module), LOADED_VERSION);
	if (json)
		return print_json(module);
	printf("intxbench %s, ABI %d\n", INTXBENCH_VERSION, INTXBENCH_ABI);
	printf("module    %s\n", module[0] ? module : "not loaded");
	return EXIT_PASS;
}
