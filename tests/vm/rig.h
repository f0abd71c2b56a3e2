/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The module under test from the outside: a session on the functions that
 * share a line here, and a guest that serves its target. Every call of the ABI
 * is made by hand, so that a test can make it wrongly.
 */
#ifndef TESTS_VM_RIG_H
#define TESTS_VM_RIG_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "../../kmod/uapi/intxbench.h"

#define RIG_FUNCTIONS 3

struct rig_function {
	unsigned int domain, bus, devfn;
	char address[16];
	struct intxbench_add add;
	const struct intxbench_data *data; /* NULL: not in the session */
};

struct rig {
	int fd; /* -1: closed */
	int inject, resample;
	unsigned int functions; /* in the session; [0] is the target */
	struct rig_function function[RIG_FUNCTIONS];
	size_t data_bytes;

	pthread_t guest;
	bool serving;
	volatile bool stop;
	unsigned int service_us;
	unsigned int linger_us; /* from the cleared device to the ack */
	volatile uint32_t *bar;
	__u64 served[INTXBENCH_MAX_TOKENS];
	uint64_t empty; /* entered with nothing pending */
};

/* Addresses of the line's functions, from the environment variable FUNCTIONS.
 * Returns how many. */
unsigned int rig_addresses(struct rig_function *function);

/* A foreign function's driver; NULL: none. Unbinds what it was bound to. */
void rig_bind(const struct rig_function *function, const char *driver);

/* Open a session, take `functions` functions with this arm; no guest yet. */
void rig_open(struct rig *rig, uint32_t arm, unsigned int functions);
/* Take the next function: the first as the target, with this arm. */
void rig_take(struct rig *rig, uint32_t arm);
/* Take the next function, as another driver's. */
void rig_open_foreign(struct rig *rig, enum intxbench_role role,
		      const char *handler);
void rig_schedule(struct rig *rig, unsigned int index, uint32_t gap_ns,
		  uint32_t flags);
void rig_schedule_after(struct rig *rig, unsigned int index, uint64_t phase_ns,
			uint32_t gap_ns, uint32_t flags);
int rig_start(struct rig *rig, uint32_t flags, uint64_t duration_ns,
	      uint64_t watchdog_ns);
void rig_serve(struct rig *rig, unsigned int service_us);
/* For another guest than rig_serve()'s: the target's registers. */
void rig_map(struct rig *rig);
void rig_serve_once(struct rig *rig);
/* Stop the flood, then wait until nothing is pending; false: it never was. */
bool rig_drain(struct rig *rig, unsigned int limit_ms);
/* What the guest says of its mask. */
void rig_guest_mask(struct rig *rig, bool masked);
struct intxbench_state rig_state(struct rig *rig, unsigned int index);
/* Close the descriptor only; the data stays readable. */
void rig_close_session(struct rig *rig);
void rig_close(struct rig *rig);

/* One add with these values changed; returns 0 or errno. */
int rig_add(int fd, struct intxbench_add *add);

uint64_t rig_sum(const __u64 tokens[INTXBENCH_MAX_TOKENS]);
const struct intxbench_cpu_data *rig_cpu(const struct intxbench_data *data,
					 unsigned int cpu);
/* Over all CPUs. */
uint64_t rig_spurious(const struct intxbench_data *data);
uint64_t rig_claimed(const struct intxbench_data *data);
uint64_t rig_entered(const struct intxbench_data *data);
uint64_t rig_absorbed(const struct intxbench_data *data);
/* Over all CPUs; 0 where nothing was measured. */
uint64_t rig_mean_ns(const struct intxbench_data *data,
		     enum intxbench_metric metric);

/* An injection's record; sequence as in struct intxbench_timeline. */
const struct intxbench_timeline *rig_timeline(const struct intxbench_data *data,
					      uint64_t sequence);

uint16_t rig_command(const struct rig_function *function);
/* Handlers on the line that are ours, from /proc/interrupts. */
unsigned int rig_handlers(void);
void rig_sleep_ms(unsigned int ms);

/* Look at the kernel's log from here on only. */
void rig_log_mark(void);
/* The first line since the mark that tells of a fault; NULL: none. Valid until
 * the next call. */
const char *rig_log_fault(void);

#endif
