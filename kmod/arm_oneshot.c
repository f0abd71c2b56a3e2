// SPDX-License-Identifier: GPL-2.0-only
/*
 * oneshot: what KVM did before the reference patch (virt/kvm/assigned-dev.c of
 * Linux 3.2, kvm_assigned_dev_thread()): no hard handler, an exclusive line
 * that the core keeps masked until the thread has run, and the thread disables
 * the line until the guest's ack.
 */
#include "data.h"
#include "handler.h"

static irqreturn_t oneshot_thread(int irq, void *dev_id)
{
	struct intxbench_handler *handler = dev_id;
	u64 start_ns = intxbench_now_ns();
	bool live;

	raw_spin_lock_irq(&handler->lock);
	live = intxbench_handler_ready(handler);
	if (live) {
		intxbench_handler_line_off(handler);
		intxbench_handler_masked(handler, start_ns);
	}
	raw_spin_unlock_irq(&handler->lock);

	if (live)
		intxbench_handler_inject(handler);
	return IRQ_HANDLED;
}

static bool oneshot_unmask(struct intxbench_handler *handler)
{
	intxbench_handler_line_on(handler);
	return true;
}

const struct intxbench_arm_ops intxbench_arm_oneshot = {
	.name = "oneshot",
	.id = INTXBENCH_ARM_ONESHOT,
	.irq_flags = IRQF_ONESHOT,
	.thread = oneshot_thread,
	.unmask = oneshot_unmask,
};
