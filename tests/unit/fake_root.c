// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake_root.h"
#include "sysfs.h"
#include "unit.h"

static char root[64];

static int remove_one(const char *path, const struct stat *status, int type,
		      struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

void fake_root_make(void)
{
	snprintf(root, sizeof(root), "/tmp/intxbench-unit-XXXXXX");
	assert_non_null(mkdtemp(root));
	sysfs_use_root(root);
	fake_folder("/sys/bus/pci/devices");
	fake_folder("/sys/bus/pci/drivers");
	fake_file("/proc/self/mountinfo", "");
}

void fake_root_remove(void)
{
	sysfs_use_root("");
	assert_int_equal(nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

const char *fake_root(void)
{
	return root;
}

static void below(char path[PATH_MAX], const char *name)
{
	assert_true(snprintf(path, PATH_MAX, "%s%s", root, name) < PATH_MAX);
}

void fake_folder(const char *name)
{
	char path[PATH_MAX], *slash;

	below(path, name);
	for (slash = path + strlen(root) + 1; (slash = strchr(slash, '/'));
	     slash++) {
		*slash = '\0';
		assert_true(!mkdir(path, 0755) || errno == EEXIST);
		*slash = '/';
	}
	assert_true(!mkdir(path, 0755) || errno == EEXIST);
}

static void make_parent(const char *name)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s", name);
	*strrchr(folder, '/') = '\0';
	fake_folder(folder);
}

static void write_bytes(const char *name, const void *bytes, size_t count)
{
	char path[PATH_MAX];
	int fd;

	make_parent(name);
	below(path, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, count), count);
	close(fd);
}

void fake_file(const char *name, const char *text)
{
	write_bytes(name, text, strlen(text));
}

void fake_link(const char *name, const char *target)
{
	char path[PATH_MAX], to[PATH_MAX];

	make_parent(name);
	below(path, name);
	below(to, target);
	unlink(path);
	assert_int_equal(symlink(to, path), 0);
}

void fake_remove(const char *name)
{
	char path[PATH_MAX];

	below(path, name);
	assert_int_equal(remove(path), 0);
}

const char *fake_read(const char *name)
{
	static char text[SYSFS_TEXT_MAX];

	assert_true(sysfs_read(text, sizeof(text), "%s", name) >= 0);
	return text;
}

static void fake_attribute(const char *folder, const char *name,
			   const char *format, unsigned int value)
{
	char path[PATH_MAX], text[32];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	snprintf(text, sizeof(text), format, value);
	fake_file(path, text);
}

static void fake_config(const char *folder,
			const struct fake_function *function)
{
	uint8_t config[64] = { 0 };
	char path[PATH_MAX];

	config[0x00] = function->vendor & 0xff;
	config[0x01] = function->vendor >> 8;
	config[0x02] = function->device & 0xff;
	config[0x03] = function->device >> 8;
	config[0x04] = function->command & 0xff;
	config[0x05] = function->command >> 8;
	config[0x09] = function->class_code & 0xff;
	config[0x0a] = function->class_code >> 8 & 0xff;
	config[0x0b] = function->class_code >> 16;
	config[0x0e] = function->header_type;
	config[0x3c] = function->firmware_line;
	config[0x3d] = function->pin;
	snprintf(path, sizeof(path), "%s/config", folder);
	write_bytes(path, config, sizeof(config));
}

static void fake_driver(const char *folder, const char *driver)
{
	char path[PATH_MAX], target[128];

	snprintf(target, sizeof(target), "/sys/bus/pci/drivers/%s", driver);
	fake_folder(target);
	snprintf(path, sizeof(path), "%s/driver", folder);
	fake_link(path, target);
}

const char *fake_function(const struct fake_function *function)
{
	static char folder[256];
	char parent[256], path[128];

	snprintf(parent, sizeof(parent), "%s",
		 function->parent ? function->parent :
				    "/sys/devices/pci0000:00");
	snprintf(folder, sizeof(folder), "%.200s/%s", parent,
		 function->address);
	fake_attribute(folder, "vendor", "0x%04x\n", function->vendor);
	fake_attribute(folder, "device", "0x%04x\n", function->device);
	fake_attribute(folder, "class", "0x%06x\n", function->class_code);
	fake_attribute(folder, "irq", "%u\n", function->irq);
	fake_attribute(folder, "enable", "%u\n", function->enabled);
	snprintf(path, sizeof(path), "%.100s/driver_override", folder);
	fake_file(path, "(null)\n");
	fake_config(folder, function);
	if (function->driver)
		fake_driver(folder, function->driver);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s",
		 function->address);
	fake_link(path, folder);
	return folder;
}

void fake_class(const char *class, const char *name, const char *folder)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/class/%s/%s", class, name);
	fake_folder(folder);
	fake_link(path, folder);
}

void fake_block(const char *name, const char *folder, const char *number)
{
	char path[PATH_MAX];

	fake_class("block", name, folder);
	snprintf(path, sizeof(path), "%s/dev", folder);
	fake_file(path, number);
}
