/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One virtual machine: the only caller of KVM's ioctls, each of which is
 * specified in the kernel's Documentation/virt/kvm/api.rst.
 *
 * Failures are EXIT_MACHINE with error_set(), unless noted.
 */
#ifndef BENCH_VMM_VM_H
#define BENCH_VMM_VM_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../guest.h"

#define VM_DEVICE "/dev/kvm"
#define VM_WHY_MAX GUEST_WHY_MAX

/* Ends a vm_run(): pending for its thread, which has it blocked otherwise. */
#define VM_KICK SIGUSR1

struct vm_vcpu {
	int fd;
	struct kvm_run *run;
	size_t run_bytes;
};

struct vm {
	int kvm_fd, fd; /* -1: none */
	uint32_t slots;
	uint32_t gsi; /* of the irqfd */
	bool pic; /* and whose pin it is: the PIC's, else the IOAPIC's */
	struct vm_vcpu vcpu[GUEST_VCPUS_MAX];
	size_t vcpus;
};

enum vm_exit_kind {
	VM_EXIT_KICKED,
	VM_EXIT_IO,
	VM_EXIT_ENDED, /* it cannot go on */
};

struct vm_exit {
	enum vm_exit_kind kind;
	/* VM_EXIT_IO: data is what the guest wrote, or what it is to read when
	 * it goes on; little endian. */
	bool write;
	uint16_t port;
	uint8_t bytes;
	void *data;
	/* VM_EXIT_ENDED; the text is the caller's. */
	int errnum;
	char why[VM_WHY_MAX];
};

/* A machine with both interrupt controllers in the kernel and no memory. On
 * failure, too, vm_close() is due. device: VM_DEVICE, or another for tests. */
int vm_open(const char *device, struct vm *vm);
void vm_close(struct vm *vm);

/* Memory of ours, whole pages, becomes the guest's at address. */
int vm_map(struct vm *vm, uint32_t address, const volatile void *memory,
	   size_t bytes, bool readonly);

/* The next vCPU: 32-bit protected mode, flat, interrupts off. All addresses
 * are physical; the gdt has code at 8 and data at 16. */
struct vm_start {
	uint32_t entry, stack;
	uint32_t gdt, gdt_bytes, idt, idt_bytes;
};
int vm_add_vcpu(struct vm *vm, const struct vm_start *start);

/*
 * Level-triggered: a signal on inject_fd raises the pin, the guest's end of
 * interrupt lowers it and signals resample_fd, all of it in the kernel.
 */
int vm_irqfd(struct vm *vm, uint32_t gsi, bool pic, int inject_fd,
	     int resample_fd);

/* Whether the controller neither asserts the irqfd's pin nor waits for its end
 * of interrupt; no error_set(): true where it cannot be told. */
bool vm_line_idle(const struct vm *vm);

/* Until the guest needs us. Called by the vCPU's own thread. */
void vm_run(struct vm_vcpu *vcpu, struct vm_exit *exit);

/* The guest's TSC, in kHz. */
int vm_tsc_khz(const struct vm *vm, uint32_t *khz);

/*
 * *offset = vCPU 0's TSC - ours, modulo 2^64, *error_ticks off at most:
 * exactly, where KVM tells; else, and by the second function always, from
 * reading the two TSCs around one another.
 */
int vm_tsc_offset(const struct vm *vm, uint64_t *offset, uint64_t *error_ticks);
int vm_tsc_offset_read(const struct vm *vm, uint64_t *offset,
		       uint64_t *error_ticks);

#endif
