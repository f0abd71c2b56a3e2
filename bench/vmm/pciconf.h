/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's PCI bus as it sees it through the ports 0xcf8 and 0xcfc: one
 * function, 00:00.0, of which it can set the command register. Pure.
 */
#ifndef BENCH_VMM_PCICONF_H
#define BENCH_VMM_PCICONF_H

#include <stdbool.h>
#include <stdint.h>

#define PCICONF_INTX_DISABLE 0x400

struct pciconf {
	uint32_t address; /* what was written to 0xcf8 */
	uint16_t command;
};

/* bytes: 1, 2 or 4. Other ports read as ones and take anything. */
uint32_t pciconf_read(const struct pciconf *conf, uint16_t port, uint8_t bytes);
void pciconf_write(struct pciconf *conf, uint16_t port, uint8_t bytes,
		   uint32_t value);

#endif
