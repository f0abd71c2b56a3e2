// SPDX-License-Identifier: GPL-2.0-only
/* A driven neighbour: an ordinary host driver's handler on the shared line. */
#include "data.h"
#include "handler.h"
#include "regs.h"

static irqreturn_t neighbour_interrupt(int irq, void *dev_id)
{
	struct intxbench_handler *handler = dev_id;
	unsigned long pending = intxbench_regs_pending(handler->regs);
	unsigned int bit;

	if (!pending)
		return IRQ_NONE;

	intxbench_regs_ack(handler->regs, pending);
	for_each_set_bit(bit, &pending, INTXBENCH_MAX_TOKENS)
		handler->area->data->served[bit]++;
	/*
	 * The ack is posted; a status read takes it to the device, which drops
	 * the line before the interrupt ends and would be taken again.
	 */
	intxbench_regs_pending(handler->regs);
	return IRQ_HANDLED;
}

const struct intxbench_arm_ops intxbench_arm_neighbour = {
	.name = "neighbour",
	.irq_flags = INTXBENCH_IRQ_FLAGS,
	.handler = neighbour_interrupt,
};
