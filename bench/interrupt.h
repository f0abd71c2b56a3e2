/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SIGINT, SIGTERM and SIGHUP while a run holds the machine: the first one ends
 * the run cleanly, the second also the wait for a drain.
 */
#ifndef BENCH_INTERRUPT_H
#define BENCH_INTERRUPT_H

#include <stdint.h>

/* Catch them from here on, and ignore SIGPIPE and SIGXFSZ: a reader that has
 * gone or a full disk is an error of write(). */
void interrupt_catch(void);
void interrupt_release(void); /* as they were before */

/* How many have come. */
unsigned int interrupt_count(void);

/* Sleep until CLOCK_MONOTONIC says so, or a signal comes. */
void interrupt_sleep_until(uint64_t until_ns);

#endif
