// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The KVM guest: on memory that plays the device and the module, where one
 * interrupt at a time can be looked at, and on the module's floods. Needs KVM,
 * the module, and the functions of FUNCTIONS bound to it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../bench/clock.h"
#include "../../bench/error.h"
#include "../../bench/vmm/guest_kvm.h"
#include "../../bench/vmm/tsc.h"
#include "../../bench/vmm/vm.h"
#include "../../bench/worker.h"
#include "rig.h"

#define MS UINT64_C(1000000)
#define PAGE 4096
#define STATUS 1 /* registers, in words */
#define ACK 2
#define TOKENS 0x1f
#define PATIENCE_MS 10000
#define GUEST_CPU 2
#define OTHER_CPU 3

static const struct guest_kvm_options plain;

/* What the guest did to its mask. */
struct masks {
	unsigned int calls, wrong;
	bool masked;
};

static int set_mask(void *context, bool masked)
{
	struct masks *masks = context;

	masks->calls++;
	masks->wrong += masks->masked == masked;
	masks->masked = masked;
	return 0;
}

/* A device and a module in memory. */
struct fake {
	struct guest_config config;
	volatile uint32_t *registers;
	struct intxbench_data *data; /* ours; the guest has a mapping that
				      * cannot be written to */
	struct intxbench_timeline *timeline;
	size_t data_bytes;
	struct masks masks;
	struct guest *guest;
	struct guest_result result;
};

static void make_data(struct fake *fake)
{
	int fd = memfd_create("data", MFD_CLOEXEC);

	fake->data_bytes = PAGE + INTXBENCH_TIMELINE * sizeof(*fake->timeline);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, fake->data_bytes), 0);
	fake->data = mmap(NULL, fake->data_bytes, PROT_READ | PROT_WRITE,
			  MAP_SHARED, fd, 0);
	fake->config.data =
		mmap(NULL, fake->data_bytes, PROT_READ, MAP_SHARED, fd, 0);
	assert_true(fake->data != MAP_FAILED &&
		    fake->config.data != MAP_FAILED);
	close(fd);
	fake->timeline = (void *)((char *)fake->data + PAGE);
	fake->config.timeline = (void *)((char *)fake->config.data + PAGE);
	fake->config.data_bytes = fake->data_bytes;
}

static int set_up(void **state)
{
	struct fake *fake = calloc(1, sizeof(*fake));

	assert_non_null(fake);
	rig_log_mark();
	error_clear();
	fake->registers = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(fake->registers != MAP_FAILED);
	fake->config = (struct guest_config){
		.vcpu_cpu = { GUEST_CPU, OTHER_CPU },
		.vcpus = 1,
		.service_ns = 1000,
		.inject_fd = eventfd(0, EFD_CLOEXEC),
		.resample_fd = eventfd(0, EFD_CLOEXEC),
		.registers = fake->registers,
		.registers_bytes = PAGE,
		.tokens = TOKENS,
		.status_offset = STATUS * 4,
		.ack_offset = ACK * 4,
		.set_mask = set_mask,
		.mask_context = &fake->masks,
	};
	make_data(fake);
	*state = fake;
	return 0;
}

static int tear_down(void **state)
{
	const char *fault = rig_log_fault();
	struct fake *fake = *state;

	close(fake->config.inject_fd);
	close(fake->config.resample_fd);
	munmap((void *)fake->registers, PAGE);
	munmap(fake->data, fake->data_bytes);
	munmap((void *)fake->config.data, fake->data_bytes);
	free(fake);
	if (fault)
		print_error("kernel log: %s\n", fault);
	return fault ? -1 : 0;
}

static void start(struct fake *fake, const struct guest_kvm_options *options)
{
	if (guest_kvm_start(&fake->config, options, &fake->guest))
		fail_msg("%s", error_message());
}

static void stop(struct fake *fake)
{
	guest_kvm_ops.stop(fake->guest, &fake->result);
}

/* As the module does, all stamps of this moment. */
static struct intxbench_timeline *inject(struct fake *fake, uint32_t pending)
{
	uint64_t sequence = fake->data->injected + 1, one = 1;
	struct intxbench_timeline *slot =
		&fake->timeline[sequence % INTXBENCH_TIMELINE];

	fake->registers[STATUS] = pending;
	slot->unmasked_ns = 0;
	slot->intended_ns = slot->assert_ns = slot->entry_ns = slot->masked_ns =
		slot->inject_ns = clock_now_ns();
	slot->sequence = sequence;
	fake->data->injected = sequence;
	assert_int_equal(write(fake->config.inject_fd, &one, sizeof(one)),
			 sizeof(one));
	return slot;
}

/* Returns when it came. */
static uint64_t wait_for_ack(struct fake *fake)
{
	struct pollfd ready = { fake->config.resample_fd, POLLIN, 0 };
	uint64_t count;

	assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
	assert_int_equal(read(ready.fd, &count, sizeof(count)), sizeof(count));
	assert_int_equal(count, 1);
	return clock_now_ns();
}

static unsigned int entries_of(const char *folder)
{
	DIR *dir = opendir(folder);
	unsigned int count = 0;

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static unsigned int descriptors(void)
{
	return entries_of("/proc/self/fd");
}

static unsigned int threads(void)
{
	return entries_of("/proc/self/task");
}

static long resident_kib(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	long pages = 0;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%*u %ld", &pages), 1);
	fclose(file);
	return pages * (PAGE / 1024);
}

static void serve_one(struct fake *fake, enum guest_kvm_controller controller)
{
	start(fake, &(struct guest_kvm_options){ .controller = controller });
	inject(fake, 0x25); /* 0x20 is none of its tokens */
	wait_for_ack(fake);
	stop(fake);
	assert_int_equal(fake->registers[ACK], 0x05);
	assert_int_equal(fake->result.errnum, 0);
	assert_int_equal(fake->result.entries, 1);
	assert_int_equal(fake->result.merged, 0);
	assert_int_equal(fake->result.empty, 0);
	assert_int_equal(fake->result.unstamped, 0);
	assert_int_equal(fake->result.served[0], 1);
	assert_int_equal(fake->result.served[2], 1);
	assert_int_equal(rig_sum((const __u64 *)fake->result.served), 2);
	assert_int_equal(fake->result.hist[GUEST_ROUND_TRIP].count, 1);
	assert_true(fake->result.started_ns > 0);
	assert_true(fake->result.started_ns < 10 * NSEC_PER_SEC);
}

static void test_ioapic(void **state)
{
	serve_one(*state, GUEST_KVM_IOAPIC);
}

static void test_pic(void **state)
{
	serve_one(*state, GUEST_KVM_PIC);
}

static void test_empty(void **state)
{
	struct fake *fake = *state;

	fake->registers[ACK] = 0x77;
	start(fake, &plain);
	inject(fake, 0x20);
	wait_for_ack(fake);
	stop(fake);
	assert_int_equal(fake->registers[ACK], 0x77); /* not written */
	assert_int_equal(fake->result.entries, 1);
	assert_int_equal(fake->result.empty, 1);
}

/* Told twice, entered once: the second came while the line was up. */
static void test_merged(void **state)
{
	struct fake *fake = *state;

	fake->config.service_ns = 500 * MS;
	start(fake, &plain);
	inject(fake, 1);
	inject(fake, 1);
	wait_for_ack(fake);
	stop(fake);
	assert_int_equal(fake->result.entries, 2);
	assert_int_equal(fake->result.merged, 1);
	assert_int_equal(fake->result.empty, 1);
	assert_int_equal(fake->result.served[0], 1);
}

static void test_stop_serves_first(void **state)
{
	struct fake *fake = *state;

	fake->config.service_ns = 200 * MS;
	start(fake, &plain);
	inject(fake, 4);
	stop(fake);
	assert_int_equal(fake->result.entries, 1);
	assert_int_equal(fake->result.merged, 0);
	assert_int_equal(fake->result.served[2], 1);
	assert_true(fake->result.hist[GUEST_SERVICE].min_ns >= 199 * MS);
	assert_true(fake->result.hist[GUEST_SERVICE].max_ns < 600 * MS);
}

/* Takes the guest's CPU away at its end of interrupt, in its handler. */
struct holder {
	int resample_fd;
	atomic_bool holds;
};

static void *hold(void *arg)
{
	struct sched_param priority = { .sched_priority = 1 };
	struct holder *holder = arg;
	uint64_t begun_ns, count;

	if (sched_setscheduler(0, SCHED_FIFO, &priority) ||
	    read(holder->resample_fd, &count, sizeof(count)) < 0)
		return "could not";
	begun_ns = clock_now_ns();
	atomic_store(&holder->holds, true);
	while (clock_now_ns() - begun_ns < 200 * MS)
		;
	return NULL;
}

/* The line is idle, and what was served is not counted yet. */
static void test_stop_lets_it_count(void **state)
{
	struct fake *fake = *state;
	struct holder holder = { .resample_fd = fake->config.resample_fd };
	pthread_t thread;
	void *failed;

	start(fake, &plain);
	assert_int_equal(worker_start_on(&thread, GUEST_CPU, hold, &holder), 0);
	rig_sleep_ms(100);
	inject(fake, 1);
	while (!atomic_load(&holder.holds))
		rig_sleep_ms(1);
	stop(fake);
	pthread_join(thread, &failed);
	assert_null(failed);
	assert_int_equal(fake->result.entries, 1);
	assert_int_equal(fake->result.served[0], 1);
}

static bool within(uint64_t ns, uint64_t from_ns, uint64_t to_ns,
		   uint64_t error_ns)
{
	return ns + error_ns >= from_ns && ns <= to_ns + error_ns;
}

/*
 * The guest's two stamps lie between two of ours, as they come out of the
 * sums of what begins with our stamp. *in: how many of the rounds did.
 */
static void compare_clocks(struct fake *fake, int64_t skew_ticks,
			   unsigned int rounds, unsigned int *in)
{
	struct guest_kvm_options options = { .skew_ticks = skew_ticks };
	const struct intxbench_hist *hist = fake->result.hist;
	uint64_t before_ns, after_ns, entry_ns, guest_ns, ack_ns;

	*in = 0;
	while (rounds--) {
		start(fake, &options);
		rig_sleep_ms(rounds % 7);
		before_ns = inject(fake, 1)->entry_ns;
		after_ns = wait_for_ack(fake);
		stop(fake);
		assert_int_equal(hist[GUEST_SERVICE].count, 1);
		entry_ns = hist[GUEST_ENTRY_TO_GUEST].count ? before_ns : 0;
		guest_ns = entry_ns + hist[GUEST_ENTRY_TO_GUEST].sum_ns;
		ack_ns = guest_ns + hist[GUEST_SERVICE].sum_ns;
		*in += entry_ns &&
		       within(guest_ns, before_ns, after_ns,
			      fake->result.clock_error_ns) &&
		       within(ack_ns, before_ns, after_ns,
			      fake->result.clock_error_ns);
	}
}

static int64_t ticks_of_ms(int ms)
{
	struct tsc_pair a = tsc_pair_take(), b;

	rig_sleep_ms(50);
	b = tsc_pair_take();
	return (int64_t)((b.tsc - a.tsc) * 1e6 / (b.ns - a.ns)) * ms;
}

static void test_clock(void **state)
{
	unsigned int in;

	compare_clocks(*state, 0, 20, &in);
	assert_int_equal(in, 20);
}

/* Positive control: an offset that is wrong by more than an interrupt takes. */
static void test_clock_control(void **state)
{
	unsigned int in;

	compare_clocks(*state, ticks_of_ms(100), 5, &in);
	assert_int_equal(in, 0);
	compare_clocks(*state, ticks_of_ms(-100), 5, &in);
	assert_int_equal(in, 0);
}

/* What KVM tells, and what is read: two ways to one offset. */
static void test_tsc_offset(void **state)
{
	static const struct vm_start nowhere = {
		.entry = 0x1000,
		.gdt_bytes = 8,
		.idt_bytes = 8,
	};
	uint64_t told, read, error, read_error;
	struct vm vm;
	uint32_t khz;

	(void)state;
	assert_int_equal(vm_open(VM_DEVICE, &vm), 0);
	assert_int_equal(vm_add_vcpu(&vm, &nowhere), 0);
	assert_int_equal(vm_tsc_khz(&vm, &khz), 0);
	assert_int_equal(vm_tsc_offset(&vm, &told, &error), 0);
	assert_int_equal(vm_tsc_offset_read(&vm, &read, &read_error), 0);
	vm_close(&vm);
	assert_true(read_error > 0);
	assert_true(read_error < khz * UINT64_C(10)); /* 10 ms */
	assert_true(told - read + error + read_error <=
		    2 * (error + read_error));
	assert_true(llabs(ticks_of_ms(1) - (int64_t)khz) < khz / 100);
}

/* Threads that may run on this CPU and on no other. */
static unsigned int threads_on(int cpu)
{
	unsigned int count = 0;
	struct dirent *entry;
	cpu_set_t cpus;
	DIR *dir = opendir("/proc/self/task");

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		if (atoi(entry->d_name) &&
		    !sched_getaffinity(atoi(entry->d_name), sizeof(cpus),
				       &cpus))
			count += CPU_COUNT(&cpus) == 1 && CPU_ISSET(cpu, &cpus);
	closedir(dir);
	return count;
}

static void test_two_vcpus(void **state)
{
	struct fake *fake = *state;
	unsigned int before = threads();

	fake->config.vcpus = 2;
	start(fake, &plain);
	assert_int_equal(threads_on(GUEST_CPU), 1);
	assert_int_equal(threads_on(OTHER_CPU), 1);
	assert_int_equal(threads(), before + 3); /* and the collector */
	for (int i = 0; i < 100; i++) {
		inject(fake, 1 << i % 5);
		wait_for_ack(fake);
	}
	stop(fake);
	assert_int_equal(threads(), before);
	assert_int_equal(fake->result.entries, 100);
	assert_int_equal(fake->result.empty, 0);
	for (int i = 0; i < 5; i++)
		assert_int_equal(fake->result.served[i], 20);
}

/* Toggled once a ms, with interrupts meanwhile; live again in the end. */
static void test_mask(void **state)
{
	struct fake *fake = *state;
	uint64_t begun_ns, ms;

	fake->config.mask_hz = 1000;
	begun_ns = clock_now_ns();
	start(fake, &plain);
	for (int i = 0; i < 300; i++) {
		inject(fake, 1);
		wait_for_ack(fake);
		rig_sleep_ms(1);
	}
	stop(fake);
	ms = (clock_now_ns() - begun_ns) / MS;
	assert_int_equal(fake->result.entries, 300);
	assert_int_equal(fake->result.served[0], 300);
	assert_int_equal(fake->result.mask_toggles, fake->masks.calls);
	assert_int_equal(fake->masks.wrong, 0);
	assert_false(fake->masks.masked);
	assert_true(fake->masks.calls > ms / 3);
	assert_true(fake->masks.calls <= ms + 2);
}

static void test_mask_never(void **state)
{
	struct fake *fake = *state;

	start(fake, &plain);
	rig_sleep_ms(20);
	stop(fake);
	assert_int_equal(fake->masks.calls, 0);
	assert_int_equal(fake->result.mask_toggles, 0);
}

/* Stopped at any moment of its toggling. */
static void test_mask_ends_live(void **state)
{
	struct fake *fake = *state;

	fake->config.mask_hz = 100;
	for (int i = 0; i < 20; i++) {
		start(fake, &plain);
		rig_sleep_ms(5 + i);
		stop(fake);
		assert_false(fake->masks.masked);
		assert_int_equal(fake->result.errnum, 0);
	}
	assert_true(fake->masks.calls > 0);
}

/* It looks for its device where there is none. */
static void test_death(void **state)
{
	struct fake *fake = *state;
	uint64_t begun_ns = clock_now_ns();

	fake->config.status_offset = 2 * PAGE;
	start(fake, &plain);
	assert_int_equal(guest_kvm_ops.failed(fake->guest), 0);
	inject(fake, 1);
	while (!guest_kvm_ops.failed(fake->guest) &&
	       clock_now_ns() - begun_ns < PATIENCE_MS * MS)
		rig_sleep_ms(1);
	assert_int_equal(guest_kvm_ops.failed(fake->guest), EIO);
	stop(fake);
	assert_int_equal(fake->result.errnum, EIO);
	assert_string_equal(fake->result.why,
			    "it touched 0xc0002000, where there is nothing");
}

/* Creates vCPUs, enters them, and nothing comes of it. */
static void test_never_up(void **state)
{
	struct guest_kvm_options options = { .stuck = true,
					     .limit_ns = 200 * MS };
	unsigned int fds = descriptors(), tasks = threads();
	uint64_t begun_ns = clock_now_ns();
	struct fake *fake = *state;
	char why[256];

	assert_int_equal(guest_kvm_start(&fake->config, &options, &fake->guest),
			 -ETIMEDOUT);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_non_null(strstr(error_message(), "did not come up within 200"));
	error_clear();
	assert_false(guest_kvm_try(&options, why, sizeof(why)));
	assert_non_null(strstr(why, "did not come up within 200"));
	assert_true(clock_now_ns() - begun_ns < 5 * NSEC_PER_SEC);
	assert_int_equal(descriptors(), fds);
	assert_int_equal(threads(), tasks);
}

static void assert_why(const char *device, const char *expected)
{
	struct guest_kvm_options options = { .device = device };
	unsigned int fds = descriptors();
	char why[256];

	assert_false(guest_kvm_try(&options, why, sizeof(why)));
	if (!strstr(why, expected))
		fail_msg("%s: %s", device, why);
	assert_string_equal(error_message(), "");
	assert_int_equal(descriptors(), fds);
}

static void test_no_device(void **state)
{
	char why[256];

	(void)state;
	assert_why("/dev/there-is-none", "there is no /dev/there-is-none");
	assert_why("/dev/null", "/dev/null is not KVM's device");
	assert_why("/dev", "cannot open /dev: Is a directory");
	assert_true(guest_kvm_usable(why, sizeof(why)));
	assert_string_equal(why, "");
}

static void test_unreadable_device(void **state)
{
	static const struct guest_kvm_options none;
	char why[256];
	int status;
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		if (chmod(VM_DEVICE, 0600) || setuid(65534))
			_exit(2);
		_exit(guest_kvm_try(&none, why, sizeof(why)) ||
		      !strstr(why, "may not be opened"));
	}
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

/* One start and stop after the other: as many of all as before. */
static void test_cycles(void **state)
{
	const char *text = getenv("INTXBENCH_CYCLES");
	int cycles = text ? atoi(text) : 200;
	unsigned int fds = 0, tasks = 0;
	struct fake *fake = *state;
	long kib = 0;

	for (int i = 0; i < cycles + 20; i++) {
		if (i == 20) {
			fds = descriptors();
			tasks = threads();
			kib = resident_kib();
		}
		fake->config.vcpus = 1 + i % 2;
		start(fake, &plain);
		inject(fake, 1);
		wait_for_ack(fake);
		stop(fake);
		assert_int_equal(fake->result.entries, 1);
	}
	assert_int_equal(descriptors(), fds);
	assert_int_equal(threads(), tasks);
	print_message("# %d cycles: %ld KiB before, %ld after\n", cycles, kib,
		      resident_kib());
	assert_true(resident_kib() - kib <= 256);
}

/* The module's target, served by a guest. */
static void open_target(struct rig *rig, struct fake *fake)
{
	const struct rig_function *target = &rig->function[0];
	char path[96];
	struct stat status;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource%u",
		 target->address, target->add.bar);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &status), 0);
	fake->config.registers_bytes = status.st_size;
	fake->config.registers = mmap(NULL, status.st_size,
				      PROT_READ | PROT_WRITE, MAP_SHARED, fd,
				      0);
	assert_true(fake->config.registers != MAP_FAILED);
	close(fd);
	fake->config.inject_fd = rig->inject;
	fake->config.resample_fd = rig->resample;
	fake->config.tokens = target->add.tokens;
	fake->config.status_offset = target->add.status_offset;
	fake->config.ack_offset = target->add.ack_offset;
	fake->config.data = target->data;
	fake->config.data_bytes = rig->data_bytes;
	fake->config.timeline =
		(void *)((char *)target->data + target->data->timeline_offset);
}

static void assert_balanced(const struct intxbench_data *data,
			    const uint64_t *served)
{
	assert_int_equal(data->intended, data->asserted + data->missed);
	assert_int_equal(data->asserted,
			 data->coalesced + rig_sum(data->raised));
	assert_memory_equal(data->raised, served, sizeof(data->raised));
	assert_int_equal(rig_spurious(data), 0);
}

static void assert_stages(const struct guest_result *result)
{
	const struct intxbench_hist *hist = result->hist;
	uint64_t sum_ns = 0;

	for (int i = GUEST_STAGE_ENTRY; i <= GUEST_STAGE_SERVICE; i++) {
		sum_ns += hist[i].sum_ns;
		assert_int_equal(hist[i].count, hist[GUEST_ROUND_TRIP].count);
	}
	assert_int_equal(sum_ns, hist[GUEST_ROUND_TRIP].sum_ns);
}

/* 2,000 interrupts at 2 kHz. */
static void flood(struct fake *fake, uint32_t arm,
		  const struct guest_kvm_options *options)
{
	struct fake target = *fake;
	struct rig rig;

	rig_open(&rig, arm, 3);
	open_target(&rig, &target);
	start(&target, options);
	rig_schedule(&rig, 0, 500000, 0);
	assert_int_equal(rig_start(&rig, 0, 1000 * MS, 0), 0);
	rig_sleep_ms(1100);
	assert_true(rig_drain(&rig, 5000));
	stop(&target);
	rig_close_session(&rig);
	assert_int_equal(target.result.errnum, 0);
	assert_int_equal(target.result.empty, 0);
	assert_int_equal(rig.function[0].data->intended, 2000);
	assert_int_equal(target.result.entries, rig.function[0].data->injected);
	assert_balanced(rig.function[0].data, target.result.served);
	munmap((void *)target.config.registers, target.config.registers_bytes);
	rig_close(&rig);
	assert_int_equal(rig_handlers(), 0);
	fake->result = target.result;
	print_message("# %llu round trips, mean %llu ns; clock off by %llu ns "
		      "at most, %llu unstamped, %llu backwards\n",
		      fake->result.hist[GUEST_ROUND_TRIP].count,
		      fake->result.hist[GUEST_ROUND_TRIP].sum_ns /
			      (fake->result.hist[GUEST_ROUND_TRIP].count ?: 1),
		      (unsigned long long)fake->result.clock_error_ns,
		      (unsigned long long)fake->result.unstamped,
		      (unsigned long long)fake->result.backwards);
}

/* All stamps in order: the guest's lie between the module's inject and its
 * unmask, by the guest's clock as converted. */
static void flood_well(struct fake *fake, uint32_t arm,
		       enum guest_kvm_controller controller)
{
	struct guest_kvm_options options = { .controller = controller };

	flood(fake, arm, &options);
	assert_int_equal(fake->result.backwards, 0);
	assert_int_equal(fake->result.unstamped, 0);
	assert_stages(&fake->result);
	assert_true(fake->result.hist[GUEST_ROUND_TRIP].count > 200);
}

static void test_flood_ioapic(void **state)
{
	flood_well(*state, INTXBENCH_ARM_PCI23, GUEST_KVM_IOAPIC);
	flood_well(*state, INTXBENCH_ARM_LINE, GUEST_KVM_IOAPIC);
}

static void test_flood_pic(void **state)
{
	flood_well(*state, INTXBENCH_ARM_PCI23, GUEST_KVM_PIC);
}

/* Positive control: with an offset that is 1 ms off they are not. */
static void test_flood_wrong_clock(void **state)
{
	struct guest_kvm_options late = { .skew_ticks = ticks_of_ms(1) };
	struct guest_kvm_options early = { .skew_ticks = ticks_of_ms(-1) };
	struct fake *fake = *state;

	flood(fake, INTXBENCH_ARM_PCI23, &late);
	assert_true(fake->result.backwards > 100);
	flood(fake, INTXBENCH_ARM_PCI23, &early);
	assert_true(fake->result.backwards > 100);
}

int main(void)
{
#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(test_no_device),
		CASE(test_unreadable_device),
		CASE(test_never_up),
		CASE(test_ioapic),
		CASE(test_pic),
		CASE(test_empty),
		CASE(test_merged),
		CASE(test_stop_serves_first),
		CASE(test_stop_lets_it_count),
		CASE(test_clock),
		CASE(test_clock_control),
		CASE(test_tsc_offset),
		CASE(test_two_vcpus),
		CASE(test_mask),
		CASE(test_mask_never),
		CASE(test_mask_ends_live),
		CASE(test_death),
		CASE(test_cycles),
		CASE(test_flood_ioapic),
		CASE(test_flood_pic),
		CASE(test_flood_wrong_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
