/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ways from the host's interrupt to the guest's eventfds that are not our
 * module's. One ops struct for each driver and way of unmasking; what each
 * does on the way is in docs/METHOD.md, Paths.
 *
 * The order is check() once, before anything is changed; then for each point
 * bind(), open(), INTXBENCH_ADD_FOREIGN and registers() in any order,
 * connect(), the flood, registers_unmap(), close().
 *
 * Failures are -errno with error_set(), unless noted.
 */
#ifndef BENCH_PATH_H
#define BENCH_PATH_H

#include <stddef.h>
#include <stdint.h>

#include "host.h"
#include "registers.h"

struct path;

/* Copied by open(), but for the descriptors, which are the caller's and must
 * be open until close(). */
struct path_config {
	const struct host_function *function; /* the target */
	/* Eventfds: what the guest waits for, and what it signals as its ack
	 * (EOI). Each injection adds 1; what an ack adds does not matter. */
	int inject_fd, resample_fd;
	int cpu; /* where a helper thread runs: the guest's */
};

struct path_ops {
	const char *name; /* "vfio", "uio" */
	const char *arm; /* "irqfd", "ioctl", "nointxmask", "uio" */
	const char *driver; /* that the target must be bound to */
	bool exclusive; /* masks the line, and so takes it for itself only */
	bool held; /* somebody else has the device open, and goes on having
			 * it: nothing is bound, opened or connected */

	/*
	 * What this machine lacks for it and what to do about that; looks
	 * only. What shows later only (somebody opens the group, interrupts
	 * are not remapped) is said by open().
	 */
	int (*check)(const struct host_function *function);

	/*
	 * Bind the target to the driver, which is loaded first, with the
	 * parameters that this arm needs; all journalled. No path to the
	 * function may be open.
	 */
	int (*bind)(const struct host_function *function);

	/*
	 * Take the device. It may have been reset; it is enabled (only now is
	 * its line certain, host_scan()), no bus master, and quiet: INTx
	 * Disable is set. vfio-pci has not requested the interrupt yet,
	 * uio_pci_generic has since it was bound.
	 */
	int (*open)(const struct path_config *config, struct path **path);

	/* Its BAR as a guest gets it; registers_unmap() before close(), or the
	 * device stays open. */
	int (*registers)(struct path *path, uint32_t bar,
			 struct registers *registers);

	/* Its handler's name in /proc/interrupts, valid until close(). */
	const char *(*handler)(const struct path *path);

	/*
	 * Interrupts reach inject_fd from here on. -EBUSY, and no error_set():
	 * the line cannot be shared with the handlers that are on it, and the
	 * caller decides what that means.
	 */
	int (*connect)(struct path *path);

	/* errno if a helper thread has ended by itself, else 0. Any time. */
	int (*failed)(const struct path *path);

	/* Everything undone, at any stage; the function stays bound, disabled
	 * or quiet. Frees the path. */
	void (*close)(struct path *path);
};

extern const struct path_ops vfio_irqfd_ops, vfio_ioctl_ops,
	vfio_nointxmask_ops, vfio_qemu_ops, uio_ops;

/* All of them, in the order of the documentation; NULL: no more. */
const struct path_ops *path_at(size_t index);

/* arm "" is the first of that name. NULL: there is none. */
const struct path_ops *path_find(const char *name, const char *arm);

#endif
