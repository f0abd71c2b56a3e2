/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a VMM does on the host when its guest writes the INTx Disable bit of
 * its command register: it tells the module (INTXBENCH_INTX_MASK), and writes
 * the real register. The order of the two is the job's to choose.
 */
#ifndef BENCH_GUEST_MASK_H
#define BENCH_GUEST_MASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "job.h"
#include "session.h"

struct guest_mask {
	struct session *session;
	size_t function; /* the target's index in it */
	enum mask_order order;
	uint16_t command; /* the real register without INTx Disable */
	int config_fd; /* -1: not open */
};

/* EXIT_MACHINE: its config space cannot be opened. */
int guest_mask_open(struct guest_mask *mask, struct session *session,
		    size_t function, enum mask_order order);
void guest_mask_close(struct guest_mask *mask); /* harmless twice */

/* guest_config.set_mask, with a struct guest_mask. */
int guest_mask_set(void *context, bool masked);

#endif
