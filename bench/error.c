// SPDX-License-Identifier: GPL-2.0-or-later
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

#include "error.h"

/* Set from the guest's thread as well as from main's. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static enum exit_status first_status = EXIT_PASS;
static char first_message[8192]; /* a path of PATH_MAX and what is wrong */

int error_set(enum exit_status status, int errnum, const char *format, ...)
{
	va_list args;

	pthread_mutex_lock(&lock);
	if (first_status == EXIT_PASS) {
		first_status = status;
		va_start(args, format);
		vsnprintf(first_message, sizeof(first_message), format, args);
		va_end(args);
	}
	pthread_mutex_unlock(&lock);
	return -errnum;
}

const char *error_message(void)
{
	return first_message;
}

enum exit_status error_status(void)
{
	return first_status;
}

void error_clear(void)
{
	pthread_mutex_lock(&lock);
	first_status = EXIT_PASS;
	first_message[0] = '\0';
	pthread_mutex_unlock(&lock);
}
