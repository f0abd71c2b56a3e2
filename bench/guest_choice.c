// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>

#include "error.h"
#include "guest_choice.h"

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
	choice->ops = &guest_thread_ops;
	if (job->guest == GUEST_CHOICE_THREAD)
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
