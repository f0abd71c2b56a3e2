/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times, rates, counts and sizes as people read them. Pure. */
#ifndef BENCH_UNITS_H
#define BENCH_UNITS_H

#include <stdint.h>

#define UNITS_TEXT_MAX 32

struct units_text {
	char text[UNITS_TEXT_MAX];
};

/* A measured time, three significant digits: "850 ns", "61.9 us", "1.02 ms". */
struct units_text units_time(double time_ns);

/* The same without its unit's repetition: "61.9..63.0 us", "980 us..1.02 ms". */
struct units_text units_range(double low_ns, double high_ns);

/* A time that was asked for, exact: "10 us", "5 ms", "1.5 ms". */
struct units_text units_exact(uint64_t time_ns);

/* "100 Hz", "10 kHz", "1.5 kHz". */
struct units_text units_rate(uint64_t rate_hz);

/* Memory: "64.00 MiB", whatever its size, for two to be compared. */
struct units_text units_bytes(uint64_t bytes);

#endif
