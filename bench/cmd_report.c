// SPDX-License-Identifier: GPL-2.0-or-later
/* intxbench report: draw a record's figures and write its summary again. */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd.h"
#include "error.h"
#include "report_make.h"
#include "summary.h"

static const char usage[] = "usage: intxbench report [--json] [--no-plots] "
			    "RUN_DIR|RUN_DIR/run.json\n"
			    "\n"
			    "Write summary.txt and plots/ of a record again "
			    "and print the summary.\n"
			    "\n"
			    "  --json      print what was written, as JSON, "
			    "instead of the summary\n"
			    "  --no-plots  leave plots/ as it is\n"
			    "  --help      this text\n"
			    "\n"
			    "INTXBENCH_PLOTS names the directory of the "
			    "gnuplot scripts where it is\n"
			    "not the program's own.\n"
			    "\n"
			    "exit status: 0 written, whatever the record's "
			    "verdict; 2 wrong usage or\n"
			    "record; 3 cannot be written or drawn\n";

struct options {
	bool json, plots, help;
	const char *record;
};

static int parse(int argc, char **argv, struct options *options)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "no-plots", no_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	*options = (struct options){ .plots = true };
	opterr = 0;
	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == 'j')
			options->json = true;
		else if (c == 'n')
			options->plots = false;
		else if (c == 'h')
			options->help = true;
		else
			return error_set(EXIT_REQUEST, EINVAL,
					 "report: %s is not an option of it; "
					 "see intxbench report --help",
					 argv[optind - 1]);
	}
	if (options->help)
		return 0;
	if (argc - optind != 1)
		return error_set(EXIT_REQUEST, EINVAL,
				 "report: one RUN_DIR or run.json is expected, "
				 "not %d; see intxbench report --help",
				 argc - optind);
	options->record = argv[optind];
	return 0;
}

/* The run's directory, from itself or from its run.json. */
static int find_run(const char *record, char *run_dir)
{
	struct stat status;
	char *name;

	if (snprintf(run_dir, PATH_MAX, "%s", record) >= PATH_MAX)
		return error_set(EXIT_REQUEST, ENAMETOOLONG,
				 "%.80s...: the name is too long", record);
	if (stat(record, &status))
		return error_set(EXIT_REQUEST, errno, "cannot read %s: %s",
				 record, strerror(errno));
	if (S_ISDIR(status.st_mode))
		return 0;
	name = strrchr(run_dir, '/');
	if (strcmp(name ? name + 1 : run_dir, REPORT_RECORD))
		return error_set(EXIT_REQUEST, EINVAL,
				 "%s is neither a run's directory nor "
				 "its " REPORT_RECORD,
				 record);
	if (name)
		name[name == run_dir] = '\0';
	else
		strcpy(run_dir, ".");
	return 0;
}

static void print_paths(const struct report_pages *pages, const char *run_dir,
			bool plots)
{
	const struct figures *figures = &pages->figures;
	size_t i, k;

	printf("\n%s/%s\n", run_dir, REPORT_SUMMARY);
	for (i = 0; plots && i < figures->count; i++)
		for (k = 0; !figures->figure[i].skipped[0] && figure_forms[k];
		     k++)
			printf("%s/%s/%s.%s\n", run_dir, REPORT_PLOTS,
			       figures->figure[i].name, figure_forms[k]);
}

static json_t *figure_json(const struct figure *figure, const char *run_dir)
{
	json_t *files = json_array();
	size_t i;

	if (figure->skipped[0]) {
		json_decref(files);
		return json_pack("{ss ss}", "name", figure->name, "not_drawn",
				 figure->skipped);
	}
	for (i = 0; figure_forms[i]; i++)
		json_array_append_new(files,
				      json_sprintf("%s/%s/%s.%s", run_dir,
						   REPORT_PLOTS, figure->name,
						   figure_forms[i]));
	return json_pack("{ss so}", "name", figure->name, "files", files);
}

static int print_json(const struct report_pages *pages, const char *run_dir,
		      bool plots)
{
	const struct figures *figures = &pages->figures;
	json_t *drawn = json_array(), *root;
	size_t i;
	int err;

	for (i = 0; plots && i < figures->count; i++)
		json_array_append_new(drawn, figure_json(&figures->figure[i],
							 run_dir));
	root = json_pack("{ss ss so so}", "run_id", pages->report.run_id,
			 "verdict", pages->report.verdict, "summary",
			 json_sprintf("%s/%s", run_dir, REPORT_SUMMARY),
			 "figures", drawn);
	err = root ? json_dumpf(root, stdout, JSON_INDENT(2)) : -1;
	json_decref(root);
	if (err)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	putchar('\n');
	return 0;
}

static int print_result(const struct report_pages *pages, const char *run_dir,
			const struct options *options)
{
	int err = 0;

	if (options->json) {
		err = print_json(pages, run_dir, options->plots);
	} else {
		summary_write(&pages->report, &pages->scenarios,
			      &pages->figures, stdout);
		print_paths(pages, run_dir, options->plots);
	}
	if (!err && (fflush(stdout) || ferror(stdout)))
		err = error_set(EXIT_MACHINE, EIO,
				"cannot write to the standard output");
	return err;
}

int cmd_report(int argc, char **argv)
{
	struct report_pages pages;
	struct options options;
	char run_dir[PATH_MAX];
	int err = parse(argc, argv, &options);

	if (err)
		return err;
	if (options.help) {
		fputs(usage, stdout);
		return EXIT_PASS;
	}
	err = find_run(options.record, run_dir);
	if (!err)
		err = report_pages_load(run_dir, &pages);
	if (err)
		return err;
	err = report_pages_write(&pages, run_dir, options.plots);
	if (!err)
		err = print_result(&pages, run_dir, &options);
	report_pages_free(&pages);
	return err;
}
