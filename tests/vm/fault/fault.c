// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the debug kernel must catch, on request: the name of a fault written to
 * /sys/module/fault/parameters/commit. Each is in a function of its own, whose
 * name the kernel's report has.
 */
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

static DEFINE_SPINLOCK(spinlock);
static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);

static noinline void fault_sleep_in_atomic(void)
{
	/* It might sleep; if it did, or took a lock, more would be wrong. */
	spin_lock(&spinlock);
	kfree(kmalloc(64, GFP_KERNEL));
	spin_unlock(&spinlock);
}

static noinline void fault_sleep_in_rcu(void)
{
	rcu_read_lock();
	kfree(kmalloc(64, GFP_KERNEL));
	rcu_read_unlock();
}

static noinline void fault_lock_order(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static noinline void fault_rcu_unprotected(void)
{
	static int __rcu *pointer;

	rcu_dereference(pointer);
}

static noinline void fault_use_after_free(void)
{
	char *memory = kmalloc(64, GFP_KERNEL);

	if (!memory)
		return;
	kfree(memory);
	READ_ONCE(*memory);
}

static noinline void fault_out_of_bounds(void)
{
	char *memory = kmalloc(64, GFP_KERNEL);
	unsigned int past = 64;

	if (!memory)
		return;
	OPTIMIZER_HIDE_VAR(past);
	READ_ONCE(memory[past]);
	kfree(memory);
}

static noinline void fault_shift(void)
{
	static unsigned int value = 1;
	unsigned int by = 40;

	OPTIMIZER_HIDE_VAR(by);
	/* cppcheck-suppress shiftTooManyBits */
	WRITE_ONCE(value, value << by);
}

static noinline void fault_list(void)
{
	static LIST_HEAD(list);
	static LIST_HEAD(entry);

	list_add(&entry, &list);
	list_add(&entry, &list);
	INIT_LIST_HEAD(&list);
}

static void expire(struct timer_list *timer)
{
}

static noinline void fault_free_timer(void)
{
	struct timer_list *timer = kmalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, expire, 0);
	mod_timer(timer, jiffies + 3600 * HZ);
	kfree(timer); /* DEBUG_OBJECTS takes it off the wheel */
}

static noinline void fault_leak(void)
{
	char *memory = kmalloc(200, GFP_KERNEL);

	if (memory)
		memset(memory, 0x5a, 200);
}

static const struct fault {
	const char *name;
	void (*commit)(void);
} faults[] = {
	{ "sleep_in_atomic", fault_sleep_in_atomic },
	{ "sleep_in_rcu", fault_sleep_in_rcu },
	{ "lock_order", fault_lock_order },
	{ "rcu_unprotected", fault_rcu_unprotected },
	{ "use_after_free", fault_use_after_free },
	{ "out_of_bounds", fault_out_of_bounds },
	{ "shift", fault_shift },
	{ "list", fault_list },
	{ "free_timer", fault_free_timer },
	{ "leak", fault_leak },
};

static int commit(const char *name, const struct kernel_param *param)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (!sysfs_streq(name, faults[i].name))
			continue;
		faults[i].commit();
		return 0;
	}
	return -EINVAL;
}

static const struct kernel_param_ops commit_ops = {
	.set = commit,
};

module_param_cb(commit, &commit_ops, NULL, 0200);
MODULE_PARM_DESC(commit, "name of the fault to commit");

static int __init fault_init(void)
{
	return 0;
}

static void __exit fault_exit(void)
{
}

module_init(fault_init);
module_exit(fault_exit);

MODULE_DESCRIPTION("Faults that a debug kernel must catch");
MODULE_AUTHOR("The intxbench authors");
MODULE_LICENSE("GPL");
