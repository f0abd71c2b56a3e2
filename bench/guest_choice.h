/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which guest serves a job's points, and why that one. */
#ifndef BENCH_GUEST_CHOICE_H
#define BENCH_GUEST_CHOICE_H

#include "guest.h"
#include "qemu.h"

#define GUEST_REASON_MAX 512

struct guest_choice {
	const struct guest_ops *ops;
	char reason[GUEST_REASON_MAX]; /* of "auto"; else "" */
};

/*
 * guest = qemu: attach to it, and fill in what the job leaves to it: how many
 * vCPUs there are, and which function the target is. Other guests: qemu is not
 * attached. Changes nothing. EXIT_MACHINE, EXIT_REQUEST.
 */
int guest_choice_attach(struct job *job, struct qemu *qemu);

/* What needs no look at the machine. EXIT_REQUEST. */
int guest_choice_check(const struct job *job);

/* Tries KVM where the job does not rule it out, which takes up to some s.
 * EXIT_MACHINE: the job needs it, and it cannot be had. */
int guest_choice_make(const struct job *job, struct guest_choice *choice);

#endif
