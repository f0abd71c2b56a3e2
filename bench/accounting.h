/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What became of every assert (docs/METHOD.md, "Accounting"). Pure.
 *
 *   intended = asserted + missed
 *   asserted = delivered + coalesced + lost
 *   delivered = entered + absorbed        (observed sessions, correct arms)
 */
#ifndef BENCH_ACCOUNTING_H
#define BENCH_ACCOUNTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ACCOUNTING_TOKENS 32

/* What the flood, the server and the observer counted for one function. */
struct accounting_input {
	uint64_t intended, asserted, coalesced, missed;
	uint64_t raised[ACCOUNTING_TOKENS]; /* flood */
	uint64_t served[ACCOUNTING_TOKENS]; /* guest, or neighbour handler */
	uint64_t serve_empty; /* the guest was entered, nothing was pending */
	uint64_t entries, claimed, spurious; /* observer */
	uint64_t entered; /* asserts a claiming run was matched to */
	uint64_t absorbed; /* flood's + observer's + unseen after the drain */
	bool observed;
	/* Its handler claims without a look, having the line to itself, or
	 * its device raises by itself: an interrupt with nothing of ours
	 * pending is passed on, and no fault. spurious still counts it, serve_empty does not. */
	bool claims_all;
};

struct accounting {
	uint64_t intended, asserted, missed;
	uint64_t delivered; /* sum over tokens of min(raised, served) */
	uint64_t coalesced;
	uint64_t lost; /* sum of what was raised and not served */
	uint64_t duplicate; /* sum of what was served and not raised, and
				 * serve_empty */
	uint64_t spurious; /* handler runs that claimed with nothing pending */
	uint64_t entries, claimed, declined;
	uint64_t entered, absorbed;
	bool observed; /* the handlers' six counts mean something */
};

enum accounting_fault {
	ACCOUNTING_LOST = 1 << 0,
	ACCOUNTING_DUPLICATE = 1 << 1,
	ACCOUNTING_SPURIOUS = 1 << 2,
	ACCOUNTING_UNBALANCED = 1 << 3, /* an identity above does not hold */
	ACCOUNTING_NOTHING = 1 << 4, /* no assert at all: proves nothing */
};

/*
 * Fills *result; returns a mask of enum accounting_fault, 0 where all is well.
 * delivered = entered + absorbed is judged only where the session was observed
 * and there is no other fault: each other fault can break it too, and the
 * cause is what has to be reported.
 */
unsigned int accounting_judge(const struct accounting_input *input,
			      struct accounting *result);

/*
 * One line for each fault of the mask, with the numbers, into buffer ("lost 3
 * of 100 asserts ..."), one for each identity that does not hold; separated by
 * newlines, none at the end. faults is what accounting_judge() returned with
 * *result. Returns what snprintf() would.
 */
int accounting_explain(const struct accounting *result, unsigned int faults,
		       char *buffer, size_t bytes);

#endif
