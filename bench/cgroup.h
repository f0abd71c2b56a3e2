/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One control group of our own with the memory controller, on a machine that
 * has cgroup version 2. What is changed is journalled first. The journal is
 * main's, so are the functions that make and remove.
 */
#ifndef BENCH_CGROUP_H
#define BENCH_CGROUP_H

#include <stdint.h>

#define CGROUP_NAME "intxbench"
#define CGROUP_PATH_MAX 256

enum cgroup_layout {
	CGROUP_NONE,
	CGROUP_V1,
	CGROUP_HYBRID, /* both are mounted */
	CGROUP_V2,
};

struct cgroup_mounts {
	enum cgroup_layout layout;
	char v2[CGROUP_PATH_MAX]; /* where version 2 is mounted; "" */
	char memory[CGROUP_PATH_MAX]; /* where version 1 has the memory
				       * controller; "" */
};

/* From the text of /proc/self/mountinfo (proc(5)). */
void cgroup_parse_mounts(const char *mountinfo, struct cgroup_mounts *mounts);

/*
 * The group in which ours can be made: version 2's root as it is mounted.
 * Changes nothing. Returns 0, -errno with EXIT_MACHINE: no version 2, or the
 * memory controller is not with it.
 */
int cgroup_find_parent(char parent[CGROUP_PATH_MAX]);

/*
 * Make ours, and have the memory controller in it. It stays until the journal is
 * undone: where this run has made it already, it is emptied and used again. One
 * that is not ours is -EEXIST. EXIT_MACHINE.
 *
 * A group for each execution would look like a leak: the kernel keeps one that was
 * removed as long as a page is charged to it, such as a file system's metadata.
 */
int cgroup_make(const char *parent, char group[CGROUP_PATH_MAX]);

/* Write one of its files. EXIT_MACHINE. */
int cgroup_set(const char *group, const char *file, uint64_t bytes);

/* SIGKILL to all that is in it. Any thread; sets no error. */
void cgroup_kill(const char *group);

/* Kill what is in it and wait until it is empty; some seconds at most. One that is
 * gone is 0. EXIT_MACHINE. */
int cgroup_empty(const char *group);

#endif
