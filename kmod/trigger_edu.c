// SPDX-License-Identifier: GPL-2.0-only
/* QEMU's educational device (QEMU, docs/specs/edu). */
#include <linux/io.h>

#include "regs.h"
#include "uapi/intxbench.h"

#define EDU_STATUS	0x24
#define EDU_RAISE	0x60	/* ORs into the status and asserts */
#define EDU_ACK		0x64

static void edu_nothing(struct intxbench_regs *regs)
{
}

static void edu_raise(struct intxbench_regs *regs, u32 bit)
{
	writel(bit, regs->base + EDU_RAISE);
}

const struct intxbench_trigger_ops intxbench_trigger_edu = {
	.name = "edu",
	.id = INTXBENCH_TRIGGER_EDU,
	.tokens = 0xffffffff,
	.bar = 0,
	.span = 0x100,
	.status_offset = EDU_STATUS,
	.ack_offset = EDU_ACK,
	.init = edu_nothing,
	.fini = edu_nothing,
	.raise = edu_raise,
};
