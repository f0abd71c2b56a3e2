// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load_tool.h"

#define PING_INTERVAL_S "0.01"

static void take_arguments(const char *argument[LOAD_ARGUMENTS_MAX],
			   const char *const *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		argument[i] = from[i];
	argument[count] = NULL;
}

static void ping_arguments(const char *object,
			   const char *argument[LOAD_ARGUMENTS_MAX])
{
	const char *const words[] = {
		"ping", "-n", "-i", PING_INTERVAL_S, object,
	};

	take_arguments(argument, words, sizeof(words) / sizeof(words[0]));
}

/* "64 bytes from 192.0.2.2: icmp_seq=7 ttl=64 time=0.187 ms" */
static bool ping_line(struct load_reading *reading, const char *line)
{
	const char *sequence = strstr(line, "icmp_seq=");
	const char *time = strstr(line, " time=");
	uint64_t number;
	double ms;

	if (!sequence || !time ||
	    sscanf(sequence, "icmp_seq=%" SCNu64, &number) != 1 ||
	    sscanf(time, " time=%lf ms", &ms) != 1 || ms < 0)
		return false;
	if (!reading->replies)
		reading->first = number;
	if (number > reading->last)
		reading->last = number;
	reading->replies++;
	if (reading->last + 1 > reading->first + reading->replies)
		reading->result.unanswered =
			reading->last + 1 - reading->first - reading->replies;
	else
		reading->result.unanswered = 0;
	intxbench_hist_record(&reading->result.latency, ms * 1e6);
	return true;
}

/* readonly: fio refuses anything that would write. thread: no process of its
 * own that would be left over if we are killed. */
static void fio_arguments(const char *object,
			  const char *argument[LOAD_ARGUMENTS_MAX])
{
	static char filename[LOAD_OBJECT_MAX + sizeof("--filename=")];
	const char *const words[] = {
		"fio",          "--name=intxbench", filename,
		"--readonly",   "--rw=randread",    "--bs=4k",
		"--direct=1",   "--ioengine=psync", "--iodepth=1",
		"--time_based", "--runtime=86400",  "--output-format=json+",
		"--thread",
	};

	snprintf(filename, sizeof(filename), "--filename=%s", object);
	take_arguments(argument, words, sizeof(words) / sizeof(words[0]));
}

static bool fio_line(struct load_reading *reading, const char *line)
{
	(void)reading;
	(void)line;
	return false;
}

/* {"nanoseconds": count}, what has come from one report to the next. */
static int fio_bins(const json_t *before, const json_t *after,
		    struct intxbench_hist *latency)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)after, key, value) {
		json_int_t count =
			json_integer_value(value) -
			json_integer_value(json_object_get(before, key));

		if (count < 0)
			return -EINVAL;
		while (count--)
			intxbench_hist_record(latency, strtoull(key, NULL, 10));
	}
	return 0;
}

/* The next report in *text, which goes on behind it; NULL: none. */
static json_t *fio_report(const char **text)
{
	const char *start = strchr(*text, '{');
	json_error_t where;
	json_t *root;

	if (!start)
		return NULL;
	root = json_loads(start, JSON_DISABLE_EOF_CHECK, &where);
	*text = root ? start + where.position : start;
	return root;
}

static json_t *fio_read_bins(const json_t *root)
{
	json_t *job = json_array_get(json_object_get(root, "jobs"), 0);
	json_t *read = json_object_get(job, "read");

	return json_object_get(json_object_get(read, "clat_ns"), "bins");
}

/*
 * Two reports: of SIGUSR1, when the flood began, and of the end. What fio says
 * of the signal that ends it stands between them.
 */
static int fio_all(struct load_reading *reading, const char *text)
{
	json_t *before = fio_report(&text), *after = fio_report(&text);
	const json_t *bins = fio_read_bins(after);
	int err = -EINVAL;

	if (before && bins)
		err = fio_bins(fio_read_bins(before), bins,
			       &reading->result.latency);
	json_decref(before);
	json_decref(after);
	return err;
}

const struct load_tool load_tools[LOAD_KINDS] = {
	[LOAD_PING] = {
		.name = "ping",
		.package = "iputils-ping",
		.early = true,
		.arguments = ping_arguments,
		.take_line = ping_line,
	},
	[LOAD_FIO] = {
		.name = "fio",
		.package = "fio",
		.arguments = fio_arguments,
		.take_line = fio_line,
		.take_all = fio_all,
	},
};

const char *load_name(enum load_kind kind)
{
	if (kind == LOAD_NONE)
		return "none";
	return kind < LOAD_KINDS ? load_tools[kind].name : NULL;
}

int load_by_name(const char *name)
{
	for (int i = 0; i < LOAD_KINDS; i++)
		if (!strcmp(load_name(i), name))
			return i;
	return -1;
}

void load_command(enum load_kind kind, const char *object,
		  char command[LOAD_COMMAND_MAX])
{
	const char *argument[LOAD_ARGUMENTS_MAX];
	size_t used = 0;

	command[0] = '\0';
	if (kind == LOAD_NONE)
		return;
	load_tools[kind].arguments(object, argument);
	for (size_t i = 0; argument[i] && used < LOAD_COMMAND_MAX; i++)
		used += snprintf(command + used, LOAD_COMMAND_MAX - used,
				 "%s%s", i ? " " : "", argument[i]);
}
