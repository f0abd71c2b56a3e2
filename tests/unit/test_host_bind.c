// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Binding and putting back, as far as files can stand in for a kernel: what is
 * written, in which order it is journalled, and what is left alone. That the
 * kernel then binds is for the tests in the testbed.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "error.h"
#include "fake_root.h"
#include "../../kmod/uapi/intxbench.h"
#include "host.h"
#include "host_undo.h"
#include "journal.h"
#include "sysfs.h"
#include "unit.h"

#define ADDRESS "0000:00:04.0"
#define FOLDER "/sys/devices/pci0000:00/" ADDRESS
#define DRIVERS "/sys/bus/pci/drivers"

static const struct host_function ours = { .address = ADDRESS, .pin = 1 };

static void lay(const char *driver)
{
	struct fake_function fake = {
		.address = ADDRESS,
		.vendor = 0x1234,
		.device = 0x11e8,
		.command = 0x0103,
		.pin = 1,
		.driver = driver,
	};

	fake_function(&fake);
	fake_file(DRIVERS "/old/bind", "");
	fake_file(DRIVERS "/old/unbind", "");
	fake_file(DRIVERS "/other/unbind", "");
}

static void lay_module(void)
{
	fake_file(DRIVERS "/intxbench/bind", "");
	fake_file(DRIVERS "/intxbench/unbind", "");
}

static void bind_to(const char *driver)
{
	char target[128];

	snprintf(target, sizeof(target), DRIVERS "/%s", driver);
	fake_link(FOLDER "/driver", target);
}

static int make(void **state)
{
	char directory[128];
	size_t recovered;

	(void)state;
	fake_root_make();
	error_clear();
	snprintf(directory, sizeof(directory), "%s/run", fake_root());
	return journal_open_at(directory, &recovered);
}

static int clean(void **state)
{
	(void)state;
	journal_close();
	fake_root_remove();
	return 0;
}

static uint16_t command(void)
{
	uint8_t bytes[2];
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s" FOLDER "/config", fake_root());
	fd = open(path, O_RDONLY);
	assert_int_equal(pread(fd, bytes, 2, 4), 2);
	close(fd);
	return bytes[0] | bytes[1] << 8;
}

static void set_command(uint16_t value)
{
	uint8_t bytes[2] = { value & 0xff, value >> 8 };
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s" FOLDER "/config", fake_root());
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, bytes, 2, 4), 2);
	close(fd);
}

static void test_no_module(void **state)
{
	(void)state;
	lay(NULL);
	assert_int_equal(host_bind(&ours, INTXBENCH_DRIVER), -ENODEV);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_non_null(strstr(error_message(), "insmod kmod/intxbench.ko"));
	assert_string_equal(fake_read(FOLDER "/driver_override"), "(null)");
}

static void test_bound_already(void **state)
{
	(void)state;
	lay_module();
	lay("intxbench");
	assert_int_equal(host_bind(&ours, INTXBENCH_DRIVER), 0);
	assert_string_equal(fake_read(FOLDER "/driver_override"), "(null)");
	assert_string_equal(fake_read(DRIVERS "/intxbench/bind"), "");
}

/* The scan said it is free; by now it is not. */
static void test_in_use_since(void **state)
{
	(void)state;
	lay_module();
	lay("old");
	fake_block("sda", FOLDER "/block/sda", "8:0\n");
	fake_file("/proc/self/mountinfo", "1 1 8:0 / /mnt rw - ext4 x rw\n");
	assert_int_equal(host_bind(&ours, INTXBENCH_DRIVER), -EBUSY);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_string_equal(error_message(), ADDRESS
			    " must not be taken: /dev/sda is mounted on /mnt");
	assert_string_equal(fake_read(FOLDER "/driver_override"), "(null)");
	assert_string_equal(fake_read(DRIVERS "/old/unbind"), "");
}

static void test_no_function(void **state)
{
	(void)state;
	lay_module();
	assert_int_equal(host_bind(&ours, INTXBENCH_DRIVER), -ENODEV);
	assert_string_equal(error_message(),
			    "there is no PCI function " ADDRESS);
}

/* Files bind nothing, so it fails late, with all journalled before. */
static void test_unbound(void **state)
{
	(void)state;
	lay_module();
	lay(NULL);
	assert_int_equal(host_bind(&ours, INTXBENCH_DRIVER), -EIO);
	assert_non_null(
		strstr(error_message(), "the module does not take " ADDRESS));
	assert_string_equal(fake_read(FOLDER "/driver_override"), "intxbench");
	assert_string_equal(fake_read(DRIVERS "/intxbench/bind"), ADDRESS);
	assert_string_equal(fake_read("/run/journal"),
			    "intxbench-journal 1\n"
			    "+ command " ADDRESS " 0103\n"
			    "+ driver " ADDRESS " \n"
			    "+ driver-override " ADDRESS " ");
	assert_int_equal(journal_undo(), 0);
	assert_string_equal(fake_read(FOLDER "/driver_override"), "");
}

static void test_driver_holds_on(void **state)
{
	(void)state;
	lay_module();
	lay("old");
	fake_file(FOLDER "/driver_override", "old\n");
	assert_int_equal(host_bind(&ours, INTXBENCH_DRIVER), -EBUSY);
	assert_string_equal(error_message(),
			    "cannot take " ADDRESS
			    " from its driver old: Device or resource busy");
	assert_string_equal(fake_read(DRIVERS "/old/unbind"), ADDRESS);
	assert_string_equal(fake_read("/run/journal"),
			    "intxbench-journal 1\n"
			    "+ driver " ADDRESS " old\n"
			    "+ driver-override " ADDRESS " old");
	assert_int_equal(journal_undo(), 0);
	assert_string_equal(fake_read(FOLDER "/driver_override"), "old");
	assert_string_equal(fake_read(DRIVERS "/old/bind"), "");
}

static const struct {
	const char *now; /* NULL: unbound */
	const char *wanted;
	int expected;
	const char *unbound; /* from whom, or NULL */
} undos[] = {
	{ "old", "old", 0, NULL },
	{ NULL, "", 0, NULL },
	/* Somebody else has it now. */
	{ "other", "old", 0, NULL },
	{ "other", "", 0, NULL },
	/* Ours to undo; files let nothing go, so it says that it failed. */
	{ "intxbench", "", -EBUSY, "intxbench" },
	{ "intxbench", "old", -EBUSY, "intxbench" },
	{ NULL, "old", -EIO, NULL },
	{ NULL, "unloaded", -ENOENT, NULL },
};

static void test_undo_driver(void **state)
{
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof(undos) / sizeof(undos[0]); i++) {
		clean(state);
		make(state);
		lay_module();
		lay(NULL);
		if (undos[i].now)
			bind_to(undos[i].now);
		print_message("# %zu\n", i);
		assert_int_equal(host_undo_driver(ADDRESS, undos[i].wanted),
				 undos[i].expected);
		assert_int_equal(error_status(),
				 undos[i].expected ? EXIT_MACHINE : EXIT_PASS);
		if (undos[i].expected == -EIO)
			assert_string_equal(fake_read(DRIVERS "/old/bind"),
					    ADDRESS);
		if (!undos[i].now)
			continue;
		snprintf(path, sizeof(path), DRIVERS "/%s/unbind",
			 undos[i].now);
		assert_string_equal(fake_read(path),
				    undos[i].unbound ? ADDRESS : "");
	}
	assert_non_null(strstr(error_message(), "load that driver"));
}

static void test_undo_override(void **state)
{
	(void)state;
	lay(NULL);
	fake_file(FOLDER "/driver_override", "vfio-pci\n");
	assert_int_equal(host_undo_driver_override(ADDRESS, ""), 0);
	assert_string_equal(fake_read(FOLDER "/driver_override"), "vfio-pci");
	fake_file(FOLDER "/driver_override", "intxbench\n");
	assert_int_equal(host_undo_driver_override(ADDRESS, "uio"), 0);
	assert_string_equal(fake_read(FOLDER "/driver_override"), "uio");
}

static void test_undo_gone(void **state)
{
	(void)state;
	assert_int_equal(host_undo_command(ADDRESS, "0103"), 0);
	assert_int_equal(host_undo_enable(ADDRESS, "0"), 0);
	assert_int_equal(host_undo_driver(ADDRESS, "old"), 0);
	assert_int_equal(host_undo_driver_override(ADDRESS, ""), 0);
	assert_int_equal(host_undo_irq_affinity("20", "0-3"), 0);
	assert_int_equal(error_status(), EXIT_PASS);
}

static void test_route(void **state)
{
	(void)state;
	lay(NULL);
	assert_int_equal(host_route(&ours), 0);
	assert_string_equal(fake_read(FOLDER "/enable"), "1");
	assert_string_equal(fake_read("/run/journal"),
			    "intxbench-journal 1\n"
			    "+ command " ADDRESS " 0103\n"
			    "+ enable " ADDRESS " 0");
	/* As the kernel would: decoders on, and they stay so. */
	set_command(0x0507);
	assert_int_equal(journal_undo(), 0);
	assert_string_equal(fake_read(FOLDER "/enable"), "0");
	assert_int_equal(command(), 0x0103);
}

/* A driver has it by now: its command register and count are the driver's. */
static void test_route_taken_since(void **state)
{
	(void)state;
	lay(NULL);
	assert_int_equal(host_route(&ours), 0);
	set_command(0x0507);
	bind_to("other");
	assert_int_equal(journal_undo(), 0);
	assert_string_equal(fake_read(FOLDER "/enable"), "1");
	assert_int_equal(command(), 0x0507);
}

static void test_route_not_ours(void **state)
{
	const struct host_function not_ours[] = {
		{ .address = ADDRESS, .pin = 1, .driver = "old" },
		{ .address = ADDRESS, .pin = 1, .enabled = true },
		{ .address = ADDRESS },
	};

	(void)state;
	lay(NULL);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(host_route(&not_ours[i]), 0);
	assert_string_equal(fake_read(FOLDER "/enable"), "0");
}

static void test_affinity(void **state)
{
	(void)state;
	assert_int_equal(host_set_irq_affinity(20, 1), -ENOENT);
	assert_non_null(strstr(error_message(), "it has no handler yet"));
	fake_file("/proc/irq/20/smp_affinity_list", "0-3\n");
	assert_int_equal(host_set_irq_affinity(20, 1), 0);
	assert_string_equal(fake_read("/proc/irq/20/smp_affinity_list"), "1");
	assert_int_equal(host_set_irq_affinity(20, 2), 0);
	assert_string_equal(fake_read("/run/journal"),
			    "intxbench-journal 1\n+ irq-affinity 20 0-3");
	assert_int_equal(journal_undo(), 0);
	assert_string_equal(fake_read("/proc/irq/20/smp_affinity_list"), "0-3");
}

/* A list that cannot be kept whole could not be put back. */
static void test_long_affinity(void **state)
{
	char list[SYSFS_TEXT_MAX + 1];

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(list); i += 2)
		memcpy(&list[i], "1,", 3);
	list[SYSFS_TEXT_MAX] = '\0';
	fake_file("/proc/irq/20/smp_affinity_list", list);
	assert_int_equal(host_set_irq_affinity(20, 1), -EOVERFLOW);
	list[SYSFS_TEXT_MAX - 1] = '\0';
	fake_file("/proc/irq/20/smp_affinity_list", list);
	assert_int_equal(host_set_irq_affinity(20, 1), 0);
	assert_int_equal(journal_undo(), 0);
	assert_int_equal(strlen(fake_read("/proc/irq/20/smp_affinity_list")),
			 SYSFS_TEXT_MAX - 1);
}

/* Without a journal nothing is changed. */
static void test_no_journal(void **state)
{
	(void)state;
	journal_close();
	lay_module();
	lay(NULL);
	fake_file("/proc/irq/20/smp_affinity_list", "0-3\n");
	assert_int_equal(host_bind(&ours, INTXBENCH_DRIVER), -EBADF);
	assert_int_equal(host_route(&ours), -EBADF);
	assert_int_equal(host_set_irq_affinity(20, 1), -EBADF);
	assert_string_equal(fake_read(FOLDER "/driver_override"), "(null)");
	assert_string_equal(fake_read(FOLDER "/enable"), "0");
	assert_string_equal(fake_read("/proc/irq/20/smp_affinity_list"), "0-3");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_no_module),         CASE(test_bound_already),
		CASE(test_in_use_since),      CASE(test_no_function),
		CASE(test_unbound),           CASE(test_driver_holds_on),
		CASE(test_undo_driver),       CASE(test_undo_override),
		CASE(test_undo_gone),         CASE(test_route),
		CASE(test_route_taken_since), CASE(test_route_not_ours),
		CASE(test_affinity),          CASE(test_long_affinity),
		CASE(test_no_journal),
	};

	return cmocka_run_group_tests_name("host bind", tests, NULL, NULL);
}
