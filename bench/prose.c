// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "prose.h"

#define PROSE_BLANKS " \t\r\n"

static void put_word(FILE *out, const char *word, int length)
{
	int i;

	for (i = 0; i < length; i++)
		putc(iscntrl((unsigned char)word[i]) ? '?' : word[i], out);
}

/* Columns of a word in UTF-8: its bytes without the continuations. */
static int columns_of(const char *word, int length)
{
	int i, columns = 0;

	for (i = 0; i < length; i++)
		columns += (word[i] & 0xc0) != 0x80;
	return columns;
}

void prose_put(FILE *out, int indent, const char *head, const char *text)
{
	int column = fprintf(out, "%-*s", indent, head);
	bool first = true;

	for (text += strspn(text, PROSE_BLANKS); *text;
	     text += strspn(text, PROSE_BLANKS)) {
		int length = strcspn(text, PROSE_BLANKS);
		int columns = columns_of(text, length);

		if (!first && column + 1 + columns > PROSE_COLUMNS) {
			column = fprintf(out, "\n%*s", indent, "") - 1;
			first = true;
		}
		if (!first)
			column += fprintf(out, " ");
		put_word(out, text, length);
		column += columns;
		first = false;
		text += length;
	}
	putc('\n', out);
}

void prose_printf(FILE *out, int indent, const char *head, const char *format,
		  ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	prose_put(out, indent, head, text);
}
