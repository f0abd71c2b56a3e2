/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much of what stress-ng is to do, and how it is told. Pure. */
#ifndef BENCH_PRESSURE_TOOL_H
#define BENCH_PRESSURE_TOOL_H

#include "pressure.h"

#define PRESSURE_ARGUMENTS_MAX 24
#define PRESSURE_WORD_MAX 32

struct pressure_sizes {
	uint64_t max_bytes, high_bytes; /* as they are to be set */
	unsigned int workers; /* stress-ng's, of each work */
	unsigned int fault_workers;
	unsigned int cache_workers; /* more, where a file would be too large */
	uint64_t fault_bytes; /* all vm workers together; 0: none */
	uint64_t cache_bytes; /* each sendfile worker's file */
	uint64_t dirty_bytes; /* all hdd workers' files together */
	uint64_t scratch_bytes; /* what that takes on the disk at most */
};

/* The command line; argument points into word. */
struct pressure_command {
	const char *argument[PRESSURE_ARGUMENTS_MAX]; /* NULL-terminated */
	char word[PRESSURE_ARGUMENTS_MAX][PRESSURE_WORD_MAX];
};

/*
 * What a config comes to on a machine with this much memory and so many CPUs
 * online. EXIT_MACHINE: it does not fit the machine; EXIT_REQUEST: it asks for
 * nothing.
 */
int pressure_sizes(const struct pressure_config *config, uint64_t memory_bytes,
		   unsigned int cpus_online, struct pressure_sizes *sizes);

/* folder, where files are written, is to live as long as *command. */
void pressure_command(const struct pressure_sizes *sizes, const char *folder,
		      struct pressure_command *command);

#endif
