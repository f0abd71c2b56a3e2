/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is worth saying of a placement. Pure. */
#ifndef BENCH_PLACEMENT_TEXT_H
#define BENCH_PLACEMENT_TEXT_H

#include "placement.h"

/* Set the note, from the seats. */
void placement_text_note(struct placement *placement);

#endif
