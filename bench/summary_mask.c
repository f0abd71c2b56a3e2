// SPDX-License-Identifier: GPL-2.0-or-later
/* What the guest's own INTx mask came to. */
#include "summary_table.h"

/* Of all executions of a curve. */
struct masking {
	uint64_t toggles, withheld, acks_withheld, declined, asserted;
};

static struct masking masking_of(const struct scenario *scenario, size_t curve)
{
	const struct scenario_run *run = scenario->run;
	struct masking sum = { 0 };

	for (; run < scenario->run + scenario->runs; run++) {
		const struct report_function *target;

		if (run->curve != curve || !run->point->functions)
			continue;
		target = &run->point->function[0];
		sum.toggles += target->mask_toggles;
		sum.withheld += target->withheld;
		sum.acks_withheld += target->acks_withheld;
		sum.declined += target->declined;
		sum.asserted += target->asserted;
	}
	return sum;
}

void summary_table_mask(const struct scenario *scenario, FILE *out)
{
	bool any = false;

	for (size_t i = 0; i < scenario->curves; i++) {
		struct masking sum = masking_of(scenario, i);

		if (!sum.toggles)
			continue;
		if (!any)
			fprintf(out,
				"The guest's own mask; declined: runs of the "
				"target's handler, for each assert:\n\n%27s%11s%11s%11s%12s\n",
				"", "changes", "withheld", "acks held",
				"declined");
		any = true;
		fprintf(out, "  %-25.25s%11llu%11llu%11llu%12.2f\n",
			scenario->curve[i].label,
			(unsigned long long)sum.toggles,
			(unsigned long long)sum.withheld,
			(unsigned long long)sum.acks_withheld,
			sum.asserted ? (double)sum.declined / sum.asserted : 0);
	}
	if (any)
		putc('\n', out);
}
