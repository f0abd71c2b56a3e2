// SPDX-License-Identifier: GPL-2.0-only
/*
 * Intel 8254x and 82574 Ethernet: a cause written to ICS is pending in ICR
 * until a one is written there (PCI/PCI-X Family of Gigabit Ethernet
 * Controllers Software Developer's Manual, 13.4.17 to 13.4.21). ICS reads like
 * ICR and, unlike it, does not clear; that is not in the manual, which is why
 * intxbench_regs_map() proves it on each device.
 */
#include <linux/bits.h>
#include <linux/io.h>

#include "regs.h"
#include "uapi/intxbench.h"

#define E1000_ICR	0x00c0
#define E1000_ITR	0x00c4
#define E1000_ICS	0x00c8
#define E1000_IMS	0x00d0
#define E1000_IMC	0x00d8
#define E1000_SPAN	0x0100

/* TXDW, TXQE, RXDMT0, RXO, RXT0: none comes by itself while rings are off. */
#define E1000_TOKENS	(BIT(0) | BIT(1) | BIT(4) | BIT(6) | BIT(7))

/*
 * RXDMT0: a driver that has its interrupts on takes it for a hint to look at
 * its ring, and finds nothing there.
 */
#define E1000_LIVE_TOKENS	BIT(4)

static void e1000_init(struct intxbench_regs *regs)
{
	regs->saved[0] = readl(regs->base + E1000_ITR);
	regs->saved[1] = readl(regs->base + E1000_IMS);
	writel(~0U, regs->base + E1000_IMC);
	writel(0, regs->base + E1000_ITR);	/* no throttling */
	writel(~0U, regs->base + E1000_ICR);
	writel(E1000_TOKENS, regs->base + E1000_IMS);
}

static void e1000_fini(struct intxbench_regs *regs)
{
	writel(~0U, regs->base + E1000_IMC);
	writel(regs->saved[0], regs->base + E1000_ITR);
	writel(regs->saved[1], regs->base + E1000_IMS);
}

static void e1000_raise(struct intxbench_regs *regs, u32 bit)
{
	writel(bit, regs->base + E1000_ICS);
}

const struct intxbench_trigger_ops intxbench_trigger_e1000 = {
	.name = "e1000",
	.id = INTXBENCH_TRIGGER_E1000,
	.tokens = E1000_TOKENS,
	.live_tokens = E1000_LIVE_TOKENS,
	.bar = 0,
	.span = E1000_SPAN,
	.status_offset = E1000_ICS,
	.ack_offset = E1000_ICR,
	.init = e1000_init,
	.fini = e1000_fini,
	.raise = e1000_raise,
};
