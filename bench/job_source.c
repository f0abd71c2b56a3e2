// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "job_source.h"
#include "job_text.h"

#define OVERRIDE_MAX 512 /* bytes of a --set, so that errors can repeat it */

struct reading {
	struct job_source *source;
	const char *next; /* the line to come */
	struct job_origin origin; /* the line being read */
	struct job_section *section; /* it belongs to */
	int err; /* set: stop */
};

/*
 * Indentation goes, for inih would take such a line as the continuation of the
 * one before. A line that does not fit inih's buffer would be cut in two.
 */
static int copy_line(struct reading *reading, char *buffer, size_t bytes)
{
	size_t length = strcspn(reading->next, "\n");
	size_t indent = strspn(reading->next, " \t");

	reading->origin.line++;
	if (length - indent + 2 > bytes)
		return job_fail(&reading->origin,
				"the line is longer than %zu bytes", bytes - 2);
	memcpy(buffer, reading->next + indent, length - indent);
	buffer[length - indent] = '\0';
	reading->next += length;
	if (*reading->next == '\n')
		reading->next++;
	return 0;
}

static int read_section_line(struct reading *reading, char *line)
{
	char *end = strchr(line, ']');
	struct job_title title;
	const char *rest;
	int err;

	if (!end)
		return job_fail(&reading->origin,
				"a section without its \"]\"");
	*end = '\0';
	rest = job_trim(end + 1);
	if (*rest && *rest != ';')
		return job_fail(&reading->origin,
				"\"%s\" after a section's \"]\"", rest);
	err = job_title_parse(&reading->origin, line + 1, &title);
	if (err)
		return err;
	reading->section =
		job_section_open(reading->source, &reading->origin, &title);
	return reading->section ? 0 : -EINVAL;
}

/*
 * inih's reader: one line a call, so that our count of lines is right in its
 * handler. Sections' lines are read here and blank to inih, which would cut
 * long names short, say nothing of a section without keys and ignore whatever
 * follows the bracket.
 */
static char *read_line(char *buffer, int bytes, void *stream)
{
	struct reading *reading = stream;

	if (reading->err || !*reading->next)
		return NULL;
	reading->err = copy_line(reading, buffer, bytes);
	if (!reading->err && *buffer == '[') {
		reading->err = read_section_line(reading, buffer);
		*buffer = '\0';
	}
	return reading->err ? NULL : buffer;
}

static int handle(void *user, const char *section, const char *name,
		  const char *value)
{
	struct reading *reading = user;

	(void)section;
	if (!reading->section)
		reading->err = job_fail(&reading->origin,
					"\"%s\" stands before any [section]",
					name);
	else
		reading->err = job_section_take(reading->section,
						&reading->origin, name, value);
	return !reading->err;
}

static int read_file(struct job_source *source, const char *path,
		     const char *text)
{
	struct reading reading = {
		.source = source,
		.next = text,
		.origin = { .path = path },
	};
	int line;

	line = ini_parse_stream(read_line, &reading, handle, &reading);
	if (reading.err)
		return reading.err;
	if (line < 0)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	reading.origin.line = line;
	if (line)
		return job_fail(&reading.origin,
				"neither \"key = value\" nor \"[section]\" nor "
				"\"; comment\"");
	return 0;
}

/* "points shared.rate_hz=100"; changes text. */
static int take_override(struct job_source *source,
			 const struct job_origin *origin, char *text)
{
	struct job_title title = { JOB_SECTION_JOB, "" };
	struct job_section *section;
	char *value, *dot, *key = text;
	int err;

	value = strchr(text, '=');
	if (!value)
		return job_fail(origin, "not of the form KEY=VALUE");
	*value++ = '\0';
	dot = strrchr(text, '.');
	if (dot) {
		*dot = '\0';
		key = dot + 1;
		err = job_title_parse(origin, text, &title);
		if (err)
			return err;
	}
	section = job_section_find(source, &title);
	if (!section)
		return job_fail(origin, "the job has no [%s]", text);
	return job_section_take(section, origin, job_trim(key),
				job_trim(value));
}

static int read_override(struct job_source *source, const char *path,
			 const char *override)
{
	struct job_origin origin = { .path = path, .set = override };
	char *text;
	int err, line;

	if (strlen(override) > OVERRIDE_MAX)
		return error_set(EXIT_REQUEST, EINVAL,
				 "a --set is longer than %d bytes",
				 OVERRIDE_MAX);
	if (job_text_flaw(override, &line) || strchr(override, '\n'))
		return error_set(EXIT_REQUEST, EINVAL,
				 "a --set is not one line of plain text");
	text = strdup(override);
	if (!text)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	err = take_override(source, &origin, text);
	free(text);
	return err;
}

/* The sections that need not be written. */
static void add_missing(struct job_source *source, const char *path)
{
	static const enum job_section_kind kinds[] = {
		JOB_SECTION_JOB,      JOB_SECTION_TARGET,  JOB_SECTION_HOTPLUG,
		JOB_SECTION_PRESSURE, JOB_SECTION_COUNTER,
	};
	struct job_origin origin = { .path = path };
	struct job_title title = { .name = "" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		title.kind = kinds[i];
		if (!job_section_find(source, &title))
			job_section_open(source, &origin, &title);
	}
}

int job_source_read(struct job_source *source, const char *path,
		    const char *text, const char *const *overrides,
		    size_t count)
{
	int err;

	memset(source, 0, sizeof(*source));
	err = read_file(source, path, text);
	if (err)
		return err;
	add_missing(source, path);
	for (size_t i = 0; i < count && !err; i++)
		err = read_override(source, path, overrides[i]);
	for (size_t i = 0; i < source->sections && !err; i++)
		err = job_section_check(&source->section[i]);
	return err;
}

void job_source_free(struct job_source *source)
{
	for (size_t i = 0; i < source->sections; i++)
		job_section_free(&source->section[i]);
	source->sections = 0;
}
