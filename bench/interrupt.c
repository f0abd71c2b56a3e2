// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "clock.h"
#include "interrupt.h"

static const struct {
	int signal;
	int ignore;
} caught[] = {
	{ SIGINT, 0 },  { SIGTERM, 0 }, { SIGHUP, 0 },
	{ SIGPIPE, 1 }, { SIGXFSZ, 1 },
};

#define CAUGHT (sizeof(caught) / sizeof(caught[0]))

static struct sigaction before[CAUGHT];
static volatile sig_atomic_t count;

static void on_signal(int signal)
{
	(void)signal;
	count++;
}

void interrupt_catch(void)
{
	/* Calls go on after a signal; only sleeps are ended by one. */
	struct sigaction action = { .sa_flags = SA_RESTART };

	count = 0;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < CAUGHT; i++) {
		action.sa_handler = caught[i].ignore ? SIG_IGN : on_signal;
		sigaction(caught[i].signal, &action, &before[i]);
	}
}

void interrupt_release(void)
{
	for (size_t i = 0; i < CAUGHT; i++)
		sigaction(caught[i].signal, &before[i], NULL);
}

unsigned int interrupt_count(void)
{
	return count;
}

void interrupt_sleep_until(uint64_t until_ns)
{
	struct timespec until = {
		.tv_sec = until_ns / NSEC_PER_SEC,
		.tv_nsec = until_ns % NSEC_PER_SEC,
	};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}
