/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function's IOMMU group in sysfs: VFIO gives all of a group away, or
 * nothing (Documentation/driver-api/vfio.rst, Groups, Devices, and IOMMUs).
 */
#ifndef BENCH_VFIO_GROUP_H
#define BENCH_VFIO_GROUP_H

#include <stddef.h>

/* The group's number, as in /dev/vfio/NUMBER. EXIT_MACHINE says how to get an
 * IOMMU where there is none, and that a group without one (noiommu) is not
 * used. */
int vfio_group_number(const char *address, unsigned long *number);

/* EXIT_MACHINE names the group's other devices whose drivers use the kernel's
 * DMA API, and so keep the group from VFIO. */
int vfio_group_check(const char *address, unsigned long number);

#endif
