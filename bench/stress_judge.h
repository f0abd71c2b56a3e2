/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether what ran beside a point's flood was what it was to be. */
#ifndef BENCH_STRESS_JUDGE_H
#define BENCH_STRESS_JUDGE_H

#include "point.h"

/*
 * Blame operations that failed, a CPU that is not back, cycles that are
 * missing, a sum that is not exact, reads that went backwards, moves that were
 * not taken, and whatever ended by itself. A point that passed so far and did
 * not reach its pressure is skipped: it does not say what was asked.
 */
void stress_judge(struct point_result *result, const struct job *job);

#endif
