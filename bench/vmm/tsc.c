// SPDX-License-Identifier: GPL-2.0-or-later
#include "../clock.h"
#include "tsc.h"

#define TRIES 16

struct tsc_pair tsc_pair_take(void)
{
	struct tsc_pair best = { .error_ns = UINT64_MAX };

	for (int i = 0; i < TRIES; i++) {
		uint64_t before_ns = clock_now_ns();
		uint64_t tsc = tsc_now();
		uint64_t half_ns = (clock_now_ns() - before_ns) / 2 + 1;

		if (half_ns >= best.error_ns)
			continue;
		best.tsc = tsc;
		best.ns = before_ns + half_ns;
		best.error_ns = half_ns;
	}
	return best;
}

static struct tsc_pair *slot(const struct tsc_clock *clock, uint64_t number)
{
	return (struct tsc_pair *)&clock->pair[number % TSC_PAIRS];
}

/* On the line through a and b. The product does not fit into 64 bits once they
 * are some seconds apart. */
static uint64_t on_line(const struct tsc_pair *a, const struct tsc_pair *b,
			uint64_t tsc)
{
	__int128 ticks = (__int128)tsc - a->tsc;

	return a->ns + (int64_t)(ticks * (__int128)(b->ns - a->ns) /
				 (__int128)(b->tsc - a->tsc));
}

static void note_error(struct tsc_clock *clock, uint64_t error_ns)
{
	if (error_ns > clock->error_ns)
		clock->error_ns = error_ns;
}

/* How far the last pair but one is from the line through its neighbours. */
static uint64_t residual_ns(const struct tsc_clock *clock)
{
	const struct tsc_pair *middle = slot(clock, clock->pairs - 2);
	uint64_t line_ns = on_line(slot(clock, clock->pairs - 3),
				   slot(clock, clock->pairs - 1), middle->tsc);

	return line_ns > middle->ns ? line_ns - middle->ns :
				      middle->ns - line_ns;
}

/*
 * The newest pair gives way to the next until it is far enough from the one
 * before it: there is always a pair after what has happened, and the history is
 * long all the same.
 */
void tsc_clock_add(struct tsc_clock *clock, const struct tsc_pair *pair)
{
	if (clock->pairs && pair->tsc <= slot(clock, clock->pairs - 1)->tsc)
		return;
	if (clock->pairs >= 2 &&
	    slot(clock, clock->pairs - 1)->ns -
			    slot(clock, clock->pairs - 2)->ns <
		    TSC_SPACING_NS)
		clock->pairs--;
	*slot(clock, clock->pairs++) = *pair;
	note_error(clock, pair->error_ns +
				  (clock->pairs >= 3 ? residual_ns(clock) : 0));
}

uint64_t tsc_clock_ns(const struct tsc_clock *clock, uint64_t tsc)
{
	uint64_t oldest = clock->pairs > TSC_PAIRS ? clock->pairs - TSC_PAIRS :
						     0;
	uint64_t from = clock->pairs - 2;

	while (from > oldest && slot(clock, from)->tsc > tsc)
		from--;
	return on_line(slot(clock, from), slot(clock, from + 1), tsc);
}
