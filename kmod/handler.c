// SPDX-License-Identifier: GPL-2.0-only
/* What all arms share: requesting the line, telling the guest, being acked. */
#include <linux/eventfd.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "data.h"
#include "handler.h"
#include "observer.h"
#include "regs.h"
#include "trace.h"

static const struct intxbench_arm_ops *const arms[] = {
	&intxbench_arm_pci23,
	&intxbench_arm_line,
	&intxbench_arm_line_unlazy,
	&intxbench_arm_oneshot,
	&intxbench_arm_adaptive,
	&intxbench_arm_posted_v1,
	&intxbench_arm_busted_no_unmask,
	&intxbench_arm_busted_claim_all,
	&intxbench_arm_busted_no_reassert,
	&intxbench_arm_busted_deaf,
};

const struct intxbench_arm_ops *intxbench_arm_find(u32 id)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(arms); i++)
		if (arms[i]->id == id)
			return arms[i];
	return NULL;
}

u64 intxbench_arm_mask(void)
{
	unsigned int i;
	u64 mask = 0;

	for (i = 0; i < ARRAY_SIZE(arms); i++)
		mask |= BIT_ULL(arms[i]->id);
	return mask;
}

/* PCI Local Bus 3.0, 6.2.2: bit 10 of the command register. */
void intxbench_handler_intx(struct intxbench_handler *handler, bool enable)
{
	u16 old, new;

	lockdep_assert_held(&handler->lock);
	pci_read_config_word(handler->pdev, PCI_COMMAND, &old);
	new = enable ? old & ~PCI_COMMAND_INTX_DISABLE :
		       old | PCI_COMMAND_INTX_DISABLE;
	if (new != old)
		pci_write_config_word(handler->pdev, PCI_COMMAND, new);
}

void intxbench_handler_line_off(struct intxbench_handler *handler)
{
	lockdep_assert_held(&handler->lock);
	disable_irq_nosync(handler->irq);
	handler->line_off = true;
}

void intxbench_handler_line_on(struct intxbench_handler *handler)
{
	lockdep_assert_held(&handler->lock);
	handler->line_off = false;
	enable_irq(handler->irq);
}

/* The record of the injection under way; lock held. */
static struct intxbench_timeline *under_way(struct intxbench_handler *handler)
{
	return intxbench_area_timeline(handler->area,
				       handler->area->data->injected);
}

/*
 * Only one injection is under way, for a function is masked from before it
 * until after the guest's ack, so the next slot is nobody else's. Arms that
 * break this (posted-v1, some busted ones) may begin a record twice, or number
 * one that none has begun: see number_injection().
 */
static void begin_injection(struct intxbench_handler *handler, bool reassert)
{
	struct intxbench_timeline *slot =
		intxbench_area_timeline_begin(handler->area);

	if (!reassert) {
		slot->intended_ns = handler->stamps->intended_ns;
		slot->assert_ns = handler->stamps->assert_ns;
		slot->entry_ns = handler->stamps->entry_ns;
	}
	slot->masked_ns = handler->masked_ns;
}

void intxbench_handler_masked(struct intxbench_handler *handler, u64 start_ns)
{
	struct intxbench_data *data = handler->area->data;
	u64 now_ns = intxbench_now_ns();

	lockdep_assert_held(&handler->lock);
	if (handler->masked)
		data->masked_again++;
	else
		handler->masked_ns = now_ns;
	handler->masked = true;
	data->masked++;
	intxbench_area_record(handler->area, INTXBENCH_METRIC_MASK, start_ns,
			      now_ns);
	begin_injection(handler, false);
	trace_intxbench_masked(handler->pdev, now_ns);
}

/* The guest's eventfd is signalled next; lock held. */
static void number_injection(struct intxbench_handler *handler)
{
	struct intxbench_timeline *slot;
	u64 now_ns;

	now_ns = intxbench_now_ns();
	slot = intxbench_area_timeline(handler->area,
				       handler->area->data->injected + 1);
	if (slot->sequence) /* an old record: nobody began this one */
		begin_injection(handler, true);
	slot->inject_ns = now_ns;
	if (slot->entry_ns)
		intxbench_area_record(handler->area,
				      INTXBENCH_METRIC_ENTRY_INJECT,
				      slot->entry_ns, now_ns);
	intxbench_area_timeline_publish(handler->area);
	trace_intxbench_inject(handler->pdev, now_ns);
}

/* Whether the guest is to be told now; lock held. If so it must be told next. */
static bool may_inject(struct intxbench_handler *handler)
{
	if (handler->guest_masked) {
		handler->withheld = true;
		handler->area->data->withheld++;
		return false;
	}
	number_injection(handler);
	return true;
}

void intxbench_handler_inject(struct intxbench_handler *handler)
{
	unsigned long flags;
	bool tell;

	raw_spin_lock_irqsave(&handler->lock, flags);
	tell = may_inject(handler);
	raw_spin_unlock_irqrestore(&handler->lock, flags);
	if (tell)
		intxbench_eventfd_signal(handler->inject);
}

/*
 * Process context: an eventfd must not be signalled from another's wake-up.
 * A guest that acked again meanwhile may have made it unnecessary.
 */
static void reinject_work(struct work_struct *work)
{
	struct intxbench_handler *handler =
		container_of(work, struct intxbench_handler, reinject);
	bool tell;

	raw_spin_lock_irq(&handler->lock);
	tell = handler->reinjecting && !handler->closing &&
	       may_inject(handler);
	handler->reinjecting = false;
	if (tell)
		handler->area->data->reasserted++;
	raw_spin_unlock_irq(&handler->lock);
	if (tell)
		intxbench_eventfd_signal(handler->inject);
}

/* Back to device-level after the watchdog gave the line back. */
static bool unmask_starved(struct intxbench_handler *handler)
{
	if (!pci_check_and_unmask_intx(handler->pdev))
		return false;
	handler->starved = false;
	return true;
}

/* The function stays quiet; its neighbours get their line back. */
static bool unmask_silenced(struct intxbench_handler *handler)
{
	if (handler->line_off)
		intxbench_handler_line_on(handler);
	handler->starved = false;
	return true;
}

static bool make_live(struct intxbench_handler *handler)
{
	if (handler->silenced)
		return unmask_silenced(handler);
	if (handler->starved)
		return unmask_starved(handler);
	return handler->arm->unmask(handler);
}

static void reassert(struct intxbench_handler *handler)
{
	if (handler->reinjecting)
		return;
	handler->reinjecting = true;
	begin_injection(handler, true);
	trace_intxbench_reassert(handler->pdev, intxbench_now_ns());
	queue_work(system_highpri_wq, &handler->reinject);
}

/* When it was made live again; 0: it is pending, the guest is told. */
static u64 unmask(struct intxbench_handler *handler)
{
	u64 now_ns;

	if (!make_live(handler)) {
		reassert(handler);
		return 0;
	}
	now_ns = intxbench_now_ns();
	handler->masked = false;
	handler->reinjecting = false;
	handler->area->data->unmasked++;
	intxbench_area_record(handler->area, INTXBENCH_METRIC_MASKED,
			      handler->masked_ns, now_ns);
	trace_intxbench_unmasked(handler->pdev, now_ns);
	return now_ns;
}

/* The guest has served what it was told of last. */
static void ack(struct intxbench_handler *handler, u64 ack_ns)
{
	struct intxbench_timeline *slot = under_way(handler);

	/* One too many must not touch what is finished. */
	bool first = slot->sequence && !slot->ack_ns;
	u64 unmasked_ns;

	if (first)
		slot->ack_ns = ack_ns;
	if (handler->guest_masked) {
		handler->withheld = true;
		handler->area->data->acks_withheld++;
		return;
	}
	unmasked_ns = unmask(handler);
	if (first)
		slot->unmasked_ns = unmasked_ns;
	if (unmasked_ns)
		intxbench_area_record(handler->area, INTXBENCH_METRIC_UNMASK,
				      ack_ns, unmasked_ns);
}

static void acked(struct intxbench_resample *resample)
{
	struct intxbench_handler *handler =
		container_of(resample, struct intxbench_handler, resample);
	u64 ack_ns = intxbench_now_ns();
	unsigned long flags;

	raw_spin_lock_irqsave(&handler->lock, flags);
	trace_intxbench_ack(handler->pdev, ack_ns);
	handler->area->data->acks++;
	if (handler->masked && !handler->closing)
		ack(handler, ack_ns);
	else
		handler->area->data->acks_unmasked++;
	raw_spin_unlock_irqrestore(&handler->lock, flags);
}

/*
 * What the guest was told of and has not acked is left to its ack, and what a
 * handler or the work is about to tell it, to them: neither is withheld. What
 * is still pending is told at once whatever the arm: made live, the handler
 * would claim the same interrupt a second time.
 */
static void guest_unmasked(struct intxbench_handler *handler)
{
	bool withheld = handler->withheld;

	handler->withheld = false;
	if (handler->arm->guest_unmasked) {
		handler->arm->guest_unmasked(handler);
		return;
	}
	if (!withheld || !handler->masked || handler->closing)
		return;
	if (intxbench_regs_pending(handler->regs))
		reassert(handler);
	else
		unmask(handler);
}

void intxbench_handler_guest_mask(struct intxbench_handler *handler, bool mask)
{
	struct intxbench_data *data = handler->area->data;

	raw_spin_lock_irq(&handler->lock);
	if (mask && !handler->guest_masked) {
		handler->guest_masked = true;
		data->guest_masks++;
	} else if (!mask && handler->guest_masked) {
		handler->guest_masked = false;
		data->guest_unmasks++;
		guest_unmasked(handler);
	}
	raw_spin_unlock_irq(&handler->lock);
}

void intxbench_handler_silence(struct intxbench_handler *handler)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&handler->lock, flags);
	handler->silenced = true;
	intxbench_handler_intx(handler, false);
	trace_intxbench_guarded(handler->pdev, intxbench_now_ns());
	raw_spin_unlock_irqrestore(&handler->lock, flags);
}

void intxbench_handler_give_line_back(struct intxbench_handler *handler)
{
	intxbench_handler_intx(handler, false);
	intxbench_handler_line_on(handler);
}

static void starve(struct intxbench_handler *handler)
{
	intxbench_handler_give_line_back(handler);
	handler->starved = true;
	handler->area->data->starved++;
	trace_intxbench_starved(handler->pdev, intxbench_now_ns());
}

void intxbench_handler_watch(struct intxbench_handler *handler, u64 bound_ns)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&handler->lock, flags);
	if (handler->line_off && !handler->closing &&
	    /* Never a difference: the clocks of two CPUs may cross. */
	    intxbench_now_ns() > handler->masked_ns + bound_ns)
		starve(handler);
	raw_spin_unlock_irqrestore(&handler->lock, flags);
}

void intxbench_handler_joined(struct intxbench_handler *handler)
{
	if (!handler->arm->joined)
		return;
	raw_spin_lock_irq(&handler->lock);
	if (!handler->closing)
		handler->arm->joined(handler);
	raw_spin_unlock_irq(&handler->lock);
}

static int open_eventfds(struct intxbench_handler *handler, int inject_fd,
			 int resample_fd)
{
	int ret;

	handler->inject = eventfd_ctx_fdget(inject_fd);
	if (IS_ERR(handler->inject))
		return PTR_ERR(handler->inject);
	handler->resample.acked = acked;
	ret = intxbench_resample_open(&handler->resample, resample_fd);
	if (ret)
		goto err_put_inject;
	/* Or each injection would ack itself, from hard irq. */
	ret = -EINVAL;
	if (handler->inject == handler->resample.eventfd)
		goto err_close_resample;
	return 0;

err_close_resample:
	intxbench_resample_close(&handler->resample);
err_put_inject:
	eventfd_ctx_put(handler->inject);
	return ret;
}

/* No ack is handled and no work injects any more when this returns. */
static void stop_acks(struct intxbench_handler *handler)
{
	intxbench_resample_close(&handler->resample);
	cancel_work_sync(&handler->reinject);
}

static bool is_neighbour(const struct intxbench_handler *handler)
{
	return handler->arm == &intxbench_arm_neighbour;
}

int intxbench_handler_open(struct intxbench_handler *handler, int inject_fd,
			   int resample_fd)
{
	int ret;

	raw_spin_lock_init(&handler->lock);
	INIT_WORK(&handler->reinject, reinject_work);
	snprintf(handler->name, sizeof(handler->name), "intxbench(%s)",
		 pci_name(handler->pdev));

	if (!is_neighbour(handler)) {
		ret = open_eventfds(handler, inject_fd, resample_fd);
		if (ret)
			return ret;
	}
	if (handler->arm->setup)
		handler->arm->setup(handler);
	ret = request_threaded_irq(handler->irq, handler->arm->handler,
				   handler->arm->thread,
				   handler->arm->irq_flags, handler->name,
				   handler);
	if (ret)
		goto err_teardown;

	raw_spin_lock_irq(&handler->lock);
	intxbench_handler_intx(handler, true);
	raw_spin_unlock_irq(&handler->lock);
	return 0;

err_teardown:
	if (handler->arm->teardown)
		handler->arm->teardown(handler);
	if (!is_neighbour(handler)) {
		stop_acks(handler);
		eventfd_ctx_put(handler->inject);
	}
	return ret;
}

void intxbench_handler_close(struct intxbench_handler *handler)
{
	raw_spin_lock_irq(&handler->lock);
	handler->closing = true;
	intxbench_handler_intx(handler, false);
	/* Others may be on the line: leave it as enabled as we found it. */
	if (handler->line_off)
		intxbench_handler_line_on(handler);
	raw_spin_unlock_irq(&handler->lock);

	/* From here on it is neither masked nor unmasked. */
	if (!is_neighbour(handler))
		stop_acks(handler);
	/* A handler that claimed before may still be telling the guest. */
	free_irq(handler->irq, handler);
	if (handler->arm->teardown)
		handler->arm->teardown(handler);
	if (!is_neighbour(handler))
		eventfd_ctx_put(handler->inject);
}
