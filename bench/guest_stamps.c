// SPDX-License-Identifier: GPL-2.0-or-later
#include "guest_stamps.h"

#define STAMPS_MAX 6

static uint64_t load(const __u64 *field)
{
	return __atomic_load_n(field, __ATOMIC_ACQUIRE);
}

static const struct intxbench_timeline *
slot_of(const struct guest_config *config, uint64_t sequence)
{
	return &config->timeline[sequence % INTXBENCH_TIMELINE];
}

uint64_t guest_stamps_newest(const struct guest_config *config)
{
	return load(&config->data->injected);
}

/* It is being replaced if its number differs before and after the copy. */
void guest_stamps_take(const struct guest_config *config, uint64_t sequence,
		       struct guest_visit *visit)
{
	const struct intxbench_timeline *slot = slot_of(config, sequence);
	struct intxbench_timeline *stamps = &visit->stamps;

	visit->sequence = 0;
	if (!sequence || load(&slot->sequence) != sequence)
		return;
	stamps->intended_ns = load(&slot->intended_ns);
	stamps->assert_ns = load(&slot->assert_ns);
	stamps->entry_ns = load(&slot->entry_ns);
	stamps->masked_ns = load(&slot->masked_ns);
	stamps->inject_ns = load(&slot->inject_ns);
	if (load(&slot->sequence) == sequence)
		visit->sequence = sequence;
}

uint64_t guest_stamps_unmasked_ns(const struct guest_config *config,
				  uint64_t sequence)
{
	const struct intxbench_timeline *slot = slot_of(config, sequence);
	uint64_t stamp_ns;

	if (!sequence || load(&slot->sequence) != sequence)
		return 0;
	stamp_ns = load(&slot->unmasked_ns);
	return load(&slot->sequence) == sequence ? stamp_ns : 0;
}

/* A stamp that was not taken is 0 and gives no value. */
static void record(struct guest_result *result, enum guest_metric metric,
		   uint64_t from_ns, uint64_t to_ns)
{
	if (!from_ns || !to_ns)
		return;
	if (to_ns < from_ns) {
		result->backwards++;
		return;
	}
	intxbench_hist_record(&result->hist[metric], to_ns - from_ns);
}

static bool in_order(const uint64_t *stamp_ns, size_t stamps)
{
	for (size_t i = 0; i + 1 < stamps; i++)
		if (stamp_ns[i + 1] < stamp_ns[i])
			return false;
	return true;
}

/* From stamp to stamp, and from the first to the last. */
static void record_chain(struct guest_result *result,
			 const enum guest_metric *metric,
			 const uint64_t *stamp_ns, size_t stamps)
{
	if (!in_order(stamp_ns, stamps)) {
		result->backwards++;
		return;
	}
	for (size_t i = 0; i + 1 < stamps; i++)
		record(result, metric[i], stamp_ns[i], stamp_ns[i + 1]);
	record(result, GUEST_ROUND_TRIP, stamp_ns[0], stamp_ns[stamps - 1]);
}

/* A reassert has no assert and no entry of its own, and so no stages. */
static void record_stages(const struct guest_config *config,
			  const struct guest_visit *visit,
			  struct guest_result *result)
{
	static const enum guest_metric ours[STAMPS_MAX - 1] = {
		GUEST_STAGE_ENTRY, GUEST_STAGE_MASK,    GUEST_STAGE_INJECT,
		GUEST_STAGE_GUEST, GUEST_STAGE_SERVICE,
	};
	static const enum guest_metric foreign[] = {
		GUEST_STAGE_ENTRY,
		GUEST_STAGE_GUEST,
		GUEST_STAGE_SERVICE,
	};
	const struct intxbench_timeline *stamps = &visit->stamps;

	if (!stamps->assert_ns || !stamps->entry_ns)
		return;
	if (config->foreign)
		record_chain(result, foreign,
			     (uint64_t[]){ stamps->assert_ns, stamps->entry_ns,
					   visit->guest_ns, visit->ack_ns },
			     4);
	else
		record_chain(result, ours,
			     (uint64_t[STAMPS_MAX]){
				     stamps->assert_ns, stamps->entry_ns,
				     stamps->masked_ns, stamps->inject_ns,
				     visit->guest_ns, visit->ack_ns },
			     STAMPS_MAX);
}

void guest_stamps_record(const struct guest_config *config,
			 const struct guest_visit *visit, uint64_t unmasked_ns,
			 struct guest_result *result)
{
	record(result, GUEST_SERVICE, visit->guest_ns, visit->ack_ns);
	if (!visit->sequence) {
		result->unstamped++;
		return;
	}
	record(result, GUEST_ENTRY_TO_GUEST, visit->stamps.entry_ns,
	       visit->guest_ns);
	record(result, GUEST_INTENDED_ROUND_TRIP, visit->stamps.intended_ns,
	       visit->ack_ns);
	record(result, GUEST_ACK_TO_UNMASK, visit->ack_ns, unmasked_ns);
	record_stages(config, visit, result);
}
