/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a control group's files say. Pure, but for pressure_read_*(). */
#ifndef BENCH_PRESSURE_TEXT_H
#define BENCH_PRESSURE_TEXT_H

#include "pressure.h"

/* memory.events; a key that is not there is 0. */
void pressure_parse_events(const char *text, struct pressure_events *events);

/* memory.pressure, its totals in us. Returns 0, -EINVAL: not understood. */
int pressure_parse_psi(const char *text, uint64_t *some_us, uint64_t *full_us);

/* The group's, now. Return 0 or -errno; no PSI is -ENOENT or -EOPNOTSUPP. */
int pressure_read_events(const char *group, struct pressure_events *events);
int pressure_read_psi(const char *group, uint64_t *some_us, uint64_t *full_us);

#endif
