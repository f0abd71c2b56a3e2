// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "units.h"

static const struct unit {
	const char *name;
	uint64_t ns;
} units[] = {
	{ "s", 1000000000 },
	{ "ms", 1000000 },
	{ "us", 1000 },
	{ "ns", 1 },
};

/* The unit in which rounding to three digits leaves 1..999. */
static const struct unit *unit_of(double time_ns)
{
	const struct unit *unit = units;

	while (unit->ns > 1 && time_ns < 0.9995 * unit->ns)
		unit++;
	return unit;
}

static int digits_after_point(double value, const struct unit *unit)
{
	if (unit->ns == 1 || value >= 99.95)
		return 0;
	return value >= 9.995 ? 1 : 2;
}

struct units_text units_time(double time_ns)
{
	const struct unit *unit = unit_of(time_ns);
	double value = time_ns / unit->ns;
	struct units_text out;

	snprintf(out.text, sizeof(out.text), "%.*f %s",
		 digits_after_point(value, unit), value, unit->name);
	return out;
}

struct units_text units_range(double low_ns, double high_ns)
{
	const struct unit *unit = unit_of(low_ns);
	struct units_text low = units_time(low_ns);
	struct units_text high = units_time(high_ns);
	struct units_text out;

	if (unit == unit_of(high_ns))
		low.text[strcspn(low.text, " ")] = '\0';
	snprintf(out.text, sizeof(out.text), "%.14s..%.14s", low.text,
		 high.text);
	return out;
}

struct units_text units_exact(uint64_t time_ns)
{
	const struct unit *unit = unit_of(time_ns);
	struct units_text out;

	snprintf(out.text, sizeof(out.text), "%.10g %s",
		 (double)time_ns / unit->ns, unit->name);
	return out;
}

struct units_text units_rate(uint64_t rate_hz)
{
	struct units_text out;

	if (rate_hz < 1000)
		snprintf(out.text, sizeof(out.text), "%llu Hz",
			 (unsigned long long)rate_hz);
	else
		snprintf(out.text, sizeof(out.text), "%.10g kHz",
			 rate_hz / 1e3);
	return out;
}

struct units_text units_bytes(uint64_t bytes)
{
	struct units_text out;

	snprintf(out.text, sizeof(out.text), "%.2f MiB",
		 bytes / (double)(1 << 20));
	return out;
}
