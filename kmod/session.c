// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/intxbench: the calls of uapi/intxbench.h, and a session's lifetime.
 *
 * A member is torn down in one order wherever its end comes from (close of the
 * descriptor, unbinding or removal of the function): flood, watchdog,
 * observer's interest, handler, registers. Each step returns when nothing of it
 * runs.
 */
#include <linux/cpumask.h>
#include <linux/file.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "data.h"
#include "function.h"
#include "session.h"

/* Longest time ahead that a start may lie. */
#define MAX_START_AHEAD_NS	(60ULL * NSEC_PER_SEC)
#define DEFAULT_START_AHEAD_NS	(10ULL * NSEC_PER_MSEC)

static int fetch(void *arg, size_t bytes, void __user *user)
{
	u32 size;

	if (get_user(size, (u32 __user *)user))
		return -EFAULT;
	if (size < bytes)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	return copy_struct_from_user(arg, bytes, user, size);
}

static struct intxbench_member *
member_at(const struct intxbench_session *session, u32 index, int *error)
{
	*error = -ENOENT;
	if (index >= session->members)
		return NULL;
	*error = -ENODEV;
	return session->member[index]->function ? session->member[index] : NULL;
}

/* Hard irq context: the line's interrupts are nobody's. */
static void guard_trip(struct intxbench_observer *observer)
{
	struct intxbench_session *session =
		container_of(observer, struct intxbench_session, observer);
	unsigned int i;

	for (i = 0; i < session->members; i++) {
		struct intxbench_member *member = session->member[i];

		WRITE_ONCE(member->source.halted, true);
		/* Cleared before the function goes, see member_detach(). */
		if (READ_ONCE(member->observed.dev_id))
			intxbench_handler_silence(&member->handler);
		WRITE_ONCE(member->area->data->guarded, 1);
	}
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
	synchronize_irq(member->handler.irq);
	member->area->data->unseen =
		intxbench_observed_unseen(&member->observed);
	intxbench_handler_close(&member->handler);
	intxbench_regs_unmap(&member->regs);
	member->function->member = NULL;
	WRITE_ONCE(member->function, NULL);
}

static void member_free(struct intxbench_member *member)
{
	kvfree(member->source.gap_ns);
	intxbench_area_put(member->area);
	kfree(member);
}

static long info_ioctl(void __user *user)
{
	struct intxbench_info info;
	int ret = fetch(&info, sizeof(info), user);

	if (ret)
		return ret;
	if (info.flags)
		return -EINVAL;
	info.abi = INTXBENCH_ABI;
	info.nr_cpu_ids = nr_cpu_ids;
	info.arms = intxbench_arm_mask();
	info.data_bytes = intxbench_area_bytes();
	strscpy_pad(info.version, THIS_MODULE->version, sizeof(info.version));
	return copy_to_user(user, &info, sizeof(info)) ? -EFAULT : 0;
}

/* The arm asked for; sets *error where there is none. */
static const struct intxbench_arm_ops *
choose_arm(const struct intxbench_session *session,
	   const struct intxbench_add *add, int *error)
{
	const struct intxbench_arm_ops *arm;

	*error = -EINVAL;
	if (add->flags & ~INTXBENCH_ADD_ALLOW_BUSTED || add->reserved)
		return NULL;
	if (add->role == INTXBENCH_ROLE_NEIGHBOUR)
		return add->arm || add->inject_fd != -1 ||
				       add->resample_fd != -1 ?
			       NULL :
			       &intxbench_arm_neighbour;
	if (add->role != INTXBENCH_ROLE_TARGET)
		return NULL;
	arm = intxbench_arm_find(add->arm);
	if (!arm)
		return NULL;
	*error = -EPERM;
	if (arm->busted && !(add->flags & INTXBENCH_ADD_ALLOW_BUSTED))
		return NULL;
	*error = -EEXIST;
	return session->target ? NULL : arm;
}

static int check_function(const struct intxbench_session *session,
			  const struct intxbench_function *function)
{
	if (!function)
		return -ENODEV;
	if (function->member)
		return -EBUSY;
	if (!function->pdev->irq || function->pdev->irq == IRQ_NOTCONNECTED)
		return -ENXIO;
	if (!function->intx_maskable)
		return -EPROTONOSUPPORT;
	if (session->members && function->pdev->irq != session->irq)
		return -EXDEV;
	return 0;
}

/* Everything but the interrupt. */
static int member_prepare(struct intxbench_member *member,
			  struct intxbench_function *function,
			  const struct intxbench_arm_ops *arm)
{
	int ret;

	ret = intxbench_regs_map(&member->regs, function->pdev);
	if (ret)
		return ret;
	member->area = intxbench_area_alloc(member->regs.ops->tokens);
	if (!member->area) {
		intxbench_regs_unmap(&member->regs);
		return -ENOMEM;
	}
	member->observed.area = member->area;
	member->observed.regs = &member->regs;
	member->observed.dev_id = &member->handler;

	member->source.regs = &member->regs;
	member->source.area = member->area;
	member->source.observed = &member->observed;
	intxbench_source_init(&member->source);

	member->handler.arm = arm;
	member->handler.pdev = function->pdev;
	member->handler.regs = &member->regs;
	member->handler.area = member->area;
	member->handler.stamps = &member->observed.stamps;
	member->handler.irq = function->pdev->irq;
	return 0;
}

static void describe(const struct intxbench_member *member,
		     struct intxbench_add *add)
{
	const struct intxbench_trigger_ops *ops = member->regs.ops;

	add->irq = member->handler.irq;
	add->trigger = ops->id;
	add->tokens = ops->tokens;
	add->bar = ops->bar;
	add->status_offset = ops->status_offset;
	add->ack_offset = ops->ack_offset;
}

/* The member's data as a new descriptor, and all outputs to the user. */
static int publish(const struct intxbench_member *member,
		   struct intxbench_add *add, void __user *user)
{
	struct file *file;
	int fd;

	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	file = intxbench_area_file(member->area);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	describe(member, add);
	add->data_fd = fd;
	if (copy_to_user(user, add, sizeof(*add))) {
		fput(file);
		put_unused_fd(fd);
		return -EFAULT;
	}
	fd_install(fd, file);
	return 0;
}

static int member_add(struct intxbench_session *session,
		      struct intxbench_function *function,
		      const struct intxbench_arm_ops *arm,
		      struct intxbench_add *add, void __user *user)
{
	struct intxbench_member *member;
	int ret;

	member = kzalloc(sizeof(*member), GFP_KERNEL);
	if (!member)
		return -ENOMEM;
	member->session = session;
	ret = member_prepare(member, function, arm);
	if (ret)
		goto err_free;
	ret = intxbench_handler_open(&member->handler, add->inject_fd,
				     add->resample_fd);
	if (ret)
		goto err_unmap;
	add->index = session->members;
	ret = publish(member, add, user);
	if (ret)
		goto err_close;

	member->function = function;
	function->member = member;
	session->irq = member->handler.irq;
	session->member[session->members++] = member;
	if (add->role == INTXBENCH_ROLE_TARGET)
		session->target = member;
	return 0;

err_close:
	intxbench_handler_close(&member->handler);
err_unmap:
	intxbench_regs_unmap(&member->regs);
	intxbench_area_put(member->area);
err_free:
	kfree(member);
	return ret;
}

static long add_ioctl(struct intxbench_session *session, void __user *user)
{
	const struct intxbench_arm_ops *arm;
	struct intxbench_function *function;
	struct intxbench_add add;
	int ret = fetch(&add, sizeof(add), user);

	if (ret)
		return ret;
	arm = choose_arm(session, &add, &ret);
	if (!arm)
		return ret;
	if (session->phase != INTXBENCH_PHASE_SETUP)
		return -EALREADY;
	if (session->members == INTXBENCH_MAX_FUNCTIONS)
		return -ENOSPC;
	function = intxbench_function_find(add.domain, add.bus, add.devfn);
	ret = check_function(session, function);
	if (ret)
		return ret;
	return member_add(session, function, arm, &add, user);
}

#define SCHEDULE_FLAGS \
	(INTXBENCH_SCHEDULE_CLOSED | INTXBENCH_SCHEDULE_FOLLOW)

static bool gaps_ok(const u32 *gap_ns, u32 gaps, bool closed)
{
	u32 least_ns = closed ? INTXBENCH_MIN_MEAN_GAP_NS : 0;
	u64 sum_ns = 0;
	u32 i;

	for (i = 0; i < gaps; i++) {
		if (gap_ns[i] < least_ns || gap_ns[i] > INTXBENCH_MAX_GAP_NS)
			return false;
		sum_ns += gap_ns[i];
	}
	return sum_ns >= gaps * INTXBENCH_MIN_MEAN_GAP_NS;
}

static long schedule_ioctl(struct intxbench_session *session,
			   void __user *user)
{
	struct intxbench_schedule schedule;
	struct intxbench_member *member;
	u32 *gap_ns;
	int ret = fetch(&schedule, sizeof(schedule), user);

	if (ret)
		return ret;
	if (schedule.flags & ~SCHEDULE_FLAGS || schedule.reserved ||
	    !schedule.nr_gaps || schedule.nr_gaps > INTXBENCH_MAX_GAPS ||
	    schedule.phase_ns > INTXBENCH_MAX_PHASE_NS ||
	    schedule.cpu >= nr_cpu_ids || !cpu_online(schedule.cpu))
		return -EINVAL;
	if (session->phase != INTXBENCH_PHASE_SETUP)
		return -EALREADY;
	member = member_at(session, schedule.index, &ret);
	if (!member)
		return ret;
	if (schedule.flags & INTXBENCH_SCHEDULE_FOLLOW &&
	    (!session->target || session->target == member))
		return -EINVAL;

	gap_ns = vmemdup_user(u64_to_user_ptr(schedule.gaps),
			      schedule.nr_gaps * sizeof(*gap_ns));
	if (IS_ERR(gap_ns))
		return PTR_ERR(gap_ns);
	if (!gaps_ok(gap_ns, schedule.nr_gaps,
		     schedule.flags & INTXBENCH_SCHEDULE_CLOSED)) {
		kvfree(gap_ns);
		return -EINVAL;
	}
	kvfree(member->source.gap_ns);
	member->source.gap_ns = gap_ns;
	member->source.gaps = schedule.nr_gaps;
	member->source.cpu = schedule.cpu;
	member->source.phase_ns = schedule.phase_ns;
	member->source.leader = schedule.flags & INTXBENCH_SCHEDULE_FOLLOW ?
					&session->target->observed :
					NULL;
	member->source.closed = schedule.flags & INTXBENCH_SCHEDULE_CLOSED;
	return 0;
}

static int observe(struct intxbench_session *session)
{
	struct intxbench_observer *observer = &session->observer;
	unsigned int i;
	int ret;

	observer->irq = session->irq;
	observer->guard_trip = guard_trip;
	for (i = 0; i < session->members; i++)
		observer->observed[i] = &session->member[i]->observed;
	observer->count = session->members;
	ret = intxbench_observer_attach(observer);
	if (ret)
		return ret;
	for (i = 0; i < session->members; i++)
		session->member[i]->source.observing = true;
	return 0;
}

static void stop_sources(struct intxbench_session *session)
{
	unsigned int i;

	for (i = 0; i < session->members; i++)
		intxbench_source_stop(&session->member[i]->source);
}

static int start_sources(struct intxbench_session *session,
			 const struct intxbench_start *start)
{
	u64 end_ns = start->duration_ns ?
			     start->start_ns + start->duration_ns :
			     U64_MAX;
	unsigned int i;
	int ret;

	for (i = 0; i < session->members; i++) {
		ret = intxbench_source_start(&session->member[i]->source,
					     start->start_ns, end_ns);
		if (ret)
			return ret;
	}
	return 0;
}

static int check_start(const struct intxbench_session *session,
		       struct intxbench_start *start)
{
	u64 now_ns = intxbench_now_ns();
	unsigned int i;

	if (start->flags & ~INTXBENCH_START_UNOBSERVED)
		return -EINVAL;
	if (!start->watchdog_ns)
		start->watchdog_ns = INTXBENCH_DEFAULT_WATCHDOG_NS;
	if (start->watchdog_ns < INTXBENCH_MIN_WATCHDOG_NS ||
	    start->watchdog_ns > INTXBENCH_MAX_WATCHDOG_NS)
		return -EINVAL;
	if (!start->start_ns)
		start->start_ns = now_ns + DEFAULT_START_AHEAD_NS;
	if (start->start_ns < now_ns ||
	    start->start_ns > now_ns + MAX_START_AHEAD_NS ||
	    start->duration_ns > U64_MAX - start->start_ns)
		return -EINVAL;
	if (session->phase != INTXBENCH_PHASE_SETUP)
		return -EALREADY;
	if (!session->members)
		return -ENOENT;
	for (i = 0; i < session->members; i++)
		if (!session->member[i]->function)
			return -ENODEV;
	return 0;
}

/* After a failure the session is stopped: its sources may have begun. */
static long start_ioctl(struct intxbench_session *session, void __user *user)
{
	struct intxbench_start start;
	int ret = fetch(&start, sizeof(start), user);

	if (ret)
		return ret;
	ret = check_start(session, &start);
	if (ret)
		return ret;
	if (copy_to_user(user, &start, sizeof(start)))
		return -EFAULT;
	if (!(start.flags & INTXBENCH_START_UNOBSERVED)) {
		ret = observe(session);
		if (ret)
			return ret;
	}
	if (session->target)
		intxbench_watchdog_start(&session->watchdog,
					 &session->target->handler,
					 start.watchdog_ns);
	session->phase = INTXBENCH_PHASE_STARTED;
	ret = start_sources(session, &start);
	if (ret) {
		stop_sources(session);
		session->phase = INTXBENCH_PHASE_STOPPED;
	}
	return ret;
}

static long stop_ioctl(struct intxbench_session *session)
{
	if (session->phase == INTXBENCH_PHASE_SETUP)
		return -ENOENT;
	stop_sources(session);
	session->phase = INTXBENCH_PHASE_STOPPED;
	return 0;
}

static u32 state_flags(const struct intxbench_member *member)
{
	const struct intxbench_data *data = member->area->data;
	u32 flags = 0;
	u16 command;

	if (READ_ONCE(member->handler.masked))
		flags |= INTXBENCH_STATE_MASKED;
	if (READ_ONCE(member->source.running))
		flags |= INTXBENCH_STATE_FLOODING;
	if (READ_ONCE(data->guarded))
		flags |= INTXBENCH_STATE_GUARDED;
	if (READ_ONCE(data->starved))
		flags |= INTXBENCH_STATE_STARVED;
	pci_read_config_word(member->handler.pdev, PCI_COMMAND, &command);
	if (command & PCI_COMMAND_INTX_DISABLE)
		flags |= INTXBENCH_STATE_INTX_DISABLED;
	return flags;
}

static long state_ioctl(struct intxbench_session *session, void __user *user)
{
	struct intxbench_member *member;
	struct intxbench_state state;
	int ret = fetch(&state, sizeof(state), user);

	if (ret)
		return ret;
	if (state.flags)
		return -EINVAL;
	member = member_at(session, state.index, &ret);
	if (!member)
		return ret;
	state.pending = intxbench_regs_pending(&member->regs);
	state.flags = state_flags(member);
	/* A run that has served what was pending is to have counted it. */
	synchronize_hardirq(member->handler.irq);
	member->area->data->unseen =
		intxbench_observed_unseen(&member->observed);
	return copy_to_user(user, &state, sizeof(state)) ? -EFAULT : 0;
}

static long session_ioctl(struct file *file, unsigned int command,
			  unsigned long arg)
{
	struct intxbench_session *session = file->private_data;
	void __user *user = (void __user *)arg;
	long ret;

	if (mutex_lock_interruptible(&intxbench_lock))
		return -ERESTARTSYS;
	switch (command) {
	case INTXBENCH_INFO:
		ret = info_ioctl(user);
		break;
	case INTXBENCH_ADD:
		ret = add_ioctl(session, user);
		break;
	case INTXBENCH_SCHEDULE:
		ret = schedule_ioctl(session, user);
		break;
	case INTXBENCH_START:
		ret = start_ioctl(session, user);
		break;
	case INTXBENCH_STOP:
		ret = stop_ioctl(session);
		break;
	case INTXBENCH_STATE:
		ret = state_ioctl(session, user);
		break;
	default:
		ret = -ENOTTY;
	}
	mutex_unlock(&intxbench_lock);
	return ret;
}

static int session_open(struct inode *inode, struct file *file)
{
	struct intxbench_session *session;
	int ret;

	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	ret = security_locked_down(LOCKDOWN_PCI_ACCESS);
	if (ret)
		return ret;
	session = kzalloc(sizeof(*session), GFP_KERNEL);
	if (!session)
		return -ENOMEM;
	file->private_data = session;
	return stream_open(inode, file);
}

static int session_release(struct inode *inode, struct file *file)
{
	struct intxbench_session *session = file->private_data;
	unsigned int i;

	mutex_lock(&intxbench_lock);
	stop_sources(session);
	for (i = 0; i < session->members; i++)
		if (session->member[i]->function)
			intxbench_member_detach(session->member[i]);
	intxbench_observer_detach(&session->observer);
	for (i = 0; i < session->members; i++)
		member_free(session->member[i]);
	mutex_unlock(&intxbench_lock);
	kfree(session);
	return 0;
}

const struct file_operations intxbench_session_fops = {
	.owner = THIS_MODULE,
	.open = session_open,
	.release = session_release,
	.unlocked_ioctl = session_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
