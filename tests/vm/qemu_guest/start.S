/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A multiboot kernel (QEMU's -kernel): 32 bits, flat, interrupts off. */
	.text
	.long	0x1badb002, 0, -0x1badb002	/* the header; in the first 8 KiB */

	.globl	_start
_start:
	mov	$stack_end, %esp
	pushl	%ebx			/* multiboot's information */
	call	main
1:	sti
	hlt
	jmp	1b

	.globl	device_entry, other_entry
device_entry:
	pusha
	cld
	call	serve
	popa
	iret

other_entry:
	iret

	.bss
	.align	16
stack:
	.skip	4096
stack_end:

	.section .note.GNU-stack, "", @progbits
