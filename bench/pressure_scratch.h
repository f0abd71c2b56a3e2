/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder of our own on a disk, for what stress-ng writes. Main's thread. */
#ifndef BENCH_PRESSURE_SCRATCH_H
#define BENCH_PRESSURE_SCRATCH_H

#include <limits.h>
#include <stdint.h>

/*
 * Whether files of so many bytes can be written there, on a disk: what is in
 * memory (tmpfs) cannot be reclaimed, and what another machine has (NFS, 9p) or
 * another file system hides (overlay) may be. EXIT_MACHINE.
 */
int pressure_scratch_check(const char *directory, uint64_t bytes);

/* Make it, journalled; one that we have left is removed first. EXIT_MACHINE. */
int pressure_scratch_make(const char *directory, char folder[PATH_MAX]);

/* With all that is in it; gone is 0. EXIT_MACHINE. */
int pressure_scratch_remove(const char *folder);

#endif
