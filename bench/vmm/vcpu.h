/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A vCPU's thread: pinned, in KVM_RUN until it is kicked. */
#ifndef BENCH_VMM_VCPU_H
#define BENCH_VMM_VCPU_H

#include <pthread.h>
#include <stdatomic.h>

#include "pciconf.h"
#include "vm.h"

struct vcpu {
	struct vm_vcpu *vm_vcpu; /* the caller's */
	const struct guest_config *config;
	pthread_t thread;
	atomic_bool stop;
	/* What a guest does to its INTx mask; of the one that takes interrupts.
	 * Its thread's until that has ended. */
	struct pciconf conf;
	uint64_t mask_toggles;
	atomic_int errnum; /* why it ended by itself, or 0 */
	char why[VM_WHY_MAX]; /* valid once errnum is set */
};

/* The thread's signals are blocked; its stack is small. EXIT_MACHINE. */
int vcpu_start(struct vcpu *vcpu, int cpu);

/* False: it does not come back from KVM_RUN. It is left to itself then, and
 * *vcpu and what it points to must stay for ever. */
bool vcpu_end(struct vcpu *vcpu);

#endif
