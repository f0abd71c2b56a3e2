// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One line of /proc/interrupts:
 *   " 20:   0   0   4   0   IO-APIC  20-fasteoi   uio_pci_generic, eth0"
 * a count for each CPU that the heading names, the chip, the chip's number
 * with the name of the flow handler, and after two blanks or more the handlers
 * (kernel/irq/proc.c, show_interrupts()).
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "sysfs.h"

static const char *skip_blank(const char *text)
{
	return text + strspn(text, " \t");
}

static const char *skip_word(const char *text)
{
	return text + strcspn(text, " \t\n");
}

static size_t count_words(const char *line)
{
	size_t words = 0;

	for (line = skip_blank(line); *line && *line != '\n';
	     line = skip_blank(skip_word(line)))
		words++;
	return words;
}

/* Just behind the counts of a line; NULL: it is not in the table. */
static const char *find_line(const char *table, int irq)
{
	size_t cpus = count_words(table);
	const char *line = strchr(table, '\n');
	char *end;

	for (; line; line = strchr(line, '\n')) {
		line = skip_blank(line + 1);
		if (!isdigit((unsigned char)*line) ||
		    strtol(line, &end, 10) != irq || *end != ':')
			continue;
		line = skip_blank(end + 1);
		for (size_t i = 0; i < cpus; i++)
			line = skip_blank(skip_word(line));
		return line;
	}
	return NULL;
}

/* Cut after a whole character at the most; never overflows. */
static void copy(char *buffer, size_t bytes, const char *text, size_t length)
{
	snprintf(buffer, bytes, "%.*s", (int)length, text);
}

static const char *load_line(int irq, char **table)
{
	const char *line;

	*table = sysfs_load("/proc/interrupts");
	if (!*table)
		return NULL;
	line = find_line(*table, irq);
	errno = line ? 0 : ENOENT;
	return line;
}

/* The first field of more than one word: "20-fasteoi" or "25 Level". */
static const char *skip_number(const char *number)
{
	const char *end = skip_word(number);
	const char *next = skip_blank(end);

	if (!strncmp(next, "Level", 5) || !strncmp(next, "Edge", 4))
		end = skip_word(next);
	return end;
}

int host_line_text(int irq, char *buffer, size_t bytes)
{
	const char *line;
	char *table;
	int err = 0;

	buffer[0] = '\0';
	line = load_line(irq, &table);
	if (line) {
		line = skip_blank(skip_number(skip_blank(skip_word(line))));
		copy(buffer, bytes, line, strcspn(line, "\n"));
	} else if (errno != ENOENT || !table) {
		err = -errno;
	}
	free(table);
	return err;
}

static int chip_without_handler(int irq, char *buffer, size_t bytes)
{
	char chip[64], number[32];

	if (sysfs_read(chip, sizeof(chip), "/sys/kernel/irq/%d/chip_name",
		       irq) < 0 ||
	    sysfs_read(number, sizeof(number), "/sys/kernel/irq/%d/hwirq",
		       irq) < 0)
		return -ENOENT;
	snprintf(buffer, bytes, "%s %s", chip, number);
	return 0;
}

int host_line_chip(int irq, char *buffer, size_t bytes)
{
	const char *chip, *number;
	char *table;
	int err = 0;

	buffer[0] = '\0';
	chip = load_line(irq, &table);
	if (chip) {
		number = skip_blank(skip_word(chip));
		snprintf(buffer, bytes, "%.*s %.*s",
			 (int)(skip_word(chip) - chip), chip,
			 (int)(skip_number(number) - number), number);
	} else {
		err = chip_without_handler(irq, buffer, bytes);
	}
	free(table);
	return err;
}

void host_line_type(int irq, char *buffer, size_t bytes)
{
	sysfs_read(buffer, bytes, "/sys/kernel/irq/%d/type", irq);
}
