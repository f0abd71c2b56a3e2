// SPDX-License-Identifier: GPL-2.0-only
/*
 * adaptive: by the line while its handler is the only one there, which needs no
 * config access; by INTx Disable as soon as it is shared. Decided anew at each
 * mask.
 *
 * A handler that joins while the line is off would be deaf until the guest's
 * ack: one of ours says that it has joined, and the line is given back at once.
 * Another driver's cannot; it waits for the ack, or for the watchdog.
 */
#include <linux/pci.h>

#include "data.h"
#include "handler.h"
#include "line.h"
#include "regs.h"

static void use(struct intxbench_handler *handler,
		enum intxbench_technique technique)
{
	if (handler->technique && handler->technique != technique)
		handler->area->data->switches++;
	handler->technique = technique;
}

/*
 * A handler that joins later has our lock to wait for before it says so; see
 * adaptive_joined().
 */
static bool is_alone(const struct intxbench_handler *handler)
{
	const struct irqaction *first = intxbench_line_first(handler->irq);

	return first && !READ_ONCE(first->next);
}

/* Whose interrupt it is, the device tells in either case. */
static bool check_and_mask(struct intxbench_handler *handler)
{
	if (!is_alone(handler)) {
		if (!pci_check_and_mask_intx(handler->pdev))
			return false;
		use(handler, INTXBENCH_TECHNIQUE_DEVICE);
		return true;
	}
	if (!intxbench_regs_pending(handler->regs))
		return false;
	intxbench_handler_line_off(handler);
	use(handler, INTXBENCH_TECHNIQUE_LINE);
	return true;
}

static irqreturn_t adaptive_interrupt(int irq, void *dev_id)
{
	struct intxbench_handler *handler = dev_id;
	u64 start_ns = intxbench_now_ns();
	bool mine;

	raw_spin_lock(&handler->lock);
	mine = intxbench_handler_ready(handler) && check_and_mask(handler);
	if (mine)
		intxbench_handler_masked(handler, start_ns);
	raw_spin_unlock(&handler->lock);

	if (!mine)
		return IRQ_NONE;
	intxbench_handler_inject(handler);
	return IRQ_HANDLED;
}

static bool adaptive_unmask(struct intxbench_handler *handler)
{
	if (!handler->line_off)
		return pci_check_and_unmask_intx(handler->pdev);
	intxbench_handler_line_on(handler);
	return true;
}

static void adaptive_joined(struct intxbench_handler *handler)
{
	if (!handler->line_off)
		return;
	intxbench_handler_give_line_back(handler);
	use(handler, INTXBENCH_TECHNIQUE_DEVICE);
}

const struct intxbench_arm_ops intxbench_arm_adaptive = {
	.name = "adaptive",
	.id = INTXBENCH_ARM_ADAPTIVE,
	.irq_flags = INTXBENCH_IRQ_FLAGS,
	.handler = adaptive_interrupt,
	.unmask = adaptive_unmask,
	.joined = adaptive_joined,
};
