// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "accounting.h"

/*
 * UINT64_MAX instead of wrapping round: counters that were read from torn or
 * foreign memory must not come out balanced.
 */
static uint64_t add(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static uint64_t above(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* total = part + rest, where a sum that ran over never holds. */
static bool is_sum(uint64_t total, uint64_t part, uint64_t rest)
{
	return add(part, rest) == total && total < UINT64_MAX;
}

static bool flood_balances(const struct accounting *result)
{
	return is_sum(result->intended, result->asserted, result->missed);
}

static bool asserts_balance(const struct accounting *result)
{
	return is_sum(result->asserted, result->delivered,
		      add(result->coalesced, result->lost));
}

static bool runs_balance(const struct accounting *result)
{
	return result->spurious <= result->claimed &&
	       is_sum(result->entries, result->claimed, result->declined);
}

static bool deliveries_balance(const struct accounting *result)
{
	return is_sum(result->delivered, result->entered, result->absorbed);
}

static void count_tokens(const struct accounting_input *input,
			 struct accounting *result)
{
	uint64_t raised, served;

	result->duplicate = input->claims_all ? 0 : input->serve_empty;
	for (size_t i = 0; i < ACCOUNTING_TOKENS; i++) {
		raised = input->raised[i];
		served = input->served[i];
		result->delivered = add(result->delivered,
					raised < served ? raised : served);
		result->lost = add(result->lost, above(raised, served));
		result->duplicate =
			add(result->duplicate, above(served, raised));
	}
}

unsigned int accounting_judge(const struct accounting_input *input,
			      struct accounting *result)
{
	unsigned int faults = 0;

	*result = (struct accounting){
		.intended = input->intended,
		.asserted = input->asserted,
		.missed = input->missed,
		.coalesced = input->coalesced,
		.spurious = input->spurious,
		.entries = input->entries,
		.claimed = input->claimed,
		.declined = above(input->entries, input->claimed),
		.entered = input->entered,
		.absorbed = input->absorbed,
		.observed = input->observed,
	};
	count_tokens(input, result);

	if (!result->asserted)
		faults |= ACCOUNTING_NOTHING;
	if (result->lost)
		faults |= ACCOUNTING_LOST;
	if (result->duplicate)
		faults |= ACCOUNTING_DUPLICATE;
	if (result->spurious && !input->claims_all)
		faults |= ACCOUNTING_SPURIOUS;
	if (!flood_balances(result) || !asserts_balance(result) ||
	    !runs_balance(result))
		faults |= ACCOUNTING_UNBALANCED;
	if (!faults && result->observed && !deliveries_balance(result))
		faults |= ACCOUNTING_UNBALANCED;
	return faults;
}

/* Where explain() has got to; written counts like snprintf(). */
struct text {
	char *buffer;
	size_t bytes;
	size_t written;
};

static void __attribute__((format(printf, 2, 3)))
add_line(struct text *text, const char *format, ...)
{
	size_t used = text->written < text->bytes ? text->written : text->bytes;
	va_list args;

	if (text->written) {
		snprintf(text->buffer + used, text->bytes - used, "\n");
		text->written++;
		used = text->written < text->bytes ? text->written :
						     text->bytes;
	}
	va_start(args, format);
	text->written += vsnprintf(text->buffer + used, text->bytes - used,
				   format, args);
	va_end(args);
}

static void explain_flood_sums(const struct accounting *result,
			       struct text *text)
{
	if (!flood_balances(result))
		add_line(text,
			 "unbalanced: intended %" PRIu64
			 " is not asserted %" PRIu64 " + missed %" PRIu64,
			 result->intended, result->asserted, result->missed);
	if (!asserts_balance(result))
		add_line(text,
			 "unbalanced: asserted %" PRIu64
			 " is not delivered %" PRIu64 " + coalesced %" PRIu64
			 " + lost %" PRIu64,
			 result->asserted, result->delivered, result->coalesced,
			 result->lost);
}

static void explain_handler_sums(const struct accounting *result,
				 unsigned int faults, struct text *text)
{
	if (!runs_balance(result))
		add_line(text,
			 "unbalanced: of %" PRIu64 " handler runs %" PRIu64
			 " claimed, %" PRIu64 " of them spuriously",
			 result->entries, result->claimed, result->spurious);
	else if (faults == ACCOUNTING_UNBALANCED && result->observed &&
		 !deliveries_balance(result))
		add_line(text,
			 "unbalanced: delivered %" PRIu64
			 " is not entered %" PRIu64 " + absorbed %" PRIu64,
			 result->delivered, result->entered, result->absorbed);
}

int accounting_explain(const struct accounting *result, unsigned int faults,
		       char *buffer, size_t bytes)
{
	struct text text = { .buffer = buffer, .bytes = bytes };

	if (bytes)
		buffer[0] = '\0';
	if (faults & ACCOUNTING_NOTHING)
		add_line(&text,
			 "nothing was asserted (%" PRIu64 " intended, %" PRIu64
			 " missed): this proves nothing",
			 result->intended, result->missed);
	if (faults & ACCOUNTING_LOST)
		add_line(&text,
			 "lost %" PRIu64 " of %" PRIu64 " asserts (%" PRIu64
			 " delivered, %" PRIu64 " coalesced)",
			 result->lost, result->asserted, result->delivered,
			 result->coalesced);
	if (faults & ACCOUNTING_DUPLICATE)
		add_line(&text,
			 "duplicate %" PRIu64 ": served that often with "
			 "nothing raised (%" PRIu64 " asserts)",
			 result->duplicate, result->asserted);
	if (faults & ACCOUNTING_SPURIOUS)
		add_line(&text,
			 "spurious %" PRIu64 " of %" PRIu64
			 " claiming handler runs: nothing was pending",
			 result->spurious, result->claimed);
	if (faults & ACCOUNTING_UNBALANCED) {
		explain_flood_sums(result, &text);
		explain_handler_sums(result, faults, &text);
	}
	return text.written;
}
