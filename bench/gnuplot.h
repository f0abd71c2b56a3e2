/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running gnuplot: no shell, no start-up files, output checked. */
#ifndef BENCH_GNUPLOT_H
#define BENCH_GNUPLOT_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Draw script (a path) with the variables (gnuplot assignments, separated by
 * ';') and write what it prints to out; plain: as ASCII without blanks at the
 * end of lines. out's own write errors are the caller's to see. Returns 0, -errno with
 * EXIT_MACHINE: no gnuplot, or it failed, then with what it said.
 */
int gnuplot_draw(const char *script, const char *variables, bool plain,
		 FILE *out);

/* text as a gnuplot string constant that nothing in it can end; control
 * characters become '?'. */
void gnuplot_quote(const char *text, FILE *out);

#endif
