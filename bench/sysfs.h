/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small files of /sys and /proc. Paths are given as absolute and printf-like.
 * Nothing here sets error_set(): only the caller knows what the file means.
 */
#ifndef BENCH_SYSFS_H
#define BENCH_SYSFS_H

#include <stddef.h>

/* Whatever a single attribute says fits. */
#define SYSFS_TEXT_MAX 4096

/* Look for everything below root ("" for the real thing); for tests. The
 * string stays the caller's. */
void sysfs_use_root(const char *root);

/* The root put in front. Returns 0 or -ENAMETOOLONG. */
int sysfs_path(char *path, size_t bytes, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Read a file without its last newline. Returns its length, or -errno, text
 * being "" then; -EOVERFLOW where it does not fit.
 */
int sysfs_read(char *text, size_t bytes, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A whole file of any length, to be freed; NULL with errno set. */
char *sysfs_load(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Write in one go, as the kernel wants it. Returns 0 or -errno. */
int sysfs_write(const char *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A decimal, octal or 0x number. Returns 0, -errno, or -EINVAL. */
int sysfs_read_number(unsigned long *value, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The last component of where a symbolic link points. Returns 0 or -errno,
 * name being "" then. */
int sysfs_link_name(char *name, size_t bytes, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* realpath(3); path has PATH_MAX bytes. Returns 0 or -errno. */
int sysfs_real(char *path, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Call fn with each name in a folder but "." and "..", until it returns other
 * than 0, which is then returned. folder comes from sysfs_path() or
 * sysfs_real(); one that does not exist is empty. Returns -errno where it
 * cannot be read.
 */
int sysfs_each(const char *folder, int (*fn)(const char *name, void *context),
	       void *context);

#endif
