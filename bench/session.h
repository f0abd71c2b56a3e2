/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A session with the module: with counter.c the only caller of the ioctls of
 * kmod/uapi/intxbench.h, where each call is specified.
 *
 * Failures are EXIT_MACHINE with error_set(), unless noted.
 */
#ifndef BENCH_SESSION_H
#define BENCH_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../kmod/uapi/intxbench.h"
#include "host.h"
#include "schedule.h"

struct session_function {
	char address[HOST_ADDRESS_MAX];
	struct intxbench_add add; /* as the module answered */
	const struct intxbench_data *data; /* its data area, mapped */
};

struct session {
	int fd; /* -1: closed */
	struct intxbench_info info;
	struct session_function function[INTXBENCH_MAX_FUNCTIONS];
	size_t functions;
};

/*
 * Open the device and compare the ABI. Tells a module that is not loaded, a
 * kernel that is locked down and a different ABI apart.
 */
int session_open(struct session *session);

/*
 * Take a function; *index is its number. -EBUSY, and no error_set(): the line
 * cannot be shared as this arm needs, and the caller decides what that means.
 */
int session_add_target(struct session *session,
		       const struct host_function *function, uint32_t arm,
		       int inject_fd, int resample_fd, size_t *index);
/* One that another driver serves, watched by its handler's name; live: whose
 * registers are its own guest's (INTXBENCH_ADD_LIVE). */
int session_add_foreign_target(struct session *session,
			       const struct host_function *function,
			       const char *handler, bool live, size_t *index);
int session_add_live(struct session *session,
		     const struct host_function *function, const char *handler,
		     size_t *index);
int session_add_neighbour(struct session *session,
			  const struct host_function *function, size_t *index);

int session_schedule(struct session *session, size_t index, int cpu,
		     uint64_t phase_ns, const struct schedule *schedule);

/* flags: INTXBENCH_START_*; *start_ns: CLOCK_MONOTONIC, when the flood begins. */
int session_start(struct session *session, uint32_t flags, uint64_t duration_ns,
		  uint64_t watchdog_ns, uint64_t *start_ns);
int session_stop(struct session *session);

/* The guest's own view of its INTx mask; from any thread, no error_set(). */
int session_intx_mask(const struct session *session, size_t index, bool masked);

/* flags and pending bits of one function now. */
int session_state(struct session *session, size_t index,
		  struct intxbench_state *state);

/* End the session: the flood is over, interrupts are free. The data areas stay
 * and are exact from here on. */
void session_close(struct session *session);

/* Close, and unmap the data areas. Harmless on a session that never opened,
 * if its fd is -1 and its functions 0. */
void session_free(struct session *session);

const struct intxbench_timeline *
session_timeline(const struct session_function *function);
const struct intxbench_cpu_data *
session_cpu_data(const struct session_function *function, uint32_t cpu);

#endif
