// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "host_undo.h"
#include "journal.h"

#define HEADER "intxbench-journal 1\n"
/* A list of CPUs may be long (SYSFS_TEXT_MAX). */
#define LINE_MAX_BYTES 8192

static const struct {
	const char *name;
	int (*undo)(const char *subject, const char *value);
} kinds[] = {
	[JOURNAL_COMMAND] = { "command", host_undo_command },
	[JOURNAL_ENABLE] = { "enable", host_undo_enable },
	[JOURNAL_DRIVER] = { "driver", host_undo_driver },
	[JOURNAL_DRIVER_OVERRIDE] = { "driver-override",
				      host_undo_driver_override },
	[JOURNAL_MODULE] = { "module", host_undo_module },
	[JOURNAL_MODULE_OPTIONS] = { "module-options",
				     host_undo_module_options },
	[JOURNAL_PARAMETER] = { "parameter", host_undo_parameter },
	[JOURNAL_IRQ_AFFINITY] = { "irq-affinity", host_undo_irq_affinity },
	[JOURNAL_THREAD_AFFINITY] = { "thread-affinity",
				      host_undo_thread_affinity },
	[JOURNAL_CPU] = { "cpu", host_undo_cpu },
	[JOURNAL_TRACE] = { "trace", host_undo_trace },
	[JOURNAL_CGROUP] = { "cgroup", host_undo_cgroup },
	[JOURNAL_CGROUP_CONTROL] = { "cgroup-control",
				     host_undo_cgroup_control },
	[JOURNAL_SCRATCH] = { "scratch", host_undo_scratch },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

struct entry {
	enum journal_kind kind;
	unsigned long number; /* as the file counts them */
	char *subject;
	char *value;
};

static struct {
	char *directory;
	int directory_fd;
	int lock_fd;
	int fd; /* -1: there is no file */
	unsigned long last; /* number of the newest entry in the file */
	struct entry *entry; /* not undone, oldest first */
	size_t count;
} journal = { .directory_fd = -1, .lock_fd = -1, .fd = -1 };

static int journal_error(int err, const char *what)
{
	return error_set(EXIT_MACHINE, -err,
			 "cannot %s the journal %s/journal: %s", what,
			 journal.directory, strerror(-err));
}

static void free_entry(struct entry *entry)
{
	free(entry->subject);
	free(entry->value);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int remember(enum journal_kind kind, const char *subject,
		    const char *value, unsigned long number)
{
	struct entry *entry;

	entry = realloc(journal.entry, (journal.count + 1) * sizeof(*entry));
	if (!entry)
		return -ENOMEM;
	journal.entry = entry;
	entry += journal.count;
	entry->kind = kind;
	entry->number = number;
	entry->subject = strdup(subject);
	entry->value = strdup(value);
	if (!entry->subject || !entry->value) {
		free_entry(entry);
		return -ENOMEM;
	}
	journal.count++;
	return 0;
}

static void forget(size_t index)
{
	free_entry(&journal.entry[index]);
	journal.count--;
	memmove(&journal.entry[index], &journal.entry[index + 1],
		(journal.count - index) * sizeof(*journal.entry));
}

static struct entry *find_number(unsigned long number)
{
	for (size_t i = 0; i < journal.count; i++) {
		if (journal.entry[i].number == number)
			return &journal.entry[i];
	}
	return NULL;
}

/* Whole and on the disk, or not there at all. */
static int append(const char *line)
{
	size_t length = strlen(line);
	off_t end = lseek(journal.fd, 0, SEEK_END);
	ssize_t written;
	int err;

	if (end < 0)
		return -errno;
	written = write(journal.fd, line, length);
	err = written < 0 ? -errno : 0;
	if (!err && (size_t)written != length)
		err = -ENOSPC;
	if (!err && fsync(journal.fd))
		err = -errno;
	if (err && ftruncate(journal.fd, end))
		return -errno;
	return err;
}

static int create_file(void)
{
	int err;

	journal.fd = openat(journal.directory_fd, "journal",
			    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (journal.fd < 0)
		return -errno;
	journal.last = 0;
	err = append(HEADER);
	if (!err && fsync(journal.directory_fd))
		err = -errno;
	if (err) {
		close_fd(&journal.fd);
		unlinkat(journal.directory_fd, "journal", 0);
	}
	return err;
}

static int remove_file(void)
{
	if (journal.fd < 0)
		return 0;
	close_fd(&journal.fd);
	if (unlinkat(journal.directory_fd, "journal", 0) ||
	    fsync(journal.directory_fd))
		return -errno;
	return 0;
}

static int kind_by_name(const char *name)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (!strcmp(kinds[i].name, name))
			return i;
	}
	return -1;
}

static int parse_added(char *text)
{
	char *subject = strchr(text, ' '), *value;
	int kind;

	value = subject ? strchr(subject + 1, ' ') : NULL;
	if (!value)
		return -EINVAL;
	*subject++ = '\0';
	*value++ = '\0';
	kind = kind_by_name(text);
	if (kind < 0)
		return -EINVAL;
	return remember(kind, subject, value, ++journal.last);
}

static int parse_undone(const char *text)
{
	struct entry *entry;
	unsigned long number;
	char *end;

	number = strtoul(text, &end, 10);
	entry = find_number(number);
	if (end == text || *end || !entry)
		return -EINVAL;
	forget(entry - journal.entry);
	return 0;
}

static int parse_line(char *line)
{
	if (!strncmp(line, "+ ", 2))
		return parse_added(line + 2);
	if (!strncmp(line, "- ", 2))
		return parse_undone(line + 2);
	return -EINVAL;
}

static int parse(char *text)
{
	unsigned int number = 1;
	char *line, *end;
	int err;

	if (strncmp(text, HEADER, strlen(HEADER)))
		return error_set(
			EXIT_MACHINE, EINVAL,
			"%s/journal was written by another version of intxbench: let that one undo it (intxbench restore), or put things back by hand and remove it",
			journal.directory);
	for (line = text + strlen(HEADER); *line; line = end + 1) {
		end = strchr(line, '\n');
		*end = '\0';
		number++;
		err = parse_line(line);
		if (err == -EINVAL)
			return error_set(
				EXIT_MACHINE, EINVAL,
				"%s/journal:%u: '%s' is not understood; put things back by hand and remove the file",
				journal.directory, number, line);
		if (err)
			return journal_error(err, "read");
	}
	return 0;
}

/* Drops an unfinished last line, from the file too: more may be appended. */
static int read_whole(char **text)
{
	struct stat status;
	ssize_t length;

	*text = NULL;
	if (fstat(journal.fd, &status))
		return -errno;
	*text = malloc(status.st_size + 1);
	if (!*text)
		return -ENOMEM;
	length = pread(journal.fd, *text, status.st_size, 0);
	if (length < 0)
		return -errno;
	while (length && (*text)[length - 1] != '\n')
		length--;
	(*text)[length] = '\0';
	if (memchr(*text, '\0', length))
		return -EBADMSG;
	return ftruncate(journal.fd, length) ? -errno : 0;
}

static int load(void)
{
	char *text;
	int err;

	journal.last = 0;
	journal.fd =
		openat(journal.directory_fd, "journal", O_RDWR | O_CLOEXEC);
	if (journal.fd < 0)
		return errno == ENOENT ? 0 : journal_error(-errno, "open");
	err = read_whole(&text);
	if (err)
		err = journal_error(err, "read");
	else if (*text)
		err = parse(text);
	free(text);
	return err;
}

static int refuse_second_run(void)
{
	char text[32] = "";
	ssize_t length = pread(journal.lock_fd, text, sizeof(text) - 1, 0);
	long pid = length > 0 ? strtol(text, NULL, 10) : 0;

	if (pid > 0)
		return error_set(
			EXIT_MACHINE, EBUSY,
			"another intxbench (pid %ld) is using this machine; wait for it or end it",
			pid);
	return error_set(
		EXIT_MACHINE, EBUSY,
		"another intxbench is using this machine; wait for it or end it");
}

static int take_lock(void)
{
	char text[32];
	ssize_t length, written;

	journal.lock_fd = openat(journal.directory_fd, "lock",
				 O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (journal.lock_fd < 0)
		return journal_error(-errno, "lock");
	if (flock(journal.lock_fd, LOCK_EX | LOCK_NB))
		return errno == EWOULDBLOCK ? refuse_second_run() :
					      journal_error(-errno, "lock");
	length = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	if (ftruncate(journal.lock_fd, 0))
		return journal_error(-errno, "lock");
	written = pwrite(journal.lock_fd, text, length, 0);
	if (written != length)
		return journal_error(written < 0 ? -errno : -ENOSPC, "lock");
	return 0;
}

static int open_directory(const char *directory)
{
	journal.directory = strdup(directory);
	if (!journal.directory)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	if (mkdir(directory, 0700) && errno != EEXIST)
		return error_set(EXIT_MACHINE, errno, "cannot make %s: %s%s",
				 directory, strerror(errno),
				 errno == EACCES ? "; run as root" : "");
	journal.directory_fd =
		open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (journal.directory_fd < 0)
		return error_set(EXIT_MACHINE, errno, "cannot open %s: %s%s",
				 directory, strerror(errno),
				 errno == EACCES ? "; run as root" : "");
	return 0;
}

int journal_open_at(const char *directory, size_t *recovered)
{
	int err;

	*recovered = 0;
	if (journal.directory)
		return error_set(EXIT_MACHINE, EALREADY,
				 "the journal is open already");
	err = open_directory(directory);
	if (!err)
		err = take_lock();
	if (!err)
		err = load();
	if (!err) {
		*recovered = journal.count;
		err = journal_undo();
		*recovered -= journal.count;
	}
	if (err)
		journal_close();
	return err;
}

int journal_open(size_t *recovered)
{
	return journal_open_at(JOURNAL_DIR, recovered);
}

bool journal_has(enum journal_kind kind, const char *subject)
{
	for (size_t i = 0; i < journal.count; i++) {
		if (journal.entry[i].kind == kind &&
		    !strcmp(journal.entry[i].subject, subject))
			return true;
	}
	return false;
}

int journal_add(enum journal_kind kind, const char *subject, const char *value)
{
	char line[LINE_MAX_BYTES];
	int length, err = 0;

	if (!journal.directory)
		return error_set(EXIT_MACHINE, EBADF,
				 "the journal is not open");
	if (journal_has(kind, subject))
		return 0;
	length = snprintf(line, sizeof(line), "+ %s %s %s\n", kinds[kind].name,
			  subject, value);
	if (length >= (int)sizeof(line) || !*subject ||
	    strpbrk(subject, " \n") || strchr(value, '\n'))
		return journal_error(-EINVAL, "write");
	if (journal.fd < 0)
		err = create_file();
	if (!err)
		err = append(line);
	if (err)
		return journal_error(err, "write");
	err = remember(kind, subject, value, ++journal.last);
	/* It stays in the file: nothing has changed, so undoing is harmless. */
	return err ? journal_error(err, "keep") : 0;
}

static int undo_entry(size_t index)
{
	const struct entry *entry = &journal.entry[index];
	char line[32];
	int err;

	err = kinds[entry->kind].undo(entry->subject, entry->value);
	if (err)
		return err;
	snprintf(line, sizeof(line), "- %lu\n", entry->number);
	forget(index);
	err = append(line);
	return err ? journal_error(err, "write") : 0;
}

int journal_undo(void)
{
	int err, first = 0;

	for (size_t i = journal.count; i-- > 0;) {
		err = undo_entry(i);
		if (err && !first)
			first = err;
	}
	if (!journal.count) {
		err = remove_file();
		if (err && !first)
			first = journal_error(err, "remove");
	}
	return first;
}

void journal_close(void)
{
	while (journal.count)
		forget(journal.count - 1);
	free(journal.entry);
	journal.entry = NULL;
	close_fd(&journal.fd);
	close_fd(&journal.lock_fd);
	close_fd(&journal.directory_fd);
	free(journal.directory);
	journal.directory = NULL;
}
