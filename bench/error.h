/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The runner's convention for errors.
 *
 * Functions return 0 (or a count) on success and -errno on failure, and the
 * function that understands the failure says so with error_set() before it
 * returns: what was being done, to which thing, and what to do about it.
 * main() is the one place that prints it and exits. The first error set wins,
 * so that clean-up on the way out cannot hide the cause.
 */
#ifndef BENCH_ERROR_H
#define BENCH_ERROR_H

enum exit_status {
	EXIT_PASS = 0, /* ran, and every judgement passed */
	EXIT_VIOLATED = 1, /* ran, and something was violated */
	EXIT_REQUEST = 2, /* the request was wrong: usage, job file */
	EXIT_MACHINE = 3, /* the machine cannot or must not */
	EXIT_SKIPPED = 4, /* nothing judged */
	EXIT_INTERRUPTED = 130,
};

/*
 * Remember the message and the exit status the program is to end with.
 * errnum is a positive errno; returns -errnum. No newline, no full stop at the
 * end, no "error:" in front; the reader is told the file, line, function or
 * device by name.
 */
int error_set(enum exit_status status, int errnum, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The message remembered, "" where there is none. */
const char *error_message(void);

/* The status remembered; EXIT_PASS where there is no error. */
enum exit_status error_status(void);

/* Forget it; for tests and for whoever handles the failure itself. */
void error_clear(void);

#endif
