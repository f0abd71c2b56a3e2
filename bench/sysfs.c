// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sysfs.h"

static const char *root = "";

void sysfs_use_root(const char *new_root)
{
	root = new_root;
}

static int make_path(char *path, size_t bytes, const char *format, va_list args)
{
	size_t length = strlen(root);
	int more;

	if (length >= bytes)
		return -ENAMETOOLONG;
	memcpy(path, root, length + 1);
	more = vsnprintf(path + length, bytes - length, format, args);
	if (more < 0 || (size_t)more >= bytes - length)
		return -ENAMETOOLONG;
	return 0;
}

int sysfs_path(char *path, size_t bytes, const char *format, ...)
{
	va_list args;
	int err;

	va_start(args, format);
	err = make_path(path, bytes, format, args);
	va_end(args);
	return err;
}

static int read_path(char *text, size_t bytes, const char *path)
{
	ssize_t length = 0;
	int fd, err = 0;

	text[0] = '\0';
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	length = read(fd, text, bytes);
	if (length < 0)
		err = -errno;
	else if ((size_t)length == bytes)
		err = -EOVERFLOW;
	close(fd);
	if (err) {
		text[0] = '\0';
		return err;
	}
	if (length && text[length - 1] == '\n')
		length--;
	text[length] = '\0';
	return length;
}

int sysfs_read(char *text, size_t bytes, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;
	int err;

	text[0] = '\0';
	va_start(args, format);
	err = make_path(path, sizeof(path), format, args);
	va_end(args);
	return err ? err : read_path(text, bytes, path);
}

char *sysfs_load(const char *format, ...)
{
	char path[PATH_MAX], *text = NULL;
	size_t bytes = 0;
	va_list args;
	FILE *file;
	int err;

	va_start(args, format);
	err = make_path(path, sizeof(path), format, args);
	va_end(args);
	if (err) {
		errno = -err;
		return NULL;
	}
	file = fopen(path, "re");
	if (!file)
		return NULL;
	/* These files have no NUL in them, so this is all of the file. */
	if (getdelim(&text, &bytes, '\0', file) < 0) {
		err = ferror(file) ? errno : 0;
		free(text);
		text = err ? NULL : strdup("");
		errno = err;
	}
	err = errno;
	fclose(file);
	errno = err;
	return text;
}

int sysfs_write(const char *text, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;
	int fd, err;

	va_start(args, format);
	err = make_path(path, sizeof(path), format, args);
	va_end(args);
	if (err)
		return err;
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int sysfs_read_number(unsigned long *value, const char *format, ...)
{
	char path[PATH_MAX], text[64], *end;
	va_list args;
	int err;

	va_start(args, format);
	err = make_path(path, sizeof(path), format, args);
	va_end(args);
	if (err)
		return err;
	err = read_path(text, sizeof(text), path);
	if (err < 0)
		return err;
	errno = 0;
	*value = strtoul(text, &end, 0);
	return errno || end == text || *end ? -EINVAL : 0;
}

int sysfs_link_name(char *name, size_t bytes, const char *format, ...)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *slash;
	ssize_t length;
	va_list args;
	int err;

	name[0] = '\0';
	va_start(args, format);
	err = make_path(path, sizeof(path), format, args);
	va_end(args);
	if (err)
		return err;
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return -errno;
	target[length] = '\0';
	slash = strrchr(target, '/');
	if (snprintf(name, bytes, "%s", slash ? slash + 1 : target) >=
	    (int)bytes) {
		name[0] = '\0';
		return -ENAMETOOLONG;
	}
	return 0;
}

int sysfs_real(char *path, const char *format, ...)
{
	char link[PATH_MAX];
	va_list args;
	int err;

	va_start(args, format);
	err = make_path(link, sizeof(link), format, args);
	va_end(args);
	if (err)
		return err;
	return realpath(link, path) ? 0 : -errno;
}

int sysfs_each(const char *folder, int (*fn)(const char *name, void *context),
	       void *context)
{
	struct dirent *item;
	int err = 0;
	DIR *dir;

	dir = opendir(folder);
	if (!dir)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	while (!err && (item = readdir(dir))) {
		if (strcmp(item->d_name, ".") && strcmp(item->d_name, ".."))
			err = fn(item->d_name, context);
	}
	closedir(dir);
	return err;
}
