// SPDX-License-Identifier: GPL-2.0-only
/*
 * Three ways to sum a per-CPU statistic while CPUs come and go, after "memcg
 * CPU hotplug lockdep warning fix" (Balbir Singh, 8 October 2010): before it,
 * after it, and without the lock.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "counter.h"
#include "counter_reader.h"
#include "data.h"

/* Between bursts, so that two CPUs with many readers get on with the rest. */
#define PAUSE_US	1000

/* mem_cgroup_read_stat(). No CPU may come or go. */
static u64 sum_online(struct intxbench_counter *counter)
{
	u64 sum = 0;
	int cpu;

	for_each_online_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(counter->count, cpu));
	spin_lock(&counter->base_lock);
	sum += counter->base;
	spin_unlock(&counter->base_lock);
	return sum;
}

/* The fix. */
static u64 read_hoisted(struct intxbench_counter *counter)
{
	u64 sum;

	cpus_read_lock();
	rcu_read_lock();
	sum = sum_online(counter);
	rcu_read_unlock();
	cpus_read_unlock();
	return sum;
}

/*
 * The bug, but for the sleep: might_sleep() is what cpus_read_lock() begins
 * with. To sleep here waits for a CPU hotplug operation that, in
 * sched_cpu_deactivate(), waits for the grace period which this read section
 * holds up, if RCU is preemptible. Neither would ever end.
 */
static u64 read_inside(struct intxbench_counter *counter, u64 *blocked)
{
	u64 sum;

	rcu_read_lock();
	might_sleep();
	if (!cpus_read_trylock()) {
		rcu_read_unlock();
		(*blocked)++;
		return read_hoisted(counter);
	}
	sum = sum_online(counter);
	cpus_read_unlock();
	rcu_read_unlock();
	return sum;
}

/* Nothing is folded: each count stays where it is, and never goes down. */
static u64 read_lockless(const struct intxbench_counter *counter)
{
	u64 sum = 0;
	int cpu;

	rcu_read_lock();
	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(counter->count, cpu));
	rcu_read_unlock();
	return sum;
}

u64 intxbench_counter_sum(struct intxbench_counter *counter)
{
	return counter->read == INTXBENCH_COUNTER_LOCKLESS ?
		       read_lockless(counter) :
		       read_hoisted(counter);
}

static void read_once(struct intxbench_reader *reader)
{
	struct intxbench_counter *counter = reader->counter;
	u64 start_ns = intxbench_now_ns();
	u64 end_ns, sum;

	if (counter->read == INTXBENCH_COUNTER_INSIDE)
		sum = read_inside(counter, &reader->blocked);
	else
		sum = intxbench_counter_sum(counter);
	end_ns = intxbench_now_ns();
	/* The thread may have changed CPUs, and clocks may differ. */
	intxbench_hist_record(&reader->hist,
			      end_ns > start_ns ? end_ns - start_ns : 0);
	reader->backwards += sum < reader->last;
	reader->last = sum;
}

static int reader_thread(void *data)
{
	struct intxbench_reader *reader = data;
	unsigned int done = 0;

	while (!kthread_should_stop()) {
		read_once(reader);
		cond_resched();
		if (++done % INTXBENCH_READ_BURST == 0)
			usleep_range(PAUSE_US, 2 * PAUSE_US);
	}
	return 0;
}

int intxbench_readers_start(struct intxbench_counter *counter)
{
	struct intxbench_reader *reader;
	struct task_struct *task;
	unsigned int i;

	for (i = 0; i < counter->readers; i++) {
		reader = &counter->reader[i];
		reader->counter = counter;
		task = kthread_run(reader_thread, reader, "intxbench-rd/%u",
				   i);
		if (IS_ERR(task)) {
			intxbench_readers_stop(counter);
			return PTR_ERR(task);
		}
		reader->task = task;
	}
	return 0;
}

void intxbench_readers_stop(struct intxbench_counter *counter)
{
	unsigned int i;

	for (i = 0; i < counter->readers; i++) {
		if (!counter->reader[i].task)
			continue;
		kthread_stop(counter->reader[i].task);
		counter->reader[i].task = NULL;
	}
}
