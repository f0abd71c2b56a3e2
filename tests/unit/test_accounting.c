// SPDX-License-Identifier: GPL-2.0-or-later
/* What became of every assert, and whether each way to go wrong is seen. */
#include <inttypes.h>

#include "accounting.h"
#include "unit.h"

#define ALL (~0U)

/* 1,000 asserts on three tokens, all served, 40 of them merged. */
static const struct accounting_input good = {
	.intended = 1005,
	.asserted = 1000,
	.missed = 5,
	.coalesced = 40,
	.raised = { [0] = 400, [5] = 300, [31] = 260 },
	.served = { [0] = 400, [5] = 300, [31] = 260 },
	.entries = 1500,
	.claimed = 940,
	.entered = 950,
	.absorbed = 10,
	.observed = true,
};

static void assert_explained(const struct accounting *result,
			     unsigned int faults, const char *expected)
{
	char text[1024];
	int length = accounting_explain(result, faults, text, sizeof(text));

	assert_string_equal(text, expected);
	assert_int_equal(length, strlen(expected));
}

static void test_good(void **state)
{
	struct accounting result;

	(void)state;
	assert_int_equal(accounting_judge(&good, &result), 0);
	assert_int_equal(result.delivered, 960);
	assert_int_equal(result.lost, 0);
	assert_int_equal(result.duplicate, 0);
	assert_int_equal(result.declined, 560);
	assert_int_equal(result.entered, 950);
	assert_int_equal(result.absorbed, 10);
	assert_true(result.observed);
	assert_explained(&result, 0, "");
}

static void test_unobserved(void **state)
{
	struct accounting_input input = good;
	struct accounting result;

	(void)state;
	input.observed = false;
	input.entries = 0;
	input.claimed = 0;
	input.entered = 0;
	input.absorbed = 0;
	assert_int_equal(accounting_judge(&input, &result), 0);
	assert_false(result.observed);

	/* Positive control: the same counts, but the observer was there. */
	input.observed = true;
	assert_int_equal(accounting_judge(&input, &result),
			 ACCOUNTING_UNBALANCED);
}

static void test_lost(void **state)
{
	struct accounting_input input = good;
	struct accounting result;

	(void)state;
	input.served[5] -= 3;
	assert_int_equal(accounting_judge(&input, &result), ACCOUNTING_LOST);
	assert_int_equal(result.lost, 3);
	assert_int_equal(result.delivered, 957);
	assert_explained(&result, ACCOUNTING_LOST,
			 "lost 3 of 1000 asserts (957 delivered, 40 "
			 "coalesced)");
}

static void test_lost_everything(void **state)
{
	struct accounting_input input = good;
	struct accounting result;

	(void)state;
	memset(input.served, 0, sizeof(input.served));
	assert_int_equal(accounting_judge(&input, &result), ACCOUNTING_LOST);
	assert_int_equal(result.lost, 960);
	assert_int_equal(result.delivered, 0);
}

static void test_duplicate(void **state)
{
	struct accounting_input input = good;
	struct accounting result;

	(void)state;
	input.served[0] += 2;
	input.serve_empty = 5;
	assert_int_equal(accounting_judge(&input, &result),
			 ACCOUNTING_DUPLICATE);
	assert_int_equal(result.duplicate, 7);
	assert_int_equal(result.delivered, 960);
	assert_int_equal(result.lost, 0);
	assert_explained(&result, ACCOUNTING_DUPLICATE,
			 "duplicate 7: served that often with nothing raised "
			 "(1000 asserts)");
}

/* One token's surplus must not make up for another's loss. */
static void test_lost_beside_duplicate(void **state)
{
	struct accounting_input input = good;
	struct accounting result;
	unsigned int faults;

	(void)state;
	input.served[0] += 4;
	input.served[31] -= 4;
	faults = accounting_judge(&input, &result);
	assert_int_equal(faults, ACCOUNTING_LOST | ACCOUNTING_DUPLICATE);
	assert_int_equal(result.lost, 4);
	assert_int_equal(result.duplicate, 4);
	assert_explained(&result, faults,
			 "lost 4 of 1000 asserts (956 delivered, 40 "
			 "coalesced)\n"
			 "duplicate 4: served that often with nothing raised "
			 "(1000 asserts)");
}

static void test_spurious(void **state)
{
	struct accounting_input input = good;
	struct accounting result;

	(void)state;
	input.spurious = 11;
	assert_int_equal(accounting_judge(&input, &result),
			 ACCOUNTING_SPURIOUS);
	assert_int_equal(result.spurious, 11);
	assert_explained(&result, ACCOUNTING_SPURIOUS,
			 "spurious 11 of 940 claiming handler runs: nothing "
			 "was pending");
}

/* A handler that has the line to itself does not look. */
static void test_claims_all(void **state)
{
	struct accounting_input input = good;
	struct accounting result;

	(void)state;
	input.claims_all = true;
	input.spurious = 11;
	input.serve_empty = 11;
	assert_int_equal(accounting_judge(&input, &result), 0);
	assert_int_equal(result.spurious, 11);
	assert_int_equal(result.duplicate, 0);
	/* What was served twice is a fault whoever claims. */
	input.served[0]++;
	assert_true(accounting_judge(&input, &result) & ACCOUNTING_DUPLICATE);
}

static void test_nothing(void **state)
{
	struct accounting_input input = { .intended = 7, .missed = 7 };
	struct accounting result;

	(void)state;
	assert_int_equal(accounting_judge(&input, &result), ACCOUNTING_NOTHING);
	assert_explained(&result, ACCOUNTING_NOTHING,
			 "nothing was asserted (7 intended, 7 missed): this "
			 "proves nothing");
}

struct imbalance {
	const char *name;
	size_t field; /* of the input, to be changed */
	uint64_t value;
	const char *explanation;
};

#define FIELD(name) offsetof(struct accounting_input, name)

static const struct imbalance imbalances[] = {
	{ "intended", FIELD(intended), 1004,
	  "unbalanced: intended 1004 is not asserted 1000 + missed 5" },
	{ "missed over the top", FIELD(missed), UINT64_MAX,
	  "unbalanced: intended 1005 is not asserted 1000 + missed "
	  "18446744073709551615" },
	{ "coalesced", FIELD(coalesced), 39,
	  "unbalanced: asserted 1000 is not delivered 960 + coalesced 39 + "
	  "lost 0" },
	{ "coalesced over the top", FIELD(coalesced), UINT64_MAX,
	  "unbalanced: asserted 1000 is not delivered 960 + coalesced "
	  "18446744073709551615 + lost 0" },
	{ "claimed", FIELD(claimed), 1501,
	  "unbalanced: of 1500 handler runs 1501 claimed, 0 of them "
	  "spuriously" },
	{ "entered", FIELD(entered), 951,
	  "unbalanced: delivered 960 is not entered 951 + absorbed 10" },
	{ "absorbed", FIELD(absorbed), 9,
	  "unbalanced: delivered 960 is not entered 950 + absorbed 9" },
};

static void test_unbalanced(void **state)
{
	struct accounting result;
	unsigned int faults;

	(void)state;
	for (size_t i = 0; i < sizeof(imbalances) / sizeof(imbalances[0]);
	     i++) {
		struct accounting_input input = good;

		memcpy((char *)&input + imbalances[i].field,
		       &imbalances[i].value, sizeof(uint64_t));
		faults = accounting_judge(&input, &result);
		if (faults != ACCOUNTING_UNBALANCED)
			fail_msg("%s: faults %#x", imbalances[i].name, faults);
		assert_explained(&result, faults, imbalances[i].explanation);
	}
}

/* More spurious claims than claims: both are said. */
static void test_spurious_unbalanced(void **state)
{
	struct accounting_input input = good;
	struct accounting result;

	(void)state;
	input.spurious = 941;
	assert_int_equal(accounting_judge(&input, &result),
			 ACCOUNTING_SPURIOUS | ACCOUNTING_UNBALANCED);
}

/* Lost asserts break delivered = entered + absorbed: only the cause is said. */
static void test_consequence_is_not_named(void **state)
{
	struct accounting_input input = good;
	struct accounting result;

	(void)state;
	input.served[0] = 100;
	input.entered = 7;
	assert_int_equal(accounting_judge(&input, &result), ACCOUNTING_LOST);
}

/* Sums over tokens that wrap round to something that would balance. */
static void test_overflow(void **state)
{
	struct accounting_input input = { .intended = 1, .asserted = 1 };
	struct accounting result;

	(void)state;
	input.raised[0] = UINT64_MAX;
	input.raised[1] = 2;
	memcpy(input.served, input.raised, sizeof(input.served));
	assert_int_equal(accounting_judge(&input, &result),
			 ACCOUNTING_UNBALANCED);
	assert_true(result.delivered == UINT64_MAX);

	input.intended = UINT64_MAX;
	input.asserted = UINT64_MAX;
	assert_int_equal(accounting_judge(&input, &result),
			 ACCOUNTING_UNBALANCED);

	memset(input.served, 0, sizeof(input.served));
	assert_int_equal(accounting_judge(&input, &result),
			 ACCOUNTING_LOST | ACCOUNTING_UNBALANCED);
	assert_true(result.lost == UINT64_MAX);
}

/* Every buffer length gives the beginning of the whole, and its length. */
static void test_explain_short_buffer(void **state)
{
	struct accounting_input input = good;
	struct accounting result;
	char whole[2048], part[2048];
	unsigned int faults;
	int length;

	(void)state;
	input.served[0] = 1;
	input.served[5] = 10000;
	input.spurious = 100000;
	input.missed = 0;
	faults = accounting_judge(&input, &result);
	length = accounting_explain(&result, faults, whole, sizeof(whole));
	assert_int_equal(length, strlen(whole));
	assert_int_equal(accounting_explain(&result, faults, NULL, 0), length);
	for (int bytes = 1; bytes <= length + 1; bytes++) {
		memset(part, 'x', sizeof(part));
		assert_int_equal(accounting_explain(&result, faults, part,
						    bytes),
				 length);
		assert_int_equal(strlen(part), bytes - 1);
		assert_memory_equal(part, whole, bytes - 1);
		assert_int_equal(part[bytes], 'x');
	}
}

/* Whatever the mask, there is a line for each fault. */
static void test_explain_every_fault(void **state)
{
	struct accounting_input input = good;
	struct accounting result;
	char text[2048];

	(void)state;
	input.intended = 3;
	accounting_judge(&input, &result);
	accounting_explain(&result, ALL, text, sizeof(text));
	assert_non_null(strstr(text, "nothing was asserted"));
	assert_non_null(strstr(text, "\nlost 0"));
	assert_non_null(strstr(text, "\nduplicate 0"));
	assert_non_null(strstr(text, "\nspurious 0"));
	assert_non_null(strstr(text, "\nunbalanced: intended 3"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_unobserved),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_lost_everything),
		cmocka_unit_test(test_duplicate),
		cmocka_unit_test(test_lost_beside_duplicate),
		cmocka_unit_test(test_spurious),
		cmocka_unit_test(test_claims_all),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_unbalanced),
		cmocka_unit_test(test_spurious_unbalanced),
		cmocka_unit_test(test_consequence_is_not_named),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_explain_short_buffer),
		cmocka_unit_test(test_explain_every_fault),
	};

	return cmocka_run_group_tests_name("accounting", tests, NULL, NULL);
}
