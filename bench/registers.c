// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "registers.h"

static int map(int fd, struct registers *registers)
{
	struct stat status;

	if (fstat(fd, &status))
		return -errno;
	registers->bytes = status.st_size;
	registers->base = mmap(NULL, registers->bytes, PROT_READ | PROT_WRITE,
			       MAP_SHARED, fd, 0);
	if (registers->base != MAP_FAILED)
		return 0;
	registers->base = NULL;
	return -errno;
}

int registers_map(const char *address, uint32_t bar,
		  struct registers *registers)
{
	char path[PATH_MAX];
	int fd, err;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource%" PRIu32,
		 address, bar);
	fd = open(path, O_RDWR | O_CLOEXEC);
	err = fd < 0 ? -errno : map(fd, registers);
	if (fd >= 0)
		close(fd);
	if (!err)
		return 0;
	return error_set(EXIT_MACHINE, -err, "cannot map the registers %s: %s",
			 path, strerror(-err));
}

void registers_unmap(struct registers *registers)
{
	if (registers->base)
		munmap(registers->base, registers->bytes);
	registers->base = NULL;
}
