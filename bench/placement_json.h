/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_PLACEMENT_JSON_H
#define BENCH_PLACEMENT_JSON_H

#include <jansson.h>

#include "placement.h"

/* As in a record (results/SCHEMA.md); NULL: no memory. */
json_t *placement_json(const struct job *job,
		       const struct placement *placement);

#endif
