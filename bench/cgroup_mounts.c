// SPDX-License-Identifier: GPL-2.0-or-later
/* Which versions of cgroup are mounted, and where. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgroup.h"

#define LINE_MAX_BYTES 4096

/* The kernel writes blanks and backslashes as \ooo. */
static void copy_unescaped(char path[CGROUP_PATH_MAX], const char *from)
{
	size_t used = 0;

	while (*from && used + 1 < CGROUP_PATH_MAX) {
		if (from[0] == '\\' && strspn(from + 1, "01234567") >= 3) {
			const char octal[] = { from[1], from[2], from[3], 0 };

			path[used++] = strtoul(octal, NULL, 8);
			from += 4;
		} else {
			path[used++] = *from++;
		}
	}
	path[used] = '\0';
}

static bool has_option(const char *options, const char *wanted)
{
	size_t length = strlen(wanted);

	while (options) {
		if (!strncmp(options, wanted, length) &&
		    (!options[length] || options[length] == ','))
			return true;
		options = strchr(options, ',');
		if (options)
			options++;
	}
	return false;
}

/* ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAG...] - TYPE SOURCE OPTIONS */
static void take_line(const char *line, struct cgroup_mounts *mounts, bool *v1)
{
	char point[LINE_MAX_BYTES], type[64], options[LINE_MAX_BYTES];
	const char *tail = strstr(line, " - ");

	if (!tail || strlen(line) >= LINE_MAX_BYTES ||
	    sscanf(line, "%*s %*s %*s %*s %4095s", point) != 1 ||
	    sscanf(tail, " - %63s %*s %4095s", type, options) != 2)
		return;
	if (!strcmp(type, "cgroup2") && !mounts->v2[0])
		copy_unescaped(mounts->v2, point);
	if (strcmp(type, "cgroup"))
		return;
	*v1 = true;
	if (has_option(options, "memory") && !mounts->memory[0])
		copy_unescaped(mounts->memory, point);
}

void cgroup_parse_mounts(const char *mountinfo, struct cgroup_mounts *mounts)
{
	char line[LINE_MAX_BYTES];
	bool v1 = false;
	size_t length;

	memset(mounts, 0, sizeof(*mounts));
	for (; *mountinfo; mountinfo += length + (mountinfo[length] == '\n')) {
		length = strcspn(mountinfo, "\n");
		if (length >= sizeof(line))
			continue;
		memcpy(line, mountinfo, length);
		line[length] = '\0';
		take_line(line, mounts, &v1);
	}
	if (mounts->v2[0])
		mounts->layout = v1 ? CGROUP_HYBRID : CGROUP_V2;
	else
		mounts->layout = v1 ? CGROUP_V1 : CGROUP_NONE;
}
