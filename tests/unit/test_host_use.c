// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What makes a function a refusal. Each case lays its machine around the same
 * function, an e1000 at 0000:00:08.0 that may be taken unless the case says
 * why not; the cases that expect "" are the controls.
 */
#include <errno.h>

#include "error.h"
#include "fake_root.h"
#include "host.h"
#include "unit.h"

#define PCI "/sys/devices/pci0000:00"
#define OURS PCI "/0000:00:08.0"
#define OTHER PCI "/0000:00:09.0"
#define VIRTUAL "/sys/devices/virtual"

static void mount_number(const char *number, const char *point)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "22 1 0:20 / /proc rw - proc proc rw\n"
		 "36 35 %s / %s rw,noatime master:1 - ext4 /dev/root rw\n"
		 "37 35 98:0 / /other rw - ext4 /dev/x rw\n",
		 number, point);
	fake_file("/proc/self/mountinfo", text);
}

static void lay_disk(void)
{
	fake_block("sda", OURS "/ata1/host0/block/sda", "8:0\n");
	fake_block("sda1", OURS "/ata1/host0/block/sda/sda1", "8:1\n");
}

static void lay_idle_disk(void)
{
	lay_disk();
	mount_number("8:2", "/");
	fake_file("/proc/swaps", "Filename\tType\n/dev/sdaa partition\n");
	fake_folder("/sys/fs/ext4/features");
}

static void lay_mounted(void)
{
	lay_disk();
	mount_number("8:1", "/srv");
}

static void lay_mounted_elsewhere(void)
{
	lay_disk();
	fake_block("sdb1", OTHER "/block/sdb/sdb1", "8:17\n");
	mount_number("8:17", "/");
}

static void lay_swap(void)
{
	lay_disk();
	fake_file("/proc/swaps",
		  "Filename\t\tType\n/dev/sda1    partition\t999 0 -2\n");
}

static void lay_volume(void)
{
	lay_disk();
	fake_block("dm-0", VIRTUAL "/block/dm-0", "254:0\n");
	fake_link(VIRTUAL "/block/dm-0/slaves/sda1",
		  OURS "/ata1/host0/block/sda/sda1");
	fake_link(OURS "/ata1/host0/block/sda/sda1/holders/dm-0",
		  VIRTUAL "/block/dm-0");
}

static void lay_mounted_volume(void)
{
	lay_volume();
	mount_number("254:0", "/home");
}

/* A volume on an array on a disk. */
static void lay_deep(void)
{
	lay_disk();
	fake_block("md0", VIRTUAL "/block/md0", "9:0\n");
	fake_block("dm-1", VIRTUAL "/block/dm-1", "254:1\n");
	fake_link(VIRTUAL "/block/md0/slaves/sda",
		  OURS "/ata1/host0/block/sda");
	fake_link(VIRTUAL "/block/dm-1/slaves/md0", VIRTUAL "/block/md0");
	mount_number("254:1", "/");
}

static void lay_loop_of_volumes(void)
{
	lay_volume();
	fake_link(VIRTUAL "/block/dm-0/slaves/dm-0", VIRTUAL "/block/dm-0");
	mount_number("254:0", "/");
}

/* An NVMe namespace below its subsystem, with a link to our controller. */
static void lay_nvme(void)
{
	fake_block("nvme0n1", VIRTUAL "/nvme-subsystem/nvme-subsys0/nvme0n1",
		   "259:0\n");
	fake_folder(OURS "/nvme/nvme0");
	fake_link(VIRTUAL "/nvme-subsystem/nvme-subsys0/nvme0",
		  OURS "/nvme/nvme0");
}

static void lay_mounted_nvme(void)
{
	lay_nvme();
	mount_number("259:0", "/");
}

static void lay_namespace_mount(void)
{
	lay_disk();
	fake_folder("/sys/fs/xfs/sda1");
}

static void lay_btrfs(void)
{
	lay_disk();
	mount_number("0:40", "/");
	fake_link("/sys/fs/btrfs/0a-0b/devices/sda",
		  OURS "/ata1/host0/block/sda");
}

static void lay_usb_disk(void)
{
	fake_block("sdc", OURS "/usb1/1-1/host1/block/sdc", "8:32\n");
	mount_number("8:32", "/media");
}

static void lay_interface(const char *folder, const char *flags)
{
	char path[128];

	fake_class("net", "eth7", folder);
	snprintf(path, sizeof(path), "%s/flags", folder);
	fake_file(path, flags);
}

static void lay_up(void)
{
	lay_interface(OURS "/net/eth7", "0x1003\n");
}

static void lay_down(void)
{
	lay_interface(OURS "/net/eth7", "0x1002\n");
}

static void lay_virtio_up(void)
{
	lay_interface(OURS "/virtio3/net/eth7", "0x1003\n");
}

static void lay_other_up(void)
{
	lay_interface(OTHER "/net/eth7", "0x1003\n");
}

static void lay_serial(void)
{
	fake_class("tty", "ttyS4", OURS "/0000:00:08.0:0/tty/ttyS4");
	fake_class("tty", "ttyS0", "/sys/devices/pnp0/00:03/tty/ttyS0");
}

static void lay_console(void)
{
	lay_serial();
	fake_file("/proc/consoles", "tty0   -WU (EC  p  )    4:1\n"
				    "ttyS4  -W- (EC  p a)    4:68\n");
}

static void lay_other_console(void)
{
	lay_serial();
	fake_file("/proc/consoles", "ttyS0  -W- (EC  p a)    4:64\n");
}

static void lay_virtio_port(void)
{
	fake_class("virtio-ports", "vport0p0",
		   OURS "/virtio0/virtio-ports/vport0p0");
}

static void lay_virtio_console(void)
{
	lay_virtio_port();
	fake_file("/proc/consoles", "hvc0  -W- (EC  p  )  229:0\n");
}

static void lay_display(void)
{
	fake_class("drm", "card1", OURS "/drm/card1");
	fake_class("drm", "card1-VGA-1", OURS "/drm/card1/card1-VGA-1");
}

static void lay_framebuffer(void)
{
	fake_class("graphics", "fb0", VIRTUAL "/graphics/fb0");
	fake_link(VIRTUAL "/graphics/fb0/device", OURS);
	fake_class("graphics", "fbcon", VIRTUAL "/graphics/fbcon");
}

static void lay_boot_vga(void)
{
	fake_file(OURS "/boot_vga", "1\n");
}

static void lay_second_vga(void)
{
	fake_file(OURS "/boot_vga", "0\n");
}

static void lay_nothing(void)
{
}

#define UNBOUND NULL

static const struct {
	void (*lay)(void);
	const char *driver;
	const char *refusal;
} cases[] = {
	{ lay_nothing, UNBOUND, "" },
	{ lay_idle_disk, UNBOUND, "" },
	{ lay_mounted, UNBOUND, "/dev/sda1 is mounted on /srv" },
	{ lay_mounted_elsewhere, UNBOUND, "" },
	{ lay_swap, UNBOUND, "/dev/sda1 is swap" },
	{ lay_volume, UNBOUND, "/dev/sda1 is held by dm-0" },
	{ lay_mounted_volume, UNBOUND,
	  "/dev/dm-0 is mounted on /home (on /dev/sda1)" },
	{ lay_deep, UNBOUND, "/dev/dm-1 is mounted on / (on /dev/sda)" },
	{ lay_loop_of_volumes, UNBOUND,
	  "/dev/dm-0 is mounted on / (on /dev/sda1)" },
	{ lay_nvme, UNBOUND, "" },
	{ lay_mounted_nvme, UNBOUND, "/dev/nvme0n1 is mounted on /" },
	{ lay_namespace_mount, UNBOUND, "/dev/sda1 is mounted (xfs)" },
	{ lay_btrfs, UNBOUND, "/dev/sda is mounted (btrfs)" },
	{ lay_usb_disk, UNBOUND, "/dev/sdc is mounted on /media" },
	{ lay_up, "e1000", "eth7 is up" },
	{ lay_down, "e1000", "" },
	{ lay_virtio_up, "virtio-pci", "eth7 is up" },
	{ lay_other_up, UNBOUND, "" },
	{ lay_nothing, "e1000",
	  "its interface is in another network namespace" },
	{ lay_nothing, "intxbench", "" },
	{ lay_nothing, "uio_pci_generic", "" },
	{ lay_nothing, "vfio-pci", "" },
	{ lay_console, UNBOUND, "ttyS4, a console, is on it" },
	{ lay_serial, UNBOUND, "" },
	{ lay_other_console, UNBOUND, "" },
	{ lay_virtio_console, UNBOUND,
	  "a console, hvc, may be on its port vport0p0" },
	{ lay_virtio_port, UNBOUND, "" },
	{ lay_display, UNBOUND, "card1, a display, is on it" },
	{ lay_framebuffer, UNBOUND, "fb0, a framebuffer, is on it" },
	{ lay_boot_vga, UNBOUND,
	  "the boot display, which may be the console, is on it" },
	{ lay_second_vga, UNBOUND, "" },
};

static void expect(const struct fake_function *fake, const char *refusal,
		   bool live)
{
	struct host_functions functions;
	const struct host_function *function;

	fake_function(fake);
	assert_int_equal(host_scan(&functions), 0);
	function = host_find(&functions, fake->address);
	assert_non_null(function);
	assert_string_equal(function->refusal, refusal);
	assert_int_equal(function->live, live);
	host_scan_free(&functions);
}

static void test_uses(void **state)
{
	struct fake_function fake = {
		.address = "0000:00:08.0",
		.vendor = 0x8086,
		.device = 0x100e,
		.class_code = 0x020000,
		.pin = 1,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_message("# %zu: %s\n", i, cases[i].refusal);
		fake_root_make();
		cases[i].lay();
		fake.driver = cases[i].driver;
		expect(&fake, cases[i].refusal, cases[i].refusal[0]);
		fake_root_remove();
	}
}

#define AT .address = "0000:00:08.0"
#define EDU .vendor = 0x1234, .device = 0x11e8, .class_code = 0x00ff00

static const struct {
	struct fake_function fake;
	const char *refusal;
	bool live;
} kinds[] = {
	{ { AT, EDU, .pin = 1 }, "", false },
	{ { AT, EDU }, "no INTx pin", false },
	{ { AT, .vendor = 0x1234, .device = 0x11e9, .pin = 1 },
	  "no trigger is known for it",
	  false },
	{ { AT, .vendor = 0x8086, .device = 0x10d3, .pin = 1 }, "", false },
	{ { AT, EDU, .pin = 1, .header_type = 1 }, "a bridge", false },
	{ { AT, EDU, .pin = 1, .header_type = 0x80 }, "", false },
	{ { AT, .vendor = 0x8086, .device = 1, .class_code = 0x060100 },
	  "a bridge",
	  false },
	{ { AT, EDU, .pin = 1, .command = 0xffff },
	  "it does not answer",
	  false },
	{ { AT, EDU, .pin = 1, .driver = "vfio-pci", .enabled = true },
	  "somebody uses it through vfio-pci",
	  true },
	{ { AT, EDU, .pin = 1, .driver = "uio_pci_generic", .enabled = true },
	  "",
	  false },
};

static void test_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		print_message("# %zu: %s\n", i, kinds[i].refusal);
		fake_root_make();
		expect(&kinds[i].fake, kinds[i].refusal, kinds[i].live);
		fake_root_remove();
	}
}

/* Disks behind a bridge are not the bridge's own. */
static void test_bridge(void **state)
{
	const struct fake_function bridge = {
		AT,
		.vendor = 0x8086,
		.device = 1,
		.class_code = 0x060400,
		.header_type = 1,
		.driver = "pcieport",
	};

	(void)state;
	fake_root_make();
	fake_block("sda", OURS "/0000:01:00.0/block/sda", "8:0\n");
	mount_number("8:0", "/");
	expect(&bridge, "a bridge", false);
	fake_root_remove();
}

/* What cannot be seen must not pass for unused. */
static void test_blind(void **state)
{
	struct host_functions functions;

	(void)state;
	fake_root_make();
	fake_remove("/proc/self/mountinfo");
	assert_int_equal(host_scan(&functions), -ENOENT);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_non_null(strstr(error_message(), "which devices are in use"));
	error_clear();
	fake_root_remove();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uses),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_bridge),
		cmocka_unit_test(test_blind),
	};

	return cmocka_run_group_tests_name("host use", tests, NULL, NULL);
}
