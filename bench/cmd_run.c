// SPDX-License-Identifier: GPL-2.0-or-later
/* intxbench run: a job from its file to its record. */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "builder.h"
#include "cmd.h"
#include "dry_run.h"
#include "error.h"
#include "job.h"
#include "plan.h"
#include "record_json.h"
#include "report_make.h"
#include "run.h"

#define OVERRIDES_MAX 64
#define SEED_TEXT_MAX 64

/* What every reader of JSON can hold, as for a job's own seed. */
#define SEED_BITS 53

static const char usage[] =
	"usage: intxbench run JOB.ini [OPTION]...\n"
	"\n"
	"Run a job: all its points in randomised blocks, and write the record to\n"
	"RESULTS/<UTC>-<job>-<host>/. Binds the job's functions to the driver\n"
	"'intxbench' and puts everything back at the end, on a signal, and after a\n"
	"crash when the next run starts (or with 'intxbench restore').\n"
	"\n"
	"  --set KEY=VALUE  set a key of the [job] section; SECTION.KEY=VALUE of any\n"
	"                   other ('points shared.rate_hz=100'); may be repeated\n"
	"  --seed N         the same as --set seed=N\n"
	"  --results DIR    where records are kept (results)\n"
	"  --dry-run        print what would be done; needs no root and no module\n"
	"  --json           print the outcome, or the plan, as JSON\n"
	"  --quiet          no progress\n"
	"  --no-report      do not draw figures or write summary.txt\n"
	"  --help           this text\n"
	"\n"
	"The first SIGINT or SIGTERM ends the flood, drains it and keeps what was\n"
	"measured; a second one ends the drain.\n"
	"\n"
	"exit status: 0 all points that were judged passed; 1 one failed; 2 the\n"
	"request or the job file is wrong; 3 the machine cannot (no root, no module,\n"
	"another ABI, no such function, no line, no space) or must not; 4 nothing was\n"
	"judged; 130 interrupted\n";

struct options {
	const char *job;
	const char *results;
	const char *override[OVERRIDES_MAX];
	size_t overrides;
	char seed[SEED_TEXT_MAX]; /* "seed=N", one of the overrides */
	bool dry_run, json, quiet, no_report, help;
	const char *const *argument; /* the command line */
	size_t arguments;
};

static int add_override(struct options *options, const char *text)
{
	if (options->overrides == OVERRIDES_MAX)
		return error_set(EXIT_REQUEST, E2BIG,
				 "run: more than %d times --set",
				 OVERRIDES_MAX);
	options->override[options->overrides++] = text;
	return 0;
}

/* job_read() knows what a seed may be. */
static int add_seed(struct options *options, const char *text)
{
	bool first = !options->seed[0];

	if (snprintf(options->seed, sizeof(options->seed), "seed=%s", text) >=
	    (int)sizeof(options->seed))
		return error_set(EXIT_REQUEST, EINVAL,
				 "run: --seed %.20s... is no number", text);
	return first ? add_override(options, options->seed) : 0;
}

static int take_option(struct options *options, int option, const char *unknown)
{
	switch (option) {
	case 's':
		return add_override(options, optarg);
	case 'S':
		return add_seed(options, optarg);
	case 'r':
		options->results = optarg;
		return 0;
	case 'd':
		options->dry_run = true;
		return 0;
	case 'j':
		options->json = true;
		return 0;
	case 'q':
		options->quiet = true;
		return 0;
	case 'n':
		options->no_report = true;
		return 0;
	case 'h':
		options->help = true;
		return 0;
	case ':':
		return error_set(EXIT_REQUEST, EINVAL, "run: %s wants a value",
				 unknown);
	default:
		return error_set(EXIT_REQUEST, EINVAL,
				 "run: unknown option %s; see 'intxbench run "
				 "--help'",
				 unknown);
	}
}

static int parse(int argc, char **argv, struct options *options)
{
	static const struct option longs[] = {
		{ "set", required_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'S' },
		{ "results", required_argument, NULL, 'r' },
		{ "dry-run", no_argument, NULL, 'd' },
		{ "json", no_argument, NULL, 'j' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "no-report", no_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option, err;

	*options = (struct options){ .results = "results" };
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", longs, NULL)) != -1) {
		err = take_option(options, option, argv[optind - 1]);
		if (err)
			return err;
	}
	if (options->help)
		return 0;
	if (argc - optind != 1)
		return error_set(EXIT_REQUEST, EINVAL,
				 "run: one job file is expected, not %d; see "
				 "'intxbench run --help'",
				 argc - optind);
	options->job = argv[optind];
	return 0;
}

static int choose_seed(const struct job *job, uint64_t *seed)
{
	*seed = job->seed;
	while (!*seed) {
		if (getrandom(seed, sizeof(*seed), 0) != sizeof(*seed))
			return error_set(EXIT_MACHINE, errno,
					 "the kernel gives no random seed: %s",
					 strerror(errno));
		*seed >>= 64 - SEED_BITS;
	}
	return 0;
}

static int print_outcome(const struct run_outcome *outcome)
{
	struct builder object = builder_object();

	builder_set_text(&object, "run_id", outcome->results.run_id);
	builder_set_text(&object, "path", outcome->results.path);
	builder_set_text(&object, "verdict", outcome->verdict);
	builder_set_number(&object, "exit_status", outcome->exit_status);
	builder_set(&object, "counts",
		    record_json_counts(outcome->counts, outcome->not_run));
	return builder_print(&object);
}

static int report(const struct options *options,
		  const struct run_outcome *outcome)
{
	const char *path = outcome->results.path;
	int err = 0;

	if (!options->no_report) {
		err = report_make(path, true);
		if (!err)
			err = results_own(&outcome->results);
		if (!err && !options->json)
			err = summary_print(path, stdout);
	}
	if (!err && options->json)
		err = print_outcome(outcome);
	else if (!options->json)
		printf("%s%s\n", options->no_report ? "" : "\n", path);
	return err;
}

/* A run that was ended by an error still shows what it has. */
static int execute(const struct options *options, const struct job *job,
		   const struct qemu *qemu, const struct plan *plan)
{
	const struct run_request request = {
		.job = job,
		.qemu = qemu,
		.plan = plan,
		.results = options->results,
		.quiet = options->quiet,
		.argument = options->argument,
		.arguments = options->arguments,
		.override = options->override,
		.overrides = options->overrides,
	};
	struct run_outcome outcome;
	int err = run_execute(&request, &outcome);

	if (outcome.recorded) {
		int failed = report(options, &outcome);

		if (!err)
			err = failed;
	}
	return err ? err : outcome.exit_status;
}

/* As it was given, for the record: getopt_long() changes argv's order. */
static const char **copy_arguments(int argc, char **argv)
{
	const char **argument = calloc(argc + 1, sizeof(*argument));

	if (!argument) {
		error_set(EXIT_MACHINE, ENOMEM, "out of memory");
		return NULL;
	}
	argument[0] = program_invocation_name;
	for (int i = 0; i < argc; i++)
		argument[i + 1] = argv[i];
	return argument;
}

static int plan_and_execute(const struct options *options,
			    const struct job *job, const struct qemu *qemu)
{
	struct plan plan;
	uint64_t seed;
	int err;

	err = choose_seed(job, &seed);
	if (err)
		return err;
	if (plan_build(job, seed, &plan))
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	if (options->dry_run)
		err = dry_run_print(job, &plan, options->json);
	else
		err = execute(options, job, qemu, &plan);
	plan_free(&plan);
	return err;
}

static int run_job(const struct options *options)
{
	struct qemu qemu;
	struct job job;
	int err = job_read(options->job, options->override, options->overrides,
			   &job);

	if (err)
		return err;
	err = guest_choice_attach(&job, &qemu);
	if (!err) {
		err = plan_and_execute(options, &job, &qemu);
		qemu_detach(&qemu);
	}
	job_free(&job);
	return err;
}

int cmd_run(int argc, char **argv)
{
	const char **argument = copy_arguments(argc, argv);
	struct options options;
	int err;

	if (!argument)
		return -ENOMEM;
	err = parse(argc, argv, &options);
	options.argument = argument;
	options.arguments = argc + 1;
	if (!err && options.help)
		fputs(usage, stdout);
	else if (!err)
		err = run_job(&options);
	free(argument);
	return err;
}
