/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ways to watch the interrupt handlers of a line, to be compared by what they
 * cost. All time each handler run; ours and bpftrace's keep a histogram, the
 * trace buffer keeps raw events for later.
 */
#ifndef BENCH_WATCHER_H
#define BENCH_WATCHER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct watcher {
	const char *name;
	const char *what;
	bool probes; /* the session's own */
	/* NULL: nothing to do. attach returns when it watches the line; both
	 * 0 or -errno with error_set(). *seen: handler runs it saw. */
	int (*attach)(int irq);
	int (*detach)(uint64_t *seen);
};

/* In the order in which they are shown; the first watches nothing. */
extern const struct watcher watchers[];
extern const unsigned int watcher_count;

#endif
