// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The stand-in guest: a pinned thread that sleeps in read() of the injection
 * eventfd. Being woken is its "interrupt", the resample eventfd its EOI.
 * Nothing is allocated or locked on the way.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "error.h"
#include "guest_stamps.h"
#include "guest_toggler.h"
#include "worker.h"

/*
 * Added to the injection eventfd by stop(). So far above any count of
 * injections that one read can tell the two apart, and injections signalled
 * before it are served still.
 */
#define STOP_SIGNAL (1ULL << 32)

struct guest {
	const struct guest_config *config;
	pthread_t thread;
	struct guest_toggler toggler;
	atomic_int errnum;
	uint64_t newest; /* injection of the last visit */
	struct guest_result result;
};

static uint32_t read_register(const struct guest_config *config,
			      uint32_t offset)
{
	return *(volatile uint32_t *)((volatile char *)config->registers +
				      offset);
}

static void write_register(const struct guest_config *config, uint32_t offset,
			   uint32_t value)
{
	*(volatile uint32_t *)((volatile char *)config->registers + offset) =
		value;
}

static void wait_until(uint64_t until_ns)
{
	while (clock_now_ns() < until_ns)
		;
}

/* Clear the device; returns the tokens that were pending in it. */
static uint32_t serve(const struct guest_config *config)
{
	uint32_t pending = read_register(config, config->status_offset) &
			   config->tokens;

	if (pending)
		write_register(config, config->ack_offset, pending);
	return pending;
}

static void count(struct guest_result *result, uint64_t injections,
		  uint32_t pending)
{
	result->entries += injections;
	result->merged += injections - 1;
	result->empty += injections - (pending ? 1 : 0);
	for (; pending; pending &= pending - 1)
		result->served[__builtin_ctz(pending)]++;
}

/*
 * One wake-up: the guest's interrupt handler, from entry to EOI. The newest
 * injection is looked up late, for on other paths than ours its record is there
 * only after the host's handler has ended; the one before is not ours.
 */
static int enter(struct guest *guest, uint64_t injections)
{
	const struct guest_config *config = guest->config;
	const uint64_t eoi = 1;
	struct guest_visit visit = { .guest_ns = clock_now_ns() };
	uint64_t newest;
	uint32_t pending;

	wait_until(visit.guest_ns + config->service_ns);
	pending = serve(config);
	newest = guest_stamps_newest(config);
	if (newest != guest->newest)
		guest_stamps_take(config, newest, &visit);
	guest->newest = newest;
	visit.ack_ns = clock_now_ns();
	if (write(config->resample_fd, &eoi, sizeof(eoi)) != sizeof(eoi))
		return errno;

	count(&guest->result, injections, pending);
	guest_stamps_record(config, &visit,
			    guest_stamps_unmasked_ns(config, visit.sequence),
			    &guest->result);
	return 0;
}

static void *run(void *arg)
{
	struct guest *guest = arg;
	uint64_t signalled;
	int errnum = 0;

	do {
		if (read(guest->config->inject_fd, &signalled,
			 sizeof(signalled)) != sizeof(signalled)) {
			errnum = errno;
			break;
		}
		if (signalled % STOP_SIGNAL)
			errnum = enter(guest, signalled % STOP_SIGNAL);
	} while (!errnum && signalled < STOP_SIGNAL);

	atomic_store(&guest->errnum, errnum);
	return NULL;
}

static void end(struct guest *guest)
{
	const uint64_t stop = STOP_SIGNAL;
	ssize_t written;

	/* An eventfd takes it unless its counter were full, which would take
	 * 2^64 injections; a thread that ended by itself needs no telling. */
	written = write(guest->config->inject_fd, &stop, sizeof(stop));
	if (written != sizeof(stop))
		pthread_cancel(guest->thread);
	pthread_join(guest->thread, NULL);
}

static int thread_start(const struct guest_config *config, struct guest **guest)
{
	struct guest *new = calloc(1, sizeof(*new));
	int errnum = ENOMEM;

	if (new) {
		/* Resident before the first interrupt, not during it. */
		memset(&new->result, 0, sizeof(new->result));
		new->config = config;
		atomic_init(&new->errnum, 0);
		errnum = worker_start_on(&new->thread, config->vcpu_cpu[0], run,
					 new);
		if (!errnum) {
			errnum = guest_toggler_start(&new->toggler, config);
			if (errnum)
				end(new);
		}
	}
	if (errnum) {
		free(new);
		return error_set(EXIT_MACHINE, errnum,
				 "cannot start the guest's thread on CPU %d: "
				 "%s",
				 config->vcpu_cpu[0], strerror(errnum));
	}
	*guest = new;
	return 0;
}

static int thread_failed(const struct guest *guest)
{
	int errnum = atomic_load(&guest->errnum);

	return errnum ? errnum : atomic_load(&guest->toggler.errnum);
}

static void thread_stop(struct guest *guest, struct guest_result *result)
{
	/* First: unmasking may inject once more. */
	guest_toggler_stop(&guest->toggler);
	end(guest);
	guest->result.errnum = thread_failed(guest);
	guest->result.mask_toggles = guest->toggler.toggles;
	*result = guest->result;
	free(guest);
}

const struct guest_ops guest_thread_ops = {
	.name = "thread",
	.start = thread_start,
	.failed = thread_failed,
	.stop = thread_stop,
};
