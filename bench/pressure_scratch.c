// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "error.h"
#include "host_undo.h"
#include "journal.h"
#include "pressure_scratch.h"

#define NAME "intxbench-scratch"
#define FOLDERS_MAX 16 /* open at a time */

static int scratch_error(int errnum, const char *directory, const char *why)
{
	return error_set(EXIT_MACHINE, errnum,
			 "cannot write what memory pressure needs to %s: %s",
			 directory, why);
}

/* A file system with a device number is on a block device; btrfs, which may be
 * on several, has none. */
static bool is_on_disk(const char *directory, const struct stat *status)
{
	struct statfs system;

	if (major(status->st_dev))
		return true;
	return !statfs(directory, &system) &&
	       system.f_type == BTRFS_SUPER_MAGIC;
}

int pressure_scratch_check(const char *directory, uint64_t bytes)
{
	struct statvfs room;
	struct stat status;
	char why[128];

	if (stat(directory, &status))
		return scratch_error(errno, directory, strerror(errno));
	if (!S_ISDIR(status.st_mode))
		return scratch_error(ENOTDIR, directory, strerror(ENOTDIR));
	if (!is_on_disk(directory, &status))
		return scratch_error(
			EINVAL, directory,
			"it is not on a disk's file system, so that its pages could not be reclaimed; name a directory on ext4, xfs or btrfs");
	if (access(directory, W_OK) || statvfs(directory, &room))
		return scratch_error(errno, directory, strerror(errno));
	if (room.f_frsize * (uint64_t)room.f_bavail >= bytes)
		return 0;
	snprintf(why, sizeof(why),
		 "%" PRIu64 " bytes are needed, %" PRIu64 " are free", bytes,
		 room.f_frsize * (uint64_t)room.f_bavail);
	return scratch_error(ENOSPC, directory, why);
}

static int clear_way(const char *folder)
{
	if (access(folder, F_OK))
		return 0;
	if (journal_has(JOURNAL_SCRATCH, folder))
		return pressure_scratch_remove(folder);
	return error_set(
		EXIT_MACHINE, EEXIST,
		"%s is there already; if a run left it when the machine went down, remove it",
		folder);
}

int pressure_scratch_make(const char *directory, char folder[PATH_MAX])
{
	char path[PATH_MAX];
	int err;

	if (!realpath(directory, path))
		return scratch_error(errno, directory, strerror(errno));
	if (snprintf(folder, PATH_MAX, "%s/" NAME, path) >= PATH_MAX)
		return scratch_error(ENAMETOOLONG, directory,
				     strerror(ENAMETOOLONG));
	err = clear_way(folder);
	if (!err)
		err = journal_add(JOURNAL_SCRATCH, folder, "absent");
	if (err || !mkdir(folder, 0700))
		return err;
	return scratch_error(errno, folder, strerror(errno));
}

static int remove_item(const char *path, const struct stat *status, int type,
		       struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path) && errno != ENOENT ? errno : 0;
}

/* Where anybody may write, another may have made one of that name. */
static bool is_ours(const char *folder)
{
	struct stat status;

	return !lstat(folder, &status) && S_ISDIR(status.st_mode) &&
	       status.st_uid == geteuid() && !(status.st_mode & 077);
}

int pressure_scratch_remove(const char *folder)
{
	int errnum;

	if (access(folder, F_OK) && errno == ENOENT)
		return 0;
	if (!is_ours(folder))
		return error_set(EXIT_MACHINE, EPERM,
				 "%s is not what was made there: it is another "
				 "user's, or open to others; nothing of it is "
				 "touched",
				 folder);
	errnum = nftw(folder, remove_item, FOLDERS_MAX,
		      FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	if (errnum < 0)
		errnum = errno;
	if (!errnum || errnum == ENOENT)
		return 0;
	return error_set(EXIT_MACHINE, errnum, "cannot remove %s: %s", folder,
			 strerror(errnum));
}

/* Nothing but what we make is ever removed, whatever a journal says. */
int host_undo_scratch(const char *folder, const char *value)
{
	const char *slash = strrchr(folder, '/');

	(void)value;
	if (!slash || strcmp(slash + 1, NAME))
		return error_set(EXIT_MACHINE, EINVAL,
				 "%s is not a folder of ours to remove",
				 folder);
	return pressure_scratch_remove(folder);
}
