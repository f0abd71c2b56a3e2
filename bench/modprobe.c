// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modprobe.h"
#include "sysfs.h"

#define ARGUMENTS_MAX 32

extern char **environ;

/* The kernel's own (Documentation/admin-guide/sysctl/kernel.rst, modprobe). */
static void find_program(char path[PATH_MAX])
{
	if (sysfs_read(path, PATH_MAX, "/proc/sys/kernel/modprobe") <= 0)
		snprintf(path, PATH_MAX, "/sbin/modprobe");
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -EIO;
}

/* In a process group of its own: Ctrl-C ends the run, not a half-done load. */
static int run(char *const *argument)
{
	posix_spawnattr_t attributes;
	char program[PATH_MAX];
	pid_t pid;
	int err;

	find_program(program);
	err = posix_spawnattr_init(&attributes);
	if (err)
		return -err;
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
	err = posix_spawn(&pid, program, NULL, &attributes, argument, environ);
	posix_spawnattr_destroy(&attributes);
	return err ? -err : wait_for(pid);
}

int modprobe_find(const char *module)
{
	char *const argument[] = { "modprobe", "-n",           "-q",
				   "--",       (char *)module, NULL };
	int err = run(argument);

	return err == -EIO ? -ENOENT : err;
}

int modprobe_load(const char *module, const char *options)
{
	char words[SYSFS_TEXT_MAX], *rest = words, *word;
	char *argument[ARGUMENTS_MAX + 1] = { "modprobe", "--",
					      (char *)module };
	size_t count = 3;

	if (snprintf(words, sizeof(words), "%s", options) >= (int)sizeof(words))
		return -E2BIG;
	while ((word = strsep(&rest, " "))) {
		if (!*word)
			continue;
		if (count == ARGUMENTS_MAX)
			return -E2BIG;
		argument[count++] = word;
	}
	return run(argument);
}

int modprobe_unload(const char *module)
{
	if (!syscall(SYS_delete_module, module, O_NONBLOCK))
		return 0;
	return errno == EWOULDBLOCK ? -EBUSY : -errno;
}
