// SPDX-License-Identifier: GPL-2.0-only
/* /dev/intxbench: the calls of uapi/intxbench.h, and a session's lifetime. */
#include <linux/cpumask.h>
#include <linux/device.h>
#include <linux/file.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "counter.h"
#include "data.h"
#include "member.h"
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
	return session->member[index]->pdev ? session->member[index] : NULL;
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
		/* Cleared before the function goes, see intxbench_member_detach(). */
		if (READ_ONCE(member->observed.dev_id))
			intxbench_member_silence(member);
		WRITE_ONCE(member->area->data->guarded, 1);
	}
}

union args {
	struct intxbench_info info;
	struct intxbench_add add;
	struct intxbench_schedule schedule;
	struct intxbench_start start;
	struct intxbench_state state;
	struct intxbench_intx_mask intx_mask;
	struct intxbench_counter_start counter_start;
	struct intxbench_counter_result counter_result;
};

static long info_call(struct intxbench_session *session, union args *args,
		      void __user *user)
{
	struct intxbench_info *info = &args->info;

	if (info->flags)
		return -EINVAL;
	info->abi = INTXBENCH_ABI;
	info->nr_cpu_ids = nr_cpu_ids;
	info->arms = intxbench_arm_mask();
	info->data_bytes = intxbench_area_bytes();
	strscpy_pad(info->version, THIS_MODULE->version, sizeof(info->version));
	return copy_to_user(user, info, sizeof(*info)) ? -EFAULT : 0;
}

#define ADD_FLAGS	(INTXBENCH_ADD_ALLOW_BUSTED | INTXBENCH_ADD_FOREIGN | \
			 INTXBENCH_ADD_LIVE)

static bool handler_name_ok(const struct intxbench_add *add)
{
	if (add->flags & INTXBENCH_ADD_FOREIGN)
		return add->handler[0] &&
		       memchr(add->handler, '\0', sizeof(add->handler));
	return !memchr_inv(add->handler, 0, sizeof(add->handler));
}

/* *arm: the one asked for; NULL for a foreign function. */
static int choose_arm(const struct intxbench_session *session,
		      const struct intxbench_add *add,
		      const struct intxbench_arm_ops **arm)
{
	bool target = add->role == INTXBENCH_ROLE_TARGET;
	bool foreign = add->flags & INTXBENCH_ADD_FOREIGN;

	if (add->flags & ~ADD_FLAGS || add->reserved || !handler_name_ok(add) ||
	    (!target && add->role != INTXBENCH_ROLE_NEIGHBOUR) ||
	    (add->flags & INTXBENCH_ADD_LIVE && !(target && foreign)))
		return -EINVAL;
	if (target && !foreign) {
		*arm = intxbench_arm_find(add->arm);
		if (!*arm)
			return -EINVAL;
		if ((*arm)->busted &&
		    !(add->flags & INTXBENCH_ADD_ALLOW_BUSTED))
			return -EPERM;
	} else {
		*arm = foreign ? NULL : &intxbench_arm_neighbour;
		if (add->arm || add->inject_fd != -1 || add->resample_fd != -1)
			return -EINVAL;
	}
	return target && session->target ? -EEXIST : 0;
}

static void describe(const struct intxbench_member *member,
		     struct intxbench_add *add)
{
	const struct intxbench_trigger_ops *ops = member->regs.ops;

	add->irq = member->irq;
	add->tokens = member->regs.tokens;
	add->trigger = ops ? ops->id : 0;
	add->bar = ops ? ops->bar : 0;
	add->status_offset = ops ? ops->status_offset : 0;
	add->ack_offset = ops ? ops->ack_offset : 0;
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

static long take(struct intxbench_session *session, struct pci_dev *pdev,
		 struct intxbench_add *add, void __user *user)
{
	const struct intxbench_arm_ops *arm;
	struct intxbench_member *member;
	int ret;

	ret = choose_arm(session, add, &arm);
	if (ret)
		return ret;
	if (session->phase != INTXBENCH_PHASE_SETUP)
		return -EALREADY;
	if (session->members == INTXBENCH_MAX_FUNCTIONS)
		return -ENOSPC;
	if (!pdev)
		return -ENODEV;
	member = intxbench_member_new(session, pdev, arm, add);
	if (IS_ERR(member))
		return PTR_ERR(member);
	add->index = session->members;
	ret = publish(member, add, user);
	if (ret) {
		intxbench_member_detach(member);
		intxbench_member_free(member);
		return ret;
	}
	session->irq = member->irq;
	session->member[session->members++] = member;
	if (add->role == INTXBENCH_ROLE_TARGET)
		session->target = member;
	return 0;
}

/* Under the device lock the function's driver stays what it is. */
static long add_call(struct intxbench_session *session, union args *args,
		     void __user *user)
{
	struct intxbench_add *add = &args->add;
	struct pci_dev *pdev;
	long ret = -ERESTARTSYS;

	pdev = pci_get_domain_bus_and_slot(add->domain, add->bus, add->devfn);
	if (pdev && device_lock_interruptible(&pdev->dev))
		goto out_put;
	if (mutex_lock_interruptible(&intxbench_lock))
		goto out_unlock_device;
	ret = take(session, pdev, add, user);
	mutex_unlock(&intxbench_lock);
out_unlock_device:
	if (pdev)
		device_unlock(&pdev->dev);
out_put:
	pci_dev_put(pdev);
	return ret;
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

static long schedule_call(struct intxbench_session *session, union args *args,
			  void __user *user)
{
	const struct intxbench_schedule *schedule = &args->schedule;
	struct intxbench_member *member;
	u32 *gap_ns;
	int ret;

	if (schedule->flags & ~SCHEDULE_FLAGS || schedule->reserved ||
	    !schedule->nr_gaps || schedule->nr_gaps > INTXBENCH_MAX_GAPS ||
	    schedule->phase_ns > INTXBENCH_MAX_PHASE_NS ||
	    schedule->cpu >= nr_cpu_ids || !cpu_online(schedule->cpu))
		return -EINVAL;
	if (session->phase != INTXBENCH_PHASE_SETUP)
		return -EALREADY;
	member = member_at(session, schedule->index, &ret);
	if (!member)
		return ret;
	if (!member->regs.tokens ||
	    (schedule->flags & INTXBENCH_SCHEDULE_FOLLOW &&
	     (!session->target || session->target == member)))
		return -EINVAL;

	gap_ns = vmemdup_user(u64_to_user_ptr(schedule->gaps),
			      schedule->nr_gaps * sizeof(*gap_ns));
	if (IS_ERR(gap_ns))
		return PTR_ERR(gap_ns);
	if (!gaps_ok(gap_ns, schedule->nr_gaps,
		     schedule->flags & INTXBENCH_SCHEDULE_CLOSED)) {
		kvfree(gap_ns);
		return -EINVAL;
	}
	kvfree(member->source.gap_ns);
	member->source.gap_ns = gap_ns;
	member->source.gaps = schedule->nr_gaps;
	member->source.cpu = schedule->cpu;
	member->source.phase_ns = schedule->phase_ns;
	member->source.leader = schedule->flags & INTXBENCH_SCHEDULE_FOLLOW ?
					&session->target->observed :
					NULL;
	member->source.closed = schedule->flags & INTXBENCH_SCHEDULE_CLOSED;
	return 0;
}

static int observe(struct intxbench_session *session)
{
	struct intxbench_observer *observer = &session->observer;
	unsigned int i;
	int ret;

	observer->irq = session->irq;
	observer->guard_trip = guard_trip;
	for (i = 0; i < session->members; i++) {
		observer->observed[i] = &session->member[i]->observed;
		observer->foreign |= session->member[i]->foreign;
	}
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
		if (!session->member[i]->pdev)
			return -ENODEV;
	return 0;
}

/* After a failure the session is stopped: its sources may have begun. */
static long start_call(struct intxbench_session *session, union args *args,
		       void __user *user)
{
	struct intxbench_start *start = &args->start;
	int ret = check_start(session, start);

	if (ret)
		return ret;
	if (copy_to_user(user, start, sizeof(*start)))
		return -EFAULT;
	if (!(start->flags & INTXBENCH_START_UNOBSERVED)) {
		ret = observe(session);
		if (ret)
			return ret;
	}
	if (session->target && !session->target->foreign)
		intxbench_watchdog_start(&session->watchdog,
					 &session->target->handler,
					 start->watchdog_ns);
	session->phase = INTXBENCH_PHASE_STARTED;
	ret = start_sources(session, start);
	if (ret) {
		stop_sources(session);
		session->phase = INTXBENCH_PHASE_STOPPED;
	}
	return ret;
}

static long stop_call(struct intxbench_session *session, union args *args,
		      void __user *user)
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
	pci_read_config_word(member->pdev, PCI_COMMAND, &command);
	if (command & PCI_COMMAND_INTX_DISABLE)
		flags |= INTXBENCH_STATE_INTX_DISABLED;
	return flags;
}

static long state_call(struct intxbench_session *session, union args *args,
		       void __user *user)
{
	struct intxbench_state *state = &args->state;
	struct intxbench_member *member;
	int ret;

	if (state->flags)
		return -EINVAL;
	member = member_at(session, state->index, &ret);
	if (!member)
		return ret;
	state->pending = intxbench_member_pending(member);
	state->flags = state_flags(member);
	/* A run that has served what was pending is to have counted it. */
	intxbench_member_settle(member);
	return copy_to_user(user, state, sizeof(*state)) ? -EFAULT : 0;
}

static long intx_mask_call(struct intxbench_session *session, union args *args,
			   void __user *user)
{
	const struct intxbench_intx_mask *mask = &args->intx_mask;
	struct intxbench_member *member;
	int ret;

	if (mask->flags || mask->masked > 1)
		return -EINVAL;
	member = member_at(session, mask->index, &ret);
	if (!member)
		return ret;
	if (member != session->target || member->foreign)
		return -EINVAL;
	intxbench_handler_guest_mask(&member->handler, mask->masked);
	return 0;
}

static long counter_start_call(struct intxbench_session *session,
			       union args *args, void __user *user)
{
	struct intxbench_counter *counter;
	int ret;

	ret = intxbench_counter_check(&args->counter_start);
	if (ret)
		return ret;
	if (session->counter)
		return -EALREADY;
	counter = intxbench_counter_start(&args->counter_start);
	if (IS_ERR(counter))
		return PTR_ERR(counter);
	session->counter = counter;
	return 0;
}

static long counter_stop_call(struct intxbench_session *session,
			      union args *args, void __user *user)
{
	if (!session->counter)
		return -ENOENT;
	intxbench_counter_stop(session->counter);
	return 0;
}

static long counter_result_call(struct intxbench_session *session,
				union args *args, void __user *user)
{
	struct intxbench_counter_result *result = &args->counter_result;
	int ret;

	if (result->flags)
		return -EINVAL;
	if (!session->counter)
		return -ENOENT;
	ret = intxbench_counter_result(session->counter, result);
	if (ret)
		return ret;
	return copy_to_user(user, result, sizeof(*result)) ? -EFAULT : 0;
}

enum call_lock {
	LOCK_OWN,	/* takes intxbench_lock itself, or needs none */
	LOCK_CONTROL,	/* intxbench_lock */
	LOCK_COUNTER,	/* the session's, for it may wait for a CPU */
};

static const struct call {
	unsigned int command;
	size_t bytes;		/* of the argument */
	enum call_lock lock;
	long (*run)(struct intxbench_session *session, union args *args,
		    void __user *user);
} calls[] = {
	{ INTXBENCH_INFO, sizeof(struct intxbench_info), LOCK_OWN, info_call },
	{ INTXBENCH_ADD, sizeof(struct intxbench_add), LOCK_OWN, add_call },
	{ INTXBENCH_SCHEDULE, sizeof(struct intxbench_schedule), LOCK_CONTROL,
	  schedule_call },
	{ INTXBENCH_START, sizeof(struct intxbench_start), LOCK_CONTROL,
	  start_call },
	{ INTXBENCH_STOP, 0, LOCK_CONTROL, stop_call },
	{ INTXBENCH_STATE, sizeof(struct intxbench_state), LOCK_CONTROL,
	  state_call },
	{ INTXBENCH_INTX_MASK, sizeof(struct intxbench_intx_mask), LOCK_CONTROL,
	  intx_mask_call },
	{ INTXBENCH_COUNTER_START, sizeof(struct intxbench_counter_start),
	  LOCK_COUNTER, counter_start_call },
	{ INTXBENCH_COUNTER_STOP, 0, LOCK_COUNTER, counter_stop_call },
	{ INTXBENCH_COUNTER_RESULT, sizeof(struct intxbench_counter_result),
	  LOCK_COUNTER, counter_result_call },
};

static const struct call *find_call(unsigned int command)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (calls[i].command == command)
			return &calls[i];
	return NULL;
}

static long session_ioctl(struct file *file, unsigned int command,
			  unsigned long arg)
{
	struct intxbench_session *session = file->private_data;
	const struct call *call = find_call(command);
	void __user *user = (void __user *)arg;
	struct mutex *lock;
	union args args;
	long ret;

	if (!call)
		return -ENOTTY;
	if (call->bytes) {
		ret = fetch(&args, call->bytes, user);
		if (ret)
			return ret;
	}
	if (call->lock == LOCK_OWN)
		return call->run(session, &args, user);
	lock = call->lock == LOCK_COUNTER ? &session->counter_lock :
					    &intxbench_lock;
	if (mutex_lock_interruptible(lock))
		return -ERESTARTSYS;
	ret = call->run(session, &args, user);
	mutex_unlock(lock);
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
	mutex_init(&session->counter_lock);
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
		if (session->member[i]->pdev)
			intxbench_member_detach(session->member[i]);
	intxbench_observer_detach(&session->observer);
	for (i = 0; i < session->members; i++)
		intxbench_member_free(session->member[i]);
	mutex_unlock(&intxbench_lock);
	/* It may wait for a CPU: keep no other session waiting with us. */
	intxbench_counter_free(session->counter);
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
