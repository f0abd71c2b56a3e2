// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "job_section.h"

#define BIT(key) (UINT64_C(1) << JOB_KEY_##key)

static const char *const key_name[JOB_KEYS] = {
	[JOB_KEY_BLOCKS] = "blocks",
	[JOB_KEY_DURATION_MS] = "duration_ms",
	[JOB_KEY_DRAIN_MS] = "drain_ms",
	[JOB_KEY_WATCHDOG_MS] = "watchdog_ms",
	[JOB_KEY_SEED] = "seed",
	[JOB_KEY_PLACEMENT] = "placement",
	[JOB_KEY_GUEST] = "guest",
	[JOB_KEY_QMP] = "qmp",
	[JOB_KEY_VCPUS] = "vcpus",
	[JOB_KEY_ALLOW_BUSTED] = "allow_busted",
	[JOB_KEY_ALLOW_UNSAFE] = "allow_unsafe_interrupts",
	[JOB_KEY_FUNCTION] = "function",
	[JOB_KEY_DISTRIBUTION] = "distribution",
	[JOB_KEY_RATE_HZ] = "rate_hz",
	[JOB_KEY_PHASE_NS] = "phase_ns",
	[JOB_KEY_BURST] = "burst",
	[JOB_KEY_FOLLOW] = "follow",
	[JOB_KEY_ARM] = "arm",
	[JOB_KEY_SERVICE_NS] = "service_ns",
	[JOB_KEY_NEIGHBOURS] = "neighbours",
	[JOB_KEY_LOAD] = "load",
	[JOB_KEY_LOAD_OBJECT] = "load_object",
	[JOB_KEY_HANDLER] = "handler",
	[JOB_KEY_GUEST_MASK_HZ] = "guest_mask_hz",
	[JOB_KEY_GUEST_MASK_ORDER] = "guest_mask_order",
	[JOB_KEY_INTERVAL_MS] = "interval_ms",
	[JOB_KEY_CYCLES] = "cycles",
	[JOB_KEY_CPUS] = "cpus",
	[JOB_KEY_WORK] = "work",
	[JOB_KEY_MAX_BYTES] = "max_bytes",
	[JOB_KEY_HIGH_BYTES] = "high_bytes",
	[JOB_KEY_READERS] = "readers",
	[JOB_KEY_SCRATCH] = "scratch",
	[JOB_KEY_ALLOW_INSIDE] = "allow_inside",
	[JOB_KEY_HOTPLUG] = "hotplug",
	[JOB_KEY_PRESSURE] = "pressure",
	[JOB_KEY_COUNTER] = "counter",
	[JOB_KEY_MOVE_IRQ_HZ] = "move_irq_hz",
};

struct section_rule {
	const char *word;
	bool named;
	size_t most; /* sections of this kind */
	uint64_t keys; /* allowed */
	uint64_t required;
};

static const struct section_rule rules[JOB_SECTION_KINDS] = {
	[JOB_SECTION_JOB] =
		{
			.word = "job",
			.most = 1,
			.keys = BIT(BLOCKS) | BIT(DURATION_MS) | BIT(DRAIN_MS) |
				BIT(WATCHDOG_MS) | BIT(SEED) | BIT(PLACEMENT) |
				BIT(GUEST) | BIT(QMP) | BIT(VCPUS) |
				BIT(ALLOW_BUSTED) | BIT(ALLOW_UNSAFE),
		},
	[JOB_SECTION_TARGET] =
		{
			.word = "target",
			.most = 1,
			.keys = BIT(FUNCTION) | BIT(DISTRIBUTION) |
				BIT(PHASE_NS) | BIT(BURST),
		},
	[JOB_SECTION_NEIGHBOUR] =
		{
			.word = "neighbour",
			.named = true,
			.most = JOB_NEIGHBOURS_MAX,
			.keys = BIT(FUNCTION) | BIT(DISTRIBUTION) |
				BIT(RATE_HZ) | BIT(PHASE_NS) | BIT(BURST) |
				BIT(FOLLOW),
			.required = BIT(RATE_HZ),
		},
	[JOB_SECTION_LIVE] =
		{
			.word = "live",
			.named = true,
			.most = JOB_NEIGHBOURS_MAX,
			.keys = BIT(FUNCTION) | BIT(DISTRIBUTION) |
				BIT(RATE_HZ) | BIT(PHASE_NS) | BIT(BURST) |
				BIT(LOAD) | BIT(LOAD_OBJECT) | BIT(HANDLER),
			.required = BIT(FUNCTION),
		},
	[JOB_SECTION_HOTPLUG] =
		{
			.word = "hotplug",
			.most = 1,
			.keys = BIT(INTERVAL_MS) | BIT(CYCLES) | BIT(CPUS),
		},
	[JOB_SECTION_PRESSURE] =
		{
			.word = "pressure",
			.most = 1,
			.keys = BIT(WORK) | BIT(MAX_BYTES) | BIT(HIGH_BYTES) |
				BIT(READERS) | BIT(SCRATCH),
		},
	[JOB_SECTION_COUNTER] =
		{
			.word = "counter",
			.most = 1,
			.keys = BIT(READERS) | BIT(ALLOW_INSIDE),
		},
	[JOB_SECTION_POINTS] =
		{
			.word = "points",
			.named = true,
			.most = JOB_SECTIONS_MAX,
			.keys = BIT(ARM) | BIT(RATE_HZ) | BIT(SERVICE_NS) |
				BIT(NEIGHBOURS) | BIT(GUEST_MASK_HZ) |
				BIT(GUEST_MASK_ORDER) | BIT(HOTPLUG) |
				BIT(PRESSURE) | BIT(COUNTER) | BIT(MOVE_IRQ_HZ),
			.required = BIT(ARM) | BIT(RATE_HZ),
		},
};

int job_fail(const struct job_origin *origin, const char *format, ...)
{
	char message[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (origin->set)
		return error_set(EXIT_REQUEST, EINVAL, "--set %s: %s",
				 origin->set, message);
	if (origin->line)
		return error_set(EXIT_REQUEST, EINVAL, "%s:%d: %s",
				 origin->path, origin->line, message);
	return error_set(EXIT_REQUEST, EINVAL, "%s: %s", origin->path, message);
}

char *job_trim(char *text)
{
	char *end;

	while (isspace((unsigned char)*text))
		text++;
	end = text + strlen(text);
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return text;
}

static bool is_name(const char *text)
{
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && *text != '-' &&
		    *text != '_')
			return false;
	return true;
}

static int check_name(const struct job_origin *origin,
		      const struct job_title *title)
{
	const struct section_rule *rule = &rules[title->kind];

	if (!rule->named && *title->name)
		return job_fail(origin, "[%s] takes no name", rule->word);
	if (rule->named && !*title->name)
		return job_fail(origin, "[%s] needs a name: [%s NAME]",
				rule->word, rule->word);
	if (strlen(title->name) >= JOB_NAME_MAX || !is_name(title->name))
		return job_fail(origin,
				"the name \"%s\"; allowed: 1 to %d letters, "
				"digits, \"-\" and \"_\"",
				title->name, JOB_NAME_MAX - 1);
	if ((title->kind == JOB_SECTION_NEIGHBOUR ||
	     title->kind == JOB_SECTION_LIVE) &&
	    (!strcmp(title->name, "target") || !strcmp(title->name, "none")))
		return job_fail(origin, "the name \"%s\" is reserved",
				title->name);
	return 0;
}

int job_title_parse(const struct job_origin *origin, char *text,
		    struct job_title *title)
{
	size_t word;

	text = job_trim(text);
	word = strcspn(text, " \t");
	for (int kind = 0; kind < JOB_SECTION_KINDS; kind++) {
		if (strlen(rules[kind].word) != word ||
		    strncmp(text, rules[kind].word, word) != 0)
			continue;
		title->kind = kind;
		title->name = job_trim(text + word);
		return check_name(origin, title);
	}
	return job_fail(origin,
			"unknown section [%s]; allowed: [job], [target], "
			"[neighbour NAME], [live NAME], [hotplug], [pressure], "
			"[counter], [points NAME]",
			text);
}

struct job_section *job_section_find(struct job_source *source,
				     const struct job_title *title)
{
	for (size_t i = 0; i < source->sections; i++)
		if (source->section[i].kind == title->kind &&
		    !strcmp(source->section[i].name, title->name))
			return &source->section[i];
	return NULL;
}

static size_t count_kind(const struct job_source *source,
			 enum job_section_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < source->sections; i++)
		count += source->section[i].kind == kind;
	return count;
}

static struct job_section *add_section(struct job_source *source,
				       const struct job_origin *origin,
				       const struct job_title *title)
{
	struct job_section *section = &source->section[source->sections++];

	section->kind = title->kind;
	snprintf(section->name, sizeof(section->name), "%s", title->name);
	section->origin = *origin;
	for (int key = 0; key < JOB_KEYS; key++) {
		section->setting[key].key = key_name[key];
		section->setting[key].origin = *origin;
	}
	return section;
}

struct job_section *job_section_open(struct job_source *source,
				     const struct job_origin *origin,
				     const struct job_title *title)
{
	const struct section_rule *rule = &rules[title->kind];
	const struct job_section *before = job_section_find(source, title);

	if (before) {
		job_fail(origin,
			 "this section is there twice, first in line %d",
			 before->origin.line);
		return NULL;
	}
	if (count_kind(source, title->kind) == rule->most) {
		job_fail(origin, "more than %zu [%s NAME] sections", rule->most,
			 rule->word);
		return NULL;
	}
	return add_section(source, origin, title);
}

static struct job_setting *find_setting(struct job_section *section,
					const char *key)
{
	for (int i = 0; i < JOB_KEYS; i++)
		if ((rules[section->kind].keys & (UINT64_C(1) << i)) &&
		    !strcmp(key_name[i], key))
			return &section->setting[i];
	return NULL;
}

static int fail_unknown_key(const struct job_origin *origin,
			    const struct job_section *section, const char *key)
{
	char allowed[256];
	size_t used = 0;

	for (int i = 0; i < JOB_KEYS; i++)
		if (rules[section->kind].keys & (UINT64_C(1) << i))
			used += snprintf(allowed + used, sizeof(allowed) - used,
					 "%s%s", used ? ", " : "", key_name[i]);
	return job_fail(origin, "unknown key \"%s\" in [%s%s]; allowed: %s",
			key, rules[section->kind].word,
			rules[section->kind].named ? " NAME" : "", allowed);
}

int job_section_take(struct job_section *section,
		     const struct job_origin *origin, const char *key,
		     const char *value)
{
	struct job_setting *setting = find_setting(section, key);

	if (!setting)
		return fail_unknown_key(origin, section, key);
	if (setting->origin.set)
		return job_fail(origin, "%s is set twice", key);
	if (setting->value && !origin->set)
		return job_fail(origin, "%s is there twice, first in line %d",
				key, setting->origin.line);
	if (!*value)
		return job_fail(origin, "%s has no value", key);
	free(setting->value);
	setting->value = strdup(value);
	if (!setting->value)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	setting->origin = *origin;
	return 0;
}

int job_section_check(const struct job_section *section)
{
	const struct section_rule *rule = &rules[section->kind];

	for (int key = 0; key < JOB_KEYS; key++)
		if ((rule->required & (UINT64_C(1) << key)) &&
		    !section->setting[key].value)
			return job_fail(&section->origin, "[%s %s] has no %s",
					rule->word, section->name,
					key_name[key]);
	return 0;
}

void job_section_free(struct job_section *section)
{
	for (int key = 0; key < JOB_KEYS; key++)
		free(section->setting[key].value);
}
