/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which CPU goes next. Pure. */
#ifndef BENCH_HOTPLUG_CHOICE_H
#define BENCH_HOTPLUG_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The index of one that is online, each with the same chance, the same ones
 * after the same seed and for the same online[]; -1: none is. *state is the
 * seed at first.
 */
int hotplug_choose(uint64_t *state, const bool online[], size_t count);

#endif
