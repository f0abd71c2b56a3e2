// SPDX-License-Identifier: GPL-2.0-only
/*
 * The counter set: writers, the fold-in, and its lifetime.
 *
 * A writer is an hrtimer and no thread: it needs no CPU time to be scheduled, so
 * pressure does not slow it down, and it adds in hard irq, where its CPU cannot
 * change. Two states of CPU hotplug make it survive. At the first that is
 * reached on the way down its timer is cancelled, on its own CPU. At the second
 * the CPU is dead (the reference's CPU_DEAD) and its count is folded. On the way
 * up the timer is started anew. Sets are instances of both, so that the hotplug
 * core runs what a set that comes or goes needs, with CPUs held still.
 */
#include <linux/cpuhotplug.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "counter.h"
#include "counter_reader.h"
#include "data.h"

#define WRITE_NS	NSEC_PER_MSEC

struct intxbench_writer {
	struct hrtimer timer;
	struct intxbench_counter *counter;
	u64 added;		/* the timer's own; nothing is ever folded */
};

/* Dynamic states, the module's for as long as it is loaded. */
static enum cpuhp_state fold_state, writer_state;

static enum hrtimer_restart writer_timer(struct hrtimer *timer)
{
	struct intxbench_writer *writer =
		container_of(timer, struct intxbench_writer, timer);

	this_cpu_inc(*writer->counter->count);
	writer->added++;
	hrtimer_forward_now(timer, ns_to_ktime(WRITE_NS));
	return HRTIMER_RESTART;
}

static struct intxbench_writer *writer_of(struct hlist_node *node,
					  unsigned int cpu)
{
	struct intxbench_counter *counter =
		hlist_entry(node, struct intxbench_counter, writer_node);

	return per_cpu_ptr(counter->writer, cpu);
}

/* On that CPU, in its hotplug thread; the same for the next one. */
static int writer_online(unsigned int cpu, struct hlist_node *node)
{
	hrtimer_start(&writer_of(node, cpu)->timer, ns_to_ktime(WRITE_NS),
		      HRTIMER_MODE_REL_PINNED_HARD);
	return 0;
}

static int writer_offline(unsigned int cpu, struct hlist_node *node)
{
	hrtimer_cancel(&writer_of(node, cpu)->timer);
	return 0;
}

/* In the task that has taken the CPU offline, no reader with the lock is in. */
static int fold(unsigned int cpu, struct hlist_node *node)
{
	struct intxbench_counter *counter =
		hlist_entry(node, struct intxbench_counter, fold_node);
	u64 *count = per_cpu_ptr(counter->count, cpu);
	u64 start_ns = intxbench_now_ns();
	u64 end_ns;

	spin_lock(&counter->base_lock);
	if (!counter->busted)
		counter->base += *count;
	*count = 0;
	end_ns = intxbench_now_ns();
	intxbench_hist_record(&counter->fold_hist,
			      end_ns > start_ns ? end_ns - start_ns : 0);
	spin_unlock(&counter->base_lock);
	return 0;
}

int intxbench_counter_init(void)
{
	int ret;

	ret = cpuhp_setup_state_multi(CPUHP_BP_PREPARE_DYN,
				      "intxbench/counter:dead", NULL, fold);
	if (ret < 0)
		return ret;
	fold_state = ret;
	ret = cpuhp_setup_state_multi(CPUHP_AP_ONLINE_DYN,
				      "intxbench/counter:online", writer_online,
				      writer_offline);
	if (ret < 0) {
		cpuhp_remove_multi_state(fold_state);
		return ret;
	}
	writer_state = ret;
	return 0;
}

void intxbench_counter_exit(void)
{
	cpuhp_remove_multi_state(writer_state);
	cpuhp_remove_multi_state(fold_state);
}

#define START_FLAGS                                                      \
	(INTXBENCH_COUNTER_ALLOW_INSIDE | INTXBENCH_COUNTER_ALLOW_BUSTED | \
	 INTXBENCH_COUNTER_BUSTED_NO_FOLD)

int intxbench_counter_check(const struct intxbench_counter_start *start)
{
	bool busted = start->flags & INTXBENCH_COUNTER_BUSTED_NO_FOLD;

	if (start->flags & ~START_FLAGS ||
	    start->read < INTXBENCH_COUNTER_INSIDE ||
	    start->read > INTXBENCH_COUNTER_LOCKLESS || !start->readers ||
	    start->readers > INTXBENCH_MAX_READERS ||
	    (busted && start->read == INTXBENCH_COUNTER_LOCKLESS))
		return -EINVAL;
	if (start->read == INTXBENCH_COUNTER_INSIDE &&
	    !(start->flags & INTXBENCH_COUNTER_ALLOW_INSIDE))
		return -EPERM;
	if (busted && !(start->flags & INTXBENCH_COUNTER_ALLOW_BUSTED))
		return -EPERM;
	return 0;
}

/* Memory only; nothing of it runs. */
static void counter_release(struct intxbench_counter *counter)
{
	kvfree(counter->reader);
	free_percpu(counter->writer);
	free_percpu(counter->count);
	kvfree(counter);
}

static struct intxbench_counter *
counter_alloc(const struct intxbench_counter_start *start)
{
	struct intxbench_counter *counter;
	int cpu;

	counter = kvzalloc(sizeof(*counter), GFP_KERNEL);
	if (!counter)
		return NULL;
	counter->read = start->read;
	counter->busted = start->flags & INTXBENCH_COUNTER_BUSTED_NO_FOLD;
	counter->readers = start->readers;
	spin_lock_init(&counter->base_lock);
	counter->count = alloc_percpu(u64);
	counter->writer = alloc_percpu(struct intxbench_writer);
	counter->reader = kvcalloc(start->readers, sizeof(*counter->reader),
				   GFP_KERNEL);
	if (!counter->count || !counter->writer || !counter->reader) {
		counter_release(counter);
		return NULL;
	}
	for_each_possible_cpu(cpu) {
		struct intxbench_writer *writer =
			per_cpu_ptr(counter->writer, cpu);

		writer->counter = counter;
		hrtimer_setup(&writer->timer, writer_timer, CLOCK_MONOTONIC,
			      HRTIMER_MODE_REL_PINNED_HARD);
	}
	return counter;
}

static bool folds(const struct intxbench_counter *counter)
{
	return counter->read != INTXBENCH_COUNTER_LOCKLESS;
}

/* The fold-in is there before the first count, and until after the last. */
static int counter_run(struct intxbench_counter *counter)
{
	int ret;

	if (folds(counter)) {
		ret = cpuhp_state_add_instance_nocalls(fold_state,
						       &counter->fold_node);
		if (ret)
			return ret;
	}
	ret = cpuhp_state_add_instance(writer_state, &counter->writer_node);
	if (ret)
		goto err_remove_fold;
	ret = intxbench_readers_start(counter);
	if (ret)
		goto err_remove_writer;
	return 0;

err_remove_writer:
	cpuhp_state_remove_instance(writer_state, &counter->writer_node);
err_remove_fold:
	if (folds(counter))
		cpuhp_state_remove_instance_nocalls(fold_state,
						    &counter->fold_node);
	return ret;
}

struct intxbench_counter *
intxbench_counter_start(const struct intxbench_counter_start *start)
{
	struct intxbench_counter *counter = counter_alloc(start);
	int ret;

	if (!counter)
		return ERR_PTR(-ENOMEM);
	ret = counter_run(counter);
	if (ret) {
		counter_release(counter);
		return ERR_PTR(ret);
	}
	return counter;
}

static void merge(struct intxbench_hist *into, const struct intxbench_hist *from)
{
	unsigned int i;

	if (!from->count)
		return;
	into->min_ns = into->count ? min(into->min_ns, from->min_ns) :
				     from->min_ns;
	into->max_ns = max(into->max_ns, from->max_ns);
	into->count += from->count;
	into->sum_ns += from->sum_ns;
	into->above += from->above;
	for (i = 0; i < INTXBENCH_HIST_BUCKETS; i++)
		into->bucket[i] += from->bucket[i];
}

void intxbench_counter_stop(struct intxbench_counter *counter)
{
	unsigned int i;

	if (counter->stopped)
		return;
	cpuhp_state_remove_instance(writer_state, &counter->writer_node);
	counter->sum = intxbench_counter_sum(counter);
	intxbench_readers_stop(counter);
	if (folds(counter))
		cpuhp_state_remove_instance_nocalls(fold_state,
						    &counter->fold_node);
	for (i = 0; i < counter->readers; i++)
		merge(&counter->read_hist, &counter->reader[i].hist);
	counter->stopped = true;
}

static int copy_hist(u64 user, const struct intxbench_hist *hist)
{
	return copy_to_user(u64_to_user_ptr(user), hist, sizeof(*hist)) ?
		       -EFAULT :
		       0;
}

int intxbench_counter_result(const struct intxbench_counter *counter,
			     struct intxbench_counter_result *result)
{
	unsigned int i;
	int cpu;

	if (!counter->stopped)
		return -EBUSY;
	if (copy_hist(result->read_hist, &counter->read_hist) ||
	    copy_hist(result->fold_hist, &counter->fold_hist))
		return -EFAULT;
	result->sum = counter->sum;
	result->reads = counter->read_hist.count;
	result->folds = counter->fold_hist.count;
	result->added = 0;
	for_each_possible_cpu(cpu)
		result->added += per_cpu_ptr(counter->writer, cpu)->added;
	result->backwards = 0;
	result->blocked = 0;
	for (i = 0; i < counter->readers; i++) {
		result->backwards += counter->reader[i].backwards;
		result->blocked += counter->reader[i].blocked;
	}
	return 0;
}

void intxbench_counter_free(struct intxbench_counter *counter)
{
	if (!counter)
		return;
	intxbench_counter_stop(counter);
	counter_release(counter);
}
