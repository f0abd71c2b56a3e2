// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The built-in guest: a KVM machine whose first vCPU serves the target as
 * guest.S says. A thread of ours empties its ring of records meanwhile.
 */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../clock.h"
#include "../error.h"
#include "../guest_stamps.h"
#include "../sysfs.h"
#include "../worker.h"
#include "collector.h"
#include "guest_kvm.h"
#include "vcpu.h"

#define CLOCK_SOURCE \
	"/sys/devices/system/clocksource/clocksource0/current_clocksource"

#define UP_LOOK_NS (20 * 1000)
#define LOOK_NS NSEC_PER_MSEC
#define LONGEST_LOOK_NS (32 * NSEC_PER_MSEC)
#define MOST_VISITS (INTXBENCH_TIMELINE / 8) /* in a look */

/* For a service under way and what it led to, and as much again. */
#define STOP_LIMIT_NS NSEC_PER_SEC
/* The line is seen idle this often, a look apart: an injection is handed from
 * the eventfd to the line by a work item, which cannot be seen. */
#define STOP_LOOKS 3

struct guest {
	const struct guest_config *config;
	struct guest_kvm_options options;
	uint64_t begun_ns;
	uint64_t injected_before; /* injections that were others' */
	struct vm vm;
	void *ram; /* NULL: none */
	struct vmm_shared *shared; /* in it */
	struct vcpu vcpu[GUEST_VCPUS_MAX];
	size_t vcpus; /* whose threads run */
	bool left; /* one of them could not be ended */

	struct tsc_clock clock;
	uint64_t offset_error_ticks;
	uint32_t tsc_khz;
	struct collector collector;
	pthread_t collecting;
	bool collects;
	atomic_bool stop_collecting;
	struct guest_result result;
};

#define AT(field, offset)                                            \
	_Static_assert(offsetof(struct vmm_shared, field) == offset, \
		       "layout.h: " #field)
AT(service_ticks, VMM_SERVICE_TICKS);
AT(mask_ticks, VMM_MASK_TICKS);
AT(newest_address, VMM_NEWEST_ADDRESS);
AT(status_address, VMM_STATUS_ADDRESS);
AT(ack_address, VMM_ACK_ADDRESS);
AT(tokens, VMM_TOKENS);
AT(use_pic, VMM_USE_PIC);
AT(stop_masking, VMM_STOP_MASKING);
AT(stuck, VMM_STUCK);
AT(first_tsc, VMM_FIRST_TSC);
AT(running, VMM_RUNNING);
AT(unmasked, VMM_UNMASKED);
AT(count, VMM_COUNT);
AT(begun, VMM_BEGUN);
AT(empty, VMM_EMPTY);
AT(served, VMM_SERVED);
#undef AT
_Static_assert(sizeof(struct vmm_shared) <= VMM_RING - VMM_SHARED &&
		       sizeof(struct vmm_record) == VMM_RECORD_BYTES &&
		       offsetof(struct vmm_record, ack_tsc) == VMM_RECORD_ACK &&
		       VMM_RING + VMM_RING_RECORDS * VMM_RECORD_BYTES <=
			       VMM_RAM_BYTES,
	       "layout.h: what is in the guest's memory fits");

/* A TSC that the kernel does not trust is not one clock on all CPUs. */
static int check_clock_source(void)
{
	char source[SYSFS_TEXT_MAX];
	ssize_t bytes = sysfs_read(source, sizeof(source), CLOCK_SOURCE);

	if (bytes < 0)
		return error_set(EXIT_MACHINE, (int)-bytes,
				 "cannot read " CLOCK_SOURCE ": %s",
				 strerror((int)-bytes));
	if (!strcmp(source, "tsc"))
		return 0;
	return error_set(EXIT_MACHINE, EOPNOTSUPP,
			 "the kernel's clock source is %s, not tsc: the KVM "
			 "guest's stamps, which are the TSC's, would not be "
			 "of the kernel's clock",
			 source);
}

static void add_pair(struct guest *guest)
{
	struct tsc_pair pair = tsc_pair_take();

	tsc_clock_add(&guest->clock, &pair);
}

static uint32_t address_of(const uint8_t *label)
{
	return VMM_CODE + ((uintptr_t)label - (uintptr_t)vmm_guest);
}

static int make_ram(struct guest *guest)
{
	void *ram = mmap(NULL, VMM_RAM_BYTES, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (ram == MAP_FAILED)
		return error_set(EXIT_MACHINE, errno,
				 "no memory for the guest: %s",
				 strerror(errno));
	guest->ram = ram;
	memcpy((char *)ram + VMM_CODE, vmm_guest,
	       address_of(vmm_guest_end) - VMM_CODE);
	guest->shared = (void *)((char *)ram + VMM_SHARED);
	guest->shared->stuck = guest->options.stuck;
	return vm_map(&guest->vm, 0, ram, VMM_RAM_BYTES, false);
}

static int map_registers(struct guest *guest)
{
	const struct guest_config *config = guest->config;

	if (config->registers_bytes > VMM_REGISTERS_MAX)
		return error_set(EXIT_MACHINE, E2BIG,
				 "the target's registers take %zu bytes, more "
				 "than the guest has room for",
				 config->registers_bytes);
	guest->shared->status_address = VMM_REGISTERS + config->status_offset;
	guest->shared->ack_address = VMM_REGISTERS + config->ack_offset;
	guest->shared->tokens = config->tokens;
	return vm_map(&guest->vm, VMM_REGISTERS, config->registers,
		      config->registers_bytes, false);
}

/* The area's first page has all that the guest looks at. */
static int map_data(struct guest *guest)
{
	long page = sysconf(_SC_PAGESIZE);

	guest->shared->newest_address =
		VMM_DATA + offsetof(struct intxbench_data, injected);
	return vm_map(&guest->vm, VMM_DATA, guest->config->data, page, true);
}

static int add_vcpus(struct guest *guest)
{
	struct vm_start start = {
		.entry = address_of(vmm_guest),
		.stack = VMM_STACK,
		.gdt = address_of(vmm_guest_gdt),
		.gdt_bytes =
			address_of(vmm_guest_idt) - address_of(vmm_guest_gdt),
		.idt = address_of(vmm_guest_idt),
		.idt_bytes =
			address_of(vmm_guest_end) - address_of(vmm_guest_idt),
	};
	int err = 0;

	for (size_t i = 0; !err && i < guest->config->vcpus; i++) {
		err = vm_add_vcpu(&guest->vm, &start);
		start.entry = address_of(vmm_guest_parked);
	}
	return err;
}

static int tie_line(struct guest *guest)
{
	bool pic = guest->options.controller == GUEST_KVM_PIC;

	guest->shared->use_pic = pic;
	return vm_irqfd(&guest->vm, pic ? VMM_PIC_PIN : VMM_IOAPIC_PIN, pic,
			guest->config->inject_fd, guest->config->resample_fd);
}

static int know_clock(struct guest *guest)
{
	const struct guest_config *config = guest->config;
	uint64_t offset;
	int err = vm_tsc_khz(&guest->vm, &guest->tsc_khz);

	if (!err)
		err = vm_tsc_offset(&guest->vm, &offset,
				    &guest->offset_error_ticks);
	if (err)
		return err;
	guest->collector = (struct collector){
		.config = config,
		.shared = guest->shared,
		.ring = (void *)((char *)guest->ram + VMM_RING),
		.clock = &guest->clock,
		.tsc_offset = offset + guest->options.skew_ticks,
		.result = &guest->result,
	};
	/* ns up to 10^10, kHz below 10^8. */
	guest->shared->service_ticks =
		config->service_ns * guest->tsc_khz / 1000000;
	if (config->mask_hz)
		guest->shared->mask_ticks =
			guest->tsc_khz * UINT64_C(1000) / config->mask_hz;
	return 0;
}

static int make_machine(struct guest *guest)
{
	int err = vm_open(guest->options.device, &guest->vm);

	if (!err)
		err = make_ram(guest);
	if (!err)
		err = add_vcpus(guest);
	if (!err)
		err = map_registers(guest);
	if (!err)
		err = map_data(guest);
	if (!err)
		err = tie_line(guest);
	if (!err)
		err = know_clock(guest);
	return err;
}

static int kvm_failed(const struct guest *guest)
{
	int errnum = 0;

	for (size_t i = 0; !errnum && i < guest->vcpus; i++)
		errnum = atomic_load(&guest->vcpu[i].errnum);
	return errnum;
}

static const char *why_failed(const struct guest *guest)
{
	for (size_t i = 0; i < guest->vcpus; i++)
		if (atomic_load(&guest->vcpu[i].errnum))
			return guest->vcpu[i].why;
	return "";
}

static void sleep_ns(uint64_t ns)
{
	struct timespec pause = { .tv_nsec = ns };

	nanosleep(&pause, NULL);
}

static bool is_up(const struct guest *guest)
{
	return __atomic_load_n(&guest->shared->running, __ATOMIC_ACQUIRE) ==
	       guest->config->vcpus;
}

/* -ETIMEDOUT is without error_set(). */
static int wait_until_up(struct guest *guest)
{
	uint64_t limit_ns = guest->options.limit_ns;
	uint64_t begun_ns = clock_now_ns();

	while (!is_up(guest)) {
		if (kvm_failed(guest))
			return error_set(EXIT_MACHINE, kvm_failed(guest),
					 "the KVM guest ended at once: %s",
					 why_failed(guest));
		if (clock_now_ns() - begun_ns >= limit_ns)
			return -ETIMEDOUT;
		sleep_ns(UP_LOOK_NS);
	}
	return 0;
}

static int start_vcpus(struct guest *guest)
{
	const struct guest_config *config = guest->config;
	int err = 0;

	while (!err && guest->vcpus < config->vcpus) {
		struct vcpu *vcpu = &guest->vcpu[guest->vcpus];

		vcpu->vm_vcpu = &guest->vm.vcpu[guest->vcpus];
		vcpu->config = config;
		err = vcpu_start(vcpu, config->vcpu_cpu[guest->vcpus]);
		if (!err)
			guest->vcpus++;
	}
	return err ? err : wait_until_up(guest);
}

/* What ended before the look is between two pairs then. */
static void look(struct guest *guest)
{
	uint32_t count = collector_count(&guest->collector);

	add_pair(guest);
	collector_take(&guest->collector, count);
}

/*
 * Each look takes time on a CPU that may be somebody's: as few as keep well
 * ahead of the module's timeline, at any rate that lasts for a while.
 */
static uint64_t next_look_ns(uint64_t now_ns, uint64_t visits)
{
	if (visits > MOST_VISITS && now_ns > LOOK_NS)
		return now_ns / 2;
	if (visits < MOST_VISITS / 4 && now_ns < LONGEST_LOOK_NS)
		return now_ns * 2;
	return now_ns;
}

static void *collect(void *arg)
{
	struct guest *guest = arg;
	uint64_t wait_ns = LOOK_NS, before;

	while (!atomic_load(&guest->stop_collecting)) {
		before = guest->collector.visits;
		look(guest);
		wait_ns =
			next_look_ns(wait_ns, guest->collector.visits - before);
		sleep_ns(wait_ns);
	}
	return NULL;
}

static void keep_off(int cpu, cpu_set_t *cpus)
{
	cpu_set_t rest = *cpus;

	if (cpu < 0)
		return;
	CPU_CLR(cpu, &rest);
	if (CPU_COUNT(&rest))
		*cpus = rest;
}

/* Where we may run; not where something is measured, as far as that leaves
 * any. */
static void choose_cpus(const struct guest_config *config, cpu_set_t *cpus)
{
	CPU_ZERO(cpus);
	sched_getaffinity(0, sizeof(*cpus), cpus);
	for (size_t i = 0; i < config->vcpus; i++)
		keep_off(config->vcpu_cpu[i], cpus);
	keep_off(config->irq_cpu, cpus);
	keep_off(config->flood_cpu, cpus);
}

static int start_collector(struct guest *guest)
{
	cpu_set_t cpus;
	int errnum;

	choose_cpus(guest->config, &cpus);
	errnum = worker_start(&guest->collecting, &cpus, collect, guest);
	if (errnum)
		return error_set(EXIT_MACHINE, errnum,
				 "cannot start the guest's collector: %s",
				 strerror(errnum));
	guest->collects = true;
	return 0;
}

static int start(struct guest *guest)
{
	int err = check_clock_source();

	if (err)
		return err;
	add_pair(guest);
	err = make_machine(guest);
	if (!err)
		err = start_vcpus(guest);
	add_pair(guest);
	if (err)
		return err;
	guest->result.started_ns =
		collector_ns(&guest->collector, guest->shared->first_tsc) -
		guest->begun_ns;
	return start_collector(guest);
}

static void end_threads(struct guest *guest)
{
	for (size_t i = 0; i < guest->vcpus; i++)
		guest->left |= !vcpu_end(&guest->vcpu[i]);
	if (!guest->collects)
		return;
	atomic_store(&guest->stop_collecting, true);
	pthread_join(guest->collecting, NULL);
}

/* A thread that did not come back may still do so, and use all this. */
static void free_guest(struct guest *guest)
{
	if (guest->left)
		return;
	vm_close(&guest->vm);
	if (guest->ram)
		munmap(guest->ram, VMM_RAM_BYTES);
	free(guest);
}

static void tell_not_up(const struct guest *guest)
{
	error_set(EXIT_MACHINE, ETIMEDOUT,
		  "the KVM guest did not come up within %" PRIu64
		  " ms: %s makes virtual machines, but runs none%s",
		  guest->options.limit_ns / NSEC_PER_MSEC,
		  guest->options.device,
		  guest->left ? "; a thread that does not come back from "
				"KVM_RUN is left behind" :
				"");
}

int guest_kvm_start(const struct guest_config *config,
		    const struct guest_kvm_options *options,
		    struct guest **guest)
{
	struct guest *new = calloc(1, sizeof(*new));
	int err;

	if (!new)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	new->begun_ns = clock_now_ns();
	new->config = config;
	new->injected_before = guest_stamps_newest(config);
	new->options = *options;
	new->options.device = options->device ?: VM_DEVICE;
	new->options.limit_ns = options->limit_ns ?: GUEST_KVM_UP_LIMIT_NS;
	new->vm.fd = new->vm.kvm_fd = -1;
	err = start(new);
	if (!err) {
		*guest = new;
		return 0;
	}
	end_threads(new);
	if (err == -ETIMEDOUT)
		tell_not_up(new);
	free_guest(new);
	return err;
}

static int kvm_start(const struct guest_config *config, struct guest **guest)
{
	return guest_kvm_start(config, &(struct guest_kvm_options){ 0 }, guest);
}

static void await_unmasked(struct guest *guest)
{
	uint64_t begun_ns = clock_now_ns();
	struct vmm_shared *shared = guest->shared;

	if (!guest->config->mask_hz)
		return;
	__atomic_store_n(&shared->stop_masking, 1, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&shared->unmasked, __ATOMIC_ACQUIRE) &&
	       !kvm_failed(guest) && clock_now_ns() - begun_ns < STOP_LIMIT_NS)
		sleep_ns(LOOK_NS);
}

/*
 * Nothing is under way: all that was told has led to a visit, as far as can be
 * seen from here, and that to its end. A visit makes the line idle before it is
 * counted, and a vCPU may lose its CPU in between: so the line is read first.
 */
static bool is_quiet(struct guest *guest, uint32_t *count)
{
	uint32_t before = *count;
	bool idle = vm_line_idle(&guest->vm);
	uint32_t begun =
		__atomic_load_n(&guest->shared->begun, __ATOMIC_ACQUIRE);

	*count = collector_count(&guest->collector);
	return idle && *count == before && *count == begun;
}

static void drain(struct guest *guest)
{
	uint64_t limit_ns = STOP_LIMIT_NS + 2 * guest->config->service_ns;
	uint64_t begun_ns = clock_now_ns();
	uint32_t count = collector_count(&guest->collector);
	int looks = 0;

	while (looks < STOP_LOOKS && !kvm_failed(guest) &&
	       clock_now_ns() - begun_ns < limit_ns) {
		sleep_ns(LOOK_NS);
		looks = is_quiet(guest, &count) ? looks + 1 : 0;
	}
}

/* The offset does not change unless the host's TSC does. */
static void tell_clock_error(struct guest *guest)
{
	uint64_t error_ticks = guest->offset_error_ticks, offset, error, moved;

	if (guest->options.skew_ticks ||
	    vm_tsc_offset(&guest->vm, &offset, &error))
		return;
	moved = offset - guest->collector.tsc_offset;
	if ((int64_t)moved < 0)
		moved = -moved;
	/* Where it is read and not told, it is another reading. */
	if (moved > error + guest->offset_error_ticks)
		error_ticks += moved;
	guest->result.clock_error_ns =
		guest->clock.error_ns +
		error_ticks * UINT64_C(1000000) / guest->tsc_khz;
}

/* Of what our module told the guest, what it was not entered for: the line was
 * still up from the one before. */
static void count_merged(struct guest *guest)
{
	struct guest_result *result = &guest->result;
	uint64_t injected;

	if (guest->config->foreign)
		return;
	injected = guest_stamps_newest(guest->config) - guest->injected_before;
	if (injected <= result->entries)
		return;
	result->merged = injected - result->entries;
	result->entries += result->merged;
	result->empty += result->merged;
}

static void fill_result(struct guest *guest)
{
	struct guest_result *result = &guest->result;

	look(guest);
	collector_end(&guest->collector);
	result->errnum = kvm_failed(guest);
	snprintf(result->why, sizeof(result->why), "%s", why_failed(guest));
	if (!result->errnum)
		count_merged(guest);
	result->mask_toggles = guest->vcpu[0].mask_toggles;
	tell_clock_error(guest);
}

/* A guest that ended by itself, or hangs, may have left its mask set. */
static void unmask(struct guest *guest)
{
	const struct guest_config *config = guest->config;

	if (guest->vcpu[0].conf.command & PCICONF_INTX_DISABLE &&
	    config->set_mask)
		config->set_mask(config->mask_context, false);
}

static void kvm_stop(struct guest *guest, struct guest_result *result)
{
	await_unmasked(guest);
	drain(guest);
	end_threads(guest);
	if (guest->left) {
		guest->result.errnum = ETIMEDOUT;
		snprintf(guest->result.why, sizeof(guest->result.why),
			 "a vCPU does not come back from KVM_RUN");
	} else {
		unmask(guest);
		fill_result(guest);
	}
	*result = guest->result;
	free_guest(guest);
}

const struct guest_ops guest_kvm_ops = {
	.name = "kvm",
	.start = kvm_start,
	.failed = kvm_failed,
	.stop = kvm_stop,
};
