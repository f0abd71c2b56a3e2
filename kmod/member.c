// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lifetime of a member.
 *
 * It is torn down in one order wherever its end comes from (close of the
 * descriptor, unbinding or removal of the function): flood, watchdog,
 * observer's interest, handler (a foreign one has none of ours), registers. Each
 * step returns when nothing of it runs.
 */
#include <linux/interrupt.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "data.h"
#include "foreign.h"
#include "function.h"
#include "member.h"
#include "session.h"
#include "uapi/intxbench.h"

DEFINE_MUTEX(intxbench_lock);

/*
 * All members of all sessions whose function is there. Changed under both
 * intxbench_lock and members_lock, so either is enough to read it: the
 * unbinding of a function that is no member's must not wait for a call.
 */
static LIST_HEAD(members);
static DEFINE_SPINLOCK(members_lock);

static struct intxbench_member *find_member(const struct pci_dev *pdev)
{
	struct intxbench_member *member;

	list_for_each_entry(member, &members, node)
		if (member->pdev == pdev)
			return member;
	return NULL;
}

static void enlist(struct intxbench_member *member)
{
	spin_lock(&members_lock);
	list_add_tail(&member->node, &members);
	spin_unlock(&members_lock);
}

/* To those of any session that are on its line already. */
static void announce(const struct intxbench_member *joined)
{
	struct intxbench_member *member;

	list_for_each_entry(member, &members, node)
		if (member->irq == joined->irq && !member->foreign)
			intxbench_handler_joined(&member->handler);
}

static void strike(struct intxbench_member *member)
{
	spin_lock(&members_lock);
	list_del(&member->node);
	spin_unlock(&members_lock);
}

/*
 * No handler of the line that was running, and no probe on it, runs any more.
 * RCU keeps the line's descriptor while we look at it.
 */
static void wait_for_runs(unsigned int irq)
{
	rcu_read_lock();
	synchronize_hardirq(irq);
	rcu_read_unlock();
}

u32 intxbench_member_pending(const struct intxbench_member *member)
{
	return member->regs.base ? intxbench_regs_pending(&member->regs) : 0;
}

/*
 * A live neighbour's interrupts are its own driver's once the flood has
 * stopped. A foreign target's guest does not seem to serve it: we do. Should the
 * flood's last raise come after that, the guard will be back.
 */
void intxbench_member_silence(struct intxbench_member *member)
{
	if (!member->foreign)
		intxbench_handler_silence(&member->handler);
	else if (member->observed.injects)
		intxbench_regs_ack(&member->regs, member->regs.tokens);
}

void intxbench_member_settle(struct intxbench_member *member)
{
	wait_for_runs(member->irq);
	member->area->data->unseen =
		intxbench_observed_unseen(&member->observed);
}

static int check_own(const struct pci_dev *pdev)
{
	const struct intxbench_function *function = intxbench_function(pdev);

	if (!function)
		return -ENODEV;
	if (!pdev->irq || pdev->irq == IRQ_NOTCONNECTED)
		return -ENXIO;
	return function->intx_maskable ? 0 : -EPROTONOSUPPORT;
}

/* One handler cannot be two members'. */
static bool is_watched(const struct intxbench_session *session,
		       const char *handler)
{
	unsigned int i;

	for (i = 0; i < session->members; i++)
		if (session->member[i]->pdev &&
		    !strcmp(session->member[i]->observed.name, handler))
			return true;
	return false;
}

static int check_function(const struct intxbench_session *session,
			  struct pci_dev *pdev,
			  const struct intxbench_add *add)
{
	bool foreign = add->flags & INTXBENCH_ADD_FOREIGN;
	int ret;

	if (!device_is_registered(&pdev->dev))
		return -ENODEV;
	if (find_member(pdev))
		return -EBUSY;
	ret = foreign ? intxbench_foreign_check(pdev) : check_own(pdev);
	if (ret)
		return ret;
	if (session->members && pdev->irq != session->irq)
		return -EXDEV;
	return foreign && is_watched(session, add->handler) ? -EINVAL : 0;
}

static void init_observed(struct intxbench_member *member,
			  const struct intxbench_add *add)
{
	struct intxbench_observed *observed = &member->observed;

	observed->area = member->area;
	observed->regs = &member->regs;
	observed->dev_id = &member->handler;
	if (!member->foreign)
		return;
	observed->dev_id = observed;
	observed->injects = add->role == INTXBENCH_ROLE_TARGET;
	strscpy(observed->name, add->handler, sizeof(observed->name));
}

static void init_handler(struct intxbench_member *member,
			 const struct intxbench_arm_ops *arm)
{
	member->handler.arm = arm;
	member->handler.pdev = member->pdev;
	member->handler.regs = &member->regs;
	member->handler.area = member->area;
	member->handler.stamps = &member->observed.stamps;
	member->handler.irq = member->irq;
}

static int map_regs(struct intxbench_member *member,
		    const struct intxbench_add *add)
{
	enum intxbench_foreign whose = INTXBENCH_FOREIGN_QUIET;

	if (!member->foreign)
		return intxbench_regs_map(&member->regs, member->pdev);
	if (add->role != INTXBENCH_ROLE_TARGET)
		whose = INTXBENCH_FOREIGN_LIVE;
	else if (add->flags & INTXBENCH_ADD_LIVE)
		whose = INTXBENCH_FOREIGN_LIVE_GUEST;
	return intxbench_foreign_map(&member->regs, member->pdev, whose);
}

static void unmap_regs(struct intxbench_member *member)
{
	if (member->foreign)
		intxbench_foreign_unmap(&member->regs, member->pdev);
	else
		intxbench_regs_unmap(&member->regs);
}

/* Everything but the interrupt. */
static int prepare(struct intxbench_member *member,
		   const struct intxbench_arm_ops *arm,
		   const struct intxbench_add *add)
{
	int ret;

	ret = map_regs(member, add);
	if (ret)
		return ret;
	member->area = intxbench_area_alloc(member->regs.tokens);
	if (!member->area) {
		unmap_regs(member);
		return -ENOMEM;
	}
	init_observed(member, add);
	init_handler(member, arm);
	member->source.regs = &member->regs;
	member->source.area = member->area;
	member->source.observed = &member->observed;
	intxbench_source_init(&member->source);
	return 0;
}

struct intxbench_member *
intxbench_member_new(struct intxbench_session *session, struct pci_dev *pdev,
		     const struct intxbench_arm_ops *arm,
		     const struct intxbench_add *add)
{
	struct intxbench_member *member;
	int ret;

	lockdep_assert_held(&intxbench_lock);
	ret = check_function(session, pdev, add);
	if (ret)
		return ERR_PTR(ret);
	member = kzalloc(sizeof(*member), GFP_KERNEL);
	if (!member)
		return ERR_PTR(-ENOMEM);
	member->session = session;
	member->pdev = pdev;
	member->irq = pdev->irq;
	member->foreign = !arm;
	ret = prepare(member, arm, add);
	if (ret)
		goto err_free;
	if (arm) {
		ret = intxbench_handler_open(&member->handler, add->inject_fd,
					     add->resample_fd);
		if (ret)
			goto err_unmap;
		announce(member);
	}
	pci_dev_get(pdev);
	enlist(member);
	return member;

err_unmap:
	unmap_regs(member);
	intxbench_area_put(member->area);
err_free:
	kfree(member);
	return ERR_PTR(ret);
}

void intxbench_member_detach(struct intxbench_member *member)
{
	struct intxbench_session *session = member->session;

	lockdep_assert_held(&intxbench_lock);
	intxbench_source_stop(&member->source);
	if (session->target == member) {
		intxbench_watchdog_stop(&session->watchdog);
		session->target = NULL;
	}
	WRITE_ONCE(member->observed.dev_id, NULL);
	/*
	 * A run under way may still be counting, and a guard on another
	 * member's run may still be using us.
	 */
	intxbench_member_settle(member);
	if (!member->foreign)
		intxbench_handler_close(&member->handler);
	unmap_regs(member);
	strike(member);
	pci_dev_put(member->pdev);
	member->pdev = NULL;
}

void intxbench_member_free(struct intxbench_member *member)
{
	kvfree(member->source.gap_ns);
	intxbench_area_put(member->area);
	kfree(member);
}

void intxbench_member_gone(struct pci_dev *pdev)
{
	struct intxbench_member *member;

	spin_lock(&members_lock);
	member = find_member(pdev);
	spin_unlock(&members_lock);
	if (!member)
		return;

	/* Only a close of its session can have been faster. */
	mutex_lock(&intxbench_lock);
	member = find_member(pdev);
	if (member)
		intxbench_member_detach(member);
	mutex_unlock(&intxbench_lock);
}
