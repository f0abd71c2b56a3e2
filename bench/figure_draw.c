// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "draft.h"
#include "error.h"
#include "figure_kind.h"
#include "gnuplot.h"
#include "units.h"

const char *const figure_forms[] = { "svg", "png", "txt", NULL };

static void describe_scenario(const struct figure *figure,
			      struct figure_page *page)
{
	const struct scenario *scenario = figure->scenario;
	char text[160];

	if (figure->kind->subtitle)
		snprintf(text, sizeof(text), "%s", figure->kind->subtitle);
	else if (figure->kind->together)
		snprintf(text, sizeof(text),
			 "medians over all executions of a section");
	else
		snprintf(text, sizeof(text), "[points %.64s], target at %s",
			 scenario->section, units_rate(scenario->rate_hz).text);
	figure_page_say(page, "subtitle", text);
}

static void describe_run(const struct report *report, struct figure_page *page)
{
	char text[256];

	figure_page_say(page, "run", report->run_id);
	snprintf(text, sizeof(text), "Linux %.64s, %.64s",
		 report->kernel_release, report->virtualisation);
	figure_page_say(page, "where", text);
	snprintf(text, sizeof(text), "clock %.32s, %llu block%s x %llu ms",
		 report->clock_source, (unsigned long long)report->blocks,
		 report->blocks == 1 ? "" : "s",
		 (unsigned long long)report->duration_ms);
	figure_page_say(page, "how", text);
	text[0] = '\0';
	if (report->counts[REPORT_FAIL])
		snprintf(text, sizeof(text), "%llu of %zu executions FAILED",
			 (unsigned long long)report->counts[REPORT_FAIL],
			 report->points);
	figure_page_say(page, "failed", text);
}

/* gnuplot's arrays do not grow. */
static void declare_arrays(const struct figure *figure, FILE *variables)
{
	const struct scenario *scenario = figure->scenario;
	size_t i, size = 1;

	for (i = 0; i < figure->scenarios; i++)
		size += 2 * scenario[i].functions + scenario[i].curves + 14;
	for (i = 0; figure_arrays[i]; i++)
		fprintf(variables, "array %s[%zu]; ", figure_arrays[i], size);
}

static int write_data(const struct report *report, const struct figure *figure,
		      const char *plots, struct figure_page *page)
{
	char name[FIGURE_NAME_MAX + 8];
	struct draft draft;
	int err;

	snprintf(name, sizeof(name), "%s.dat", figure->name);
	err = draft_open(plots, name, &draft);
	if (err)
		return err;
	page->data = draft.file;
	declare_arrays(figure, page->variables);
	fprintf(page->data, "# %s, from the record %s; times in ns\n",
		figure->name, report->run_id);
	figure->kind->write(figure, page);
	if (page->failed) {
		draft_discard(&draft);
		return -EINVAL;
	}
	describe_scenario(figure, page);
	describe_run(report, page);
	figure_page_say(page, "title", figure->kind->title);
	figure_page_say(page, "data", draft.path);
	fprintf(page->variables, "panels = %zu; low = %.0f; high = %.0f",
		page->panels, page->low_ns, page->high_ns);
	return draft_commit(&draft);
}

static int draw_form(const struct figure *figure, const char *scripts,
		     const char *plots, const char *variables, const char *form)
{
	char name[FIGURE_NAME_MAX + 8], script[PATH_MAX + 64];
	struct draft draft;
	int err;

	snprintf(name, sizeof(name), "%s.%s", figure->name, form);
	snprintf(script, sizeof(script), "%s/%s.gp", scripts,
		 figure->kind->name);
	err = draft_open(plots, name, &draft);
	if (!err)
		err = gnuplot_draw(script, variables, !strcmp(form, "txt"),
				   draft.file);
	if (!err)
		return draft_commit(&draft);
	draft_discard(&draft);
	return err;
}

static int out_of_memory(void)
{
	return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
}

/* One form: the scripts learn it and where they are, then all the rest. */
static int draw_with(const struct figure *figure, const char *scripts,
		     const char *plots, const char *variables, const char *form)
{
	size_t bytes = 0;
	char *all;
	FILE *out = open_memstream(&all, &bytes);
	int err;

	if (!out)
		return out_of_memory();
	fprintf(out, "form = '%s'; set loadpath ", form);
	gnuplot_quote(scripts, out);
	fprintf(out, "; %s", variables);
	if (fclose(out))
		err = out_of_memory();
	else
		err = draw_form(figure, scripts, plots, all, form);
	free(all);
	return err;
}

static int draw_figure(const struct report *report, const struct figure *figure,
		       const char *scripts, const char *plots)
{
	struct figure_page page = { 0 };
	size_t bytes = 0;
	char *variables;
	size_t i;
	int err;

	page.variables = open_memstream(&variables, &bytes);
	if (!page.variables)
		return out_of_memory();
	err = write_data(report, figure, plots, &page);
	if (fclose(page.variables) && !err)
		err = out_of_memory();
	for (i = 0; !err && figure_forms[i]; i++)
		err = draw_with(figure, scripts, plots, variables,
				figure_forms[i]);
	free(variables);
	return err;
}

static bool holds_scripts(const char *directory)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/style.gp", directory);
	return access(path, R_OK) == 0;
}

static int use_scripts_of(const char *asked, char *directory)
{
	snprintf(directory, PATH_MAX, "%s", asked);
	if (holds_scripts(directory))
		return 0;
	return error_set(EXIT_MACHINE, ENOENT,
			 "no gnuplot scripts in INTXBENCH_PLOTS=%s", asked);
}

static int find_scripts(char *directory)
{
	static const char *const places[] = { "../plots",
					      "../share/intxbench/plots" };
	char program[PATH_MAX];
	ssize_t length;
	size_t i;

	if (getenv("INTXBENCH_PLOTS"))
		return use_scripts_of(getenv("INTXBENCH_PLOTS"), directory);
	length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	program[length < 0 ? 0 : length] = '\0';
	*(strrchr(program, '/') ?: program) = '\0';
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (snprintf(directory, PATH_MAX, "%s/%s", program, places[i]) <
			    PATH_MAX &&
		    holds_scripts(directory))
			return 0;
	}
	return error_set(
		EXIT_MACHINE, ENOENT,
		"no gnuplot scripts in %s/{%s,%s}: set INTXBENCH_PLOTS to their directory",
		program, places[0], places[1]);
}

static int make_directory(const char *run_dir, char *plots)
{
	int err = 0;

	if (snprintf(plots, PATH_MAX, "%s/plots", run_dir) >= PATH_MAX)
		err = ENAMETOOLONG;
	else if (mkdir(plots, 0777) && errno != EEXIST)
		err = errno;
	if (!err)
		return 0;
	return error_set(EXIT_MACHINE, err, "cannot make %s: %s", plots,
			 strerror(err));
}

int figures_draw(const struct report *report, const struct figures *figures,
		 const char *run_dir)
{
	char scripts[PATH_MAX], plots[PATH_MAX];
	int err = find_scripts(scripts);
	size_t i;

	if (!err)
		err = make_directory(run_dir, plots);
	for (i = 0; !err && i < figures->count; i++)
		if (!figures->figure[i].skipped[0])
			err = draw_figure(report, &figures->figure[i], scripts,
					  plots);
	return err;
}
