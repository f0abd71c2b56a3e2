/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's physical memory: what guest.S and the host's side have in common.
 * The numbers are for the assembler; vm.c asserts that they are the structs'.
 */
#ifndef BENCH_VMM_LAYOUT_H
#define BENCH_VMM_LAYOUT_H

#define VMM_RAM_BYTES 0x40000
#define VMM_CODE 0x1000 /* guest.S; vCPU 0 starts at its first byte */
#define VMM_STACK 0x10000 /* vCPU 0's, downwards; the others need none */
#define VMM_SHARED 0x10000
#define VMM_RING 0x20000
#define VMM_REGISTERS 0xc0000000 /* the target's BAR */
#define VMM_REGISTERS_MAX 0x20000000
#define VMM_DATA 0xe0000000 /* first page of the target's data area */

#define VMM_RING_RECORDS 4096 /* a power of two */
#define VMM_RECORD_BYTES 32
#define VMM_RECORD_SEQUENCE 0
#define VMM_RECORD_ENTRY 8
#define VMM_RECORD_ACK 16
#define VMM_RECORD_PENDING 24

/*
 * The line's pin. Below 16 KVM ties a GSI to both controllers, from 16 on to
 * the IOAPIC alone (Documentation/virt/kvm/api.rst, KVM_CREATE_IRQCHIP).
 */
#define VMM_IOAPIC_PIN 20
#define VMM_PIC_PIN 5

/* Fields of struct vmm_shared. */
#define VMM_SERVICE_TICKS 0
#define VMM_MASK_TICKS 8
#define VMM_NEWEST_ADDRESS 16
#define VMM_STATUS_ADDRESS 20
#define VMM_ACK_ADDRESS 24
#define VMM_TOKENS 28
#define VMM_USE_PIC 32
#define VMM_STOP_MASKING 36
#define VMM_STUCK 40
#define VMM_FIRST_TSC 48
#define VMM_RUNNING 56
#define VMM_UNMASKED 60
#define VMM_COUNT 64
#define VMM_BEGUN 68
#define VMM_EMPTY 72
#define VMM_SERVED 80

#ifndef __ASSEMBLER__
#include <stdint.h>

#include "../../kmod/uapi/intxbench.h"

/* One visit of the guest's interrupt handler; stamps are the guest's TSC. */
struct vmm_record {
	uint64_t sequence; /* of the newest injection */
	uint64_t entry_tsc, ack_tsc;
	uint64_t pending;
};

struct vmm_shared {
	/* Written by the host before the guest starts, but for stop_masking. */
	uint64_t service_ticks;
	uint64_t mask_ticks; /* between two toggles; 0: never */
	uint32_t newest_address; /* where `injected` is */
	uint32_t status_address, ack_address, tokens;
	uint32_t use_pic; /* else the IOAPIC */
	uint32_t stop_masking; /* unmask, then never toggle again */
	uint32_t stuck; /* for tests: the guest is not to come up */
	uint32_t reserved;

	/* Written by the guest. */
	uint64_t first_tsc; /* vCPU 0's first instruction */
	uint32_t running; /* vCPUs that have run */
	uint32_t unmasked; /* stop_masking was heeded */
	uint32_t count; /* records written, modulo 2^32; the last thing
			 * of a visit to be written */
	uint32_t begun; /* visits, modulo 2^32; the first thing, well before
			 * the line is idle again */
	uint64_t empty; /* visits with nothing pending */
	uint64_t served[INTXBENCH_MAX_TOKENS];
};

/* guest.S; to be copied to VMM_CODE. */
extern const uint8_t vmm_guest[], vmm_guest_parked[], vmm_guest_gdt[],
	vmm_guest_idt[], vmm_guest_end[];

#endif
#endif
