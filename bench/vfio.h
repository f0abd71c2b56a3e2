/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PCI function from vfio-pci: the only caller of the ioctls of
 * linux/vfio.h, as Documentation/driver-api/vfio.rst has them (group and
 * container, type 1).
 *
 * Failures are EXIT_MACHINE with error_set(), unless noted.
 */
#ifndef BENCH_VFIO_H
#define BENCH_VFIO_H

#include <stdbool.h>
#include <stdint.h>

#include "host.h"
#include "registers.h"

struct vfio {
	char address[HOST_ADDRESS_MAX];
	int container, group, device; /* -1: closed */
	uint64_t config; /* where its config space is in device */
};

/*
 * Take the function, which is bound to vfio-pci, and its whole group. Resets
 * the function if it knows how, enables it, and turns bus mastering off
 * (vfio_pci_core_enable()); nothing of ours turns it on again. Says who else is
 * in the group, that somebody has it, and that interrupts are not remapped.
 */
int vfio_open(const struct host_function *function, struct vfio *vfio);

/* Harmless twice, and on what failed to open. */
void vfio_close(struct vfio *vfio);

/* A BAR, as a VMM maps it for its guest. */
int vfio_map(const struct vfio *vfio, uint32_t bar,
	     struct registers *registers);

/*
 * INTx Disable as the guest sees it in its command register. vfio-pci lets it
 * mask the interrupt: the function, or the line where it does not mask
 * functions (vfio_basic_config_write()).
 */
int vfio_disable_intx(const struct vfio *vfio, bool disable);

/* Request the interrupt: it signals fd. 0 or -errno, no error_set(). */
int vfio_trigger(const struct vfio *vfio, int fd);
void vfio_free_trigger(const struct vfio *vfio);

/* Once requested: let fd unmask it in the kernel (virqfd). */
int vfio_unmask_by(const struct vfio *vfio, int fd);

/* Unmask it now. 0 or -errno, no error_set(). */
int vfio_unmask(const struct vfio *vfio);

/*
 * Let type 1 work where interrupts are not remapped, journalled. For the whole
 * machine, and so only if the job says so: a function that is given away
 * can then send any interrupt to the host.
 */
int vfio_allow_unsafe(void);

#endif
