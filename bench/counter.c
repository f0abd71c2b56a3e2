// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "counter.h"
#include "error.h"
#include "session.h"

struct counter {
	struct session session; /* of its own, with no function in it */
};

static const struct {
	uint32_t id; /* enum intxbench_counter_read */
	const char *name;
} reads[COUNTER_READS] = {
	[COUNTER_NONE] = { 0, "none" },
	[COUNTER_INSIDE] = { INTXBENCH_COUNTER_INSIDE, "inside" },
	[COUNTER_HOISTED] = { INTXBENCH_COUNTER_HOISTED, "hoisted" },
	[COUNTER_LOCKLESS] = { INTXBENCH_COUNTER_LOCKLESS, "lockless" },
};

const char *counter_read_name(enum counter_read read)
{
	return reads[read].name;
}

static const char *why_not_started(int errnum)
{
	switch (errnum) {
	case EPERM:
		return "it takes a sleeping lock in an RCU read section, and "
		       "that was not allowed";
	case EINVAL:
		return "the module refuses the request";
	default:
		return strerror(errnum);
	}
}

static int start(struct counter *counter, const struct counter_config *config)
{
	struct intxbench_counter_start arg = {
		.size = sizeof(arg),
		.flags = config->allow_inside ? INTXBENCH_COUNTER_ALLOW_INSIDE :
						0,
		.read = reads[config->read].id,
		.readers = config->readers,
	};
	int err = session_open(&counter->session);

	if (err)
		return err;
	if (!ioctl(counter->session.fd, INTXBENCH_COUNTER_START, &arg))
		return 0;
	err = error_set(EXIT_MACHINE, errno,
			"the module cannot start a counter set with %u readers "
			"of the kind '%s': %s",
			config->readers, counter_read_name(config->read),
			why_not_started(errno));
	session_free(&counter->session);
	return err;
}

int counter_start(const struct counter_config *config, struct counter **counter)
{
	struct counter *made = calloc(1, sizeof(*made));
	int err;

	if (!made)
		return error_set(EXIT_MACHINE, ENOMEM,
				 "no memory for a counter set");
	err = start(made, config);
	if (err) {
		free(made);
		return err;
	}
	*counter = made;
	return 0;
}

static int stop(int fd, struct counter_result *result)
{
	struct intxbench_counter_result arg = {
		.size = sizeof(arg),
		.read_hist = (uintptr_t)&result->read_hist,
		.fold_hist = (uintptr_t)&result->fold_hist,
	};

	if (ioctl(fd, INTXBENCH_COUNTER_STOP) ||
	    ioctl(fd, INTXBENCH_COUNTER_RESULT, &arg))
		return error_set(EXIT_MACHINE, errno,
				 "the module does not say what its counter set "
				 "found: %s",
				 strerror(errno));
	result->added = arg.added;
	result->sum = arg.sum;
	result->reads = arg.reads;
	result->backwards = arg.backwards;
	result->blocked = arg.blocked;
	result->folds = arg.folds;
	return 0;
}

int counter_stop(struct counter *counter, struct counter_result *result)
{
	int err = stop(counter->session.fd, result);

	session_free(&counter->session);
	free(counter);
	return err;
}
