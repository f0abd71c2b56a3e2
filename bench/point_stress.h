/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What runs beside a point's flood: begun around it, ended before the drain. */
#ifndef BENCH_POINT_STRESS_H
#define BENCH_POINT_STRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "counter.h"
#include "hotplug.h"
#include "irq_mover.h"
#include "placement.h"
#include "plan.h"
#include "pressure.h"

struct running;

/* What runs now; NULL: not. */
struct point_stress {
	struct pressure *pressure;
	struct counter *counter;
	struct hotplug *hotplug;
	struct irq_mover *mover;
};

/* Whether all that a plan asks for can be had. EXIT_MACHINE. */
int point_stress_check(const struct job *job, const struct plan *plan,
		       const struct placement *placement);

/* Before the flood: pressure and the counter. -errno with error_set(). */
int point_stress_set_up(struct running *running);

/* The flood is on: CPUs begin to go, the line to move. -errno with
 * error_set(). */
int point_stress_begin(struct running *running);

/* Nothing of it has ended, by itself or because all cycles are done. */
bool point_stress_goes_on(const struct running *running);

/* When the flood's loop is to look again, at least; ns. */
uint64_t point_stress_look(struct running *running, uint64_t now_ns);

/* All of it, CPUs back first; harmless twice. The result has what it was. */
void point_stress_end(struct running *running);

#endif
