/* SPDX-License-Identifier: GPL-2.0-only */
/* The measurements of one function: written here, mapped by the user. */
#ifndef INTXBENCH_DATA_H
#define INTXBENCH_DATA_H

#include <linux/kref.h>
#include <linux/ktime.h>
#include <linux/smp.h>
#include <linux/timekeeping.h>

#include "uapi/intxbench.h"

struct file;

/* Outlives its session for as long as a data_fd or a mapping is there. */
struct intxbench_area {
	struct kref ref;
	struct intxbench_data *data;	/* vmalloc_user()ed, page aligned */
};

size_t intxbench_area_bytes(void);
struct intxbench_area *intxbench_area_alloc(u32 tokens);
void intxbench_area_put(struct intxbench_area *area);
/* A file that holds a reference of its own; ERR_PTR() on failure. */
struct file *intxbench_area_file(struct intxbench_area *area);

static inline u64 intxbench_now_ns(void)
{
	return ktime_get_mono_fast_ns();
}

static inline struct intxbench_timeline *
intxbench_area_timeline(const struct intxbench_area *area, u64 sequence)
{
	struct intxbench_timeline *timeline =
		(void *)area->data + area->data->timeline_offset;

	return &timeline[sequence % INTXBENCH_TIMELINE];
}

/*
 * The slot of the next injection, emptied: a reader of the old record sees that
 * it goes. One writer at a time.
 */
static inline struct intxbench_timeline *
intxbench_area_timeline_begin(const struct intxbench_area *area)
{
	struct intxbench_timeline *slot =
		intxbench_area_timeline(area, area->data->injected + 1);

	WRITE_ONCE(slot->sequence, 0);
	smp_wmb(); /* before what it is filled with */
	slot->intended_ns = 0;
	slot->assert_ns = 0;
	slot->entry_ns = 0;
	slot->masked_ns = 0;
	slot->inject_ns = 0;
	slot->ack_ns = 0;
	slot->unmasked_ns = 0;
	return slot;
}

/* It is complete; it becomes the newest. */
static inline void
intxbench_area_timeline_publish(const struct intxbench_area *area)
{
	struct intxbench_data *data = area->data;
	struct intxbench_timeline *slot =
		intxbench_area_timeline(area, data->injected + 1);

	smp_wmb(); /* the record is complete before it has its number */
	WRITE_ONCE(slot->sequence, data->injected + 1);
	smp_wmb(); /* and is there before it is the newest */
	WRITE_ONCE(data->injected, data->injected + 1);
}

/* This CPU's block; interrupts must be off. */
static inline struct intxbench_cpu_data *
intxbench_area_cpu(const struct intxbench_area *area)
{
	const struct intxbench_data *data = area->data;

	return (void *)data + data->cpu_offset +
	       (size_t)smp_processor_id() * data->cpu_stride;
}

static inline void intxbench_cpu_record(struct intxbench_cpu_data *cpu,
					enum intxbench_metric metric,
					u64 from_ns, u64 to_ns)
{
	/* Stamps of two CPUs may cross by the clocks' difference. */
	u64 value_ns = to_ns > from_ns ? to_ns - from_ns : 0;

	intxbench_hist_record(&cpu->hist[metric], value_ns);
}

/* Interrupts must be off. */
static inline void intxbench_area_record(const struct intxbench_area *area,
					 enum intxbench_metric metric,
					 u64 from_ns, u64 to_ns)
{
	intxbench_cpu_record(intxbench_area_cpu(area), metric, from_ns, to_ns);
}

#endif
