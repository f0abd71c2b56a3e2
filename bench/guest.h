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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../kmod/uapi/intxbench.h"
#include "job.h" /* GUEST_VCPUS_MAX */

#define GUEST_WHY_MAX 80

/*
 * The stages follow one another, and each interrupt is in all of them or in
 * none, so that their sums, and means, add up to the round trip's.
 */
enum guest_metric {
	GUEST_STAGE_ENTRY, /* t_assert to t_entry */
	GUEST_STAGE_MASK, /* t_entry to t_masked; kmod path only */
	GUEST_STAGE_INJECT, /* t_masked to t_inject; kmod path only */
	GUEST_STAGE_GUEST, /* t_inject to t_guest; from t_entry elsewhere */
	GUEST_STAGE_SERVICE, /* t_guest to t_ack */
	GUEST_ROUND_TRIP, /* t_assert to t_ack */

	GUEST_ENTRY_TO_GUEST, /* t_entry to t_guest */
	GUEST_SERVICE, /* t_guest to t_ack, of all entries */
	GUEST_ACK_TO_UNMASK, /* t_ack to t_unmask; kmod path only */
	GUEST_INTENDED_ROUND_TRIP, /* t_intended to t_ack */
	GUEST_METRICS
};

struct qemu;

struct guest_config {
	int vcpu_cpu[GUEST_VCPUS_MAX]; /* Linux CPU each is pinned to */
	size_t vcpus; /* the first one takes the interrupt */
	int flood_cpu, irq_cpu; /* what else a guest runs keeps off these,
				 * where there are others; -1: none */
	uint64_t service_ns;
	int inject_fd, resample_fd; /* the caller's; as in INTXBENCH_ADD */

	/*
	 * How to serve the device, see struct intxbench_add; registers is its
	 * BAR, mapped for registers_bytes, whole pages, and stays the caller's.
	 */
	volatile void *registers;
	size_t registers_bytes;
	uint32_t tokens, status_offset, ack_offset;

	/* The target's data area, mapped for data_bytes, and in it the newest
	 * injections' stamps. */
	const struct intxbench_data *data;
	size_t data_bytes;
	const struct intxbench_timeline *timeline;
	bool foreign; /* the path is not our module's: its stamps between
				 * t_entry and t_guest do not exist */

	/*
	 * The guest's own INTx mask: toggled mask_hz times a second, 0: never.
	 * set_mask() is what is done on the host when the guest writes its
	 * command register; from one thread of the guest's, 0 or -errno.
	 */
	uint32_t mask_hz;
	int (*set_mask)(void *context, bool masked);
	void *mask_context;

	const struct qemu *qemu; /* whose guest it is; guest_qemu_ops only */
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
	uint64_t unstamped; /* injections whose timeline record was gone,
				 * not there yet or being written: no time was
				 * taken from it */
	uint64_t backwards; /* stamps in the wrong order, not recorded */
	uint64_t mask_toggles; /* times the guest changed its INTx mask */
	uint64_t clock_error_ns; /* how far t_guest and t_ack can be off
				 * CLOCK_MONOTONIC; 0: it is the same clock */
	uint64_t started_ns; /* from start() to the guest's first instruction;
				 * 0: not known */
	int errnum; /* 0, or why the guest ended by itself */
	char why[GUEST_WHY_MAX]; /* the same in words, "" where there are no
				  * more than strerror()'s */
	struct intxbench_hist hist[GUEST_METRICS];
};

struct guest;

struct guest_ops {
	const char *name; /* as in the record: "thread" */
	bool outside; /* somebody else's, seen from outside only: its result
			 * has nothing but errnum and why */

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

/* The built-in virtual machine, bench/vmm/. */
extern const struct guest_ops guest_kvm_ops;

/* That of a QEMU which runs already. */
extern const struct guest_ops guest_qemu_ops;

/*
 * Whether it can be had here: starts one that does nothing. Takes 2 s and some
 * at most. false: why says so, in bytes at most; no error_set().
 */
bool guest_kvm_usable(char *why, size_t bytes);

#endif
