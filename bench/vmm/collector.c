// SPDX-License-Identifier: GPL-2.0-or-later
#include "../guest_stamps.h"
#include "collector.h"

uint32_t collector_count(const struct collector *collector)
{
	return __atomic_load_n(&collector->shared->count, __ATOMIC_ACQUIRE);
}

/* The guest writes the record of visit n + VMM_RING_RECORDS over that of visit
 * n before it counts it. */
static bool overrun(const struct collector *collector)
{
	return collector_count(collector) - (uint32_t)collector->visits >=
	       VMM_RING_RECORDS;
}

/* False: it has been overwritten. */
static bool copy(const struct collector *collector, struct vmm_record *record)
{
	const struct vmm_record *from =
		&collector->ring[collector->visits % VMM_RING_RECORDS];

	record->sequence = __atomic_load_n(&from->sequence, __ATOMIC_ACQUIRE);
	record->entry_tsc = __atomic_load_n(&from->entry_tsc, __ATOMIC_ACQUIRE);
	record->ack_tsc = __atomic_load_n(&from->ack_tsc, __ATOMIC_ACQUIRE);
	return !overrun(collector);
}

uint64_t collector_ns(const struct collector *collector, uint64_t guest_tsc)
{
	return tsc_clock_ns(collector->clock,
			    guest_tsc - collector->tsc_offset);
}

/* A visit with no injection after the last one's is not its visit. */
static void take(struct collector *collector, const struct vmm_record *record)
{
	const struct guest_config *config = collector->config;
	struct guest_visit visit = {
		.guest_ns = collector_ns(collector, record->entry_tsc),
		.ack_ns = collector_ns(collector, record->ack_tsc),
	};

	if (record->sequence != collector->newest)
		guest_stamps_take(config, record->sequence, &visit);
	collector->newest = record->sequence;
	guest_stamps_record(config, &visit,
			    guest_stamps_unmasked_ns(config, visit.sequence),
			    collector->result);
}

void collector_take(struct collector *collector, uint32_t count)
{
	struct vmm_record record;

	for (; (uint32_t)collector->visits != count; collector->visits++) {
		if (copy(collector, &record))
			take(collector, &record);
		else
			collector->result->unstamped++;
	}
}

void collector_end(struct collector *collector)
{
	const struct vmm_shared *shared = collector->shared;
	struct guest_result *result = collector->result;

	result->entries = collector->visits;
	result->empty = shared->empty;
	for (int i = 0; i < INTXBENCH_MAX_TOKENS; i++)
		result->served[i] = shared->served[i];
}
