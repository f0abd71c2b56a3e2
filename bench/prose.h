/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text in PROSE_COLUMNS columns. Pure. */
#ifndef BENCH_PROSE_H
#define BENCH_PROSE_H

#include <stdio.h>

#define PROSE_COLUMNS 72

/*
 * text, wrapped at blanks, behind indent columns of which the first line's
 * hold head. Control characters become '?'. A word longer than a line stands
 * alone on its line. Ends with a newline.
 */
void prose_put(FILE *out, int indent, const char *head, const char *text);

/* The same from a format, up to 1023 bytes. */
void prose_printf(FILE *out, int indent, const char *head, const char *format,
		  ...) __attribute__((format(printf, 4, 5)));

#endif
