// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>

#include "error.h"
#include "unit.h"

static void test_none(void **state)
{
	(void)state;
	error_clear();
	assert_string_equal(error_message(), "");
	assert_int_equal(error_status(), EXIT_PASS);
}

static void test_first_wins(void **state)
{
	(void)state;
	error_clear();
	assert_int_equal(error_set(EXIT_MACHINE, ENODEV, "no %s", "line"),
			 -ENODEV);
	assert_int_equal(error_set(EXIT_REQUEST, EINVAL, "clean-up"), -EINVAL);
	assert_string_equal(error_message(), "no line");
	assert_int_equal(error_status(), EXIT_MACHINE);
}

static void test_clear(void **state)
{
	(void)state;
	error_set(EXIT_MACHINE, ENODEV, "old");
	error_clear();
	assert_string_equal(error_message(), "");
	error_set(EXIT_VIOLATED, EIO, "new");
	assert_string_equal(error_message(), "new");
	assert_int_equal(error_status(), EXIT_VIOLATED);
}

/* Far more than fits: cut, never past the end. */
static void test_long(void **state)
{
	char text[10000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	error_clear();
	error_set(EXIT_REQUEST, EINVAL, "%s", text);
	assert_in_range(strlen(error_message()), PATH_MAX, sizeof(text) - 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_first_wins),
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
