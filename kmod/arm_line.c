// SPDX-License-Identifier: GPL-2.0-only
/*
 * line: disable_irq_nosync() in the hard handler, enable_irq() on ack. The
 * trigger's status register tells whose interrupt it is, so that the line can
 * be shared at all.
 *
 * The kernel disables lazily (kernel/irq/chip.c, irq_disable()): the line is
 * masked only when it comes again, which for a level that is still asserted is
 * at once. line-unlazy masks straight away.
 */
#include <linux/irq.h>

#include "data.h"
#include "handler.h"
#include "regs.h"

static irqreturn_t line_interrupt(int irq, void *dev_id)
{
	struct intxbench_handler *handler = dev_id;
	u64 start_ns = intxbench_now_ns();
	bool mine;

	raw_spin_lock(&handler->lock);
	/* Masked, the line is off; unless the watchdog turned it back on. */
	mine = intxbench_handler_ready(handler) &&
	       intxbench_regs_pending(handler->regs);
	if (mine) {
		intxbench_handler_line_off(handler);
		intxbench_handler_masked(handler, start_ns);
	}
	raw_spin_unlock(&handler->lock);

	if (!mine)
		return IRQ_NONE;
	intxbench_handler_inject(handler);
	return IRQ_HANDLED;
}

/* A level still asserted comes again by itself. */
static bool line_unmask(struct intxbench_handler *handler)
{
	intxbench_handler_line_on(handler);
	return true;
}

static void unlazy_setup(struct intxbench_handler *handler)
{
	irq_set_status_flags(handler->irq, IRQ_DISABLE_UNLAZY);
}

static void unlazy_teardown(struct intxbench_handler *handler)
{
	irq_clear_status_flags(handler->irq, IRQ_DISABLE_UNLAZY);
}

const struct intxbench_arm_ops intxbench_arm_line = {
	.name = "line",
	.id = INTXBENCH_ARM_LINE,
	.irq_flags = INTXBENCH_IRQ_FLAGS,
	.handler = line_interrupt,
	.unmask = line_unmask,
};

const struct intxbench_arm_ops intxbench_arm_line_unlazy = {
	.name = "line-unlazy",
	.id = INTXBENCH_ARM_LINE_UNLAZY,
	.irq_flags = INTXBENCH_IRQ_FLAGS,
	.handler = line_interrupt,
	.setup = unlazy_setup,
	.teardown = unlazy_teardown,
	.unmask = line_unmask,
};
