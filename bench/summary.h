/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The answer of a run in 72 columns of plain text. */
#ifndef BENCH_SUMMARY_H
#define BENCH_SUMMARY_H

#include <stdio.h>

#include "figures.h"
#include "report.h"
#include "scenario.h"

/* Write errors are out's to keep: check ferror() after the last. */
void summary_write(const struct report *report,
		   const struct scenarios *scenarios,
		   const struct figures *figures, FILE *out);

#endif
