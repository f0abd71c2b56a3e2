// SPDX-License-Identifier: GPL-2.0-or-later
/* Which of a line's handlers is a function's. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "host.h"
#include "host_device.h"
#include "sysfs.h"

#define HANDLERS_MAX 1024

struct search {
	const char *handlers; /* "ahci, eth0" */
	char found[64];
	size_t times;
};

static size_t count(const char *handlers, const char *name)
{
	size_t times = 0, length = strlen(name), word;

	for (; *handlers; handlers += word + strspn(handlers + word, ", ")) {
		word = strcspn(handlers, ",");
		times += word == length && !strncmp(handlers, name, length);
	}
	return times;
}

static int try_name(const char *name, void *context)
{
	struct search *search = context;

	if (search->times)
		return 0;
	search->times = count(search->handlers, name);
	if (search->times)
		snprintf(search->found, sizeof(search->found), "%s", name);
	return 0;
}

static void try_all(const struct host_function *function, struct search *search)
{
	char text[PATH_MAX];

	snprintf(text, sizeof(text), HOST_DEVICE "/net", function->address);
	sysfs_each(text, try_name, search);
	snprintf(text, sizeof(text), "%s[%s]", function->driver,
		 function->address);
	try_name(text, search);
	try_name(function->driver, search);
}

int host_line_handler(const struct host_function *function, const char *wanted,
		      char *name, size_t bytes)
{
	char handlers[HANDLERS_MAX];
	struct search search = { .handlers = handlers };

	if (host_line_text(function->irq, handlers, sizeof(handlers)))
		handlers[0] = '\0';
	if (wanted[0])
		try_name(wanted, &search);
	else
		try_all(function, &search);
	snprintf(name, bytes, "%s", search.found);
	if (search.times == 1)
		return 0;
	if (search.times)
		return error_set(EXIT_MACHINE, EEXIST,
				 "line %d has more than one handler '%s': "
				 "which is that of %s is not known",
				 function->irq, search.found,
				 function->address);
	return error_set(
		EXIT_MACHINE, ENOENT,
		"no handler on line %d is known to be that of %s (%s); "
		"there are: %s; name it with handler = ... in the job",
		function->irq, function->address,
		wanted[0] ? wanted : function->driver,
		handlers[0] ? handlers : "none");
}
