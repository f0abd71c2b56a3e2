// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <pci/pci.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../kmod/uapi/intxbench.h"
#include "error.h"
#include "host.h"
#include "host_use.h"
#include "sysfs.h"

#define DEVICES "/sys/bus/pci/devices"

/* libpci's way to say what is wrong is a callback that must not return. */
static jmp_buf libpci_failed;
static char libpci_message[HOST_TEXT_MAX];

static void __attribute__((noreturn, format(printf, 1, 2)))
libpci_error(char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(libpci_message, sizeof(libpci_message), format, args);
	va_end(args);
	longjmp(libpci_failed, 1);
}

static void __attribute__((format(printf, 1, 2)))
libpci_silence(char *format, ...)
{
	(void)format;
}

static const char *trigger_name(uint16_t vendor, uint16_t device)
{
	static const char *const names[] = {
		[INTXBENCH_TRIGGER_EDU] = "edu",
		[INTXBENCH_TRIGGER_E1000] = "e1000",
	};
	static const struct {
		uint16_t vendor, device;
		enum intxbench_trigger trigger;
	} ids[] = {
#define ID(vendor, device, trigger) { vendor, device, trigger },
		INTXBENCH_TRIGGER_IDS(ID)
#undef ID
	};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (ids[i].vendor == vendor && ids[i].device == device)
			return names[ids[i].trigger];
	}
	return NULL;
}

static int folder_has_entry(const char *name, void *context)
{
	(void)name;
	(void)context;
	return 1;
}

/* The capabilities need root to be read; this folder does not. */
static bool has_msi(const char *address)
{
	char path[PATH_MAX];

	if (sysfs_path(path, sizeof(path), DEVICES "/%s/msi_irqs", address))
		return false;
	return sysfs_each(path, folder_has_entry, NULL) > 0;
}

/*
 * Up through the bridges to the root bus, the pin rotating by the slot at each
 * of them (PCI-to-PCI Bridge Architecture 1.2, table 9-1). Firmware may route
 * a bridge's pins otherwise, so this is good for a hint only.
 */
static void find_root_pin(struct host_function *function)
{
	char path[PATH_MAX], *slash;
	unsigned int domain, bus, slot, fn, up_slot;

	slot = function->devfn >> 3;
	snprintf(function->root, sizeof(function->root), "%.*s",
		 (int)strcspn(function->address, "."), function->address);
	function->root_pin = function->pin;
	if (!function->pin ||
	    sysfs_real(path, DEVICES "/%s", function->address))
		return;
	while ((slash = strrchr(path, '/'))) {
		*slash = '\0';
		slash = strrchr(path, '/');
		if (!slash || sscanf(slash, "/%x:%x:%x.%x", &domain, &bus,
				     &up_slot, &fn) != 4)
			return;
		function->root_pin = (function->root_pin - 1 + slot) % 4 + 1;
		slot = up_slot;
		snprintf(function->root, sizeof(function->root),
			 "%04x:%02x:%02x", domain & 0xffffffff, bus & 0xff,
			 slot & 0x1f);
	}
}

/*
 * The kernel routes a line when the function is enabled and leaves dev->irq so
 * when it is disabled again; before, dev->irq is what the firmware wrote into
 * the Interrupt Line register (drivers/acpi/pci_irq.c,
 * acpi_pci_irq_enable()). With MSI, but not MSI-X, the attribute is a vector.
 */
static void find_line(struct host_function *function, uint8_t firmware_line)
{
	char path[PATH_MAX];
	unsigned long irq;
	const char *note = "";

	if (!function->pin)
		return;
	if (sysfs_read_number(&irq, DEVICES "/%s/irq", function->address) ||
	    irq > INT_MAX)
		note = "its line cannot be read";
	else if (!sysfs_real(path, DEVICES "/%s/msi_irqs/%lu",
			     function->address, irq))
		note = "its line is not known while MSI is on";
	else if (!function->enabled && irq == firmware_line)
		note = "not routed yet";
	else
		function->irq = irq;
	if (function->irq && !function->enabled)
		note = "not enabled; routed there when it last was";
	snprintf(function->line_note, sizeof(function->line_note), "%s", note);
}

/* Those that have no host device of their own. */
static bool is_passthrough_driver(const char *driver)
{
	static const char *const names[] = {
		"",         INTXBENCH_DRIVER, "vfio-pci", "uio_pci_generic",
		"pci-stub", "pciback",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(driver, names[i]))
			return true;
	}
	return false;
}

/* What the function's device is in use for, or NULL. */
static const char *find_use(const struct host_function *function,
			    const struct host_uses *uses)
{
	const char *use = host_uses_find(uses, function->address);
	unsigned long boot_vga;

	if (use)
		return use;
	if (!sysfs_read_number(&boot_vga, DEVICES "/%s/boot_vga",
			       function->address) &&
	    boot_vga)
		return "the boot display, which may be the console, is on it";
	/* It enables the function on open, so a guest has it. */
	if (!strcmp(function->driver, "vfio-pci") && function->enabled)
		return "somebody uses it through vfio-pci";
	if (function->class_code >> 16 == PCI_BASE_CLASS_NETWORK &&
	    !is_passthrough_driver(function->driver) &&
	    !host_uses_has_interface(uses, function->address))
		return "its interface is in another network namespace";
	return NULL;
}

static void judge(struct host_function *function, uint8_t header_type,
		  const struct host_uses *uses)
{
	const char *use = find_use(function, uses), *why = "";
	bool bridge = function->class_code >> 16 == PCI_BASE_CLASS_BRIDGE ||
		      header_type != PCI_HEADER_TYPE_NORMAL;

	function->live = use && !bridge;
	if (function->vendor == 0xffff || function->command == 0xffff)
		why = "it does not answer";
	else if (bridge)
		why = "a bridge";
	else if (use)
		why = use;
	else if (!function->pin)
		why = "no INTx pin";
	else if (!function->trigger)
		why = "no trigger is known for it";
	snprintf(function->refusal, sizeof(function->refusal), "%s", why);
}

static void fill_identity(struct host_function *function,
			  struct pci_access *access, struct pci_dev *device)
{
	function->domain = device->domain;
	function->bus = device->bus;
	function->devfn = device->dev << 3 | device->func;
	snprintf(function->address, sizeof(function->address),
		 "%04x:%02x:%02x.%d", function->domain, device->bus & 0xffU,
		 device->dev & 0x1fU, device->func & 7);
	function->vendor = device->vendor_id;
	function->device = device->device_id;
	pci_lookup_name(access, function->name, sizeof(function->name),
			PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE, function->vendor,
			function->device);
	function->trigger = trigger_name(function->vendor, function->device);
}

static void fill(struct host_function *function, struct pci_access *access,
		 struct pci_dev *device, const struct host_uses *uses)
{
	unsigned long enabled;

	pci_fill_info(device, PCI_FILL_IDENT);
	fill_identity(function, access, device);
	function->class_code = pci_read_long(device, PCI_CLASS_REVISION) >> 8;
	function->command = pci_read_word(device, PCI_COMMAND);
	function->pin = pci_read_byte(device, PCI_INTERRUPT_PIN);
	if (function->pin > 4)
		function->pin = 0;
	sysfs_link_name(function->driver, sizeof(function->driver),
			DEVICES "/%s/driver", function->address);
	function->enabled = !sysfs_read_number(&enabled, DEVICES "/%s/enable",
					       function->address) &&
			    enabled;
	function->msi = has_msi(function->address);
	find_root_pin(function);
	find_line(function, pci_read_byte(device, PCI_INTERRUPT_LINE));
	judge(function, pci_read_byte(device, PCI_HEADER_TYPE) & 0x7f, uses);
}

/* What the pin of one that is not routed has in common with one that is. */
static void hint(struct host_functions *functions,
		 struct host_function *function)
{
	const struct host_function *other;

	if (!function->pin || function->irq || function->msi)
		return;
	for (size_t i = 0; i < functions->count; i++) {
		other = &functions->function[i];
		if (!other->irq || other->root_pin != function->root_pin ||
		    strcmp(other->root, function->root))
			continue;
		snprintf(
			function->line_note, sizeof(function->line_note),
			"not routed yet; by its pin it should be line %d, as %s",
			other->irq, other->address);
		return;
	}
}

static int compare(const void *left, const void *right)
{
	const struct host_function *a = left, *b = right;
	unsigned int irq_a = a->irq ? (unsigned int)a->irq : UINT_MAX;
	unsigned int irq_b = b->irq ? (unsigned int)b->irq : UINT_MAX;

	if (irq_a != irq_b)
		return irq_a < irq_b ? -1 : 1;
	if (a->domain != b->domain)
		return a->domain < b->domain ? -1 : 1;
	return (a->bus << 8 | a->devfn) - (b->bus << 8 | b->devfn);
}

static size_t count_devices(const struct pci_access *access)
{
	size_t count = 0;

	for (struct pci_dev *device = access->devices; device;
	     device = device->next)
		count++;
	return count;
}

/* Functions may go while we look (hot-unplug); libpci gives up then. */
static int scan(struct pci_access *access, const struct host_uses *uses,
		struct host_functions *functions)
{
	struct pci_dev *device;

	if (setjmp(libpci_failed))
		return error_set(EXIT_MACHINE, EIO,
				 "cannot list the PCI functions: %s",
				 libpci_message);
	pci_init(access);
	pci_scan_bus(access);
	functions->function =
		calloc(count_devices(access) + 1, sizeof(*functions->function));
	if (!functions->function)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	for (device = access->devices; device; device = device->next)
		fill(&functions->function[functions->count++], access, device,
		     uses);
	return 0;
}

static int open_access(struct pci_access **access)
{
	char path[PATH_MAX], name[] = "sysfs.path";
	int err;

	err = sysfs_path(path, sizeof(path), "/sys/bus/pci");
	*access = err ? NULL : pci_alloc();
	if (!*access)
		return error_set(EXIT_MACHINE, err ? -err : ENOMEM,
				 "cannot use libpci: %s",
				 strerror(err ? -err : ENOMEM));
	(*access)->method = PCI_ACCESS_SYS_BUS_PCI;
	(*access)->error = libpci_error;
	(*access)->warning = libpci_silence;
	pci_set_param(*access, name, path);
	return 0;
}

int host_scan(struct host_functions *functions)
{
	struct pci_access *access;
	struct host_uses uses;
	int err;

	*functions = (struct host_functions){ 0 };
	err = host_uses_collect(&uses);
	if (err)
		return err;
	err = open_access(&access);
	if (!err) {
		err = scan(access, &uses, functions);
		pci_cleanup(access);
	}
	host_uses_free(&uses);
	if (err) {
		host_scan_free(functions);
		return err;
	}
	for (size_t i = 0; i < functions->count; i++)
		hint(functions, &functions->function[i]);
	qsort(functions->function, functions->count,
	      sizeof(*functions->function), compare);
	return 0;
}

void host_scan_free(struct host_functions *functions)
{
	free(functions->function);
	*functions = (struct host_functions){ 0 };
}

const struct host_function *host_find(const struct host_functions *functions,
				      const char *address)
{
	for (size_t i = 0; i < functions->count; i++) {
		if (!strcmp(functions->function[i].address, address))
			return &functions->function[i];
	}
	return NULL;
}
