/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who is on a line, for code that runs inside one of its handlers or inside a
 * probe on one. The core walks the same list there without a lock
 * (__handle_irq_event_percpu() in kernel/irq/handle.c): an action that is taken
 * off it is freed only after no handler of the line runs any more (__free_irq()
 * in kernel/irq/manage.c, __synchronize_hardirq()), and a new one is complete
 * before it is linked.
 */
#ifndef INTXBENCH_LINE_H
#define INTXBENCH_LINE_H

#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>

/* NULL: the handler that runs was the last one, and is being freed. */
static inline const struct irqaction *intxbench_line_first(unsigned int irq)
{
	struct irq_data *data = irq_get_irq_data(irq);

	return READ_ONCE(irq_data_to_desc(data)->action);
}

static inline bool intxbench_line_has(unsigned int irq, const void *dev_id)
{
	const struct irqaction *action;

	for (action = intxbench_line_first(irq); action;
	     action = READ_ONCE(action->next))
		if (action->dev_id == dev_id)
			return true;
	return false;
}

#endif
