/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module's tests, by subject; kmod_test.c has the list and what is old. */
#ifndef TESTS_VM_KMOD_TEST_H
#define TESTS_VM_KMOD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rig.h"

#define MS 1000000ULL
#define INTX_DISABLE 0x400

/* asserted = delivered + coalesced, nothing lost, doubled or spurious. */
void assert_balanced(const struct intxbench_data *data, const __u64 *served);
/* A flood of half a second on this many functions, all of it served. */
void flood_and_check(uint32_t arm, unsigned int functions, uint32_t gap_ns,
		     uint32_t flags);

int mark_log(void **state);
int check_log(void **state);
#define LOGGED(test) cmocka_unit_test_setup_teardown(test, mark_log, check_log)

/* kmod_foreign.c */
void test_foreign_target(void **state);
void test_foreign_target_unbound_in_mid_flood(void **state);
void test_foreign_same_name(void **state);
void test_foreign_neighbour(void **state);
void test_foreign_bad_adds(void **state);
#define FOREIGN_TESTS                                             \
	LOGGED(test_foreign_target),                              \
		LOGGED(test_foreign_target_unbound_in_mid_flood), \
		LOGGED(test_foreign_same_name),                   \
		LOGGED(test_foreign_neighbour), LOGGED(test_foreign_bad_adds)

/* kmod_guest_mask.c */
void test_guest_mask(void **state);
void test_guest_mask_is_watched(void **state);
void test_guest_mask_when_idle(void **state);
void test_bad_guest_mask(void **state);
#define GUEST_MASK_TESTS                                             \
	LOGGED(test_guest_mask), LOGGED(test_guest_mask_is_watched), \
		LOGGED(test_guest_mask_when_idle), LOGGED(test_bad_guest_mask)

/* kmod_adaptive.c */
void test_adaptive(void **state);
void test_adaptive_joined_and_left(void **state);
void test_adaptive_joiner_is_not_deaf(void **state);
#define ADAPTIVE_TESTS                                                \
	LOGGED(test_adaptive), LOGGED(test_adaptive_joined_and_left), \
		LOGGED(test_adaptive_joiner_is_not_deaf)

/* kmod_posted.c */
void test_posted_alone(void **state);
void test_posted_masks_again(void **state);
void test_posted_unbalanced_enable(void **state);
#define POSTED_TESTS                                                \
	LOGGED(test_posted_alone), LOGGED(test_posted_masks_again), \
		LOGGED(test_posted_unbalanced_enable)

#endif
