/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A function's memory BAR, mapped as a guest would see it. */
#ifndef BENCH_REGISTERS_H
#define BENCH_REGISTERS_H

#include <stddef.h>
#include <stdint.h>

struct registers {
	void *base; /* NULL: not mapped */
	size_t bytes;
};

/* EXIT_MACHINE. The function must be enabled, which its driver has done. */
int registers_map(const char *address, uint32_t bar,
		  struct registers *registers);
void registers_unmap(struct registers *registers); /* harmless twice */

#endif
