// SPDX-License-Identifier: GPL-2.0-or-later
/* Which line a function is on, and what /proc/interrupts says of it. */
#include <errno.h>

#include "error.h"
#include "fake_root.h"
#include "host.h"
#include "unit.h"

static struct host_functions functions;

static int make(void **state)
{
	(void)state;
	error_clear();
	fake_root_make();
	return 0;
}

static int clean(void **state)
{
	(void)state;
	host_scan_free(&functions);
	fake_root_remove();
	return 0;
}

static const struct host_function *scan_for(const char *address)
{
	const struct host_function *function;

	host_scan_free(&functions);
	assert_int_equal(host_scan(&functions), 0);
	function = host_find(&functions, address);
	assert_non_null(function);
	return function;
}

#define EDU .vendor = 0x1234, .device = 0x11e8, .class_code = 0x00ff00
#define E1000 .vendor = 0x8086, .device = 0x100e, .class_code = 0x020000

static void test_fields(void **state)
{
	const struct fake_function fake = {
		.address = "0000:00:04.0",
		EDU,
		.command = 0x0503,
		.pin = 2,
		.firmware_line = 10,
		.irq = 20,
		.enabled = true,
		.driver = "uio_pci_generic",
	};
	const struct host_function *function;

	(void)state;
	fake_function(&fake);
	function = scan_for("0000:00:04.0");
	assert_int_equal(functions.count, 1);
	assert_int_equal(function->domain, 0);
	assert_int_equal(function->bus, 0);
	assert_int_equal(function->devfn, 0x20);
	assert_int_equal(function->vendor, 0x1234);
	assert_int_equal(function->device, 0x11e8);
	assert_int_equal(function->class_code, 0x00ff00);
	assert_int_equal(function->command, 0x0503);
	assert_int_equal(function->pin, 2);
	assert_int_equal(function->irq, 20);
	assert_string_equal(function->line_note, "");
	assert_string_equal(function->driver, "uio_pci_generic");
	assert_string_equal(function->trigger, "edu");
	assert_string_equal(function->refusal, "");
	assert_true(function->enabled);
	assert_false(function->msi);
	assert_false(function->live);
	assert_non_null(strstr(function->name, "11e8"));
	assert_null(host_find(&functions, "0000:00:05.0"));
}

static const struct {
	const char *name;
	uint8_t pin;
	uint8_t firmware_line;
	int irq;
	bool enabled;
	const char *vector; /* in msi_irqs/ */
	int expected;
	const char *note;
} routes[] = {
	{ "enabled", 1, 10, 20, true, NULL, 20, "" },
	{ "enabled, same number", 1, 10, 10, true, NULL, 10, "" },
	{ "firmware's only", 1, 10, 10, false, NULL, 0, "not routed yet" },
	{ "firmware left none", 1, 255, 255, false, NULL, 0, "not routed yet" },
	{ "disabled again", 1, 10, 20, false, NULL, 20,
	  "not enabled; routed there when it last was" },
	{ "MSI", 1, 10, 24, true, "24", 0,
	  "its line is not known while MSI is on" },
	{ "MSI-X", 1, 10, 20, true, "25", 20, "" },
	{ "no pin", 0, 10, 20, true, NULL, 0, "" },
	{ "no such pin", 7, 10, 20, true, NULL, 0, "" },
};

static void test_routes(void **state)
{
	const struct host_function *function;
	char path[128];

	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		struct fake_function fake = {
			.address = "0000:00:04.0",
			EDU,
			.pin = routes[i].pin,
			.firmware_line = routes[i].firmware_line,
			.irq = routes[i].irq,
			.enabled = routes[i].enabled,
		};

		print_message("# %s\n", routes[i].name);
		fake_function(&fake);
		if (routes[i].vector) {
			snprintf(path, sizeof(path),
				 "/sys/bus/pci/devices/%s/msi_irqs/%s",
				 fake.address, routes[i].vector);
			fake_file(path, "msi\n");
		}
		function = scan_for(fake.address);
		assert_int_equal(function->irq, routes[i].expected);
		assert_string_equal(function->line_note, routes[i].note);
		assert_int_equal(function->msi, routes[i].vector != NULL);
		clean(state);
		make(state);
	}
}

/* Pin A in slot 1 is B of its bridge; that is in slot 2, so it is D of 1c. */
static void test_hint(void **state)
{
	const struct fake_function top = {
		.address = "0000:00:1c.0", .vendor = 0x8086, .device = 1,
		.class_code = 0x060400, .header_type = 1,
	}, near_top = {
		.address = "0000:00:1c.2", EDU, .pin = 4, .irq = 19,
		.enabled = true,
	}, other_pin = {
		.address = "0000:00:1c.3", EDU, .pin = 1, .irq = 16,
		.enabled = true,
	}, other_slot = {
		.address = "0000:00:1d.0", EDU, .pin = 4, .irq = 23,
		.enabled = true,
	};
	struct fake_function middle = {
		.address = "0000:01:02.0", .vendor = 0x8086, .device = 2,
		.class_code = 0x060400, .header_type = 1,
	}, leaf = {
		.address = "0000:02:01.0", EDU, .pin = 1, .irq = 11,
		.firmware_line = 11,
	};
	const struct host_function *function;
	char folder[256];

	(void)state;
	fake_function(&near_top);
	fake_function(&other_pin);
	fake_function(&other_slot);
	snprintf(folder, sizeof(folder), "%s", fake_function(&top));
	middle.parent = folder;
	snprintf(folder, sizeof(folder), "%s", fake_function(&middle));
	leaf.parent = folder;
	fake_function(&leaf);

	function = scan_for("0000:02:01.0");
	assert_string_equal(function->root, "0000:00:1c");
	assert_int_equal(function->root_pin, 4);
	assert_int_equal(function->irq, 0);
	assert_string_equal(
		function->line_note,
		"not routed yet; by its pin it should be line 19, as 0000:00:1c.2");
}

/* By line, those without one last; numbers, not text. */
static void test_order(void **state)
{
	static const struct fake_function fakes[] = {
		{ .address = "0000:00:02.0", EDU },
		{ .address = "0001:00:01.0",
		  EDU,
		  .pin = 1,
		  .irq = 9,
		  .enabled = true },
		{ .address = "0000:00:1f.0",
		  EDU,
		  .pin = 1,
		  .irq = 100,
		  .enabled = true },
		{ .address = "0000:0a:00.0",
		  EDU,
		  .pin = 1,
		  .irq = 9,
		  .enabled = true },
		{ .address = "0000:0a:00.7",
		  EDU,
		  .pin = 1,
		  .irq = 9,
		  .enabled = true },
		{ .address = "0000:00:03.1",
		  EDU,
		  .pin = 1,
		  .irq = 16,
		  .enabled = true },
	};
	static const char *const expected[] = {
		"0000:0a:00.0", "0000:0a:00.7", "0001:00:01.0",
		"0000:00:03.1", "0000:00:1f.0", "0000:00:02.0",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(fakes) / sizeof(fakes[0]); i++)
		fake_function(&fakes[i]);
	assert_int_equal(host_scan(&functions), 0);
	assert_int_equal(functions.count, sizeof(fakes) / sizeof(fakes[0]));
	for (size_t i = 0; i < functions.count; i++)
		assert_string_equal(functions.function[i].address, expected[i]);
}

static void test_no_pci(void **state)
{
	(void)state;
	fake_remove("/sys/bus/pci/devices");
	assert_int_equal(host_scan(&functions), -EIO);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_non_null(
		strstr(error_message(), "cannot list the PCI functions"));
}

/* It went between libpci's listing and its look. */
static void test_half_gone(void **state)
{
	const struct fake_function fake = { .address = "0000:00:04.0", EDU };

	(void)state;
	fake_function(&fake);
	fake_remove("/sys/devices/pci0000:00/0000:00:04.0/vendor");
	assert_int_equal(host_scan(&functions), -EIO);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_int_equal(functions.count, 0);
}

static const char interrupts[] =
	"           CPU0       CPU1       \n"
	"  0:         83          0   IO-APIC   2-edge      timer\n"
	"  8:          1          0   IO-APIC   8-edge      rtc0\n"
	" 18:          0          7   IO-APIC  18-fasteoi   i801_smbus\n"
	" 20:          0          4   IO-APIC  20-fasteoi   uio_pci_generic, eth0\n"
	" 21:          0          4   IO-APIC  21-fasteoi\n"
	" 25:          0         16   PCI-MSI 344065-edge      virtio0-virtqueues\n"
	" 26:         12         16  PCI-MSIX-0000:00:05.0   0-edge      virtio4\n"
	" 34:          9          0     GICv3  25 Level     vgic, a b\n"
	"200:          1          0   IO-APIC  20-fasteoi   other\n"
	"NMI:          0          0   Non-maskable interrupts\n"
	"ERR:          0\n";

static const struct {
	int irq;
	const char *handlers, *chip; /* NULL: there is none */
} lines[] = {
	{ 0, "timer", "IO-APIC 2-edge" },
	{ 18, "i801_smbus", "IO-APIC 18-fasteoi" },
	{ 20, "uio_pci_generic, eth0", "IO-APIC 20-fasteoi" },
	{ 21, "", "IO-APIC 21-fasteoi" },
	{ 26, "virtio4", "PCI-MSIX-0000:00:05.0 0-edge" },
	{ 34, "vgic, a b", "GICv3 25 Level" },
	{ 200, "other", "IO-APIC 20-fasteoi" },
	{ 2, "", NULL },
	{ 22, "", "IO-APIC 22" },
};

static void test_interrupts(void **state)
{
	char text[128];

	(void)state;
	fake_file("/proc/interrupts", interrupts);
	fake_file("/sys/kernel/irq/22/chip_name", "IO-APIC\n");
	fake_file("/sys/kernel/irq/22/hwirq", "22\n");
	fake_file("/sys/kernel/irq/22/type", "level\n");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_int_equal(
			host_line_text(lines[i].irq, text, sizeof(text)), 0);
		assert_string_equal(text, lines[i].handlers);
		assert_int_equal(host_line_chip(lines[i].irq, text,
						sizeof(text)),
				 lines[i].chip ? 0 : -ENOENT);
		assert_string_equal(text, lines[i].chip ? lines[i].chip : "");
	}
	host_line_type(22, text, sizeof(text));
	assert_string_equal(text, "level");
	host_line_type(23, text, sizeof(text));
	assert_string_equal(text, "");
}

static void test_interrupts_short(void **state)
{
	char text[8];

	(void)state;
	assert_int_equal(host_line_text(20, text, sizeof(text)), -ENOENT);
	fake_file("/proc/interrupts", interrupts);
	assert_int_equal(host_line_text(20, text, sizeof(text)), 0);
	assert_string_equal(text, "uio_pci");
	fake_file("/proc/interrupts", "");
	assert_int_equal(host_line_text(20, text, sizeof(text)), 0);
	assert_string_equal(text, "");
	fake_file("/proc/interrupts", " CPU0 CPU1\n 20: 1");
	assert_int_equal(host_line_text(20, text, sizeof(text)), 0);
	assert_string_equal(text, "");
	fake_file("/proc/interrupts", " CPU0 CPU1\n 20");
	assert_int_equal(host_line_text(20, text, sizeof(text)), 0);
	assert_string_equal(text, "");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_fields),     CASE(test_routes),
		CASE(test_hint),       CASE(test_order),
		CASE(test_no_pci),     CASE(test_half_gone),
		CASE(test_interrupts), CASE(test_interrupts_short),
	};

	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
