// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../error.h"
#include "../worker.h"
#include "vcpu.h"

/* A kick takes effect within microseconds, where KVM_RUN can be left at all. */
#define END_LIMIT_S 2

static void end_by_itself(struct vcpu *vcpu, int errnum, const char *why)
{
	snprintf(vcpu->why, sizeof(vcpu->why), "%s", why);
	atomic_store(&vcpu->errnum, errnum);
}

/* The guest wrote to its command register. */
static void take_mask(struct vcpu *vcpu, bool masked)
{
	const struct guest_config *config = vcpu->config;
	int err = config->set_mask(config->mask_context, masked);

	vcpu->mask_toggles++;
	if (err)
		end_by_itself(vcpu, -err, "its INTx mask could not be set");
}

static void write_port(struct vcpu *vcpu, const struct vm_exit *exit)
{
	bool before = vcpu->conf.command & PCICONF_INTX_DISABLE, after;
	uint32_t value = 0;

	memcpy(&value, exit->data, exit->bytes);
	pciconf_write(&vcpu->conf, exit->port, exit->bytes, value);
	after = vcpu->conf.command & PCICONF_INTX_DISABLE;
	if (after != before && vcpu->config->set_mask)
		take_mask(vcpu, after);
}

static void read_port(const struct vcpu *vcpu, const struct vm_exit *exit)
{
	uint32_t value = pciconf_read(&vcpu->conf, exit->port, exit->bytes);

	memcpy(exit->data, &value, exit->bytes);
}

static void *run(void *arg)
{
	struct vcpu *vcpu = arg;
	struct vm_exit exit;

	while (!atomic_load(&vcpu->errnum)) {
		vm_run(vcpu->vm_vcpu, &exit);
		if (atomic_load(&vcpu->stop))
			break; /* *config may be gone */
		if (exit.kind == VM_EXIT_ENDED)
			end_by_itself(vcpu, exit.errnum, exit.why);
		else if (exit.kind == VM_EXIT_IO && exit.write)
			write_port(vcpu, &exit);
		else if (exit.kind == VM_EXIT_IO)
			read_port(vcpu, &exit);
	}
	return NULL;
}

int vcpu_start(struct vcpu *vcpu, int cpu)
{
	int errnum = worker_start_on(&vcpu->thread, cpu, run, vcpu);

	if (!errnum)
		return 0;
	return error_set(EXIT_MACHINE, errnum,
			 "cannot start a vCPU's thread on CPU %d: %s", cpu,
			 strerror(errnum));
}

/* The signal stays pending until it is seen: no kick is too early. */
bool vcpu_end(struct vcpu *vcpu)
{
	struct timespec limit;

	atomic_store(&vcpu->stop, true);
	pthread_kill(vcpu->thread, VM_KICK);
	clock_gettime(CLOCK_MONOTONIC, &limit);
	limit.tv_sec += END_LIMIT_S;
	if (!pthread_clockjoin_np(vcpu->thread, NULL, CLOCK_MONOTONIC, &limit))
		return true;
	pthread_detach(vcpu->thread);
	return false;
}
