/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who serves the target. One ops struct for each kind of guest.
 *
 * A guest is entered once for each injection: it serves the device for
 * service_ns, clears it, and acks. What it counts and times is its own until
 * stop() has returned.
 */
#ifndef BENCH_GUEST_H
#define BENCH_GUEST_H

#include <stdint.h>

#include "../kmod/uapi/intxbench.h"

enum guest_metric {
	GUEST_ENTRY_TO_GUEST, /* t_entry to t_guest */
	GUEST_SERVICE, /* t_guest to t_ack */
	GUEST_ACK_TO_UNMASK, /* t_ack to t_unmask */
	GUEST_ROUND_TRIP, /* t_assert to t_ack */
	GUEST_INTENDED_ROUND_TRIP, /* t_intended to t_ack */
	GUEST_METRICS
};

struct guest_config {
	int cpu; /* Linux CPU number it is pinned to */
	uint64_t service_ns;
	int inject_fd, resample_fd; /* the caller's; as in INTXBENCH_ADD */

	/* How to serve the device, see struct intxbench_add; registers is the
	 * BAR, mapped, and stays the caller's. */
	volatile void *registers;
	uint32_t tokens, status_offset, ack_offset;

	/* The target's data area: the newest injection and its stamps. */
	const struct intxbench_data *data;
	const struct intxbench_timeline *timeline;
};

struct guest_result {
	uint64_t served[INTXBENCH_MAX_TOKENS];
	/*
	 * Injections received: what the eventfd counted. A read that finds
	 * more than one is still one wake-up: the others came while the guest
	 * was not looking, and a correct arm, which holds its function quiet
	 * until the ack, has none. They are in entries, merged and empty.
	 */
	uint64_t entries;
	uint64_t merged;
	uint64_t empty; /* of the entries: nothing was pending, or the
				 * injection was merged into one before */
	uint64_t unstamped; /* injections whose timeline record was gone or
				 * being written: no time was taken from it */
	uint64_t backwards; /* stamps in the wrong order, not recorded */
	int errnum; /* 0, or why the guest ended by itself */
	struct intxbench_hist hist[GUEST_METRICS];
};

struct guest;

struct guest_ops {
	const char *name; /* as in the record: "thread" */

	/* Ready to be entered when this returns. config must live until
	 * stop(). 0 or -errno with error_set(). */
	int (*start)(const struct guest_config *config, struct guest **guest);

	/* errno if the guest has ended by itself, else 0. Any time. */
	int (*failed)(const struct guest *guest);

	/*
	 * End it: injections signalled before are served first. Returns when
	 * nothing of it runs; *result is what it counted. Frees the guest.
	 */
	void (*stop)(struct guest *guest, struct guest_result *result);
};

/* A thread on a CPU of its own that stands in for a vCPU. */
extern const struct guest_ops guest_thread_ops;

#endif
