// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "pressure_text.h"
#include "sysfs.h"

/* "oom 2\noom_kill 1\n" */
static uint64_t value_of(const char *text, const char *key)
{
	size_t length = strlen(key);
	uint64_t value = 0;

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, key, length) && line[length] == ' ' &&
		    sscanf(line + length, " %" SCNu64, &value) == 1)
			return value;
	}
	return 0;
}

void pressure_parse_events(const char *text, struct pressure_events *events)
{
	events->low = value_of(text, "low");
	events->high = value_of(text, "high");
	events->max = value_of(text, "max");
	events->oom = value_of(text, "oom");
	events->oom_kill = value_of(text, "oom_kill");
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=532830" */
static int total_of(const char *text, const char *key, uint64_t *total_us)
{
	const char *line = strstr(text, key), *total;

	total = line ? strstr(line, " total=") : NULL;
	if (!total || total > line + strcspn(line, "\n") ||
	    sscanf(total, " total=%" SCNu64, total_us) != 1)
		return -EINVAL;
	return 0;
}

int pressure_parse_psi(const char *text, uint64_t *some_us, uint64_t *full_us)
{
	int err;

	err = total_of(text, "some ", some_us);
	return err ? err : total_of(text, "full ", full_us);
}

int pressure_read_events(const char *group, struct pressure_events *events)
{
	char text[SYSFS_TEXT_MAX];
	int err;

	err = sysfs_read(text, sizeof(text), "%s/memory.events", group);
	if (err < 0)
		return err;
	pressure_parse_events(text, events);
	return 0;
}

int pressure_read_psi(const char *group, uint64_t *some_us, uint64_t *full_us)
{
	char text[SYSFS_TEXT_MAX];
	int err;

	err = sysfs_read(text, sizeof(text), "%s/memory.pressure", group);
	return err < 0 ? err : pressure_parse_psi(text, some_us, full_us);
}
