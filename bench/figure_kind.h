/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One kind of figure: what it needs, and what it tells its script. */
#ifndef BENCH_FIGURE_KIND_H
#define BENCH_FIGURE_KIND_H

#include <stdbool.h>
#include <stdio.h>

#include "figures.h"

/* What is being written for one figure. */
struct figure_page {
	FILE *data; /* NAME.dat */
	FILE *variables; /* gnuplot assignments */
	bool failed; /* what is to be drawn cannot be read; error_set() */
	size_t panels; /* so far */
	size_t sets; /* data sets so far */
	size_t bars; /* so far */
	double most_nines; /* largest 1 / (1 - percentile) so far */
	double low_ns, high_ns; /* of all values so far; 0: none */
};

struct figure_kind {
	const char *name; /* also its script's */
	const char *title;
	const char *subtitle; /* where it is not what it usually is */
	bool together; /* one figure for all scenarios */
	bool optional; /* not worth a word where there is nothing to draw */
	/* Why there is nothing to draw, NULL where there is. */
	const char *(*lacks)(const struct figure *figure);
	void (*write)(const struct figure *figure, struct figure_page *page);
};

extern const struct figure_kind figure_neighbour_latency;
extern const struct figure_kind figure_latency_percentiles;
extern const struct figure_kind figure_arm_cost;
extern const struct figure_kind figure_hotplug_timeline;
extern const struct figure_kind figure_hotplug_latency;
extern const struct figure_kind figure_hotplug_cycles;

/* Start a panel or a data set, with its title or what it holds. */
void figure_page_panel(struct figure_page *page, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void figure_page_set(struct figure_page *page, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* A set without rows would not count as one: give it a missing value. */
void figure_page_end_set(struct figure_page *page, size_t rows);

/* The arrays that figure_page_text() may fill; NULL at the end. */
extern const char *const figure_arrays[];

/* name = 'text', and name[index] = 'text' where index counts from 1. */
void figure_page_say(struct figure_page *page, const char *name,
		     const char *text);
void figure_page_text(struct figure_page *page, const char *name, size_t index,
		      const char *text);

/* Name a scenario's curves for the script: curve, arm, letter, upper. */
void figure_page_curves(struct figure_page *page,
			const struct scenario *scenario);

/* The same for its functions, which have no arm. */
void figure_page_functions(struct figure_page *page,
			   const struct scenario *scenario);

/* The value, in the data, and in the page's range. */
void figure_page_value(struct figure_page *page, double value_ns);

#endif
