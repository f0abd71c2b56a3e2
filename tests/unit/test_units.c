// SPDX-License-Identifier: GPL-2.0-or-later
#include "unit.h"
#include "units.h"

static void measured_times_have_three_digits(void **state)
{
	(void)state;
	assert_string_equal(units_time(0).text, "0 ns");
	assert_string_equal(units_time(850).text, "850 ns");
	assert_string_equal(units_time(61900).text, "61.9 us");
	assert_string_equal(units_time(1020000).text, "1.02 ms");
	assert_string_equal(units_time(123456).text, "123 us");
	assert_string_equal(units_time(61.9e9).text, "61.9 s");
	assert_string_equal(units_time(3600e9).text, "3600 s");
}

/* Rounding must not leave "1000 ns", "10.00 us" or "100.0 us". */
static void rounding_carries_into_the_unit(void **state)
{
	(void)state;
	assert_string_equal(units_time(999.4).text, "999 ns");
	assert_string_equal(units_time(999.6).text, "1.00 us");
	assert_string_equal(units_time(9994).text, "9.99 us");
	assert_string_equal(units_time(9996).text, "10.0 us");
	assert_string_equal(units_time(99940).text, "99.9 us");
	assert_string_equal(units_time(99960).text, "100 us");
	assert_string_equal(units_time(999600).text, "1.00 ms");
}

static void ranges_name_a_common_unit_once(void **state)
{
	(void)state;
	assert_string_equal(units_range(61900, 63000).text, "61.9..63.0 us");
	assert_string_equal(units_range(980e3, 1.02e6).text, "980 us..1.02 ms");
	assert_string_equal(units_range(5, 5).text, "5..5 ns");
}

static void given_times_are_exact(void **state)
{
	(void)state;
	assert_string_equal(units_exact(0).text, "0 ns");
	assert_string_equal(units_exact(10000).text, "10 us");
	assert_string_equal(units_exact(1500000).text, "1.5 ms");
	assert_string_equal(units_exact(10000001).text, "10.000001 ms");
}

static void rates_change_unit_at_1_khz(void **state)
{
	(void)state;
	assert_string_equal(units_rate(999).text, "999 Hz");
	assert_string_equal(units_rate(1000).text, "1 kHz");
	assert_string_equal(units_rate(1500).text, "1.5 kHz");
	assert_string_equal(units_rate(50000).text, "50 kHz");
	assert_string_equal(units_bytes(0).text, "0.00 MiB");
	assert_string_equal(units_bytes(66060288).text, "63.00 MiB");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measured_times_have_three_digits),
		cmocka_unit_test(rounding_carries_into_the_unit),
		cmocka_unit_test(ranges_name_a_common_unit_once),
		cmocka_unit_test(given_times_are_exact),
		cmocka_unit_test(rates_change_unit_at_1_khz),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
