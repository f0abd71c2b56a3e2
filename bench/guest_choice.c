// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "guest_choice.h"

static int fill_in(struct job *job, const struct qemu *qemu)
{
	struct host_functions functions;
	int err;

	if (job->vcpus && job->vcpus != qemu->vcpus)
		return error_set(EXIT_REQUEST, EINVAL,
				 "vcpus: the job is for %" PRIu32
				 ", and QEMU %d has %zu",
				 job->vcpus, qemu->pid, qemu->vcpus);
	job->vcpus = qemu->vcpus;
	if (strcmp(job->target_function, "auto") != 0) {
		if (qemu_has(qemu, job->target_function))
			return 0;
		return error_set(EXIT_MACHINE, ENODEV,
				 "target: QEMU %d does not have %s open "
				 "through vfio-pci",
				 qemu->pid, job->target_function);
	}
	err = host_scan(&functions);
	if (err)
		return err;
	err = qemu_find_target(qemu, &functions, job->target_function);
	host_scan_free(&functions);
	return err;
}

int guest_choice_attach(struct job *job, struct qemu *qemu)
{
	int err;

	qemu->pidfd = -1;
	if (job->guest != GUEST_CHOICE_QEMU)
		return 0;
	err = qemu_attach(job->qmp, qemu);
	if (!err)
		err = fill_in(job, qemu);
	if (err)
		qemu_detach(qemu);
	return err;
}

int guest_choice_check(const struct job *job)
{
	if (job->guest != GUEST_CHOICE_THREAD || job->vcpus == 1)
		return 0;
	return error_set(EXIT_REQUEST, EINVAL, "vcpus: the guest '%s' has one",
			 guest_thread_ops.name);
}

static int refuse(const struct job *job, const char *why)
{
	const char *need = job->guest == GUEST_CHOICE_KVM ?
				   "guest = kvm" :
				   "vcpus: the guest 'thread' has one, and "
				   "guest = kvm";

	return error_set(EXIT_MACHINE, EOPNOTSUPP, "%s cannot be had here: %s",
			 need, why);
}

int guest_choice_make(const struct job *job, struct guest_choice *choice)
{
	char why[GUEST_REASON_MAX - 64];

	choice->reason[0] = '\0';
	choice->ops = job->guest == GUEST_CHOICE_QEMU ? &guest_qemu_ops :
							&guest_thread_ops;
	if (job->guest == GUEST_CHOICE_THREAD ||
	    job->guest == GUEST_CHOICE_QEMU)
		return 0;
	if (guest_kvm_usable(why, sizeof(why))) {
		choice->ops = &guest_kvm_ops;
		if (job->guest == GUEST_CHOICE_AUTO)
			snprintf(choice->reason, sizeof(choice->reason),
				 "KVM runs a guest here");
		return 0;
	}
	if (job->guest == GUEST_CHOICE_KVM || job->vcpus > 1)
		return refuse(job, why);
	snprintf(choice->reason, sizeof(choice->reason),
		 "a KVM guest cannot be had here: %s", why);
	return 0;
}
