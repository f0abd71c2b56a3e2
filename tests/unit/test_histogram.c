// SPDX-License-Identifier: GPL-2.0-or-later
/* The histogram against exact sorting. */
#include <errno.h>
#include <math.h>

#include "histogram.h"
#include "plan.h"
#include "unit.h"

#define VALUES 20000

static const double percentiles[] = { 0.001, 1,  10,   25,    50,     75,
				      90,    99, 99.9, 99.99, 99.999, 100 };

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* [0, 1), never 1 */
static double uniform(uint64_t *state)
{
	return (plan_random(state) >> 11) * 0x1p-53;
}

static uint64_t draw_flat(uint64_t *state)
{
	return plan_random(state) % 1000;
}

static uint64_t draw_wide(uint64_t *state)
{
	return plan_random(state) >> (28 + plan_random(state) % 36);
}

static uint64_t draw_exponential(uint64_t *state)
{
	return -log(1 - uniform(state)) * 50000;
}

static uint64_t draw_two_peaks(uint64_t *state)
{
	uint64_t base = plan_random(state) % 100 ? 2000 : 5000000;

	return base + plan_random(state) % 300;
}

static uint64_t draw_powers(uint64_t *state)
{
	return (1ULL << plan_random(state) % 36) + plan_random(state) % 3 - 1;
}

static uint64_t draw_same(uint64_t *state)
{
	(void)state;
	return 123457;
}

static uint64_t (*const draws[])(uint64_t *) = {
	draw_flat,      draw_wide,   draw_exponential,
	draw_two_peaks, draw_powers, draw_same,
};

#define DRAWS (sizeof(draws) / sizeof(draws[0]))

/* The smallest value that at least percentile % of all reach: exact. */
static uint64_t exact_percentile(const uint64_t *sorted, size_t count,
				 double percentile)
{
	/* Thousandths of a percent, so that the rank is a whole number. */
	uint64_t part = llround(percentile * 1000) * count;
	uint64_t rank = (part + 99999) / 100000;

	return sorted[rank ? rank - 1 : 0];
}

static bool is_near(uint64_t value, uint64_t exact)
{
	uint64_t distance = value > exact ? value - exact : exact - value;

	return distance * 128.0 <= exact;
}

static struct intxbench_hist *record_all(const uint64_t *value, size_t count)
{
	struct intxbench_hist *hist = calloc(1, sizeof(*hist));

	assert_non_null(hist);
	for (size_t i = 0; i < count; i++)
		intxbench_hist_record(hist, value[i]);
	return hist;
}

static void check_against_sorting(uint64_t *value, size_t count)
{
	struct intxbench_hist *hist = record_all(value, count);
	uint64_t got, exact;

	qsort(value, count, sizeof(*value), compare);
	for (size_t i = 0; i < sizeof(percentiles) / sizeof(*percentiles);
	     i++) {
		got = histogram_percentile_ns(hist, percentiles[i]);
		exact = exact_percentile(value, count, percentiles[i]);
		if (!is_near(got, exact))
			fail_msg("p%g of %zu: %lu instead of %lu",
				 percentiles[i], count, got, exact);
	}
	assert_int_equal(hist->min_ns, value[0]);
	assert_int_equal(hist->max_ns, value[count - 1]);
	free(hist);
}

static void test_percentiles_random(void **state)
{
	uint64_t *value = calloc(VALUES, sizeof(*value));
	uint64_t seed = 1;

	(void)state;
	assert_non_null(value);
	for (size_t d = 0; d < DRAWS; d++) {
		for (size_t count = 1; count <= VALUES; count *= 7) {
			for (size_t i = 0; i < count; i++)
				value[i] = draws[d](&seed);
			check_against_sorting(value, count);
		}
	}
	free(value);
}

/* All edges below the limit: each alone, and all together. */
static void test_percentiles_edges(void **state)
{
	uint64_t edge[4 * INTXBENCH_HIST_BITS], one;
	size_t count = 0;

	(void)state;
	edge[count++] = 0;
	for (int k = 0; k < INTXBENCH_HIST_BITS; k++) {
		edge[count++] = (1ULL << k) - 1;
		edge[count++] = 1ULL << k;
		edge[count++] = (1ULL << k) + 1;
	}
	edge[count++] = INTXBENCH_HIST_LIMIT - 1;
	for (size_t i = 0; i < count; i++) {
		one = edge[i];
		check_against_sorting(&one, 1);
	}
	check_against_sorting(edge, count);
}

/* The check itself must see a percentile that is one bucket off. */
static void test_control_next_bucket(void **state)
{
	uint64_t value = 100000, wrong;
	uint32_t index = intxbench_hist_index(value);

	(void)state;
	wrong = intxbench_hist_lowest(index + 2);
	assert_true(is_near(value, value));
	assert_false(is_near(wrong, value));
}

/* 99.9 % of 1000 values is the 999th, whatever binary makes of 99.9. */
static void test_percentile_rank_exact(void **state)
{
	struct intxbench_hist *hist = calloc(1, sizeof(*hist));

	(void)state;
	assert_non_null(hist);
	for (int i = 0; i < 999; i++)
		intxbench_hist_record(hist, 1);
	intxbench_hist_record(hist, 100);
	assert_int_equal(histogram_percentile_ns(hist, 99.9), 1);
	assert_int_equal(histogram_percentile_ns(hist, 99.95), 100);
	assert_int_equal(histogram_percentile_ns(hist, 100), 100);
	free(hist);
}

static void test_above_limit(void **state)
{
	const uint64_t value[] = { 5, INTXBENCH_HIST_LIMIT - 1,
				   INTXBENCH_HIST_LIMIT, UINT64_MAX };
	struct intxbench_hist *hist = record_all(value, 4);

	(void)state;
	assert_int_equal(hist->count, 4);
	assert_int_equal(hist->above, 2);
	assert_int_equal(hist->min_ns, 5);
	assert_true(hist->max_ns == UINT64_MAX);
	assert_int_equal(histogram_percentile_ns(hist, 25), 5);
	assert_true(is_near(histogram_percentile_ns(hist, 50),
			    INTXBENCH_HIST_LIMIT - 1));
	assert_true(histogram_percentile_ns(hist, 75) == UINT64_MAX);
	assert_true(histogram_percentile_ns(hist, 100) == UINT64_MAX);
	free(hist);
}

static void test_empty(void **state)
{
	struct intxbench_hist *hist = calloc(1, sizeof(*hist));

	(void)state;
	assert_non_null(hist);
	assert_int_equal(histogram_percentile_ns(hist, 50), 0);
	assert_true(histogram_mean_ns(hist) == 0);
	free(hist);
}

static void test_mean_exact(void **state)
{
	const uint64_t value[] = { 1000001, 1000002, 1000006 };
	struct intxbench_hist *hist = record_all(value, 3);

	(void)state;
	assert_true(histogram_mean_ns(hist) == 1000003);
	free(hist);
}

static void test_buckets_round_trip(void **state)
{
	uint64_t lowest, next = 0;

	(void)state;
	for (uint32_t i = 0; i < INTXBENCH_HIST_BUCKETS; i++) {
		lowest = intxbench_hist_lowest(i);
		next = intxbench_hist_lowest(i + 1);
		assert_true(next > lowest);
		assert_int_equal(intxbench_hist_index(lowest), i);
		assert_int_equal(intxbench_hist_index(next - 1), i);
		assert_true(next - lowest == 1 ||
			    (next - lowest) * 64 <= lowest);
	}
	assert_true(next == INTXBENCH_HIST_LIMIT);
}

static void assert_same(const struct intxbench_hist *a,
			const struct intxbench_hist *b)
{
	assert_memory_equal(a, b, sizeof(*a));
}

static void test_merge(void **state)
{
	uint64_t *value = calloc(VALUES, sizeof(*value)), seed = 2;
	struct intxbench_hist *all, *part, *merged;
	size_t third = VALUES / 3;

	(void)state;
	assert_non_null(value);
	for (size_t i = 0; i < VALUES; i++)
		value[i] = draws[i % DRAWS](&seed);
	value[VALUES - 1] = INTXBENCH_HIST_LIMIT + 7;
	all = record_all(value, VALUES);
	merged = calloc(1, sizeof(*merged));
	assert_non_null(merged);

	histogram_merge(merged, merged); /* nothing and nothing */
	for (size_t i = 0; i < VALUES; i += third) {
		part = record_all(value + i,
				  VALUES - i < third ? VALUES - i : third);
		histogram_merge(merged, part);
		free(part);
	}
	assert_same(merged, all);

	part = calloc(1, sizeof(*part));
	assert_non_null(part);
	histogram_merge(merged, part);
	assert_same(merged, all);
	free(part);
	free(merged);
	free(all);
	free(value);
}

/* An empty histogram's minimum, which is undefined, must not win. */
static void test_merge_into_empty(void **state)
{
	const uint64_t value[] = { 700, 800 };
	struct intxbench_hist *from = record_all(value, 2);
	struct intxbench_hist *into = calloc(1, sizeof(*into));

	(void)state;
	assert_non_null(into);
	histogram_merge(into, from);
	assert_same(into, from);
	free(into);
	free(from);
}

struct hgrm {
	size_t rows;
	double max, total, mean;
	double last_value, last_percentile, last_count;
};

/* Fails where a column falls back, or a row says what its others do not. */
static void parse_row(const char *line, const struct intxbench_hist *hist,
		      struct hgrm *hgrm)
{
	double value, percentile, count, inverse;
	int fields = sscanf(line, "%lf %lf %lf %lf", &value, &percentile,
			    &count, &inverse);

	assert_in_range(fields, 3, 4);
	if (hgrm->rows++) {
		assert_true(value >= hgrm->last_value);
		assert_true(percentile >= hgrm->last_percentile);
		assert_true(count >= hgrm->last_count);
	}
	assert_true(count >= percentile * hist->count - 1e-6 * count - 1e-6);
	if (fields == 4 && percentile < 0.999)
		assert_true(fabs(inverse - 1 / (1 - percentile)) < 0.01);
	if (fields == 3)
		assert_true(percentile == 1);
	hgrm->last_value = value;
	hgrm->last_percentile = percentile;
	hgrm->last_count = count;
}

static void parse_hgrm(char *text, const struct intxbench_hist *hist,
		       struct hgrm *hgrm)
{
	char *line, *rest = text;
	double deviation;

	memset(hgrm, 0, sizeof(*hgrm));
	line = strsep(&rest, "\n");
	assert_string_equal(line, "       Value     Percentile TotalCount "
				  "1/(1-Percentile)");
	line = strsep(&rest, "\n");
	assert_string_equal(line, "");
	while (*rest && *rest != '#')
		parse_row(strsep(&rest, "\n"), hist, hgrm);
	assert_int_equal(sscanf(rest,
				"#[Mean = %lf, StdDeviation = %lf]\n"
				"#[Max = %lf, Total count = %lf]",
				&hgrm->mean, &deviation, &hgrm->max,
				&hgrm->total),
			 4);
	assert_true(deviation >= 0);
}

static void write_and_parse(const struct intxbench_hist *hist,
			    struct hgrm *hgrm)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	assert_non_null(out);
	assert_int_equal(histogram_write_hgrm(hist, out), 0);
	fclose(out);
	parse_hgrm(text, hist, hgrm);
	free(text);
}

static void test_hgrm(void **state)
{
	uint64_t *value = calloc(VALUES, sizeof(*value)), seed = 3;
	struct intxbench_hist *hist;
	struct hgrm hgrm;

	(void)state;
	assert_non_null(value);
	for (size_t d = 0; d < DRAWS; d++) {
		for (size_t i = 0; i < VALUES; i++)
			value[i] = draws[d](&seed);
		value[0] = d % 2 ? INTXBENCH_HIST_LIMIT : value[0];
		hist = record_all(value, VALUES);
		write_and_parse(hist, &hgrm);
		assert_true(hgrm.total == VALUES);
		assert_true(hgrm.last_count == VALUES);
		assert_true(hgrm.last_percentile == 1);
		assert_true(hgrm.last_value == hist->max_ns);
		assert_true(hgrm.max == hist->max_ns);
		assert_true(fabs(hgrm.mean - histogram_mean_ns(hist)) < 0.001);
		assert_true(hgrm.rows > 20);
		free(hist);
	}
	free(value);
}

/* Rows and values as HdrHistogram's Java prints them for 1..100. */
static void test_hgrm_layout(void **state)
{
	struct intxbench_hist *hist = calloc(1, sizeof(*hist));
	static const char *const rows[] = {
		"\n       1.000 0.000000000000          1           1.00\n",
		"\n      10.000 0.100000000000         10           1.11\n",
		"\n      55.000 0.550000000000         55           2.22\n",
		"\n     100.000 0.990625000000        100         106.67\n",
		"\n     100.000 1.000000000000        100\n"
		"#[Mean    =       50.500, StdDeviation   =       28.866]\n"
		"#[Max     =      100.000, Total count    =          100]\n",
	};
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	(void)state;
	assert_non_null(hist);
	assert_non_null(out);
	for (int i = 1; i <= 100; i++)
		intxbench_hist_record(hist, i);
	assert_int_equal(histogram_write_hgrm(hist, out), 0);
	fclose(out);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strstr(text, rows[i]))
			fail_msg("no row %s in\n%s", rows[i], text);
	free(text);
	free(hist);
}

static void test_hgrm_empty(void **state)
{
	struct intxbench_hist *hist = calloc(1, sizeof(*hist));
	struct hgrm hgrm;

	(void)state;
	assert_non_null(hist);
	hist->min_ns = 17; /* undefined while count is 0 */
	hist->max_ns = 17;
	write_and_parse(hist, &hgrm);
	assert_int_equal(hgrm.rows, 1);
	assert_true(hgrm.total == 0 && hgrm.max == 0);
	free(hist);
}

static void test_hgrm_no_space(void **state)
{
	struct intxbench_hist *hist = calloc(1, sizeof(*hist));
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(hist);
	assert_non_null(out);
	assert_int_equal(histogram_write_hgrm(hist, out), -EIO);
	fclose(out);
	free(hist);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_percentiles_random),
		cmocka_unit_test(test_percentiles_edges),
		cmocka_unit_test(test_control_next_bucket),
		cmocka_unit_test(test_percentile_rank_exact),
		cmocka_unit_test(test_above_limit),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_mean_exact),
		cmocka_unit_test(test_buckets_round_trip),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_merge_into_empty),
		cmocka_unit_test(test_hgrm),
		cmocka_unit_test(test_hgrm_layout),
		cmocka_unit_test(test_hgrm_empty),
		cmocka_unit_test(test_hgrm_no_space),
	};

	return cmocka_run_group_tests_name("histogram", tests, NULL, NULL);
}
