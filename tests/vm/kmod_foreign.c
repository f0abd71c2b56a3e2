// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions of other drivers: uio_pci_generic's as a target, a NIC beside it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kmod_test.h"

#define UIO "uio_pci_generic"

/* The guest of a function that uio_pci_generic has. */
struct uio_guest {
	struct rig *rig;
	int uio, config;
	pthread_t thread;
	volatile bool stop;
};

/* The only entry of a folder of the function's. */
static void entry_of(const struct rig_function *function, const char *folder,
		     char *name, size_t bytes)
{
	const struct dirent *entry;
	char path[96];
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s",
		 function->address, folder);
	dir = opendir(path);
	assert_non_null(dir);
	do {
		entry = readdir(dir);
		assert_non_null(entry);
	} while (entry->d_name[0] == '.');
	assert_true(strlen(entry->d_name) < bytes);
	strcpy(name, entry->d_name);
	closedir(dir);
}

/* Where handlers are forced into threads, each of theirs claims all. */
static void skip_if_forced(void)
{
	char line[1024] = "";
	FILE *file = fopen("/proc/cmdline", "re");

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	fclose(file);
	if (strstr(line, "threadirqs"))
		skip();
}

/* It masks itself on each interrupt; and is unmasked once it is served. */
static void *serve_uio(void *arg)
{
	struct uio_guest *guest = arg;
	struct pollfd ready = { .fd = guest->uio, .events = POLLIN };
	uint16_t command;
	uint32_t count;

	while (!guest->stop) {
		if (poll(&ready, 1, 50) != 1)
			continue;
		if (read(guest->uio, &count, sizeof(count)) != sizeof(count))
			break;
		rig_serve_once(guest->rig);
		if (pread(guest->config, &command, 2, 4) != 2)
			break;
		command &= ~INTX_DISABLE;
		if (pwrite(guest->config, &command, 2, 4) != 2)
			break;
	}
	return NULL;
}

static void start_uio(struct uio_guest *guest, struct rig *rig)
{
	char path[96], name[32];

	rig_map(rig);
	*guest = (struct uio_guest){ .rig = rig };
	entry_of(&rig->function[0], "uio", name, sizeof(name));
	snprintf(path, sizeof(path), "/dev/%s", name);
	guest->uio = open(path, O_RDWR | O_CLOEXEC);
	assert_true(guest->uio >= 0);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config",
		 rig->function[0].address);
	guest->config = open(path, O_RDWR | O_CLOEXEC);
	assert_true(guest->config >= 0);
	assert_int_equal(pthread_create(&guest->thread, NULL, serve_uio, guest),
			 0);
}

static void stop_uio(struct uio_guest *guest)
{
	guest->stop = true;
	pthread_join(guest->thread, NULL);
	close(guest->uio);
	close(guest->config);
}

/* A session whose target is uio_pci_generic's. */
static void open_uio(struct rig *rig)
{
	assert_int_equal(system("modprobe " UIO), 0);
	rig_open(rig, 0, 0);
	rig_bind(&rig->function[0], UIO);
	rig_open_foreign(rig, INTXBENCH_ROLE_TARGET, UIO);
}

static void close_uio(struct rig *rig)
{
	rig_close(rig);
	rig_bind(&rig->function[0], INTXBENCH_DRIVER);
}

static void assert_timeline(const struct intxbench_data *data)
{
	const struct intxbench_timeline *slot;
	uint64_t sequence = data->injected;

	assert_true(sequence > 0);
	for (; sequence && sequence + INTXBENCH_TIMELINE > data->injected;
	     sequence--) {
		slot = rig_timeline(data, sequence);
		assert_int_equal(slot->sequence, sequence);
		assert_true(slot->entry_ns > 0);
		assert_true(slot->inject_ns >= slot->entry_ns);
		/* 0: what it found pending had been counted for another run. */
		assert_true(!slot->assert_ns ||
			    slot->assert_ns >= slot->intended_ns);
		assert_int_equal(slot->masked_ns, 0);
		assert_int_equal(slot->ack_ns, 0);
	}
}

void test_foreign_target(void **state)
{
	const struct intxbench_data *data;
	struct uio_guest guest;
	struct rig rig;

	(void)state;
	skip_if_forced();
	open_uio(&rig);
	data = rig.function[0].data;
	assert_int_equal(data->found, 0);
	assert_false(rig_command(&rig.function[0]) & INTX_DISABLE);
	start_uio(&guest, &rig);
	rig_schedule(&rig, 0, 500000, 0);
	assert_int_equal(rig_start(&rig, 0, 500 * MS, 0), 0);
	rig_sleep_ms(600);
	assert_true(rig_drain(&rig, 5000));
	assert_false(rig_state(&rig, 0).flags & INTXBENCH_STATE_MASKED);
	rig_close_session(&rig);
	stop_uio(&guest);
	assert_balanced(data, rig.served);
	assert_int_equal(data->found, 1);
	assert_int_equal(data->ambiguous, 0);
	assert_int_equal(data->masked, 0);
	assert_int_equal(data->injected, rig_claimed(data));
	assert_timeline(data);
	assert_true(rig_mean_ns(data, INTXBENCH_METRIC_ASSERT_ENTRY) > 0);
	print_message(
		"# foreign target: %llu asserts, assert to entry %llu ns\n",
		(unsigned long long)data->asserted,
		(unsigned long long)rig_mean_ns(data,
						INTXBENCH_METRIC_ASSERT_ENTRY));
	close_uio(&rig);
	flood_and_check(INTXBENCH_ARM_PCI23, 2, 1000000, 0);
}

/*
 * Its driver lets it go in mid-flood. What followed it has nobody to follow any
 * more; our other neighbour goes on.
 */
void test_foreign_target_unbound_in_mid_flood(void **state)
{
	struct intxbench_state gone = { .size = sizeof(gone) };
	const struct intxbench_data *neighbour;
	struct uio_guest guest;
	struct rig rig;
	uint64_t before;

	(void)state;
	skip_if_forced();
	open_uio(&rig);
	rig_take(&rig, 0);
	rig_take(&rig, 0);
	neighbour = rig.function[2].data;
	start_uio(&guest, &rig);
	rig_schedule(&rig, 0, 50000, 0);
	rig_schedule(&rig, 1, 1000000, INTXBENCH_SCHEDULE_FOLLOW);
	rig_schedule(&rig, 2, 1000000, 0);
	assert_int_equal(rig_start(&rig, 0, 0, 0), 0);
	rig_sleep_ms(100);
	rig_bind(&rig.function[0], NULL);
	assert_int_equal(ioctl(rig.fd, INTXBENCH_STATE, &gone), -1);
	assert_int_equal(errno, ENODEV);
	stop_uio(&guest);
	assert_true(rig_sum(rig.function[1].data->served) > 0);
	rig_sleep_ms(50);
	before = rig_sum(neighbour->served);
	rig_sleep_ms(300);
	assert_true(rig_sum(neighbour->served) > before);
	close_uio(&rig);
	flood_and_check(INTXBENCH_ARM_PCI23, 3, 1000000, 0);
}

/* Two handlers of one name: the other one's runs are not taken for ours. */
void test_foreign_same_name(void **state)
{
	const struct intxbench_data *data;
	struct uio_guest guest;
	struct rig rig;

	(void)state;
	skip_if_forced();
	open_uio(&rig);
	data = rig.function[0].data;
	rig_bind(&rig.function[1], UIO);
	start_uio(&guest, &rig);
	rig_schedule(&rig, 0, 1000000, 0);
	assert_int_equal(rig_start(&rig, 0, 100 * MS, 0), 0);
	rig_sleep_ms(200);
	assert_true(rig_drain(&rig, 5000));
	assert_true(data->ambiguous > 0);
	stop_uio(&guest);
	rig_bind(&rig.function[1], INTXBENCH_DRIVER);
	close_uio(&rig);
}

/* The driver of a NIC, to use the line instead of MSI; NULL: it is none. */
static const char *nic_driver(const struct rig_function *function)
{
	unsigned int device;
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/device",
		 function->address);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%x", &device), 1);
	fclose(file);
	if (device == 0x100e || device == 0x100f)
		return "e1000";
	return device == 0x10d3 ? "e1000e IntMode=0" : NULL;
}

static const char *put_nic_second(struct rig *rig)
{
	struct rig_function nic;
	const char *driver;
	unsigned int i;

	for (i = 0; i < RIG_FUNCTIONS; i++) {
		driver = nic_driver(&rig->function[i]);
		if (!driver)
			continue;
		nic = rig->function[i];
		rig->function[i] = rig->function[1];
		rig->function[1] = nic;
		return driver;
	}
	return NULL;
}

static void run(const char *format, const char *word)
{
	char command[128];

	snprintf(command, sizeof(command), format, word);
	assert_int_equal(system(command), 0);
}

/* Its interface is up: its handler, of the same name, is on the line. */
static void bring_up(const struct rig_function *function, const char *driver,
		     char *interface, size_t bytes)
{
	char name[16];

	run("modprobe %s", driver);
	sscanf(driver, "%15s", name);
	rig_bind(function, name);
	entry_of(function, "net", interface, bytes);
	run("ip link set %s up", interface);
	rig_sleep_ms(500);
}

void test_foreign_neighbour(void **state)
{
	const struct intxbench_data *nic;
	char interface[32];
	const char *driver;
	struct rig rig;

	(void)state;
	skip_if_forced();
	rig_open(&rig, INTXBENCH_ARM_PCI23, 0);
	driver = put_nic_second(&rig);
	if (!driver) {
		rig_close(&rig);
		skip();
	}
	rig_take(&rig, INTXBENCH_ARM_PCI23);
	bring_up(&rig.function[1], driver, interface, sizeof(interface));
	rig_open_foreign(&rig, INTXBENCH_ROLE_NEIGHBOUR, interface);
	nic = rig.function[1].data;
	assert_int_equal(rig.function[1].add.tokens, 1 << 4);
	rig_serve(&rig, 0);
	rig_schedule(&rig, 0, 500000, 0);
	rig_schedule(&rig, 1, 1000000, 0);
	assert_int_equal(rig_start(&rig, 0, 1000 * MS, 0), 0);
	rig_sleep_ms(1100);
	assert_true(rig_drain(&rig, 5000));
	rig_close_session(&rig);
	assert_balanced(rig.function[0].data, rig.served);
	assert_int_equal(nic->found, 1);
	assert_int_equal(nic->ambiguous, 0);
	assert_int_equal(nic->asserted, nic->coalesced + rig_sum(nic->raised));
	assert_int_equal(rig_sum(nic->raised),
			 rig_entered(nic) + rig_absorbed(nic));
	assert_true(rig_entered(nic) > rig_sum(nic->raised) / 2);
	assert_int_equal(rig_sum(nic->served), 0);
	assert_int_equal(nic->injected, 0);
	print_message(
		"# live neighbour: %llu raised, assert to entry %llu ns\n",
		(unsigned long long)rig_sum(nic->raised),
		(unsigned long long)rig_mean_ns(nic,
						INTXBENCH_METRIC_ASSERT_ENTRY));
	rig_close(&rig);
	run("ip link set %s down", interface);
	rig_bind(&rig.function[1], INTXBENCH_DRIVER);
	flood_and_check(INTXBENCH_ARM_PCI23, 3, 1000000, 0);
}

struct bad_add {
	const char *what;
	int error;
	void (*spoil)(struct intxbench_add *add);
};

static void spoil_no_handler(struct intxbench_add *add)
{
	memset(add->handler, 0, sizeof(add->handler));
}
static void spoil_handler_end(struct intxbench_add *add)
{
	memset(add->handler, 'x', sizeof(add->handler));
}
static void spoil_no_flag(struct intxbench_add *add)
{
	add->flags = 0;
}
static void spoil_arm(struct intxbench_add *add)
{
	add->arm = INTXBENCH_ARM_LINE;
}
static void spoil_fd(struct intxbench_add *add)
{
	add->inject_fd = 0;
}
static void spoil_address(struct intxbench_add *add)
{
	add->devfn = 0x17 << 3;
}
/* The testbed's own, which has MSI-X enabled. */
static void spoil_msi(struct intxbench_add *add)
{
	add->devfn = 0x15 << 3;
}

static const struct bad_add bad_adds[] = {
	{ "handler, which is empty", EINVAL, spoil_no_handler },
	{ "handler, which has no end", EINVAL, spoil_handler_end },
	{ "handler of one that is ours", EINVAL, spoil_no_flag },
	{ "arm", EINVAL, spoil_arm },
	{ "descriptor", EINVAL, spoil_fd },
	{ "address", ENODEV, spoil_address },
	{ "function, which uses MSI", ENXIO, spoil_msi },
};

void test_foreign_bad_adds(void **state)
{
	struct intxbench_schedule schedule = { .size = sizeof(schedule) };
	struct intxbench_add good, add;
	struct rig rig;
	unsigned int i;

	(void)state;
	assert_int_equal(system("modprobe " UIO), 0);
	rig_open(&rig, 0, 0);
	good = (struct intxbench_add){
		.size = sizeof(good),
		.flags = INTXBENCH_ADD_FOREIGN,
		.domain = rig.function[0].domain,
		.bus = rig.function[0].bus,
		.devfn = rig.function[0].devfn,
		.inject_fd = -1,
		.resample_fd = -1,
		.handler = UIO,
	};
	add = good;
	assert_int_equal(rig_add(rig.fd, &add), ENODEV); /* it is ours */
	rig_bind(&rig.function[0], NULL);
	assert_int_equal(rig_add(rig.fd, &add), ENXIO); /* not enabled */
	rig_bind(&rig.function[0], UIO);
	for (i = 0; i < sizeof(bad_adds) / sizeof(*bad_adds); i++) {
		add = good;
		bad_adds[i].spoil(&add);
		if (rig_add(rig.fd, &add) != bad_adds[i].error)
			fail_msg("a bad %s", bad_adds[i].what);
	}
	assert_int_equal(rig_add(rig.fd, &good), 0);
	close(good.data_fd);
	add = good;
	assert_int_equal(rig_add(rig.fd, &add), EEXIST);
	add.role = INTXBENCH_ROLE_NEIGHBOUR;
	assert_int_equal(rig_add(rig.fd, &add), EBUSY);
	rig_bind(&rig.function[1], UIO);
	add.devfn = rig.function[1].devfn;
	assert_int_equal(rig_add(rig.fd, &add), EINVAL); /* the same handler */
	strcpy(add.handler, "another");
	if (rig_add(rig.fd, &add))
		fail_msg("a good neighbour");
	close(add.data_fd);
	/* The device it is has no cause that is safe with a live driver. */
	if (!add.trigger) {
		schedule.index = add.index;
		schedule.gaps = (uintptr_t) & (uint32_t){ 1000000 };
		schedule.nr_gaps = 1;
		assert_int_equal(add.tokens, 0);
		assert_int_equal(ioctl(rig.fd, INTXBENCH_SCHEDULE, &schedule),
				 -1);
		assert_int_equal(errno, EINVAL);
	}
	rig_close(&rig);
	rig_bind(&rig.function[0], INTXBENCH_DRIVER);
	rig_bind(&rig.function[1], INTXBENCH_DRIVER);
	assert_int_equal(rig_handlers(), 0);
}
