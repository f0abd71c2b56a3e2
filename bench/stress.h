/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What runs beside the flood of a point: CPUs that come and go, memory
 * pressure, the counter model, a line that moves. Pure.
 */
#ifndef BENCH_STRESS_H
#define BENCH_STRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "counter.h"

/* Which CPUs are taken offline; never the flood's. */
enum hotplug_choice {
	HOTPLUG_CHOICE_NONE,
	HOTPLUG_CHOICE_OTHERS, /* nobody's: not the line's nor a vCPU's */
	HOTPLUG_CHOICE_IRQ, /* the one the line is routed to */
	HOTPLUG_CHOICE_GUEST, /* vCPU 0's */
	HOTPLUG_CHOICE_ANY,
	HOTPLUG_CHOICES
};

#define STRESS_LIST_MAX 32 /* as any list of a job */
#define STRESS_TEXT_MAX 96

/* One point's. All 0: nothing of it. */
struct stress {
	enum hotplug_choice hotplug;
	bool pressure;
	enum counter_read counter;
	uint32_t move_irq_hz; /* 0: the line stays */
};

/* A [points] section's; what has no value is as if it had one 0. */
struct stress_lists {
	unsigned int hotplug[STRESS_LIST_MAX]; /* enum hotplug_choice */
	size_t hotplugs;
	unsigned int pressure[STRESS_LIST_MAX]; /* 0, 1 */
	size_t pressures;
	unsigned int counter[STRESS_LIST_MAX]; /* enum counter_read */
	size_t counters;
	uint32_t move_irq_hz[STRESS_LIST_MAX];
	size_t moves;
};

/* The product's size, 1 at least, and its elements; the last list runs
 * fastest. */
size_t stress_count(const struct stress_lists *lists);
struct stress stress_at(const struct stress_lists *lists, size_t index);

/* Whether a value other than 0 is in the list. */
bool stress_has_hotplug(const struct stress_lists *lists);
bool stress_has_pressure(const struct stress_lists *lists);
bool stress_has_counter(const struct stress_lists *lists);
bool stress_has_move(const struct stress_lists *lists);

bool stress_any(const struct stress *stress);

/* "hotplug others, pressure, counter hoisted, move 1000 Hz"; "" for none. */
const char *stress_text(const struct stress *stress,
			char text[STRESS_TEXT_MAX]);

const char *hotplug_choice_name(enum hotplug_choice choice);

#endif
