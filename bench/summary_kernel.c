// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel's log said of faults. */
#include <string.h>

#include "prose.h"
#include "summary_table.h"

#define WHERE_MAX 64

static bool is_quiet(const struct report_kernel *kernel)
{
	return !kernel->faults && !kernel->more && !kernel->overruns;
}

static bool any(const struct report *report)
{
	for (size_t i = 0; i < report->points; i++)
		if (!is_quiet(&report->point[i].kernel))
			return true;
	return !is_quiet(&report->kernel);
}

/* How often a kind was there; 0: an earlier fault is of it too. */
static size_t count_kind(const struct report_kernel *kernel, size_t index)
{
	const char *kind = kernel->fault[index].kind;
	size_t count = 0;

	for (size_t i = 0; i < kernel->faults; i++) {
		if (strcmp(kernel->fault[i].kind, kind))
			continue;
		if (i < index)
			return 0;
		count++;
	}
	return count;
}

static void put_kind(const struct report_fault *fault, size_t count,
		     const char *where, FILE *out)
{
	fprintf(out, "  %-24.24s%6zu%17.6f  %.22s\n", fault->kind, count,
		fault->log_us / 1e6, where);
	prose_put(out, 6, "", fault->text);
}

static void put_kernel(const struct report_kernel *kernel, const char *where,
		       FILE *out)
{
	for (size_t i = 0; i < kernel->faults; i++) {
		size_t count = count_kind(kernel, i);

		if (count)
			put_kind(&kernel->fault[i], count, where, out);
	}
	if (kernel->more)
		prose_printf(out, 6, "  ", "%llu more, %s",
			     (unsigned long long)kernel->more, where);
	if (kernel->overruns)
		prose_printf(out, 6, "  ",
			     "the log was overwritten before it was read: %llu "
			     "lines are missing, %s",
			     (unsigned long long)kernel->lost, where);
}

void summary_table_kernel(const struct report *report, FILE *out)
{
	char where[WHERE_MAX];

	if (!any(report))
		return;
	fprintf(out, "Faults in the kernel's log\n\n  %-24s%6s%17s\n", "kind",
		"times", "log's clock, s");
	put_kernel(&report->kernel, "outside of the points", out);
	for (size_t i = 0; i < report->points; i++) {
		snprintf(where, sizeof(where), "point %llu, block %llu",
			 (unsigned long long)report->point[i].point,
			 (unsigned long long)report->point[i].block);
		put_kernel(&report->point[i].kernel, where, out);
	}
	putc('\n', out);
}
