// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <math.h>

#include "histogram.h"

void histogram_merge(struct intxbench_hist *into,
		     const struct intxbench_hist *from)
{
	if (!from->count)
		return;
	if (!into->count || from->min_ns < into->min_ns)
		into->min_ns = from->min_ns;
	if (from->max_ns > into->max_ns)
		into->max_ns = from->max_ns;
	into->count += from->count;
	into->sum_ns += from->sum_ns;
	into->above += from->above;
	for (uint32_t i = 0; i < INTXBENCH_HIST_BUCKETS; i++)
		into->bucket[i] += from->bucket[i];
}

/* What stands for every value of a bucket. */
static uint64_t middle_ns(const struct intxbench_hist *hist, uint32_t index)
{
	uint64_t lowest = intxbench_hist_lowest(index);
	uint64_t highest = intxbench_hist_lowest(index + 1) - 1;
	uint64_t middle = lowest + (highest - lowest) / 2;

	if (middle < hist->min_ns)
		return hist->min_ns;
	if (middle > hist->max_ns)
		return hist->max_ns;
	return middle;
}

/*
 * 99.9 / 100 * 1000 is a little over 999 in binary; the tolerance keeps such a
 * product from naming the next rank.
 */
static uint64_t rank_of(double percentile, uint64_t count)
{
	long double rank;

	if (percentile >= 100)
		return count;
	rank = ceill((long double)percentile / 100 * count * (1 - 1e-12L));
	return rank > 1 ? rank : 1;
}

uint64_t histogram_percentile_ns(const struct intxbench_hist *hist,
				 double percentile)
{
	uint64_t seen = 0, rank;

	if (!hist->count)
		return 0;
	rank = rank_of(percentile, hist->count);
	for (uint32_t i = 0; i < INTXBENCH_HIST_BUCKETS; i++) {
		seen += hist->bucket[i];
		if (seen >= rank)
			return middle_ns(hist, i);
	}
	return hist->max_ns;
}

double histogram_mean_ns(const struct intxbench_hist *hist)
{
	return hist->count ? (double)hist->sum_ns / hist->count : 0;
}

/* From the buckets' midpoints: the histogram keeps no sum of squares. */
static double deviation_ns(const struct intxbench_hist *hist)
{
	double mean = histogram_mean_ns(hist);
	double distance = hist->max_ns - mean;
	double sum = distance * distance * hist->above;

	if (!hist->count)
		return 0;
	for (uint32_t i = 0; i < INTXBENCH_HIST_BUCKETS; i++) {
		if (!hist->bucket[i])
			continue;
		distance = middle_ns(hist, i) - mean;
		sum += distance * distance * hist->bucket[i];
	}
	return sqrt(sum / hist->count);
}

/*
 * HdrHistogram's outputPercentileDistribution() with its default of five
 * rows for every halving of the distance to 100 %. Row n is at percentile
 * 1 - tail, with tail = (10 - n % 5) / (10 * 2 ^ (n / 5)).
 */
#define HGRM_ROWS_PER_HALF 5

static double tail_of_row(int row)
{
	int tenths = 10 - row % HGRM_ROWS_PER_HALF;

	return ldexp(tenths / 10.0, -(row / HGRM_ROWS_PER_HALF));
}

/*
 * The rows that a bucket reaches, seen values being in it or below; the last
 * value is left to the closing row. Returns the row to go on with.
 */
static int write_rows(const struct intxbench_hist *hist, uint64_t value_ns,
		      uint64_t seen, int row, FILE *out)
{
	double left = hist->count - seen;
	double tail = tail_of_row(row);

	while (left <= tail * hist->count) {
		fprintf(out, "%12.3f %2.12f %10" PRIu64 " %14.2f\n",
			(double)value_ns, 1 - tail, seen, 1 / tail);
		tail = tail_of_row(++row);
		if (seen == hist->count)
			break;
	}
	return row;
}

static void write_footer(const struct intxbench_hist *hist, double max_ns,
			 FILE *out)
{
	fprintf(out, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n",
		histogram_mean_ns(hist), deviation_ns(hist));
	fprintf(out, "#[Max     = %12.3f, Total count    = %12llu]\n", max_ns,
		hist->count);
	fprintf(out, "#[Buckets = %12d, SubBuckets     = %12u]\n",
		INTXBENCH_HIST_BITS - INTXBENCH_HIST_SUB_BITS,
		INTXBENCH_HIST_LINEAR);
}

int histogram_write_hgrm(const struct intxbench_hist *hist, FILE *out)
{
	double max_ns = hist->count ? hist->max_ns : 0;
	uint64_t seen = 0;
	int row = 0;

	fprintf(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile",
		"TotalCount", "1/(1-Percentile)");
	for (uint32_t i = 0; i < INTXBENCH_HIST_BUCKETS; i++) {
		if (!hist->bucket[i])
			continue;
		seen += hist->bucket[i];
		row = write_rows(hist, middle_ns(hist, i), seen, row, out);
	}
	if (hist->above)
		write_rows(hist, hist->max_ns, hist->count, row, out);
	fprintf(out, "%12.3f %2.12f %10llu\n", max_ns, 1.0, hist->count);
	write_footer(hist, max_ns, out);
	if (fflush(out) || ferror(out))
		return -EIO;
	return 0;
}
