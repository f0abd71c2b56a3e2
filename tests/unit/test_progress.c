// SPDX-License-Identifier: GPL-2.0-or-later
#include "clock.h"
#include "progress.h"
#include "unit.h"

static struct job_points section = { .name = "shared" };
static struct plan_point point = { .section = &section, .rate_hz = 100 };
static const struct job job = { .blocks = 2, .duration_ms = 1000 };
static const struct plan plan = { .point = &point, .points = 3, .steps = 6 };

static void test_length(void **state)
{
	char text[PROGRESS_LENGTH_MAX];

	(void)state;
	assert_string_equal(progress_length(0, text), "0 s");
	assert_string_equal(progress_length(59 * NSEC_PER_SEC, text), "59 s");
	assert_string_equal(progress_length(65 * NSEC_PER_SEC, text),
			    "1:05 min");
	assert_string_equal(progress_length(7205 * NSEC_PER_SEC, text),
			    "2:00:05 h");
	assert_string_equal(progress_length(UINT64_C(59600) * NSEC_PER_MSEC,
					    text),
			    "1:00 min");
}

static void test_left(void **state)
{
	struct progress progress = {
		.steps = 10,
		.begin_ns = 1000,
		.guess_ns = 50,
	};

	(void)state;
	assert_int_equal(progress_left_ns(&progress, 5000), 500);
	progress.done = 4;
	assert_int_equal(progress_left_ns(&progress, 5000), 6000);
	progress.done = 10;
	assert_int_equal(progress_left_ns(&progress, 5000), 0);
}

#define NO_STEP SIZE_MAX

/*
 * Runs `steps` steps into a file that is no terminal; returns what it says. The
 * one with the number slow takes a minute.
 */
static char *say(size_t steps, bool quiet, size_t slow)
{
	char *text = NULL;
	size_t bytes;
	FILE *file = tmpfile(), *memory = open_memstream(&text, &bytes);
	struct progress progress;
	int c;

	assert_non_null(file);
	progress_begin(&progress, file, quiet, &job, &plan);
	for (size_t i = 0; i < steps; i++) {
		const struct plan_step step = { .block = i / 3 };

		progress_start_step(&progress, &step, &point);
		if (i == slow)
			progress.said_ns -= 60 * NSEC_PER_SEC;
		progress_end_step(&progress, i == 1);
	}
	progress_note(&progress, "a note");
	progress_end(&progress);
	rewind(file);
	while ((c = getc(file)) != EOF)
		putc(c, memory);
	fclose(memory);
	fclose(file);
	return text;
}

static size_t lines(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

static void test_pipe(void **state)
{
	char *text = say(6, false, NO_STEP);

	(void)state;
	assert_int_equal(lines(text), 3);
	assert_non_null(strstr(text, "intxbench: block 1 of 2: 3 of 6 points, "
				     "1 failed; "));
	assert_non_null(strstr(text, "intxbench: block 2 of 2: 6 of 6"));
	assert_non_null(strstr(text, "intxbench: a note\n"));
	assert_null(strchr(text, '\033'));
	free(text);
}

static void test_cut_short(void **state)
{
	char *text = say(4, false, NO_STEP);

	(void)state;
	assert_int_equal(lines(text), 3);
	assert_non_null(strstr(text, "block 2 of 2: 4 of 6 points"));
	free(text);
}

static void test_long_block(void **state)
{
	char *text = say(2, false, 0);

	(void)state;
	assert_int_equal(lines(text), 3);
	assert_non_null(strstr(text, "block 1 of 2: 1 of 6 points, 0 failed"));
	assert_non_null(strstr(text, "block 1 of 2: 2 of 6 points, 1 failed"));
	free(text);
}

/* The last step of all has been told of. */
static void test_long_end(void **state)
{
	char *text = say(2, false, 1);

	(void)state;
	assert_int_equal(lines(text), 2);
	free(text);
}

static void test_quiet(void **state)
{
	char *text = say(4, true, 0);

	(void)state;
	assert_string_equal(text, "intxbench: a note\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_long_block),
		cmocka_unit_test(test_long_end),
		cmocka_unit_test(test_quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
