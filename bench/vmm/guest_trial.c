// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether a KVM guest can be had here: one is started, and has to serve. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../clock.h"
#include "../error.h"
#include "guest_kvm.h"

#define INJECTIONS 3
#define LOOK_MS 10

/* Any CPU that we may use will do. */
static int some_cpu(void)
{
	cpu_set_t cpus;
	int cpu = 0;

	CPU_ZERO(&cpus);
	sched_getaffinity(0, sizeof(cpus), &cpus);
	while (cpu < CPU_SETSIZE - 1 && !CPU_ISSET(cpu, &cpus))
		cpu++;
	return cpu;
}

/* A device in memory: its status register stays as it is. */
struct trial {
	struct guest_config config;
	struct guest *guest;
	struct guest_result result;
	uint8_t *memory; /* registers, then a data area; a page each */
	size_t bytes;
};

static int prepare(struct trial *trial)
{
	long page = sysconf(_SC_PAGESIZE);
	uint8_t *memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return error_set(EXIT_MACHINE, errno, "out of memory");
	memory[0] = 1;
	trial->memory = memory;
	trial->bytes = 2 * page;
	trial->config = (struct guest_config){
		.vcpu_cpu = { some_cpu() },
		.vcpus = 1,
		.inject_fd = eventfd(0, EFD_CLOEXEC),
		.resample_fd = eventfd(0, EFD_CLOEXEC),
		.registers = memory,
		.registers_bytes = page,
		.tokens = 1,
		.ack_offset = 4,
		.data = (void *)(memory + page),
		.data_bytes = page,
		.foreign = true,
	};
	return 0;
}

static void clear_away(struct trial *trial)
{
	if (!trial->memory)
		return;
	close(trial->config.inject_fd);
	close(trial->config.resample_fd);
	munmap(trial->memory, trial->bytes);
}

/* Whether it acks one injection. */
static bool acks(struct trial *trial, uint64_t limit_ns)
{
	struct pollfd acked = { trial->config.resample_fd, POLLIN, 0 };
	uint64_t begun_ns = clock_now_ns(), count = 1;

	if (write(trial->config.inject_fd, &count, sizeof(count)) < 0)
		return false;
	while (clock_now_ns() - begun_ns < limit_ns &&
	       !guest_kvm_ops.failed(trial->guest))
		if (poll(&acked, 1, LOOK_MS) == 1)
			return read(acked.fd, &count, sizeof(count)) > 0;
	return false;
}

/* A processor without virtualisation may run the guest's first instructions by
 * emulation, and none of an interrupt's. */
static int serve(struct trial *trial, uint64_t limit_ns)
{
	const struct guest_result *result = &trial->result;
	int acked = 0;

	while (acked < INJECTIONS && acks(trial, limit_ns))
		acked++;
	guest_kvm_ops.stop(trial->guest, &trial->result);
	if (result->errnum)
		return error_set(EXIT_MACHINE, result->errnum,
				 "the KVM guest ended by itself: %s",
				 result->why);
	if (acked < INJECTIONS || result->served[0] != INJECTIONS)
		return error_set(EXIT_MACHINE, EIO,
				 "the KVM guest served %" PRIu64 " of %d "
				 "interrupts",
				 result->served[0], INJECTIONS);
	return 0;
}

bool guest_kvm_try(const struct guest_kvm_options *options, char *why,
		   size_t bytes)
{
	struct trial *trial = calloc(1, sizeof(*trial));
	int err = -ENOMEM;

	if (trial)
		err = prepare(trial);
	if (!err)
		err = guest_kvm_start(&trial->config, options, &trial->guest);
	if (!err)
		err = serve(trial, options->limit_ns ?: GUEST_KVM_UP_LIMIT_NS);
	if (trial)
		clear_away(trial);
	free(trial);
	snprintf(why, bytes, "%s", err ? error_message() : "");
	error_clear();
	return !err;
}

bool guest_kvm_usable(char *why, size_t bytes)
{
	return guest_kvm_try(&(struct guest_kvm_options){ 0 }, why, bytes);
}
