// SPDX-License-Identifier: GPL-2.0-or-later
/* Which guest, on a machine that has KVM and on one that has not. */
#include <stdio.h>

#include "error.h"
#include "guest_choice.h"
#include "unit.h"

static bool has_kvm;

bool __wrap_guest_kvm_usable(char *why, size_t bytes);
bool __wrap_guest_kvm_usable(char *why, size_t bytes)
{
	snprintf(why, bytes, "%s", has_kvm ? "" : "no such luck");
	return has_kvm;
}

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

static void assert_auto(bool kvm, const struct guest_ops *ops,
			const char *reason)
{
	struct job job = { .guest = GUEST_CHOICE_AUTO, .vcpus = 1 };
	struct guest_choice choice;

	has_kvm = kvm;
	assert_int_equal(guest_choice_check(&job), 0);
	assert_int_equal(guest_choice_make(&job, &choice), 0);
	assert_string_equal(error_message(), "");
	assert_ptr_equal(choice.ops, ops);
	assert_string_equal(choice.reason, reason);
}

static void test_auto(void **state)
{
	(void)state;
	assert_auto(true, &guest_kvm_ops, "KVM runs a guest here");
	assert_auto(false, &guest_thread_ops,
		    "a KVM guest cannot be had here: no such luck");
}

/* kvm, and more than one vCPU, which only kvm has. */
static void assert_needs_kvm(const struct job *job, const char *message)
{
	struct guest_choice choice;

	assert_int_equal(guest_choice_check(job), 0);
	has_kvm = true;
	assert_int_equal(guest_choice_make(job, &choice), 0);
	assert_ptr_equal(choice.ops, &guest_kvm_ops);

	has_kvm = false;
	assert_int_not_equal(guest_choice_make(job, &choice), 0);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_string_equal(error_message(), message);
	error_clear();
}

static void test_needs_kvm(void **state)
{
	static const struct job kvm = { .guest = GUEST_CHOICE_KVM, .vcpus = 1 };
	static const struct job two = { .guest = GUEST_CHOICE_AUTO,
					.vcpus = 2 };

	(void)state;
	assert_needs_kvm(&kvm, "guest = kvm cannot be had here: no such luck");
	assert_needs_kvm(
		&two,
		"vcpus: the guest 'thread' has one, and guest = kvm cannot be had here: no such luck");
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
