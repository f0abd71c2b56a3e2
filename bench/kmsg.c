// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "kmsg.h"

#define DEVICE "/dev/kmsg"

/* KERN_DEBUG: in the log, not on a console that would hold the point up. */
#define QUIETLY "<7>"

/* A record of the kernel's log is at most this long (Documentation/ABI/
 * testing/dev-kmsg; PRINTKRB_RECORD_MAX and the prefix). */
#define RECORD_MAX 8192

static const char *const faults[] = {
	"nobody cared", /* kernel/irq/spurious.c, __report_bad_irq() */
	"Disabling IRQ #",
	"BUG: ",
	"WARNING: ",
	"Oops: ",
	"general protection fault",
	"INFO: rcu",
	"INFO: task ",
	"self-detected stall",
	"Unbalanced enable for IRQ",
	"UBSAN: ",
};

bool kmsg_is_fault(const char *text)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (strstr(text, faults[i]))
			return true;
	return false;
}

char *kmsg_parse(char *record, double *seconds)
{
	char *text = strchr(record, ';');
	uint64_t us;

	if (!text || sscanf(record, "%*u,%*u,%" SCNu64 ",", &us) != 1)
		return NULL;
	*seconds = us / 1e6;
	text++;
	text[strcspn(text, "\n")] = '\0';
	return text;
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

/* A fault of our own making is a marker's text, which starts like this. */
static void keep(struct kmsg *kmsg, char *record)
{
	double seconds;
	char *text = kmsg_parse(record, &seconds);

	if (!text)
		return;
	fprintf(kmsg->log, "[%12.6f] %s\n", seconds, text);
	if (!kmsg_is_fault(text))
		return;
	if (!kmsg->fault[0])
		snprintf(kmsg->fault, sizeof(kmsg->fault), "%s", text);
	kmsg->faults++;
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
			keep(kmsg, record);
		} else if (bytes < 0 && errno == EPIPE) {
			/* The next read goes on with the oldest that is left. */
			kmsg->overruns++;
			fputs("intxbench: the kernel's log was overwritten "
			      "before it was read; lines are missing here\n",
			      kmsg->log);
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
	vsnprintf(line + prefix, sizeof(line) - prefix, format, args);
	va_end(args);
	fd = open(DEVICE, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, line, strlen(line)) < 0)
		errno = 0;
	close(fd);
}

void kmsg_take_fault(struct kmsg *kmsg, char *fault, size_t bytes)
{
	snprintf(fault, bytes, "%s", kmsg->fault);
	kmsg->fault[0] = '\0';
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
