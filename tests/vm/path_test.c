// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The paths that are not our module's, each on its own: nothing of the module
 * is needed here. A test plays the flood, by writing the trigger's register,
 * and the guest; what it takes it gives back through the journal, and what the
 * machine was like before is compared with what it is like after.
 *
 * Environment: FUNCTIONS, the target (edu), a neighbour (edu) and an e1000 on
 * one line; GROUPED, a function that shares its IOMMU group with another one.
 * Arguments: iommu or no-iommu, which the machine has, and a pattern of the
 * tests to run, if not all.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../bench/clock.h"
#include "../../bench/error.h"
#include "../../bench/host.h"
#include "../../bench/host_device.h"
#include "../../bench/host_module.h"
#include "../../bench/journal.h"
#include "../../bench/path.h"
#include "../../bench/sysfs.h"
#include "../../bench/vfio.h"
#include "../../bench/vfio_group.h"

#define TRIPS 2000
#define REOPENS 50
#define MOVES 40
#define WAIT_MS 5000

#define MASTER 0x0004
#define INTX_DISABLE 0x0400

struct trigger {
	uint32_t tokens, raise, status, ack;
	uint32_t enable; /* register that the tokens enable, 0: none */
};

static const struct trigger edu = { 0xffffffff, 0x60, 0x24, 0x64, 0 };
/* As kmod/trigger_e1000.c has it. */
static const struct trigger e1000 = { 0xd3, 0xc8, 0xc8, 0xc0, 0xd0 };

static struct host_function target, neighbour, nic, grouped;

/* One function on a path, and the guest's end of it. */
struct way {
	const struct path_ops *ops;
	const struct trigger *trigger;
	struct path *path;
	struct registers registers;
	int inject, resample;
};

/* Static, so that what a test that failed has left open can be closed. */
static struct way first, second;

static uint32_t get(const struct way *way, uint32_t offset)
{
	return *(volatile uint32_t *)((char *)way->registers.base + offset);
}

static void put(const struct way *way, uint32_t offset, uint32_t value)
{
	*(volatile uint32_t *)((char *)way->registers.base + offset) = value;
}

static uint16_t command_of(const struct host_function *function)
{
	uint16_t command = 0;

	assert_int_equal(host_command_read(function->address, &command), 0);
	return command;
}

static bool is_on_line(const char *handler)
{
	char *table = sysfs_load("/proc/interrupts");
	bool found = table && strstr(table, handler);

	free(table);
	return found;
}

static size_t count_fds(void)
{
	size_t count = 0;
	char name[32];

	for (int fd = 0; fd < 256; fd++) {
		snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
		count += !access(name, F_OK) || fcntl(fd, F_GETFD) >= 0;
	}
	return count;
}

/* What a run may change: functions, modules, their parameters. */
static const char *machine_now(char text[8192])
{
	const struct host_function *const functions[] = { &target, &neighbour,
							  &nic };
	char driver[64], override[256], parameter[64], *modules, *line, *rest;
	size_t used = 0;

	for (size_t i = 0; i < 3; i++) {
		const char *address = functions[i]->address;

		host_device_driver(address, driver, sizeof(driver));
		sysfs_read(override, sizeof(override),
			   HOST_DEVICE "/driver_override", address);
		used += snprintf(text + used, 8192 - used, "%s %s %s %04x\n",
				 address, driver, override,
				 command_of(functions[i]));
	}
	static const char *const parameters[] = {
		"vfio_pci/parameters/nointxmask",
		"vfio_pci/parameters/disable_idle_d3",
		"vfio_iommu_type1/parameters/allow_unsafe_interrupts",
	};
	for (size_t i = 0; i < 3; i++) {
		sysfs_read(parameter, sizeof(parameter), "/sys/module/%s",
			   parameters[i]);
		used += snprintf(text + used, 8192 - used, "%s %s\n",
				 parameters[i], parameter);
	}
	modules = sysfs_load("/proc/modules");
	rest = modules;
	while (rest && (line = strsep(&rest, "\n")))
		used += snprintf(text + used, 8192 - used, "%.*s ",
				 (int)strcspn(line, " "), line);
	free(modules);
	return text;
}

static char before[8192];

/* Which of the two differ, so that a failure says it. */
static void assert_as_before(void)
{
	char now[8192];

	assert_string_equal(machine_now(now), before);
}

static void ok(int err)
{
	if (err)
		print_error("# %s\n", error_message());
	assert_int_equal(err, 0);
}

static void refused(int err, int expected, const char *message)
{
	if (err != expected || !strstr(error_message(), message))
		print_error("# got %d: %s\n", err, error_message());
	assert_int_equal(err, expected);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_non_null(strstr(error_message(), message));
	error_clear();
}

static void open_way(struct way *way, const struct path_ops *ops,
		     const struct host_function *function,
		     const struct trigger *trigger)
{
	struct path_config config = {
		.function = function,
		.inject_fd = eventfd(0, EFD_CLOEXEC),
		.resample_fd = eventfd(0, EFD_CLOEXEC),
		.cpu = 1,
	};

	*way = (struct way){ .ops = ops,
			     .trigger = trigger,
			     .inject = config.inject_fd,
			     .resample = config.resample_fd };
	ok(ops->bind(function));
	ok(ops->open(&config, &way->path));
	assert_int_equal(command_of(function) & (INTX_DISABLE | MASTER),
			 INTX_DISABLE);
	ok(ops->registers(way->path, 0, &way->registers));
	put(way, trigger->ack, get(way, trigger->status) & trigger->tokens);
	if (trigger->enable)
		put(way, trigger->enable, trigger->tokens);
	assert_int_equal(get(way, trigger->status) & trigger->tokens, 0);
}

static void close_way(struct way *way)
{
	if (!way->path)
		return;
	registers_unmap(&way->registers);
	way->ops->close(way->path);
	way->path = NULL;
	close(way->inject);
	close(way->resample);
}

static uint32_t bit_of(const struct way *way, unsigned int number)
{
	uint32_t tokens = way->trigger->tokens;

	for (number %= __builtin_popcount(tokens); number; number--)
		tokens &= tokens - 1;
	return tokens & -tokens;
}

static void raise_bit(const struct way *way, uint32_t bit)
{
	put(way, way->trigger->raise, bit);
}

/* One injection, no more, no less. */
static void enter(const struct way *way)
{
	struct pollfd inject = { .fd = way->inject, .events = POLLIN };
	uint64_t count = 0;

	assert_int_equal(poll(&inject, 1, WAIT_MS), 1);
	assert_int_equal(read(way->inject, &count, sizeof(count)), 8);
	assert_int_equal(count, 1);
}

static void serve(const struct way *way, uint32_t bit)
{
	assert_int_equal(get(way, way->trigger->status) & way->trigger->tokens,
			 bit);
	put(way, way->trigger->ack, bit);
	assert_int_equal(get(way, way->trigger->status) & way->trigger->tokens,
			 0);
}

static void ack(const struct way *way)
{
	const uint64_t one = 1;

	assert_int_equal(write(way->resample, &one, sizeof(one)), 8);
}

static void round_trip(const struct way *way, uint32_t bit)
{
	raise_bit(way, bit);
	enter(way);
	serve(way, bit);
	ack(way);
}

static void assert_quiet(const struct way *way)
{
	struct pollfd inject = { .fd = way->inject, .events = POLLIN };

	assert_int_equal(poll(&inject, 1, 50), 0);
	assert_int_equal(way->ops->failed(way->path), 0);
}

static void take_machine(void)
{
	size_t recovered;

	error_clear();
	ok(journal_open(&recovered));
	assert_int_equal(recovered, 0);
}

static void give_back(void)
{
	ok(journal_undo());
	journal_close();
	assert_as_before();
}

static int make(void **state)
{
	(void)state;
	take_machine();
	machine_now(before);
	return 0;
}

/* Also after a test that failed, for the next one. */
static int clean(void **state)
{
	(void)state;
	close_way(&second);
	close_way(&first);
	journal_undo();
	journal_close();
	error_clear();
	return 0;
}

static void allow_unsafe(const struct path_ops *ops)
{
	if (!strcmp(ops->name, "vfio"))
		ok(vfio_allow_unsafe());
}

static void trips(struct way *way, unsigned int count)
{
	uint64_t begin_ns = clock_now_ns();

	for (unsigned int i = 0; i < count; i++)
		round_trip(way, bit_of(way, i));
	print_message(
		"# %s/%s: %u round trips, mean %u us\n", way->ops->name,
		way->ops->arm, count,
		(unsigned int)((clock_now_ns() - begin_ns) / 1000 / count));
	assert_quiet(way);
}

static void test_round_trips(void **state)
{
	const struct path_ops *ops = *state;
	const char *handler;

	assert_int_equal(host_command_change(target.address, 0, MASTER), 0);
	machine_now(before);
	ok(ops->check(&target));
	allow_unsafe(ops);
	open_way(&first, ops, &target, &edu);
	handler = ops->handler(first.path);
	assert_int_equal(is_on_line(handler), !strcmp(ops->name, "uio"));
	ok(ops->connect(first.path));
	assert_true(is_on_line(handler));
	assert_int_equal(command_of(&target) & (INTX_DISABLE | MASTER), 0);
	trips(&first, TRIPS);
	close_way(&first);
	assert_int_equal(command_of(&target) & (INTX_DISABLE | MASTER),
			 INTX_DISABLE);
	assert_int_equal(is_on_line("vfio-intx("), false);
	give_back();
	assert_int_equal(host_command_change(target.address, MASTER, 0), 0);
}

static void test_nic(void **state)
{
	const struct path_ops *ops = *state;

	allow_unsafe(ops);
	open_way(&first, ops, &nic, &e1000);
	ok(ops->connect(first.path));
	trips(&first, TRIPS / 10);
	close_way(&first);
	give_back();
}

/*
 * The neighbour interrupts while the target is pending and masked, which is
 * where a driver that looks at the status only claims again.
 */
static void test_neighbour(void **state)
{
	const struct path_ops *ops = *state;

	allow_unsafe(&vfio_irqfd_ops);
	open_way(&first, ops, &target, &edu);
	open_way(&second, &vfio_irqfd_ops, &neighbour, &edu);
	ok(ops->connect(first.path));
	ok(second.ops->connect(second.path));
	for (unsigned int i = 0; i < TRIPS / 4; i++) {
		raise_bit(&first, 1);
		enter(&first);
		for (unsigned int j = 0; j < 3; j++)
			round_trip(&second, bit_of(&second, i + j));
		serve(&first, 1);
		ack(&first);
	}
	assert_quiet(&first);
	assert_quiet(&second);
	close_way(&second);
	close_way(&first);
	give_back();
}

/* Raised again before the ack: the level is there still, and comes again. */
static void test_pending_at_ack(void **state)
{
	const struct path_ops *ops = *state;

	allow_unsafe(ops);
	open_way(&first, ops, &target, &edu);
	ok(ops->connect(first.path));
	raise_bit(&first, 1);
	for (unsigned int i = 0; i < TRIPS / 10; i++) {
		enter(&first);
		serve(&first, 1U << i % 32);
		raise_bit(&first, 1U << (i + 1) % 32);
		ack(&first);
	}
	enter(&first);
	serve(&first, 1U << TRIPS / 10 % 32);
	ack(&first);
	assert_quiet(&first);
	close_way(&first);
	give_back();
}

static void test_reopen(void **state)
{
	const struct path_ops *ops = *state;
	size_t fds = 0;

	allow_unsafe(ops);
	for (unsigned int i = 0; i < REOPENS; i++) {
		open_way(&first, ops, &target, &edu);
		if (i % 3)
			ok(ops->connect(first.path));
		if (i % 3 == 2)
			round_trip(&first, bit_of(&first, i));
		close_way(&first);
		if (!i)
			fds = count_fds();
		assert_int_equal(count_fds(), fds);
	}
	give_back();
}

/* Acknowledge what a dead guest left pending in an edu, which has no reset. */
static void clear_device(const struct host_function *function)
{
	uint16_t command = command_of(function);
	struct way dead = { .trigger = &edu };

	assert_int_equal(
		host_command_change(function->address, 0, 2 | INTX_DISABLE), 0);
	ok(registers_map(function->address, 0, &dead.registers));
	put(&dead, edu.ack, 0xffffffff);
	registers_unmap(&dead.registers);
	assert_int_equal(host_command_write(function->address, command), 0);
}

static void die_in_service(const struct path_ops *ops)
{

	take_machine();
	allow_unsafe(ops);
	open_way(&first, ops, &target, &edu);
	ok(ops->connect(first.path));
	trips(&first, 100);
	raise_bit(&first, 1);
	enter(&first);
	kill(getpid(), SIGKILL);
}

static void test_killed(void **state)
{
	size_t recovered;
	int status;
	pid_t pid;

	journal_close();
	pid = fork();
	if (!pid) {
		die_in_service(*state);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	ok(journal_open(&recovered));
	assert_true(recovered > 2);
	assert_as_before();
	clear_device(&target);
}

/* From driver to driver, as the points of a block come. One function only: what
 * is bound to uio_pci_generic has its handler on the line all the time. */
static void move(const struct host_function *function,
		 const struct trigger *trigger)
{
	unsigned int seed = 1, paths = 0;

	ok(vfio_allow_unsafe());
	/* Those that we open come first. */
	while (path_at(paths) && !path_at(paths)->held)
		paths++;
	for (unsigned int i = 0; i < MOVES; i++) {
		open_way(&first, path_at(rand_r(&seed) % paths), function,
			 trigger);
		ok(first.ops->connect(first.path));
		round_trip(&first, bit_of(&first, i));
		round_trip(&first, bit_of(&first, i + 1));
		close_way(&first);
	}
	give_back();
}

static void test_moves(void **state)
{
	(void)state;
	move(&target, &edu);
}

/* Who had it before has it again. */
static void test_former_driver(void **state)
{
	char driver[64];

	(void)state;
	assert_int_equal(system("modprobe e1000"), 0);
	machine_now(before);
	move(&nic, &e1000);
	host_device_driver(nic.address, driver, sizeof(driver));
	assert_string_equal(driver, "e1000");
	assert_int_equal(
		sysfs_write(nic.address, HOST_DRIVER "/unbind", "e1000"), 0);
	assert_int_equal(system("modprobe -r e1000"), 0);
}

/* Loaded by somebody, with options and a function by an ID: all that again. */
static void test_loaded_before(void **state)
{
	static const char load[] =
		"modprobe vfio-pci disable_idle_d3=1 && "
		"echo 1234 11e8 >/sys/bus/pci/drivers/vfio-pci/new_id && "
		"for i in /sys/bus/pci/drivers/vfio-pci/0000:*; do "
		"a=${i##*/}; [ $a = %s ] || "
		"echo $a >/sys/bus/pci/drivers/vfio-pci/unbind; done";
	char command[1024], driver[64];

	(void)state;
	snprintf(command, sizeof(command), load, target.address);
	assert_int_equal(system(command), 0);
	machine_now(before);
	move(&target, &edu);
	host_device_driver(target.address, driver, sizeof(driver));
	assert_string_equal(driver, "vfio-pci");
	assert_int_equal(system("modprobe -r vfio-pci vfio_iommu_type1"), 0);
}

static int open_path(const struct path_ops *ops,
		     const struct host_function *function)
{
	struct path_config config = {
		.function = function,
		.inject_fd = 0,
		.resample_fd = 0,
	};
	struct path *path;

	return ops->open(&config, &path);
}

static void test_unsafe(void **state)
{
	(void)state;
	ok(vfio_irqfd_ops.check(&target));
	ok(vfio_irqfd_ops.bind(&target));
	refused(open_path(&vfio_irqfd_ops, &target), -EPERM,
		"does not remap interrupts");
	give_back();
}

/* Until it is told to let go. */
static void hold_group(int ready, int go)
{
	unsigned long number;
	char path[64], byte;

	if (vfio_group_number(target.address, &number))
		_exit(1);
	snprintf(path, sizeof(path), "/dev/vfio/%lu", number);
	if (open(path, O_RDWR) < 0 || write(ready, "", 1) != 1 ||
	    read(go, &byte, 1) != 1)
		_exit(1);
	_exit(0);
}

static void test_group_in_use(void **state)
{
	int ready[2], go[2], status;
	char byte;
	pid_t pid;

	(void)state;
	ok(vfio_allow_unsafe());
	ok(vfio_irqfd_ops.bind(&target));
	assert_int_equal(pipe(ready) | pipe(go), 0);
	pid = fork();
	if (!pid)
		hold_group(ready[1], go[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	refused(open_path(&vfio_irqfd_ops, &target), -EBUSY,
		"another process has that");
	assert_int_equal(write(go[1], "", 1), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	open_way(&first, &vfio_irqfd_ops, &target, &edu);
	close_way(&first);
	for (size_t i = 0; i < 2; i++) {
		close(ready[i]);
		close(go[i]);
	}
	give_back();
}

/* Somebody has the device itself: bind() sees that. */
static void test_device_in_use(void **state)
{

	(void)state;
	ok(vfio_allow_unsafe());
	open_way(&first, &vfio_irqfd_ops, &target, &edu);
	refused(uio_ops.bind(&target), -EBUSY, "somebody uses it through");
	refused(vfio_nointxmask_ops.bind(&target), -EBUSY, "end what uses it");
	close_way(&first);
	give_back();
}

static void test_group_shared(void **state)
{
	(void)state;
	ok(vfio_allow_unsafe());
	ok(vfio_irqfd_ops.check(&grouped));
	ok(vfio_irqfd_ops.bind(&grouped));
	assert_int_equal(system("modprobe e1000"), 0);
	refused(vfio_irqfd_ops.check(&grouped), -EBUSY, "(e1000)");
	refused(open_path(&vfio_irqfd_ops, &grouped), -EBUSY, "(e1000)");
	assert_int_equal(system("modprobe -r e1000"), 0);
	give_back();
}

static void test_line_not_alone(void **state)
{

	(void)state;
	ok(vfio_allow_unsafe());
	open_way(&second, &uio_ops, &neighbour, &edu);
	open_way(&first, &vfio_nointxmask_ops, &target, &edu);
	assert_int_equal(first.ops->connect(first.path), -EBUSY);
	assert_string_equal(error_message(), "");
	close_way(&first);
	ok(second.ops->connect(second.path));
	round_trip(&second, 1);
	close_way(&second);
	/* And the other way round; uio_pci_generic goes first, for its handler
	 * is there as long as it is bound. */
	open_way(&second, &vfio_nointxmask_ops, &neighbour, &edu);
	open_way(&first, &vfio_nointxmask_ops, &target, &edu);
	ok(first.ops->connect(first.path));
	assert_int_equal(second.ops->connect(second.path), -EBUSY);
	assert_string_equal(error_message(), "");
	round_trip(&first, 1);
	close_way(&second);
	close_way(&first);
	give_back();
}

/* A reload would take vfio-pci from a function that is not ours. */
static void test_reload_refused(void **state)
{
	(void)state;
	assert_int_equal(system("modprobe vfio-pci"), 0);
	ok(host_bind_back(neighbour.address, HOST_DRIVER_VFIO));
	machine_now(before);
	refused(vfio_nointxmask_ops.bind(&target), -EBUSY, neighbour.address);
	assert_as_before();
	/* What sysfs says is not what was loaded. */
	assert_int_equal(sysfs_write("Y", "/sys/module/vfio_pci/parameters/"
					  "nointxmask"),
			 0);
	ok(vfio_allow_unsafe());
	ok(vfio_nointxmask_ops.bind(&target));
	refused(open_path(&vfio_nointxmask_ops, &target), -EPROTO,
		"set after it was loaded");
	ok(journal_undo());
	journal_close();
	assert_int_equal(system("modprobe -r vfio-pci vfio_iommu_type1"), 0);
}

static void test_no_uio(void **state)
{
	(void)state;
	assert_int_equal(system("echo install uio_pci_generic /bin/false "
				">/etc/modprobe.d/no-uio.conf"),
			 0);
	refused(uio_ops.bind(&target), -EIO, "sudo modprobe uio_pci_generic");
	unlink("/etc/modprobe.d/no-uio.conf");
	give_back();
	assert_int_equal(system("mv /lib/modules/$(uname -r)/modules.dep.bin "
				"/tmp"),
			 0);
	refused(uio_ops.check(&target), -ENOENT, "cannot be found by modprobe");
	assert_int_equal(system("mv /tmp/modules.dep.bin "
				"/lib/modules/$(uname -r)"),
			 0);
	ok(uio_ops.check(&target));
}

static void test_no_iommu(void **state)
{
	(void)state;
	refused(vfio_irqfd_ops.check(&target), -ENODEV, "intel_iommu=on");
	assert_as_before();
	assert_int_not_equal(vfio_irqfd_ops.bind(&target), 0);
	assert_non_null(strstr(error_message(), "vfio-pci does not take"));
	error_clear();
	give_back();
}

static void find(struct host_function *function, const char *address)
{
	struct host_functions functions;

	if (!address || host_scan(&functions))
		errx(1, "no function: %s", error_message());
	if (!host_find(&functions, address))
		errx(1, "no function %s", address);
	*function = *host_find(&functions, address);
	host_scan_free(&functions);
}

#define NAMED(title, test, of)                         \
	{                                              \
		title, test, make, clean, (void *)(of) \
	}
#define CASE(test) cmocka_unit_test_setup_teardown(test, make, clean)
#define EACH(test)                                                           \
	NAMED(#test " vfio/irqfd", test, &vfio_irqfd_ops),                   \
		NAMED(#test " vfio/ioctl", test, &vfio_ioctl_ops),           \
		NAMED(#test " vfio/nointxmask", test, &vfio_nointxmask_ops), \
		NAMED(#test " uio", test, &uio_ops)

static int test_with_iommu(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_round_trips),
		EACH(test_pending_at_ack),
		EACH(test_reopen),
		EACH(test_killed),
		EACH(test_nic),
		NAMED("test_neighbour vfio/irqfd", test_neighbour,
		      &vfio_irqfd_ops),
		NAMED("test_neighbour vfio/ioctl", test_neighbour,
		      &vfio_ioctl_ops),
		NAMED("test_neighbour uio", test_neighbour, &uio_ops),
		CASE(test_moves),
		CASE(test_former_driver),
		CASE(test_loaded_before),
		CASE(test_unsafe),
		CASE(test_group_in_use),
		CASE(test_device_in_use),
		CASE(test_group_shared),
		CASE(test_line_not_alone),
		CASE(test_reload_refused),
		CASE(test_no_uio),
	};

	find(&grouped, getenv("GROUPED"));
	return cmocka_run_group_tests_name("paths", tests, NULL, NULL);
}

static int test_without_iommu(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_no_iommu),
		NAMED("test_round_trips uio", test_round_trips, &uio_ops),
	};

	return cmocka_run_group_tests_name("no-iommu", tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	char address[3][16];

	if (argc < 2 || !getenv("FUNCTIONS") ||
	    sscanf(getenv("FUNCTIONS"), "%15s %15s %15s", address[0],
		   address[1], address[2]) != 3)
		errx(1,
		     "usage: FUNCTIONS=... path_test iommu|no-iommu [PATTERN]");
	find(&target, address[0]);
	find(&neighbour, address[1]);
	find(&nic, address[2]);
	if (argc > 2)
		cmocka_set_test_filter(argv[2]);
	if (!strcmp(argv[1], "no-iommu"))
		return test_without_iommu();
	return test_with_iommu();
}
