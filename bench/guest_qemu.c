// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guest of a QEMU that the user runs: pinned and watched, no more. What it
 * counts and when it is entered is not known to us.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "guest.h"
#include "qemu.h"

struct guest {
	const struct qemu *qemu;
};

static int guest_qemu_start(const struct guest_config *config,
			    struct guest **guest)
{
	struct guest *new;
	int err;

	new = malloc(sizeof(*new));
	if (!new)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	new->qemu = config->qemu;
	err = qemu_pin(config->qemu, config->vcpu_cpu);
	if (err)
		free(new);
	else
		*guest = new;
	return err;
}

static int guest_qemu_failed(const struct guest *guest)
{
	return qemu_runs(guest->qemu) ? 0 : ESRCH;
}

static void guest_qemu_stop(struct guest *guest, struct guest_result *result)
{
	memset(result, 0, sizeof(*result));
	result->errnum = guest_qemu_failed(guest);
	if (result->errnum)
		snprintf(result->why, sizeof(result->why),
			 "QEMU, process %d, is gone", guest->qemu->pid);
	free(guest);
}

const struct guest_ops guest_qemu_ops = {
	.name = "qemu",
	.outside = true,
	.start = guest_qemu_start,
	.failed = guest_qemu_failed,
	.stop = guest_qemu_stop,
};
