/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a run would do, without doing anything. Needs neither root nor the
 * module. */
#ifndef BENCH_DRY_RUN_H
#define BENCH_DRY_RUN_H

#include <stdbool.h>

#include "job.h"
#include "plan.h"

/*
 * Print points, the first block's order, functions as far as they are known,
 * placement and the estimated time on stdout. Functions that this machine does
 * not have are said, not an error; a placement it cannot do is EXIT_MACHINE.
 */
int dry_run_print(const struct job *job, const struct plan *plan, bool json);

#endif
