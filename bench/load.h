/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The workload of a live neighbour: a tool that uses it through its own
 * driver, and what that tool says of it. One process, which ends with us.
 */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stddef.h>
#include <stdint.h>

#include "../kmod/uapi/intxbench_hist.h"

enum load_kind {
	LOAD_NONE,
	LOAD_PING, /* of an address behind a network function */
	LOAD_FIO, /* random 4 KiB reads of a disk or file, one at a time */
	LOAD_KINDS
};

#define LOAD_OBJECT_MAX 128 /* address, or path */
#define LOAD_COMMAND_MAX 512

struct load_result {
	struct intxbench_hist latency; /* round trips, or reads */
	uint64_t unanswered; /* ping: sent during the flood, no reply */
};

struct load;

const char *load_name(enum load_kind kind); /* "ping"; NULL: none such */
int load_by_name(const char *name); /* or -1 */

/* The command line, as the record has it. */
void load_command(enum load_kind kind, const char *object,
		  char command[LOAD_COMMAND_MAX]);

/*
 * Start it, and return when it works: its first reply is there. EXIT_MACHINE:
 * the tool is not there, or nothing comes of it, with what it said.
 */
int load_start(enum load_kind kind, const char *object, struct load **load);

/* What comes from here on counts. */
void load_begin(struct load *load);

/* End it and take what it measured; frees it. EXIT_MACHINE: it has failed
 * meanwhile. */
int load_stop(struct load *load, struct load_result *result);

/* End it and forget it; NULL is harmless. */
void load_discard(struct load *load);

#endif
