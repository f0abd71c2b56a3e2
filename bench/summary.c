// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "prose.h"
#include "summary.h"
#include "summary_table.h"
#include "units.h"

#define SUMMARY_INDENT 10 /* of the facts' second column */
#define LIST_MAX (REPORT_CPUS_MAX * 2 * sizeof("18446744073709551615"))

static size_t executed(const struct report *report)
{
	return report->counts[REPORT_PASS] + report->counts[REPORT_FAIL];
}

static void put_verdict(const struct report *report, FILE *out)
{
	char word[32];
	size_t i;

	snprintf(word, sizeof(word), "%s", report->verdict);
	for (i = 0; word[i]; i++)
		if (word[i] >= 'a' && word[i] <= 'z')
			word[i] -= 'a' - 'A';
	prose_printf(out, 0, "",
		     "%s: %zu executed, %llu passed, %llu failed; %llu "
		     "skipped, %llu not run",
		     word, executed(report),
		     (unsigned long long)report->counts[REPORT_PASS],
		     (unsigned long long)report->counts[REPORT_FAIL],
		     (unsigned long long)report->counts[REPORT_SKIP],
		     (unsigned long long)report->counts[REPORT_NOT_RUN]);
	if (strcmp(report->state, "complete"))
		prose_printf(out, 0, "",
			     "The run is not complete (%s): what follows is "
			     "what there is.",
			     report->state);
	if (report->error)
		prose_printf(out, 0, "", "The run ended early: %s.",
			     report->error);
	if (!report->restored)
		prose_put(
			out, 0, "",
			"NOT RESTORED: not everything that was changed on the "
			"machine was put back; run 'intxbench restore' there.");
	putc('\n', out);
}

static void put_members(const struct report *report, FILE *out)
{
	const struct report_member *member = report->member;

	for (; member < report->member + report->members; member++)
		prose_printf(out, SUMMARY_INDENT + 2, "", "%s (%s): %s, %s, %s",
			     member->name, member->role, member->address,
			     member->ids, member->trigger);
}

/* "7,2-4": runs as they are in the record. */
static void list_cpus(const struct report_cpus *cpus, char text[LIST_MAX])
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t first = 0, last; first < cpus->count; first = last + 1) {
		last = first;
		while (last + 1 < cpus->count &&
		       cpus->cpu[last + 1] == cpus->cpu[last] + 1)
			last++;
		used += snprintf(text + used, LIST_MAX - used, "%s%" PRIu64,
				 used ? "," : "", cpus->cpu[first]);
		if (last > first)
			used += snprintf(text + used, LIST_MAX - used,
					 "-%" PRIu64, cpus->cpu[last]);
	}
}

static void put_guest(const struct report *report, FILE *out)
{
	if (!report->guest[0])
		return;
	prose_printf(out, SUMMARY_INDENT, "Guest", "%s%s%s", report->guest,
		     report->guest_reason[0] ? ", chosen by the run: " : "",
		     report->guest_reason);
}

static void put_cpus(const struct report *report, FILE *out)
{
	char vcpus[LIST_MAX], pressure[LIST_MAX], policies[256];

	list_cpus(&report->vcpus, vcpus);
	list_cpus(&report->pressure, pressure);
	snprintf(policies, sizeof(policies), "%s", report->placement);
	if (!strcmp(report->placement, "mixed") && report->flood_policy)
		snprintf(policies, sizeof(policies),
			 "flood %s, interrupt %s, guest %s",
			 report->flood_policy, report->irq_policy,
			 report->vcpu_policy);
	prose_printf(out, SUMMARY_INDENT, "CPUs",
		     "flood %" PRIu64 ", interrupt %" PRIu64
		     ", guest %s%s%s (%s)%s",
		     report->flood_cpu, report->irq_cpu, vcpus,
		     pressure[0] ? ", pressure " : "", pressure, policies,
		     report->placement_note[0] ? ":" : "");
	if (report->placement_note[0])
		prose_put(out, SUMMARY_INDENT, "", report->placement_note);
}

/* "1.0 MiB, 1.1 MiB, then 1.1 MiB", or without the one in the middle. */
static void print_memory(FILE *out, const uint64_t bytes[MEMORY_TIMES])
{
	fputs(units_bytes(bytes[MEMORY_AFTER_FIRST]).text, out);
	if (bytes[MEMORY_AFTER_HALF])
		fprintf(out, ", %s",
			units_bytes(bytes[MEMORY_AFTER_HALF]).text);
	fprintf(out, ", then %s", units_bytes(bytes[MEMORY_AFTER_LAST]).text);
}

/* One execution has nothing to compare with. */
static void put_memory(const struct report *report, FILE *out)
{
	const struct report_memory *memory = &report->memory;
	char text[256] = "";
	FILE *line;

	if (executed(report) < 2 || !memory->runner[MEMORY_AFTER_FIRST])
		return;
	line = fmemopen(text, sizeof(text), "w");
	if (!line)
		return;
	fprintf(line, "after the first execution%s the last: the runner's ",
		memory->runner[MEMORY_AFTER_HALF] ? ", half of them and" :
						    " and");
	print_memory(line, memory->runner);
	if (memory->kernel[MEMORY_AFTER_FIRST]) {
		fputs("; the kernel's own ", line);
		print_memory(line, memory->kernel);
	}
	fclose(line);
	prose_put(out, SUMMARY_INDENT, "Memory", text);
}

static void put_facts(const struct report *report, FILE *out)
{
	const int indent = SUMMARY_INDENT;

	prose_put(out, indent, "Question", report->question);
	prose_printf(out, indent, "Run", "%s, started %s", report->run_id,
		     report->started_utc);
	prose_printf(out, indent, "Kernel", "Linux %s, %s, clock %s",
		     report->kernel_release, report->machine,
		     report->clock_source);
	prose_printf(out, indent, "Machine", "%s; %llu CPUs, %s",
		     report->virtualisation,
		     (unsigned long long)report->cpus_online,
		     report->cpu_model);
	put_guest(report, out);
	put_cpus(report, out);
	prose_printf(out, indent, "Line", "IRQ %llu, %s",
		     (unsigned long long)report->irq, report->chip);
	put_members(report, out);
	prose_printf(out, indent, "Flood",
		     "%llu block%s, %llu ms for each execution",
		     (unsigned long long)report->blocks,
		     report->blocks == 1 ? "" : "s",
		     (unsigned long long)report->duration_ms);
	put_memory(report, out);
	prose_printf(out, indent, "Versions", "intxbench %s, module %s",
		     report->tool_version, report->module_version);
	putc('\n', out);
}

static void put_scenario(const struct report *report,
			 const struct scenario *scenario, FILE *out)
{
	char title[160];
	int length;

	length = snprintf(title, sizeof(title), "[points %.64s], target at %s",
			  scenario->section,
			  units_rate(scenario->rate_hz).text);
	fprintf(out, "%s\n", title);
	while (length-- > 0)
		putc('-', out);
	fputs("\n\n", out);
	summary_table_short(scenario, out);
	summary_table_medians(scenario, out);
	if (report->blocks > 1)
		summary_table_ranges(scenario, out);
	summary_table_stages(scenario, out);
	summary_table_mask(scenario, out);
	summary_table_stress(scenario, out);
	summary_table_lock(scenario, out);
	summary_table_live(scenario, out);
	summary_table_accounting(scenario, out);
}

static void put_method(const struct report *report, FILE *out)
{
	prose_put(
		out, 0, "",
		"entry: from the assert to the function's handler; round trip: "
		"from the assert to the guest's ack. Times are medians over "
		"blocks of each block's percentile; ~ before a p99: of fewer "
		"than 100 values in a block, so their maximum; ! in front of a "
		"row: an execution in it failed; -: not measured.");
	prose_put(
		out, 0, "",
		"Stages: entry, from the assert to the handler; mask, to the "
		"target masked; inject, to the guest's eventfd; guest, to the "
		"guest's handler (from entry where mask and inject are -); "
		"served, to its ack. These add up to trip. unmask: from the "
		"ack to the function live again.");
	prose_put(out, 0, "",
		  "A live neighbour's column is what its workload says: round "
		  "trips of ping, reads of fio.");
	if (report->blocks > 1)
		prose_put(out, 0, "",
			  "No confidence interval has been computed. Where the "
			  "blocks of two arms overlap, this run does not show "
			  "a difference; it does not show that there is none.");
	else
		prose_put(out, 0, "",
			  "One block: nothing here says how much these times "
			  "vary from run to run.");
	putc('\n', out);
}

static void put_execution(const struct report_point *point, FILE *out)
{
	bool ours = strcmp(point->path, "kmod") == 0;
	char beside[SUMMARY_STRESS_MAX];
	size_t i;

	prose_printf(
		out, 4, "  ",
		"%s%s%s, service %s, [points %s] at %s%s, block %llu (point %llu):",
		ours ? "" : point->path, ours ? "" : "/", point->arm,
		report_service_text(point->service_ns).text, point->section,
		units_rate(point->rate_hz).text,
		summary_stress_text(&point->stress, beside),
		(unsigned long long)point->block,
		(unsigned long long)point->point);
	for (i = 0; i < point->reasons; i++)
		prose_put(out, 6, "    - ", point->reason[i]);
	if (!point->reasons)
		prose_put(out, 6, "    - ", "no reason was recorded");
}

static void put_executions(const struct report *report,
			   enum report_verdict verdict, const char *head,
			   FILE *out)
{
	size_t i, found = 0;

	for (i = 0; i < report->points; i++) {
		if (report->point[i].verdict != verdict)
			continue;
		if (!found++)
			fprintf(out, "%s\n", head);
		put_execution(&report->point[i], out);
	}
	if (found)
		putc('\n', out);
}

static void put_figures(const struct figures *figures, FILE *out)
{
	const struct figure *figure = figures->figure;
	size_t found = 0;

	for (; figure < figures->figure + figures->count; figure++) {
		if (!figure->skipped[0])
			continue;
		if (!found++)
			fputs("Figures not drawn, for want of data\n", out);
		prose_printf(out, 4, "  ", "%s: %s", figure->name,
			     figure->skipped);
	}
	if (found)
		putc('\n', out);
}

/* A word as a shell reads it back. */
static char *shell_word(const char *word)
{
	char *quoted = malloc(4 * strlen(word) + 3), *to = quoted;
	const char *safe =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-_=+./:,@%";

	if (!quoted)
		return NULL;
	if (*word && !word[strspn(word, safe)])
		return strcpy(quoted, word);
	*to++ = '\'';
	for (; *word; word++) {
		if (*word == '\'')
			to = stpcpy(to, "'\\'");
		*to++ = *word;
	}
	strcpy(to, "'");
	return quoted;
}

static void put_command(const struct report *report, FILE *out)
{
	int column = SUMMARY_INDENT;
	size_t i;

	fprintf(out, "%-*s", column, "Command");
	for (i = 0; i < report->arguments; i++) {
		char *word = shell_word(report->argument[i]);
		int length = word ? strlen(word) : 0;

		if (i && column + 1 + length + 2 > PROSE_COLUMNS)
			column = fprintf(out, " \\\n%*s", SUMMARY_INDENT, "") -
				 3;
		else if (i)
			column += fprintf(out, " ");
		column += fprintf(out, "%s", word ?: "");
		free(word);
	}
	putc('\n', out);
}

static void put_repeat(const struct report *report, FILE *out)
{
	fputs("How to repeat it\n", out);
	put_command(report, out);
	prose_printf(out, SUMMARY_INDENT, "Seed",
		     "%llu: --set seed=%llu gives the same order again",
		     (unsigned long long)report->seed,
		     (unsigned long long)report->seed);
	prose_put(out, SUMMARY_INDENT, "Job",
		  "its text as it ran is in run.json, job.text");
}

void summary_write(const struct report *report,
		   const struct scenarios *scenarios,
		   const struct figures *figures, FILE *out)
{
	size_t i;

	put_verdict(report, out);
	put_facts(report, out);
	for (i = 0; i < scenarios->count; i++)
		put_scenario(report, &scenarios->scenario[i], out);
	if (scenarios->count)
		put_method(report, out);
	summary_table_kernel(report, out);
	put_executions(report, REPORT_FAIL, "Failures", out);
	put_executions(report, REPORT_SKIP, "Skipped, nothing judged", out);
	put_figures(figures, out);
	put_repeat(report, out);
}
