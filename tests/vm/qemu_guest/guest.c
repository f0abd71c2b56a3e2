// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guest that a QEMU runs in the test of guest = qemu: it serves the
 * interrupt of the edu or e1000 that it was given, for ever. Firmware has
 * assigned and routed the device.
 *
 * Says '.' to the debug console when it is ready, '!' when there is no device.
 * With "deaf" on its command line it never serves.
 */
#include <stdbool.h>
#include <stdint.h>

#define CONFIG_ADDRESS 0xcf8
#define CONFIG_DATA 0xcfc
#define DEBUG_CONSOLE 0xe9

#define PIC_MASTER 0x20
#define PIC_SLAVE 0xa0
#define PIC_EOI 0x20
#define ELCR 0x4d0
#define VECTORS 0x20 /* of lines 0 to 15 */

#define EDU 0x11e81234
#define E1000 0x100e8086
#define PCI_COMMAND_MEMORY 2

/* docs/specs/edu in QEMU; for the e1000 its developer's manual, 13.4. */
#define EDU_STATUS 0x24
#define EDU_ACK 0x64
#define E1000_ICR 0xc0
#define E1000_IMS 0xd0
#define E1000_RXDMT0 0x10

struct gate {
	uint16_t low, selector, type, high;
} __attribute__((packed));

static struct gate gates[256];
static volatile uint8_t *registers;
static uint32_t device;
static unsigned int line;

void main(const uint32_t *multiboot);
void serve(void);
void device_entry(void);
void other_entry(void);

static void out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static uint8_t in8(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static void out32(uint16_t port, uint32_t value)
{
	__asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static uint32_t in32(uint16_t port)
{
	uint32_t value;

	__asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static uint32_t *at(uint32_t offset)
{
	return (uint32_t *)(registers + offset);
}

static uint32_t get(uint32_t offset)
{
	return *(volatile uint32_t *)at(offset);
}

static void set(uint32_t offset, uint32_t value)
{
	*(volatile uint32_t *)at(offset) = value;
}

static uint32_t config(unsigned int slot, unsigned int offset)
{
	out32(CONFIG_ADDRESS, 0x80000000 | slot << 11 | offset);
	return in32(CONFIG_DATA);
}

static bool find_device(void)
{
	unsigned int slot;

	for (slot = 0; slot < 32; slot++) {
		device = config(slot, 0);
		if (device == EDU || device == E1000)
			break;
	}
	if (slot == 32)
		return false;
	registers = (uint8_t *)(config(slot, 0x10) & ~0xfU);
	line = config(slot, 0x3c) & 0xff;
	out32(CONFIG_ADDRESS, 0x80000000 | slot << 11 | 0x04);
	out32(CONFIG_DATA, PCI_COMMAND_MEMORY);
	return registers && line && line < 16;
}

void serve(void)
{
	if (device == EDU)
		set(EDU_ACK, get(EDU_STATUS));
	else
		get(E1000_ICR);
	out8(PIC_SLAVE, PIC_EOI);
	out8(PIC_MASTER, PIC_EOI);
}

static void set_gate(unsigned int vector, void (*entry)(void))
{
	uint32_t address = (uint32_t)entry;
	uint16_t selector;

	__asm__("mov %%cs, %0" : "=r"(selector));
	gates[vector] =
		(struct gate){ address, selector, 0x8e00, address >> 16 };
}

/* Level-triggered, and nothing else: 8259A's ICW1 to ICW4, then the masks. */
static void set_line(void)
{
	struct {
		uint16_t limit;
		uint32_t base;
	} __attribute__((packed))
	table = { sizeof(gates) - 1, (uint32_t)gates };

	for (unsigned int vector = 0; vector < 256; vector++)
		set_gate(vector, other_entry);
	set_gate(VECTORS + line, device_entry);
	__asm__ volatile("lidt %0" : : "m"(table));
	out8(PIC_MASTER, 0x11);
	out8(PIC_SLAVE, 0x11);
	out8(PIC_MASTER + 1, VECTORS);
	out8(PIC_SLAVE + 1, VECTORS + 8);
	out8(PIC_MASTER + 1, 4);
	out8(PIC_SLAVE + 1, 2);
	out8(PIC_MASTER + 1, 1);
	out8(PIC_SLAVE + 1, 1);
	out8(ELCR + line / 8, in8(ELCR + line / 8) | 1 << line % 8);
	out8(PIC_MASTER + 1, ~(1 << 2 | (line < 8 ? 1 << line : 0)));
	out8(PIC_SLAVE + 1, ~(line < 8 ? 0 : 1 << (line - 8)));
}

/* "deaf" is the last word of multiboot's cmdline (offset 16, flag 2). */
static bool is_deaf(const uint32_t *multiboot)
{
	const char *text = (const char *)multiboot[4], *end = text;

	if (!(multiboot[0] & 4))
		return false;
	while (*end)
		end++;
	return end - text >= 4 && end[-4] == 'd' && end[-3] == 'e' &&
	       end[-2] == 'a' && end[-1] == 'f';
}

void main(const uint32_t *multiboot)
{
	bool found = find_device();

	if (found && !is_deaf(multiboot))
		set_line();
	else
		out8(PIC_MASTER + 1, 0xff);
	if (found && device == E1000)
		set(E1000_IMS, E1000_RXDMT0);
	out8(DEBUG_CONSOLE, found ? '.' : '!');
}
