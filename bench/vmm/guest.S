/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest: 32-bit protected mode, flat, no paging. Copied to VMM_CODE, so it
 * has no relocations: addresses are layout.h's, or AT(label).
 *
 * Nothing on the way of an interrupt leaves to the host's user space: the
 * device and its data area are the guest's memory, both interrupt controllers
 * are in the kernel.
 */
#include "layout.h"

#define SHARED(field)	VMM_SHARED + field
#define AT(label)	label - vmm_guest + VMM_CODE

/* Intel SDM, volume 3A, "Local APIC"; 82093AA datasheet (IOAPIC). */
#define LAPIC_EOI	0xfee000b0
#define LAPIC_SPURIOUS	0xfee000f0
#define LAPIC_LINT0	0xfee00350
#define LAPIC_ENABLED	0x100
#define LINT0_EXTINT	0x700
#define IOAPIC_SELECT	0xfec00000
#define IOAPIC_WINDOW	0xfec00010
#define IOAPIC_PIN	(0x10 + 2 * VMM_IOAPIC_PIN)
#define IOAPIC_LEVEL	0x8000

/* 8259A datasheet; 82371AB (PIIX4) datasheet, ELCR1. */
#define PIC_COMMAND	0x20
#define PIC_DATA	0x21
#define PIC_EOI		0x20
#define PIC_ELCR	0x4d0

#define PIC_VECTORS	0x20
#define IOAPIC_VECTOR	0x30
#define SPURIOUS_VECTOR	0x3f

/* PCI Local Bus 3.0: 3.2.2.3.2 (mechanism #1), 6.2.2 (command register). */
#define PCI_ADDRESS	0xcf8
#define PCI_DATA	0xcfc
#define PCI_COMMAND	0x80000004
#define INTX_DISABLE	0x400

	.section .rodata
	.code32
	.globl	vmm_guest, vmm_guest_parked, vmm_guest_gdt, vmm_guest_idt
	.globl	vmm_guest_end

	.balign	16
vmm_guest:
	rdtsc
	mov	%eax, SHARED(VMM_FIRST_TSC)
	mov	%edx, SHARED(VMM_FIRST_TSC) + 4
	cmpl	$0, SHARED(VMM_STUCK)
	jne	.
	movl	$LAPIC_ENABLED | SPURIOUS_VECTOR, LAPIC_SPURIOUS
	cmpl	$0, SHARED(VMM_USE_PIC)
	jne	1f
	call	init_ioapic
	jmp	2f
1:	call	init_pic
2:	lock incl SHARED(VMM_RUNNING)
	cmpl	$0, SHARED(VMM_MASK_TICKS)
	je	idle

/* Toggle INTx Disable every mask_ticks; a toggle that is late does not delay
 * those after it. esi:edi: when the next one is due. */
	mov	$PCI_ADDRESS, %dx
	mov	$PCI_COMMAND, %eax
	out	%eax, %dx
	sti
	rdtsc
	mov	%eax, %esi
	mov	%edx, %edi
1:	add	SHARED(VMM_MASK_TICKS), %esi
	adc	SHARED(VMM_MASK_TICKS) + 4, %edi
2:	cmpl	$0, SHARED(VMM_STOP_MASKING)
	jne	3f
	rdtsc
	sub	%esi, %eax
	sbb	%edi, %edx
	js	2b
	call	toggle
	jmp	1b
3:	mov	$PCI_DATA, %dx
	in	%dx, %ax
	test	$INTX_DISABLE, %ax
	jz	4f
	call	toggle
4:	movl	$1, SHARED(VMM_UNMASKED)

idle:
	sti
	hlt
	jmp	idle

toggle:
	mov	$PCI_DATA, %dx
	in	%dx, %ax
	xor	$INTX_DISABLE, %ax
	out	%ax, %dx
	ret

/* The other vCPUs: there, and asleep. */
vmm_guest_parked:
	lock incl SHARED(VMM_RUNNING)
1:	cli
	hlt
	jmp	1b

init_ioapic:
	movl	$IOAPIC_PIN + 1, IOAPIC_SELECT
	movl	$0, IOAPIC_WINDOW		/* to local APIC 0 */
	movl	$IOAPIC_PIN, IOAPIC_SELECT
	movl	$IOAPIC_LEVEL | IOAPIC_VECTOR, IOAPIC_WINDOW
	ret

/* ICW1 to ICW4, all pins masked but one, that one level-triggered. */
init_pic:
	movl	$LINT0_EXTINT, LAPIC_LINT0
	mov	$0x11, %al
	out	%al, $PIC_COMMAND
	mov	$PIC_VECTORS, %al
	out	%al, $PIC_DATA
	mov	$0x04, %al
	out	%al, $PIC_DATA
	mov	$0x01, %al
	out	%al, $PIC_DATA
	mov	$0xff & ~(1 << VMM_PIC_PIN), %al
	out	%al, $PIC_DATA
	mov	$PIC_ELCR, %dx
	mov	$1 << VMM_PIC_PIN, %al
	out	%al, %dx
	ret

/* The controllers' two ends of interrupt; they may change al. */
	.macro	eoi_ioapic
	movl	$0, LAPIC_EOI
	.endm

	.macro	eoi_pic
	mov	$PIC_EOI, %al
	out	%al, $PIC_COMMAND
	.endm

/*
 * The interrupt handler. esi:edi: entry stamp, then the ack's; ebx: pending
 * tokens; ebp: the record. An interrupt gate has interrupts off until iret.
 */
	.macro	handler eoi
	push	%eax
	push	%edx
	rdtsc
	push	%ebx
	push	%ecx
	push	%ebp
	push	%esi
	push	%edi
	incl	SHARED(VMM_BEGUN)
	mov	SHARED(VMM_COUNT), %ebp
	and	$VMM_RING_RECORDS - 1, %ebp
	imul	$VMM_RECORD_BYTES, %ebp
	add	$VMM_RING, %ebp
	mov	%eax, VMM_RECORD_ENTRY(%ebp)
	mov	%edx, VMM_RECORD_ENTRY + 4(%ebp)

	mov	%eax, %esi
	mov	%edx, %edi
	add	SHARED(VMM_SERVICE_TICKS), %esi
	adc	SHARED(VMM_SERVICE_TICKS) + 4, %edi
1:	rdtsc
	sub	%esi, %eax
	sbb	%edi, %edx
	js	1b

	mov	SHARED(VMM_STATUS_ADDRESS), %eax
	mov	(%eax), %ebx
	and	SHARED(VMM_TOKENS), %ebx
	mov	%ebx, VMM_RECORD_PENDING(%ebp)
	jz	2f
	mov	SHARED(VMM_ACK_ADDRESS), %eax
	mov	%ebx, (%eax)

	/* Its two halves are of one moment if the upper one stays. */
2:	mov	SHARED(VMM_NEWEST_ADDRESS), %eax
3:	mov	4(%eax), %edx
	mov	(%eax), %ecx
	cmp	4(%eax), %edx
	jne	3b
	mov	%ecx, VMM_RECORD_SEQUENCE(%ebp)
	mov	%edx, VMM_RECORD_SEQUENCE + 4(%ebp)

	lfence		/* rdtsc waits for no load by itself */
	rdtsc
	mov	%eax, %esi
	mov	%edx, %edi
	\eoi
	mov	%esi, VMM_RECORD_ACK(%ebp)
	mov	%edi, VMM_RECORD_ACK + 4(%ebp)

	test	%ebx, %ebx
	jnz	4f
	addl	$1, SHARED(VMM_EMPTY)
	adcl	$0, SHARED(VMM_EMPTY) + 4
	jmp	5f
4:	bsf	%ebx, %ecx
	addl	$1, SHARED(VMM_SERVED)(, %ecx, 8)
	adcl	$0, SHARED(VMM_SERVED) + 4(, %ecx, 8)
	lea	-1(%ebx), %eax
	and	%eax, %ebx
	jnz	4b
5:	incl	SHARED(VMM_COUNT)
	pop	%edi
	pop	%esi
	pop	%ebp
	pop	%ecx
	pop	%ebx
	pop	%edx
	pop	%eax
	iret
	.endm

irq_ioapic:
	handler	eoi_ioapic

irq_pic:
	handler	eoi_pic

/* A line that fell before it was acknowledged: no EOI (8259A, default IR7). */
spurious:
	iret

	.balign	8
vmm_guest_gdt:
	.quad	0
	.quad	0x00cf9b000000ffff	/* 8: code, flat */
	.quad	0x00cf93000000ffff	/* 16: data, flat */

/* An exception has no gate: it shuts the guest down, which the host sees. */
	.macro	gate label
	.word	AT(\label), 8, 0x8e00, 0
	.endm

vmm_guest_idt:
	.fill	PIC_VECTORS + VMM_PIC_PIN, 8, 0
	gate	irq_pic
	.fill	7 - VMM_PIC_PIN - 1, 8, 0
	gate	spurious
	.fill	IOAPIC_VECTOR - PIC_VECTORS - 8, 8, 0
	gate	irq_ioapic
	.fill	SPURIOUS_VECTOR - IOAPIC_VECTOR - 1, 8, 0
	gate	spurious
vmm_guest_end:

	.section .note.GNU-stack, "", @progbits
