// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults on demand, for a kernel in the testbed and nowhere else: the name of
 * one, written to /sys/kernel/debug/intxbench-faults, makes it. -EOPNOTSUPP
 * where this kernel has no detector for it.
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/uaccess.h>

/* QEMU's edu (docs/specs/edu.txt). */
#define EDU_VENDOR 0x1234
#define EDU_DEVICE 0x11e8
#define EDU_RAISE 0x60
#define EDU_CLEAR 0x64

#define NON_CANONICAL 0xdead000000000000ul

static noinline int make_warn(void)
{
	WARN(1, "a warning on demand\n");
	return 0;
}

/* For the next function that a driver is bound to. */
static bool warn_at_bind;

static noinline int make_warn_at_bind(void)
{
	WRITE_ONCE(warn_at_bind, true);
	return 0;
}

static int on_bus(struct notifier_block *block, unsigned long action,
		  void *data)
{
	if (action != BUS_NOTIFY_BOUND_DRIVER || !READ_ONCE(warn_at_bind))
		return NOTIFY_DONE;
	WRITE_ONCE(warn_at_bind, false);
	WARN(1, "a warning on demand, while a driver is bound\n");
	return NOTIFY_OK;
}

static struct notifier_block bus_block = { .notifier_call = on_bus };

static noinline int make_refcount(void)
{
	static refcount_t count = REFCOUNT_INIT(0);

	refcount_inc(&count);
	return 0;
}

static noinline int make_list_corruption(void)
{
	static LIST_HEAD(head);
	static LIST_HEAD(entry);

	list_add(&entry, &head);
	list_add(&entry, &head);
	return 0;
}

/* The scheduler takes the count back that is one too high. */
static noinline int make_scheduling_while_atomic(void)
{
	preempt_disable();
	schedule();
	if (preempt_count())
		preempt_enable();
	return 0;
}

/* KASAN in line would look at the address's shadow first, and there fault. */
static noinline __no_sanitize_address int make_oops(void)
{
	static int *volatile nowhere;

	WRITE_ONCE(*nowhere, 1);
	return 0;
}

static noinline int make_gpf(void)
{
	static int *volatile nowhere = (int *)NON_CANONICAL;

	WRITE_ONCE(*nowhere, 1);
	return 0;
}

/*
 * mdelay() counts loops where processors have a socket each, as many as fit into
 * a jiffy while that one started: emulated, some have passed 5 s in no time.
 */
static void hold_cpu(unsigned int ms)
{
	ktime_t end = ktime_add_ms(ktime_get(), ms);

	preempt_disable();
	while (ktime_before(ktime_get(), end))
		cpu_relax();
	preempt_enable();
}

/* The caller sets watchdog_thresh to 1, for 2 s and some. */
static noinline int make_soft_lockup(void)
{
	hold_cpu(5000);
	return 0;
}

static struct rcu_head waiting;
static bool is_waiting;

static void waited(struct rcu_head *head)
{
	WRITE_ONCE(is_waiting, false);
}

/*
 * The caller sets rcu_cpu_stall_timeout to 3, the least there is, to which
 * CONFIG_PROVE_RCU adds 5. A grace period that has begun keeps what was set
 * before, so that one passes first.
 */
static noinline int make_rcu_stall(void)
{
	if (READ_ONCE(is_waiting))
		return -EBUSY;
	synchronize_rcu();
	is_waiting = true;
	call_rcu(&waiting, waited);
	rcu_read_lock();
	hold_cpu(IS_ENABLED(CONFIG_PROVE_RCU) ? 13000 : 7000);
	rcu_read_unlock();
	return 0;
}

/* The caller sets hung_task_timeout_secs to 1. */
static noinline int make_hung_task(void)
{
	schedule_timeout_uninterruptible(5 * HZ);
	return 0;
}

static irqreturn_t decline(int irq, void *data)
{
	return IRQ_NONE;
}

static int with_line(struct pci_dev *pdev,
		     void (*what)(struct pci_dev *pdev, u8 __iomem *bar))
{
	u8 __iomem *bar;
	int err;

	bar = pci_iomap(pdev, 0, 0);
	if (!bar)
		return -ENOMEM;
	err = request_irq(pdev->irq, decline, IRQF_SHARED, "faults", pdev);
	if (!err) {
		what(pdev, bar);
		free_irq(pdev->irq, pdev);
	}
	pci_iounmap(pdev, bar);
	return err;
}

static int with_edu(void (*what)(struct pci_dev *pdev, u8 __iomem *bar))
{
	struct pci_dev *pdev = pci_get_device(EDU_VENDOR, EDU_DEVICE, NULL);
	int err;

	if (!pdev)
		return -ENODEV;
	err = pci_enable_device(pdev);
	if (!err) {
		pci_intx(pdev, 1);
		err = with_line(pdev, what);
		pci_disable_device(pdev);
	}
	pci_dev_put(pdev);
	return err;
}

/* 100,000 runs of the handler; the line is off then. */
static void raise_and_decline(struct pci_dev *pdev, u8 __iomem *bar)
{
	iowrite32(1, bar + EDU_RAISE);
	msleep(10000);
	iowrite32(1, bar + EDU_CLEAR);
}

static noinline int make_nobody_cared(void)
{
	return with_edu(raise_and_decline);
}

static void enable_once_more(struct pci_dev *pdev, u8 __iomem *bar)
{
	enable_irq(pdev->irq);
}

static noinline int make_unbalanced_enable(void)
{
	return with_edu(enable_once_more);
}

static DEFINE_SPINLOCK(spin);
static DEFINE_MUTEX(one);
static DEFINE_MUTEX(two);

static noinline int make_sleeping_in_atomic(void)
{
	if (!IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP))
		return -EOPNOTSUPP;
	spin_lock(&spin);
	might_sleep();
	spin_unlock(&spin);
	return 0;
}

static noinline int make_lockdep(void)
{
	if (!IS_ENABLED(CONFIG_PROVE_LOCKING))
		return -EOPNOTSUPP;
	mutex_lock(&one);
	mutex_lock(&two);
	mutex_unlock(&two);
	mutex_unlock(&one);
	mutex_lock(&two);
	mutex_lock(&one);
	mutex_unlock(&one);
	mutex_unlock(&two);
	return 0;
}

static noinline int make_sleep_in_rcu(void)
{
	if (!IS_ENABLED(CONFIG_DEBUG_ATOMIC_SLEEP) ||
	    !IS_ENABLED(CONFIG_PROVE_RCU))
		return -EOPNOTSUPP;
	rcu_read_lock();
	might_sleep();
	rcu_read_unlock();
	return 0;
}

static noinline int make_rcu_usage(void)
{
	if (!IS_ENABLED(CONFIG_PROVE_RCU))
		return -EOPNOTSUPP;
	RCU_LOCKDEP_WARN(true, "a misuse on demand");
	return 0;
}

static noinline int make_kasan(void)
{
	u8 *volatile memory;

	if (!IS_ENABLED(CONFIG_KASAN))
		return -EOPNOTSUPP;
	memory = kmalloc(16, GFP_KERNEL);
	if (!memory)
		return -ENOMEM;
	READ_ONCE(memory[16]);
	kfree(memory);
	return 0;
}

static noinline int make_use_after_free(void)
{
	u8 *volatile memory;

	if (!IS_ENABLED(CONFIG_KASAN))
		return -EOPNOTSUPP;
	memory = kmalloc(16, GFP_KERNEL);
	if (!memory)
		return -ENOMEM;
	kfree(memory);
	READ_ONCE(memory[0]);
	return 0;
}

static void expire(struct timer_list *timer)
{
}

/* The detector takes it off the wheel. */
static noinline int make_free_timer(void)
{
	struct timer_list *timer;

	if (!IS_ENABLED(CONFIG_DEBUG_OBJECTS_TIMERS))
		return -EOPNOTSUPP;
	timer = kmalloc(sizeof(*timer), GFP_KERNEL);
	if (!timer)
		return -ENOMEM;
	timer_setup(timer, expire, 0);
	mod_timer(timer, jiffies + 3600 * HZ);
	kfree(timer);
	return 0;
}

/* Told when the kernel scans its memory for who knows of it. */
static noinline int make_leak(void)
{
	u8 *memory;

	if (!IS_ENABLED(CONFIG_DEBUG_KMEMLEAK))
		return -EOPNOTSUPP;
	memory = kmalloc(200, GFP_KERNEL);
	if (!memory)
		return -ENOMEM;
	memset(memory, 0x5a, 200);
	return 0;
}

static noinline int make_ubsan(void)
{
	static int volatile places = 40;

	if (!IS_ENABLED(CONFIG_UBSAN_SHIFT))
		return -EOPNOTSUPP;
	places = 1 << places;
	return 0;
}

static const struct fault {
	const char *name;
	int (*make)(void);
} faults[] = {
	{ "warn", make_warn },
	{ "warn-at-bind", make_warn_at_bind },
	{ "refcount", make_refcount },
	{ "list-corruption", make_list_corruption },
	{ "scheduling-while-atomic", make_scheduling_while_atomic },
	{ "oops", make_oops },
	{ "gpf", make_gpf },
	{ "soft-lockup", make_soft_lockup },
	{ "rcu-stall", make_rcu_stall },
	{ "hung-task", make_hung_task },
	{ "nobody-cared", make_nobody_cared },
	{ "unbalanced-enable", make_unbalanced_enable },
	{ "sleeping-in-atomic", make_sleeping_in_atomic },
	{ "sleep-in-rcu", make_sleep_in_rcu },
	{ "lockdep", make_lockdep },
	{ "rcu-usage", make_rcu_usage },
	{ "kasan", make_kasan },
	{ "use-after-free", make_use_after_free },
	{ "ubsan", make_ubsan },
	{ "free-timer", make_free_timer },
	{ "leak", make_leak },
};

static ssize_t write_name(struct file *file, const char __user *user,
			  size_t bytes, loff_t *position)
{
	char name[32] = "";

	if (bytes >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, user, bytes))
		return -EFAULT;
	strim(name);
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		int err;

		if (strcmp(faults[i].name, name))
			continue;
		err = faults[i].make();
		return err ? err : bytes;
	}
	return -EINVAL;
}

static const struct file_operations name_ops = {
	.owner = THIS_MODULE,
	.write = write_name,
};

static struct dentry *entry;

static int __init faults_init(void)
{
	int err = bus_register_notifier(&pci_bus_type, &bus_block);

	if (err)
		return err;
	entry = debugfs_create_file("intxbench-faults", 0200, NULL, NULL,
				    &name_ops);
	return 0;
}

static void __exit faults_exit(void)
{
	debugfs_remove(entry);
	bus_unregister_notifier(&pci_bus_type, &bus_block);
	rcu_barrier();
}

module_init(faults_init);
module_exit(faults_exit);
MODULE_DESCRIPTION("Faults on demand, to see whether they are seen");
MODULE_LICENSE("GPL");
