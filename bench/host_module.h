/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel modules of the drivers that a target is bound to. Loading one is a
 * change as any other: journalled first, and undone where nothing but us uses
 * it by then.
 *
 * Failures are EXIT_MACHINE with error_set().
 */
#ifndef BENCH_HOST_MODULE_H
#define BENCH_HOST_MODULE_H

/* Whether the driver is there or could be loaded. */
int host_driver_check(const char *driver);

/* Load the driver, with all that it needs, where it is not there. */
int host_driver_load(const char *driver);

/*
 * The same, with one of its boolean parameters "Y" or "N". The driver is
 * loaded anew where it was loaded otherwise, for vfio-pci hands nointxmask to
 * vfio-pci-core in vfio_pci_init() and never again, so that writing to sysfs
 * would change nothing. Refused while it has functions that are not the run's;
 * those of the run are bound again.
 */
int host_driver_load_with(const char *driver, const char *parameter,
			  const char *value);

/* A loaded module's parameter, in sysfs. */
int host_parameter_set(const char *module, const char *parameter,
		       const char *value);

#endif
