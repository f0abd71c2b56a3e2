/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A run: check the machine, take it, run all points, give it back, record. */
#ifndef BENCH_RUN_H
#define BENCH_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "job.h"
#include "plan.h"
#include "point.h"
#include "results.h"

struct run_request {
	const struct job *job;
	const struct qemu *qemu; /* attached; for guest = qemu only */
	const struct plan *plan;
	const char *results; /* the folder runs are kept in */
	bool quiet;
	const char *const *argument; /* the command line, for the record */
	size_t arguments;
	const char *const *override; /* --set */
	size_t overrides;
};

struct run_outcome {
	bool recorded; /* results.path is there */
	struct results results;
	uint64_t counts[POINT_VERDICTS];
	uint64_t not_run;
	const char *verdict; /* as in the record */
	int exit_status; /* enum exit_status */
};

/*
 * Whatever happens, the host is as before when this returns, or what is not is
 * in the journal and said. Returns 0 with the outcome where the run came to a
 * verdict or was interrupted with something to show for it; -errno with
 * error_set() otherwise. With recorded set there is a record even then: of
 * what was measured before the error.
 */
int run_execute(const struct run_request *request, struct run_outcome *outcome);

#endif
