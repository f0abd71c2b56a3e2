// SPDX-License-Identifier: GPL-2.0-or-later
#include "pciconf.h"

/* PCI Local Bus 3.0, 3.2.2.3.2: configuration mechanism #1. */
#define PORT_ADDRESS 0xcf8
#define PORT_DATA 0xcfc
#define ADDRESS_ENABLE 0x80000000
#define ADDRESS_FUNCTION 0x00ffff00
#define ADDRESS_REGISTER 0xfc

/* 6.2.2 and 6.2.3; what a function that does DMA would let be written. */
#define REGISTER_IDS 0
#define REGISTER_COMMAND 4
#define COMMAND_WRITABLE (PCICONF_INTX_DISABLE | 7)

/* QEMU's edu; the guest does not look. */
#define IDS 0x11e81234

static uint32_t ones(uint8_t bytes)
{
	return 0xffffffff >> (32 - 8 * bytes);
}

static bool is_data(uint16_t port, uint8_t bytes)
{
	return port >= PORT_DATA && port + bytes <= PORT_DATA + 4;
}

static bool is_ours(const struct pciconf *conf)
{
	return conf->address & ADDRESS_ENABLE &&
	       !(conf->address & ADDRESS_FUNCTION);
}

static uint32_t read_register(const struct pciconf *conf)
{
	switch (conf->address & ADDRESS_REGISTER) {
	case REGISTER_IDS:
		return IDS;
	case REGISTER_COMMAND:
		return conf->command;
	default:
		return 0;
	}
}

uint32_t pciconf_read(const struct pciconf *conf, uint16_t port, uint8_t bytes)
{
	if (port == PORT_ADDRESS && bytes == 4)
		return conf->address;
	if (!is_data(port, bytes) || !is_ours(conf))
		return ones(bytes);
	return read_register(conf) >> 8 * (port - PORT_DATA) & ones(bytes);
}

void pciconf_write(struct pciconf *conf, uint16_t port, uint8_t bytes,
		   uint32_t value)
{
	unsigned int shift = 8 * (port - PORT_DATA);
	uint32_t changed;

	if (port == PORT_ADDRESS && bytes == 4)
		conf->address = value;
	if (!is_data(port, bytes) || !is_ours(conf) ||
	    (conf->address & ADDRESS_REGISTER) != REGISTER_COMMAND)
		return;
	changed = ones(bytes) << shift & COMMAND_WRITABLE;
	conf->command = (conf->command & ~changed) | (value << shift & changed);
}
