/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The KVM guest with what only tests ask for. */
#ifndef BENCH_VMM_GUEST_KVM_H
#define BENCH_VMM_GUEST_KVM_H

#include "../clock.h"
#include "../guest.h"

/* Generous under emulation, where a guest is up after some ms. */
#define GUEST_KVM_UP_LIMIT_NS (2 * NSEC_PER_SEC)

enum guest_kvm_controller { GUEST_KVM_IOAPIC, GUEST_KVM_PIC };

struct guest_kvm_options {
	const char *device; /* NULL: /dev/kvm */
	uint64_t limit_ns; /* for the guest to come up; 0: GUEST_KVM_UP_LIMIT_NS */
	enum guest_kvm_controller controller;
	bool stuck; /* it never comes up */
	int64_t skew_ticks; /* how wrong its TSC's offset is to be taken */
};

/* As guest_kvm_ops.start(). */
int guest_kvm_start(const struct guest_config *config,
		    const struct guest_kvm_options *options,
		    struct guest **guest);

/* As guest_kvm_usable(). */
bool guest_kvm_try(const struct guest_kvm_options *options, char *why,
		   size_t bytes);

#endif
