// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "figure_kind.h"
#include "gnuplot.h"

const char *const figure_arrays[] = { "panel", "curve", "arm",     "letter",
				      "upper", "tail",  "measure", "bars",
				      "bar",   NULL };

void figure_page_panel(struct figure_page *page, const char *format, ...)
{
	char title[128];
	va_list args;

	va_start(args, format);
	vsnprintf(title, sizeof(title), format, args);
	va_end(args);
	page->panels++;
	figure_page_text(page, "panel", page->panels, title);
}

/* Two empty lines end a data set; the comment is for people. */
void figure_page_set(struct figure_page *page, const char *format, ...)
{
	char line[256], *c;
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	for (c = line; *c; c++)
		if (iscntrl((unsigned char)*c))
			*c = '?';
	fprintf(page->data, "\n\n# data set %zu: %s\n", page->sets++, line);
}

void figure_page_end_set(struct figure_page *page, size_t rows)
{
	if (!rows)
		fputs("? ? ? ? ?\n", page->data);
}

void figure_page_text(struct figure_page *page, const char *name, size_t index,
		      const char *text)
{
	fprintf(page->variables, "%s[%zu] = ", name, index);
	gnuplot_quote(text, page->variables);
	fputs("; ", page->variables);
}

void figure_page_value(struct figure_page *page, double value_ns)
{
	fprintf(page->data, " %.0f", value_ns);
	if (value_ns < 1) /* no place on a logarithmic axis */
		return;
	if (!page->low_ns || value_ns < page->low_ns)
		page->low_ns = value_ns;
	if (value_ns > page->high_ns)
		page->high_ns = value_ns;
}

void figure_page_say(struct figure_page *page, const char *name,
		     const char *text)
{
	fprintf(page->variables, "%s = ", name);
	gnuplot_quote(text, page->variables);
	fputs("; ", page->variables);
}

static bool letter_is_free(const char *taken, int c)
{
	return islower(c) && !strchr(taken, c);
}

/*
 * The letter that stands for a curve in text: the first of one of its words
 * if that is free, else any of its own, else any. '?' where all are taken.
 */
static char letter_of(const char *label, const char *taken)
{
	const char *c;

	for (c = label; *c; c++)
		if ((c == label || !isalnum((unsigned char)c[-1])) &&
		    letter_is_free(taken, *c))
			return *c;
	for (c = label; *c; c++)
		if (letter_is_free(taken, *c))
			return *c;
	for (c = "abcdefghijklmnopqrstuvwxyz"; *c; c++)
		if (letter_is_free(taken, *c))
			return *c;
	return '?';
}

static void name_one(struct figure_page *page, size_t index, const char *label,
		     const char *arm, char taken[27])
{
	char letter[2] = { letter_of(label, taken) };
	char upper[2] = { toupper(letter[0]) };

	if (strlen(taken) < 26)
		strcat(taken, letter);
	figure_page_text(page, "curve", index, label);
	figure_page_text(page, "arm", index, arm);
	figure_page_text(page, "letter", index, letter);
	figure_page_text(page, "upper", index, upper);
}

void figure_page_functions(struct figure_page *page,
			   const struct scenario *scenario)
{
	char taken[27] = "";

	for (size_t i = 0; i < scenario->functions; i++)
		name_one(page, i + 1, scenario->function[i]->name, "", taken);
	fprintf(page->variables, "curves = %zu; ", scenario->functions);
}

void figure_page_curves(struct figure_page *page,
			const struct scenario *scenario)
{
	char taken[27] = "";

	for (size_t i = 0; i < scenario->curves; i++)
		name_one(page, i + 1, scenario->curve[i].label,
			 scenario->curve[i].arm, taken);
	fprintf(page->variables, "curves = %zu; ", scenario->curves);
}
