/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The figures of a record: plots/NAME.{svg,png,txt}, drawn by plots/SCRIPT.gp
 * from plots/NAME.dat.
 */
#ifndef BENCH_FIGURES_H
#define BENCH_FIGURES_H

#include <stddef.h>

#include "report.h"
#include "scenario.h"

#define FIGURE_NAME_MAX 128
#define FIGURE_SKIPPED_MAX 160

struct figure_kind;

struct figure {
	const struct figure_kind *kind;
	char name[FIGURE_NAME_MAX]; /* without directory, suffix */
	char skipped[FIGURE_SKIPPED_MAX]; /* why it is not drawn, or "" */
	const struct scenario *scenario; /* the first of those shown */
	size_t scenarios;
};

struct figures {
	struct figure *figure;
	size_t count;
};

extern const char *const figure_forms[]; /* "svg", ..., NULL */

/* Which figures the record has data for. Returns 0 or -ENOMEM. */
int figures_plan(const struct scenarios *scenarios, struct figures *figures);
void figures_free(struct figures *figures);

/*
 * Draw those that are not skipped into run_dir/plots. The scripts are found
 * in $INTXBENCH_PLOTS, or beside the program: ../plots in the source tree,
 * ../share/intxbench/plots where it is installed. EXIT_MACHINE.
 */
int figures_draw(const struct report *report, const struct figures *figures,
		 const char *run_dir);

#endif
