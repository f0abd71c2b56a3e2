/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's side of a line: functions and their lines (libpci, sysfs,
 * /proc/interrupts), driver binding, IRQ affinity. All changes go through the
 * journal first (journal.h).
 */
#ifndef BENCH_HOST_H
#define BENCH_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOST_ADDRESS_MAX 16 /* "0000:00:04.0" */
#define HOST_TEXT_MAX 160

/* Drivers that give a function to a guest; our module's is INTXBENCH_DRIVER. */
#define HOST_DRIVER_VFIO "vfio-pci"
#define HOST_DRIVER_UIO "uio_pci_generic"

struct host_function {
	char address[HOST_ADDRESS_MAX];
	uint32_t domain;
	uint8_t bus, devfn;
	uint16_t vendor, device;
	uint32_t class_code; /* 24 bits */
	char driver[64]; /* "" where unbound */
	char name[128]; /* libpci's name for it */
	int pin; /* 1..4 = A..D, 0: none */
	/*
	 * The line's Linux IRQ number; 0: none, or not known. The kernel routes
	 * a line when a function is enabled, which its driver does; until then
	 * its `irq` attribute is what the firmware left in the Interrupt Line
	 * register (PCI 3.0, 6.2.4), which is no Linux IRQ number. While MSI is
	 * enabled the attribute is the MSI's.
	 */
	int irq;
	char line_note[HOST_TEXT_MAX]; /* what to know about irq, or "" */
	bool msi; /* MSI or MSI-X enabled: not on the line now */
	bool enabled; /* somebody has it enabled */
	uint16_t command; /* PCI_COMMAND */
	const char *trigger; /* "edu", "e1000" or NULL */
	char refusal[HOST_TEXT_MAX]; /* why it must not be taken, as target or
				 * as driven neighbour; "" if it may: mounted
				 * disk, interface up, console behind it, no
				 * INTx pin, no trigger, a bridge */
	bool live; /* its driver's device is in use (as above) */

	/* By the standard routing through bridges: whose pin its pin is. */
	char root[HOST_ADDRESS_MAX]; /* slot on the root bus: "0000:00:1c" */
	int root_pin;
};

struct host_functions {
	/* Sorted by irq, those without one last, then by address. */
	struct host_function *function;
	size_t count;
};

/*
 * All PCI functions. Needs no root: what is shown does not need more than 64
 * bytes of config space. Returns 0, -errno with error_set().
 */
int host_scan(struct host_functions *functions);
void host_scan_free(struct host_functions *functions);
const struct host_function *host_find(const struct host_functions *functions,
				      const char *address);

/* The handlers of a line as /proc/interrupts names them: "ahci, eth0"; ""
 * where it has none. Returns 0, -errno: it cannot be read. */
int host_line_text(int irq, char *buffer, size_t bytes);
/*
 * The name in /proc/interrupts of a function's handler on its line: `wanted`,
 * or where that is "" its interface's, its driver's, or "driver[address]".
 * EXIT_MACHINE: none of them is there, or it is there twice.
 */
int host_line_handler(const struct host_function *function, const char *wanted,
		      char *name, size_t bytes);
/* Chip, hardware number and flow as /proc/interrupts shows them: "IO-APIC
 * 20-fasteoi"; of a line without a handler, what /sys/kernel/irq says: "IO-APIC
 * 20". Returns 0, -ENOENT: no such line. */
int host_line_chip(int irq, char *buffer, size_t bytes);
/* "level", "edge"; "" where unknown. */
void host_line_type(int irq, char *buffer, size_t bytes);

/* Whether the module is loaded. EXIT_MACHINE says how to load it. */
int host_check_module(void);

/*
 * Bind to one of the three drivers above, which is loaded, by driver_override;
 * a function that is bound to it already is left as it is. What makes it a
 * refusal is looked at again just before. Journalled: what it was like before
 * the first of these is what it will be again, however often it changes hands.
 * Its line is right in a host_scan() after this, but for vfio-pci, which
 * enables a function when it is opened.
 */
int host_bind(const struct host_function *function, const char *driver);

/*
 * Enable a function that has no driver, journalled, so that the kernel routes
 * its line: a host_scan() before journal_undo() sees it.
 */
int host_route(const struct host_function *function);

/* As it was before host_route(), which may not have been: enabled by whoever
 * has it, and by us no more. */
int host_unroute(const struct host_function *function);

/* /proc/irq/N/smp_affinity_list, journalled. The kernel has that file from the
 * line's first handler on (-ENOENT before). */
int host_set_irq_affinity(int irq, int cpu);

#endif
