// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "job_text.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* Unicode 15, table 3-6: what a sequence starts with, what it must reach. */
struct utf8_form {
	uint8_t mask, lead;
	uint32_t least;
};

static const struct utf8_form utf8_forms[] = {
	{ 0x80, 0x00, 0 },
	{ 0xe0, 0xc0, 0x80 },
	{ 0xf0, 0xe0, 0x800 },
	{ 0xf8, 0xf0, 0x10000 },
};

static bool is_character(uint32_t code, uint32_t least)
{
	return code >= least && code <= 0x10ffff &&
	       (code < 0xd800 || code > 0xdfff);
}

/* Bytes of the sequence at s, which is NUL-terminated; 0: not UTF-8. */
static size_t utf8_bytes(const uint8_t *s)
{
	size_t extra = 0;
	uint32_t code;

	while ((s[0] & utf8_forms[extra].mask) != utf8_forms[extra].lead)
		if (++extra == sizeof(utf8_forms) / sizeof(utf8_forms[0]))
			return 0;
	code = s[0] & (uint8_t)~utf8_forms[extra].mask;
	for (size_t i = 1; i <= extra; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	return is_character(code, utf8_forms[extra].least) ? extra + 1 : 0;
}

static bool is_control(const uint8_t *s)
{
	if (s[0] == '\r')
		return s[1] != '\n';
	return s[0] == 0x7f || (s[0] < ' ' && s[0] != '\t' && s[0] != '\n');
}

const char *job_text_flaw(const char *text, int *line)
{
	const uint8_t *s = (const uint8_t *)text;
	size_t bytes;

	*line = 1;
	if (!strncmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)))
		return "a byte order mark";
	for (; *s; s += bytes) {
		bytes = utf8_bytes(s);
		if (!bytes)
			return "a byte that is not UTF-8";
		if (is_control(s))
			return "a control character";
		if (*s == '\n')
			++*line;
	}
	return NULL;
}

static int check_text(const char *path, const char *text, size_t bytes)
{
	const char *flaw;
	int line;

	flaw = job_text_flaw(text, &line);
	if (!flaw && strlen(text) < bytes)
		flaw = "a NUL byte";
	if (flaw)
		return error_set(EXIT_REQUEST, EINVAL,
				 "%s:%d: %s: a job file is plain text", path,
				 line, flaw);
	return 0;
}

static int open_regular(const char *path)
{
	struct stat status;
	int fd;

	/* Not blocking: a FIFO must be refused, not waited for. */
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return error_set(EXIT_REQUEST, errno,
				 "cannot open the job file %s: %s", path,
				 strerror(errno));
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		return fd;
	close(fd);
	return error_set(EXIT_REQUEST, EINVAL,
			 "the job file %s is not a regular file", path);
}

/* Up to limit bytes; returns how many, or -errno. */
static ssize_t read_all(int fd, char *buffer, size_t limit)
{
	size_t done = 0;
	ssize_t got;

	while (done < limit) {
		got = read(fd, buffer + done, limit - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		done += got;
	}
	return done;
}

static int read_text(int fd, const char *path, char *text)
{
	ssize_t bytes = read_all(fd, text, JOB_TEXT_MAX + 1);

	if (bytes < 0)
		return error_set(EXIT_REQUEST, -bytes,
				 "cannot read the job file %s: %s", path,
				 strerror(-bytes));
	if (bytes > JOB_TEXT_MAX)
		return error_set(EXIT_REQUEST, EFBIG,
				 "the job file %s is longer than %d bytes",
				 path, JOB_TEXT_MAX);
	text[bytes] = '\0';
	return check_text(path, text, bytes);
}

int job_text_read(const char *path, char **text)
{
	char buffer[JOB_TEXT_MAX + 1];
	int err, fd;

	*text = NULL;
	fd = open_regular(path);
	if (fd < 0)
		return fd;
	err = read_text(fd, path, buffer);
	close(fd);
	if (err)
		return err;
	*text = strdup(buffer);
	if (!*text)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	return 0;
}
