// SPDX-License-Identifier: GPL-2.0-or-later
/* Which guest; with KVM or without, as this machine has it. */
#include "error.h"
#include "guest_choice.h"
#include "unit.h"

static int forget_errors(void **state)
{
	(void)state;
	error_clear();
	return 0;
}

static void test_thread(void **state)
{
	struct job job = { .guest = GUEST_CHOICE_THREAD, .vcpus = 1 };
	struct guest_choice choice;

	(void)state;
	assert_int_equal(guest_choice_check(&job), 0);
	assert_int_equal(guest_choice_make(&job, &choice), 0);
	assert_ptr_equal(choice.ops, &guest_thread_ops);
	assert_string_equal(choice.reason, "");
}

static void test_thread_has_one(void **state)
{
	struct job job = { .guest = GUEST_CHOICE_THREAD, .vcpus = 2 };

	(void)state;
	assert_int_not_equal(guest_choice_check(&job), 0);
	assert_int_equal(error_status(), EXIT_REQUEST);
	assert_string_equal(error_message(),
			    "vcpus: the guest 'thread' has one");
}

static void test_auto(void **state)
{
	struct job job = { .guest = GUEST_CHOICE_AUTO, .vcpus = 1 };
	struct guest_choice choice;
	char why[256];

	(void)state;
	assert_int_equal(guest_choice_check(&job), 0);
	assert_int_equal(guest_choice_make(&job, &choice), 0);
	assert_string_equal(error_message(), "");
	assert_ptr_equal(choice.ops, guest_kvm_usable(why, sizeof(why)) ?
					     &guest_kvm_ops :
					     &guest_thread_ops);
	assert_non_null(strstr(choice.reason, why));
}

/* kvm, and more than one vCPU, which only kvm has. */
static void test_needs_kvm(void **state)
{
	struct job jobs[] = {
		{ .guest = GUEST_CHOICE_KVM, .vcpus = 1 },
		{ .guest = GUEST_CHOICE_AUTO, .vcpus = 2 },
	};
	struct guest_choice choice;
	char why[256];
	bool usable = guest_kvm_usable(why, sizeof(why));

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(guest_choice_check(&jobs[i]), 0);
		if (usable) {
			assert_int_equal(guest_choice_make(&jobs[i], &choice),
					 0);
			assert_ptr_equal(choice.ops, &guest_kvm_ops);
			continue;
		}
		assert_int_not_equal(guest_choice_make(&jobs[i], &choice), 0);
		assert_int_equal(error_status(), EXIT_MACHINE);
		assert_non_null(strstr(error_message(), "guest = kvm"));
		assert_non_null(strstr(error_message(), why));
		error_clear();
	}
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup(name, forget_errors)
	const struct CMUnitTest tests[] = {
		CASE(test_thread),
		CASE(test_thread_has_one),
		CASE(test_auto),
		CASE(test_needs_kvm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
