// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>

#include "draft.h"
#include "error.h"
#include "report_make.h"
#include "summary.h"

int report_pages_load(const char *run_dir, struct report_pages *pages)
{
	char file[PATH_MAX];
	int err;

	*pages = (struct report_pages){ 0 };
	if (snprintf(file, sizeof(file), "%s/" REPORT_RECORD, run_dir) >=
	    (int)sizeof(file))
		return error_set(EXIT_REQUEST, ENAMETOOLONG,
				 "%.80s...: the name is too long", run_dir);
	err = report_load(file, &pages->report);
	if (!err)
		err = scenarios_build(&pages->report, &pages->scenarios);
	if (!err)
		err = figures_plan(&pages->scenarios, &pages->figures);
	if (err)
		report_pages_free(pages);
	return err;
}

void report_pages_free(struct report_pages *pages)
{
	figures_free(&pages->figures);
	scenarios_free(&pages->scenarios);
	report_free(&pages->report);
}

static int write_summary(const struct report_pages *pages, const char *run_dir)
{
	struct draft draft;
	int err = draft_open(run_dir, REPORT_SUMMARY, &draft);

	if (err)
		return err;
	summary_write(&pages->report, &pages->scenarios, &pages->figures,
		      draft.file);
	return draft_commit(&draft);
}

int report_pages_write(const struct report_pages *pages, const char *run_dir,
		       bool plots)
{
	int err = write_summary(pages, run_dir);

	if (!err && plots)
		err = figures_draw(&pages->report, &pages->figures, run_dir);
	return err;
}

int report_make(const char *run_dir, bool plots)
{
	struct report_pages pages;
	int err = report_pages_load(run_dir, &pages);

	if (err)
		return err;
	err = report_pages_write(&pages, run_dir, plots);
	report_pages_free(&pages);
	return err;
}

int summary_print(const char *run_dir, FILE *out)
{
	struct report_pages pages;
	int err = report_pages_load(run_dir, &pages);

	if (err)
		return err;
	summary_write(&pages.report, &pages.scenarios, &pages.figures, out);
	report_pages_free(&pages);
	if (fflush(out) || ferror(out))
		err = error_set(EXIT_MACHINE, EIO, "cannot print the summary");
	return err;
}
