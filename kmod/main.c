// SPDX-License-Identifier: GPL-2.0-only
/* intxbench: shared-IRQ passthrough, instrument and thing under test. */
#include <linux/miscdevice.h>
#include <linux/module.h>

#include "counter.h"
#include "function.h"
#include "observer.h"
#include "session.h"

#ifndef CONFIG_64BIT
#error "intxbench needs 64-bit atomic exchange and counters that do not tear"
#endif

#define CREATE_TRACE_POINTS
#include "trace.h"

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "intxbench",
	.fops = &intxbench_session_fops,
	.mode = 0600,
};

static int __init intxbench_init(void)
{
	int ret;

	/* eventfd_signal() takes a sleeping lock there; we are in hard irq. */
	if (IS_ENABLED(CONFIG_PREEMPT_RT)) {
		pr_err("intxbench: not for PREEMPT_RT kernels\n");
		return -EOPNOTSUPP;
	}
	ret = intxbench_observer_init();
	if (ret) {
		pr_err("intxbench: this kernel lacks the irq_handler tracepoints\n");
		return ret;
	}
	ret = intxbench_counter_init();
	if (ret)
		return ret;
	ret = intxbench_function_init();
	if (ret)
		goto err_counter_exit;
	ret = misc_register(&device);
	if (ret)
		goto err_function_exit;
	return 0;

err_function_exit:
	intxbench_function_exit();
err_counter_exit:
	intxbench_counter_exit();
	return ret;
}

static void __exit intxbench_exit(void)
{
	misc_deregister(&device);
	intxbench_function_exit();
	intxbench_counter_exit();
}

module_init(intxbench_init);
module_exit(intxbench_exit);

MODULE_DESCRIPTION("Shared-IRQ passthrough benchmark and stress harness");
MODULE_AUTHOR("The intxbench authors");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
