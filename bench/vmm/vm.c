// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../error.h"
#include "tsc.h"
#include "vm.h"

#define API_VERSION 12 /* the only one there has been since Linux 2.6.22 */

/* Three free pages below 4 GiB; Intel's real mode needs them. */
#define TSS_ADDRESS 0xfffbd000

#define CR0_PE 1
#define EFLAGS_RESERVED 2
#define MSR_IA32_TSC 0x10
#define OFFSET_TRIES 32

static int fail(const char *what)
{
	int errnum = errno;

	return error_set(EXIT_MACHINE, errnum, "KVM cannot %s: %s", what,
			 strerror(errnum));
}

static int explain_open(const char *device)
{
	switch (errno) {
	case ENOENT:
	case ENODEV:
	case ENXIO:
		return error_set(EXIT_MACHINE, errno,
				 "there is no %s: the processor has no "
				 "virtualisation, or KVM is not loaded "
				 "('modprobe kvm-intel' or 'modprobe kvm-amd')",
				 device);
	case EACCES:
	case EPERM:
		return error_set(EXIT_MACHINE, errno,
				 "%s may not be opened for reading and writing "
				 "by this user (its group is 'kvm')",
				 device);
	default:
		return error_set(EXIT_MACHINE, errno, "cannot open %s: %s",
				 device, strerror(errno));
	}
}

static int check_version(int fd, const char *device)
{
	int version = ioctl(fd, KVM_GET_API_VERSION, 0);

	if (version == API_VERSION)
		return 0;
	if (version < 0)
		return error_set(EXIT_MACHINE, ENODEV, "%s is not KVM's device",
				 device);
	return error_set(EXIT_MACHINE, EPROTO,
			 "%s has KVM's API version %d, and %d is needed",
			 device, version, API_VERSION);
}

static int check_capabilities(int fd)
{
	static const struct {
		int number;
		const char *name;
	} needed[] = {
		{ KVM_CAP_IRQCHIP, "KVM_CAP_IRQCHIP" },
		{ KVM_CAP_USER_MEMORY, "KVM_CAP_USER_MEMORY" },
		{ KVM_CAP_SET_TSS_ADDR, "KVM_CAP_SET_TSS_ADDR" },
		{ KVM_CAP_MP_STATE, "KVM_CAP_MP_STATE" },
		{ KVM_CAP_IRQFD, "KVM_CAP_IRQFD" },
		{ KVM_CAP_IRQFD_RESAMPLE, "KVM_CAP_IRQFD_RESAMPLE" },
		{ KVM_CAP_READONLY_MEM, "KVM_CAP_READONLY_MEM" },
		{ KVM_CAP_GET_TSC_KHZ, "KVM_CAP_GET_TSC_KHZ" },
	};

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (ioctl(fd, KVM_CHECK_EXTENSION, needed[i].number) <= 0)
			return error_set(EXIT_MACHINE, EOPNOTSUPP,
					 "this kernel's KVM has no %s",
					 needed[i].name);
	return 0;
}

/*
 * A machine that does nothing, for as long as this process lives. With the
 * first one of a host KVM takes over the processors and switches the
 * scheduler's preempt notifiers on, which patches the text of each CPU's
 * finish_task_switch() (virt/kvm/kvm_main.c, kvm_create_vm()); with the last
 * one it undoes that. So with each vCPU's local APIC: as long as one is not
 * enabled by its guest, a check for that is patched into the delivery of every
 * interrupt (arch/x86/kvm/lapic.c, apic_sw_disabled); ours never is. Not between
 * two points, please; and QEMU's TCG has been seen to lose the race with either
 * patch, and to run into its breakpoint for ever.
 */
static void keep_one(int kvm_fd)
{
	static int kept_fd = -1;

	if (kept_fd >= 0)
		return;
	kept_fd = ioctl(kvm_fd, KVM_CREATE_VM, 0);
	/* Its descriptors go with the process. */
	if (kept_fd >= 0 && !ioctl(kept_fd, KVM_CREATE_IRQCHIP, 0))
		ioctl(kept_fd, KVM_CREATE_VCPU, 0);
}

int vm_open(const char *device, struct vm *vm)
{
	int err;

	memset(vm, 0, sizeof(*vm));
	vm->fd = -1;
	vm->kvm_fd = open(device, O_RDWR | O_CLOEXEC);
	if (vm->kvm_fd < 0)
		return explain_open(device);
	err = check_version(vm->kvm_fd, device);
	if (!err)
		err = check_capabilities(vm->kvm_fd);
	if (err)
		return err;
	keep_one(vm->kvm_fd);
	vm->fd = ioctl(vm->kvm_fd, KVM_CREATE_VM, 0);
	if (vm->fd < 0)
		return fail("make a virtual machine");
	if (ioctl(vm->fd, KVM_SET_TSS_ADDR, TSS_ADDRESS))
		return fail("place the TSS");
	if (ioctl(vm->fd, KVM_CREATE_IRQCHIP, 0))
		return fail("make the interrupt controllers");
	return 0;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void vm_close(struct vm *vm)
{
	while (vm->vcpus) {
		struct vm_vcpu *vcpu = &vm->vcpu[--vm->vcpus];

		munmap(vcpu->run, vcpu->run_bytes);
		close(vcpu->fd);
	}
	close_fd(&vm->fd);
	close_fd(&vm->kvm_fd);
}

int vm_map(struct vm *vm, uint32_t address, const volatile void *memory,
	   size_t bytes, bool readonly)
{
	struct kvm_userspace_memory_region slot = {
		.slot = vm->slots,
		.flags = readonly ? KVM_MEM_READONLY : 0,
		.guest_phys_addr = address,
		.memory_size = bytes,
		.userspace_addr = (uintptr_t)memory,
	};

	if (ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &slot))
		return fail("give the guest its memory");
	vm->slots++;
	return 0;
}

/* Intel SDM, volume 3A, "Segment Descriptors": type 11 is code, 3 is data. */
static struct kvm_segment flat(uint16_t selector, uint8_t type)
{
	return (struct kvm_segment){
		.limit = 0xffffffff,
		.selector = selector,
		.type = type,
		.present = 1,
		.db = 1,
		.s = 1,
		.g = 1,
	};
}

static int set_registers(int fd, const struct vm_start *start)
{
	struct kvm_regs regs = {
		.rip = start->entry,
		.rsp = start->stack,
		.rflags = EFLAGS_RESERVED,
	};
	struct kvm_sregs sregs;

	if (ioctl(fd, KVM_GET_SREGS, &sregs))
		return fail("read a vCPU's registers");
	sregs.cs = flat(8, 11);
	sregs.ds = sregs.es = sregs.fs = sregs.gs = sregs.ss = flat(16, 3);
	sregs.gdt.base = start->gdt;
	sregs.gdt.limit = start->gdt_bytes - 1;
	sregs.idt.base = start->idt;
	sregs.idt.limit = start->idt_bytes - 1;
	sregs.cr0 |= CR0_PE;
	if (ioctl(fd, KVM_SET_SREGS, &sregs) || ioctl(fd, KVM_SET_REGS, &regs))
		return fail("set a vCPU's registers");
	return 0;
}

/* All blocked but the kick, while in KVM_RUN. */
static int set_signals(int fd)
{
	const uint64_t blocked = ~(UINT64_C(1) << (VM_KICK - 1));
	_Alignas(struct kvm_signal_mask) char
		argument[sizeof(struct kvm_signal_mask) + sizeof(blocked)];
	struct kvm_signal_mask *mask = (void *)argument;

	mask->len = sizeof(blocked); /* of the kernel's sigset_t */
	memcpy(argument + sizeof(*mask), &blocked, sizeof(blocked));
	if (ioctl(fd, KVM_SET_SIGNAL_MASK, mask))
		return fail("set a vCPU's signals");
	return 0;
}

/* All but the first wait for a startup IPI otherwise. */
static int make_runnable(int fd)
{
	struct kvm_mp_state state = { .mp_state = KVM_MP_STATE_RUNNABLE };

	return ioctl(fd, KVM_SET_MP_STATE, &state) ? fail("start a vCPU") : 0;
}

static int map_run(const struct vm *vm, struct vm_vcpu *vcpu)
{
	int bytes = ioctl(vm->kvm_fd, KVM_GET_VCPU_MMAP_SIZE, 0);

	if (bytes < 0)
		return fail("tell how much a vCPU shares");
	vcpu->run = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
			 vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		return fail("share a vCPU's state");
	vcpu->run_bytes = bytes;
	return 0;
}

int vm_add_vcpu(struct vm *vm, const struct vm_start *start)
{
	struct vm_vcpu *vcpu = &vm->vcpu[vm->vcpus];
	int err;

	vcpu->fd = ioctl(vm->fd, KVM_CREATE_VCPU, vm->vcpus);
	if (vcpu->fd < 0)
		return fail("make a vCPU");
	err = map_run(vm, vcpu);
	if (err) {
		close(vcpu->fd);
		return err;
	}
	vm->vcpus++;
	err = set_registers(vcpu->fd, start);
	if (!err)
		err = set_signals(vcpu->fd);
	return err ? err : make_runnable(vcpu->fd);
}

int vm_irqfd(struct vm *vm, uint32_t gsi, bool pic, int inject_fd,
	     int resample_fd)
{
	struct kvm_irqfd irqfd = {
		.fd = inject_fd,
		.gsi = gsi,
		.flags = KVM_IRQFD_FLAG_RESAMPLE,
		.resamplefd = resample_fd,
	};

	if (ioctl(vm->fd, KVM_IRQFD, &irqfd))
		return fail("tie the eventfds to the guest's line");
	vm->gsi = gsi;
	vm->pic = pic;
	return 0;
}

static bool ioapic_idle(const struct kvm_ioapic_state *ioapic, uint32_t pin)
{
	return !(ioapic->irr >> pin & 1) &&
	       !ioapic->redirtbl[pin].fields.remote_irr;
}

static bool pic_idle(const struct kvm_pic_state *pic, uint32_t pin)
{
	return !((pic->irr | pic->isr) >> pin & 1);
}

bool vm_line_idle(const struct vm *vm)
{
	struct kvm_irqchip chip = {
		.chip_id = vm->pic ? KVM_IRQCHIP_PIC_MASTER :
				     KVM_IRQCHIP_IOAPIC,
	};

	if (ioctl(vm->fd, KVM_GET_IRQCHIP, &chip))
		return true;
	return vm->pic ? pic_idle(&chip.chip.pic, vm->gsi) :
			 ioapic_idle(&chip.chip.ioapic, vm->gsi);
}

static void take_io(struct kvm_run *run, struct vm_exit *exit)
{
	exit->kind = VM_EXIT_IO;
	exit->write = run->io.direction == KVM_EXIT_IO_OUT;
	exit->port = run->io.port;
	exit->bytes = run->io.size;
	exit->data = (char *)run + run->io.data_offset;
}

static void take_end(const struct kvm_run *run, struct vm_exit *exit)
{
	exit->kind = VM_EXIT_ENDED;
	exit->errnum = EIO;
	switch (run->exit_reason) {
	case KVM_EXIT_SHUTDOWN:
		snprintf(exit->why, sizeof(exit->why),
			 "it shut down: an exception it has no handler for");
		break;
	case KVM_EXIT_FAIL_ENTRY:
		snprintf(exit->why, sizeof(exit->why),
			 "the processor refuses to enter it, reason 0x%llx",
			 run->fail_entry.hardware_entry_failure_reason);
		break;
	case KVM_EXIT_INTERNAL_ERROR:
		snprintf(exit->why, sizeof(exit->why), "KVM %s, error %u",
			 run->internal.suberror ==
					 KVM_INTERNAL_ERROR_EMULATION ?
				 "cannot emulate an instruction of its" :
				 "has an internal error",
			 run->internal.suberror);
		break;
	case KVM_EXIT_MMIO:
		snprintf(exit->why, sizeof(exit->why),
			 "it touched 0x%llx, where there is nothing",
			 run->mmio.phys_addr);
		break;
	default:
		snprintf(exit->why, sizeof(exit->why),
			 "KVM gave it up with exit %u", run->exit_reason);
	}
}

void vm_run(struct vm_vcpu *vcpu, struct vm_exit *exit)
{
	memset(exit, 0, sizeof(*exit));
	if (!ioctl(vcpu->fd, KVM_RUN, 0)) {
		if (vcpu->run->exit_reason == KVM_EXIT_IO)
			take_io(vcpu->run, exit);
		else
			take_end(vcpu->run, exit);
	} else if (errno == EINTR || errno == EAGAIN) {
		exit->kind = VM_EXIT_KICKED;
	} else {
		exit->kind = VM_EXIT_ENDED;
		exit->errnum = errno;
		snprintf(exit->why, sizeof(exit->why), "KVM_RUN: %s",
			 strerror(errno));
	}
}

int vm_tsc_khz(const struct vm *vm, uint32_t *khz)
{
	int answer = ioctl(vm->vcpu[0].fd, KVM_GET_TSC_KHZ, 0);

	if (answer < 0)
		return fail("tell how fast the guest's TSC is");
	*khz = answer;
	return 0;
}

int vm_tsc_offset_read(const struct vm *vm, uint64_t *offset,
		       uint64_t *error_ticks)
{
	struct {
		struct kvm_msrs msrs;
		struct kvm_msr_entry tsc;
	} argument = { .msrs.nmsrs = 1, .tsc.index = MSR_IA32_TSC };
	void *msrs = &argument;

	*error_ticks = UINT64_MAX;
	for (int i = 0; i < OFFSET_TRIES; i++) {
		uint64_t before = tsc_now(), after;

		if (ioctl(vm->vcpu[0].fd, KVM_GET_MSRS, msrs) != 1)
			return fail("read the guest's TSC");
		after = tsc_now();
		if ((after - before) / 2 + 1 >= *error_ticks)
			continue;
		*error_ticks = (after - before) / 2 + 1;
		*offset = argument.tsc.data - before - (after - before) / 2;
	}
	return 0;
}

/* The attribute is there since Linux 5.16. */
int vm_tsc_offset(const struct vm *vm, uint64_t *offset, uint64_t *error_ticks)
{
	struct kvm_device_attr attribute = {
		.group = KVM_VCPU_TSC_CTRL,
		.attr = KVM_VCPU_TSC_OFFSET,
		.addr = (uintptr_t)offset,
	};

	*error_ticks = 0;
	if (!ioctl(vm->vcpu[0].fd, KVM_GET_DEVICE_ATTR, &attribute))
		return 0;
	return vm_tsc_offset_read(vm, offset, error_ticks);
}
