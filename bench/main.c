// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "error.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv); /* NULL: the name is reserved */
	const char *summary;
} commands[] = {
	{ "lines", cmd_lines, "which functions share which interrupt line" },
	{ "run", cmd_run, "run a job and write its record" },
	{ "report", cmd_report, "draw a record's summary and figures again" },
	{ "overhead", cmd_overhead, "what watching an interrupt costs" },
	{ "restore", cmd_restore, "put back what a run that died had changed" },
	{ "version", cmd_version, "of the tool and of the module" },
	{ "check", NULL, NULL },
	{ "soak", NULL, NULL },
	{ "compare", NULL, NULL },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int print_help(void)
{
	printf("usage: intxbench COMMAND [OPTION]...\n"
	       "\n"
	       "Benchmark and stress PCI functions on a shared interrupt line, "
	       "one of them\n"
	       "being given to a guest.\n"
	       "\n");
	for (size_t i = 0; i < COMMANDS; i++)
		if (commands[i].run)
			printf("  %-9s %s\n", commands[i].name,
			       commands[i].summary);
	printf("\n"
	       "'intxbench COMMAND --help' says more.\n"
	       "\n"
	       "Exit status: 0 ran, and all was well; 1 something was violated; "
	       "2 the request\n"
	       "was wrong; 3 the machine cannot or must not; 4 nothing was "
	       "judged; 130\n"
	       "interrupted.\n");
	return EXIT_PASS;
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static int dispatch(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2)
		return error_set(EXIT_REQUEST, EINVAL,
				 "no command; 'intxbench --help' lists them");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help"))
		return print_help();
	if (!strcmp(argv[1], "--version"))
		return cmd_version(1, argv);
	command = find(argv[1]);
	if (!command)
		return error_set(EXIT_REQUEST, EINVAL,
				 "there is no command '%s'; 'intxbench --help' "
				 "lists them",
				 argv[1]);
	if (!command->run)
		return error_set(EXIT_REQUEST, ENOSYS,
				 "'%s' is not in this version (%s)",
				 command->name, INTXBENCH_VERSION);
	return command->run(argc - 1, argv + 1);
}

/* Output that did not arrive is no success. */
static int flush_output(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	return error_set(EXIT_MACHINE, errno, "cannot write the output: %s",
			 strerror(errno));
}

int main(int argc, char **argv)
{
	int status;

	/* Ignored, it would come from who started us, and children's ends be
	 * nobody's to wait for. */
	signal(SIGCHLD, SIG_DFL);
	status = dispatch(argc, argv);

	if (status >= 0)
		status = flush_output(status);
	if (status >= 0)
		return status;
	fprintf(stderr, "intxbench: %s\n", error_message());
	return error_status();
}
