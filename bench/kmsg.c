// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "error.h"
#include "kmsg.h"

#define DEVICE "/dev/kmsg"

/* KERN_DEBUG: in the log, not on a console that would hold the point up. */
#define QUIETLY "<7>"

/* A record of the kernel's log is at most this long (Documentation/ABI/
 * testing/dev-kmsg; PRINTKRB_RECORD_MAX and the prefix). */
#define RECORD_MAX 8192

#define USEC_PER_SEC 1000000

/* The bits of a record's priority that say how grave it is. */
#define LEVEL_BITS 3

/* Only the kernel itself writes with a facility of 0 (kernel/printk/printk.c,
 * devkmsg_write()). */
bool kmsg_parse(char *record, struct kmsg_line *line)
{
	char *text = strchr(record, ';');
	unsigned int priority;

	if (!text || sscanf(record, "%u,%" SCNu64 ",%" SCNu64 ",", &priority,
			    &line->sequence, &line->log_us) != 3)
		return false;
	line->kernels = !(priority >> LEVEL_BITS);
	line->text = text + 1;
	line->text[strcspn(line->text, "\n")] = '\0';
	return true;
}

static int open_device(void)
{
	int fd = open(DEVICE, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && lseek(fd, 0, SEEK_END) < 0) {
		int errnum = errno;

		close(fd);
		errno = errnum;
		return -1;
	}
	return fd;
}

int kmsg_open(const char *path, struct kmsg *kmsg)
{
	memset(kmsg, 0, sizeof(*kmsg));
	kmsg->fd = open_device();
	if (kmsg->fd < 0)
		return error_set(EXIT_MACHINE, errno,
				 "cannot read the kernel's log " DEVICE ": %s",
				 strerror(errno));
	kmsg->log = fopen(path, "we");
	if (kmsg->log)
		return 0;
	close(kmsg->fd);
	kmsg->fd = -1;
	return error_set(EXIT_MACHINE, errno, "cannot write %s: %s", path,
			 strerror(errno));
}

static void add_fault(struct kmsg_faults *faults,
		      const struct kmsg_fault *fault)
{
	if (faults->count < KMSG_FAULTS_MAX)
		faults->fault[faults->count] = *fault;
	faults->count++;
}

static void look_for_fault(struct kmsg *kmsg, const struct kmsg_line *line)
{
	struct kmsg_fault fault = { .log_us = line->log_us };

	if (line->kernels)
		fault.kind = kmsg_fault_next(&kmsg->report, line->text);
	if (!fault.kind)
		return;
	fault.seen_ns = clock_now_ns();
	snprintf(fault.text, sizeof(fault.text), "%s", line->text);
	add_fault(&kmsg->faults, &fault);
}

void kmsg_keep(struct kmsg *kmsg, char *record)
{
	struct kmsg_line line;

	if (!kmsg_parse(record, &line))
		return;
	if (kmsg->next_sequence && line.sequence > kmsg->next_sequence)
		kmsg->faults.lost += line.sequence - kmsg->next_sequence;
	kmsg->next_sequence = line.sequence + 1;
	fprintf(kmsg->log, "[%5" PRIu64 ".%06" PRIu64 "] %s\n",
		line.log_us / USEC_PER_SEC, line.log_us % USEC_PER_SEC,
		line.text);
	look_for_fault(kmsg, &line);
}

/* The next read goes on with the oldest that is left. */
static void note_overrun(struct kmsg *kmsg)
{
	kmsg->faults.overruns++;
	memset(&kmsg->report, 0, sizeof(kmsg->report));
	fputs("intxbench: the kernel's log was overwritten before it was read; "
	      "lines are missing here\n",
	      kmsg->log);
}

static int check_written(struct kmsg *kmsg)
{
	if (!fflush(kmsg->log) && !ferror(kmsg->log))
		return 0;
	kmsg->broken = true;
	return error_set(EXIT_MACHINE, errno, "cannot write kmsg.log: %s",
			 strerror(errno));
}

int kmsg_pump(struct kmsg *kmsg)
{
	char record[RECORD_MAX + 1];
	bool any = false;

	for (;;) {
		ssize_t bytes = read(kmsg->fd, record, RECORD_MAX);

		if (bytes > 0) {
			record[bytes] = '\0';
			kmsg_keep(kmsg, record);
		} else if (bytes < 0 && errno == EPIPE) {
			note_overrun(kmsg);
		} else if (bytes == 0 || errno != EINTR) {
			break;
		}
		any = true;
	}
	return any ? check_written(kmsg) : 0;
}

/*
 * The kernel drops all but ten lines in five seconds of one opener without
 * telling it (kernel/printk/printk.c, devkmsg_write()), so each opens anew.
 */
void kmsg_mark(const char *format, ...)
{
	char line[256] = QUIETLY "intxbench: ";
	const size_t prefix = strlen(line);
	va_list args;
	int fd;

	va_start(args, format);
	vsnprintf(line + prefix, sizeof(line) - prefix - 1, format, args);
	va_end(args);
	/* Without it nobody can read the line before there is another one. */
	strcat(line, "\n");
	fd = open(DEVICE, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, line, strlen(line)) < 0)
		errno = 0;
	close(fd);
}

void kmsg_take_faults(struct kmsg *kmsg, struct kmsg_faults *faults)
{
	size_t kept = kmsg_faults_kept(&kmsg->faults);

	for (size_t i = 0; i < kept; i++)
		add_fault(faults, &kmsg->faults.fault[i]);
	faults->count += kmsg->faults.count - kept;
	faults->overruns += kmsg->faults.overruns;
	faults->lost += kmsg->faults.lost;
	memset(&kmsg->faults, 0, sizeof(kmsg->faults));
}

static int finish_log(struct kmsg *kmsg)
{
	int failed = fsync(fileno(kmsg->log));

	failed |= fclose(kmsg->log);
	kmsg->broken |= failed;
	if (!failed)
		return 0;
	return error_set(EXIT_MACHINE, errno, "cannot write kmsg.log: %s",
			 strerror(errno));
}

int kmsg_close(struct kmsg *kmsg)
{
	int err, finished;

	if (kmsg->fd < 0)
		return 0;
	err = kmsg_pump(kmsg);
	finished = finish_log(kmsg);
	close(kmsg->fd);
	kmsg->fd = -1;
	return err ? err : finished;
}
