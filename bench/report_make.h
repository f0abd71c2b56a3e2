/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is made from a record: summary.txt and plots/ beside its run.json. */
#ifndef BENCH_REPORT_MAKE_H
#define BENCH_REPORT_MAKE_H

#include <stdbool.h>
#include <stdio.h>

#include "figures.h"
#include "report.h"
#include "scenario.h"

#define REPORT_RECORD "run.json"
#define REPORT_SUMMARY "summary.txt"
#define REPORT_PLOTS "plots"

struct report_pages {
	struct report report;
	struct scenarios scenarios;
	struct figures figures;
};

/* EXIT_REQUEST where the record is wrong. */
int report_pages_load(const char *run_dir, struct report_pages *pages);
void report_pages_free(struct report_pages *pages);

/*
 * Write run_dir/summary.txt, then, if asked, run_dir/plots/. What is there is
 * replaced, file by file. EXIT_MACHINE where it cannot be written or drawn.
 */
int report_pages_write(const struct report_pages *pages, const char *run_dir,
		       bool plots);

/* Both in one. */
int report_make(const char *run_dir, bool plots);

/* The text of summary.txt from run.json, whether there is a summary.txt or
 * not. -EIO with EXIT_MACHINE where out cannot be written. */
int summary_print(const char *run_dir, FILE *out);

#endif
