// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"
#include "clock.h"
#include "error.h"
#include "host_undo.h"
#include "journal.h"
#include "sysfs.h"

#define MEMORY "memory"
#define EMPTY_LIMIT_NS (20 * NSEC_PER_SEC)
#define LOOK_US 5000

static int no_version_2(const struct cgroup_mounts *mounts)
{
	if (mounts->layout == CGROUP_V1)
		return error_set(
			EXIT_MACHINE, ENOTSUP,
			"this machine has cgroup version 1 only, and memory pressure needs version 2: boot it with systemd.unified_cgroup_hierarchy=1");
	return error_set(
		EXIT_MACHINE, ENOTSUP,
		"cgroup version 2 is not mounted, and memory pressure needs it: mount -t cgroup2 cgroup2 /sys/fs/cgroup");
}

static int no_controller(const struct cgroup_mounts *mounts)
{
	if (mounts->memory[0])
		return error_set(
			EXIT_MACHINE, ENOTSUP,
			"the memory controller is with cgroup version 1 here (%s), so that version 2 (%s) cannot have it: boot with systemd.unified_cgroup_hierarchy=1",
			mounts->memory, mounts->v2);
	return error_set(
		EXIT_MACHINE, ENOTSUP,
		"%s/cgroup.controllers does not have the memory controller: boot without cgroup_disable=memory, with cgroup_enable=memory where the kernel has it off",
		mounts->v2);
}

/* Whether a list of words, as cgroup.controllers is, has one. */
static bool has_word(const char *list, const char *wanted)
{
	size_t length = strlen(wanted);

	while (*list) {
		size_t word = strcspn(list, " \n");

		if (word == length && !strncmp(list, wanted, length))
			return true;
		list += word;
		list += strspn(list, " \n");
	}
	return false;
}

static bool has_controller(const char *group, const char *file)
{
	char list[SYSFS_TEXT_MAX];

	return sysfs_read(list, sizeof(list), "%s/%s", group, file) >= 0 &&
	       has_word(list, MEMORY);
}

int cgroup_find_parent(char parent[CGROUP_PATH_MAX])
{
	struct cgroup_mounts mounts;
	char *text;

	text = sysfs_load("/proc/self/mountinfo");
	if (!text)
		return error_set(EXIT_MACHINE, errno,
				 "cannot read /proc/self/mountinfo: %s",
				 strerror(errno));
	cgroup_parse_mounts(text, &mounts);
	free(text);
	if (!mounts.v2[0])
		return no_version_2(&mounts);
	if (!has_controller(mounts.v2, "cgroup.controllers"))
		return no_controller(&mounts);
	memcpy(parent, mounts.v2, CGROUP_PATH_MAX);
	return 0;
}

static int control_error(int err, const char *parent)
{
	const char *advice = "";

	if (err == -EACCES || err == -EPERM || err == -EROFS)
		advice = "; run as root, outside of a container";
	if (err == -EBUSY)
		advice = "; there are processes in that group itself";
	return error_set(
		EXIT_MACHINE, -err,
		"cannot enable the memory controller in %s/cgroup.subtree_control: %s%s",
		parent, strerror(-err), advice);
}

static int enable_controller(const char *parent)
{
	int err;

	if (has_controller(parent, "cgroup.subtree_control"))
		return 0;
	err = journal_add(JOURNAL_CGROUP_CONTROL, parent, MEMORY);
	if (err)
		return err;
	err = sysfs_write("+" MEMORY, "%s/cgroup.subtree_control", parent);
	return err ? control_error(err, parent) : 0;
}

/* A child that has passed the controller on to its own children keeps it. */
int host_undo_cgroup_control(const char *parent, const char *controller)
{
	char text[64];
	int err;

	snprintf(text, sizeof(text), "-%s", controller);
	err = sysfs_write(text, "%s/cgroup.subtree_control", parent);
	if (!err || err == -ENOENT || err == -EBUSY)
		return 0;
	return error_set(
		EXIT_MACHINE, -err,
		"cannot disable the controller %s in %s/cgroup.subtree_control: %s",
		controller, parent, strerror(-err));
}

static bool exists(const char *group)
{
	char path[PATH_MAX];

	return !sysfs_path(path, sizeof(path), "%s", group) &&
	       !access(path, F_OK);
}

static int use_again(const char *group)
{
	if (journal_has(JOURNAL_CGROUP, group))
		return cgroup_empty(group);
	return error_set(
		EXIT_MACHINE, EEXIST,
		"there is a control group %s already, and no run of ours has left it: end what is in it and remove it (rmdir)",
		group);
}

static int make_folder(const char *group)
{
	char path[PATH_MAX];
	int err;

	err = sysfs_path(path, sizeof(path), "%s", group);
	if (!err && mkdir(path, 0755))
		err = -errno;
	if (!err)
		return 0;
	return error_set(EXIT_MACHINE, -err,
			 "cannot make the control group %s: %s%s", group,
			 strerror(-err), err == -EACCES ? "; run as root" : "");
}

int cgroup_make(const char *parent, char group[CGROUP_PATH_MAX])
{
	bool again;
	int err;

	if (snprintf(group, CGROUP_PATH_MAX, "%s/" CGROUP_NAME, parent) >=
	    CGROUP_PATH_MAX)
		return error_set(EXIT_MACHINE, ENAMETOOLONG,
				 "the path of a group in %s is too long",
				 parent);
	again = exists(group);
	err = again ? use_again(group) : 0;
	if (!err)
		err = enable_controller(parent);
	if (err || again)
		return err;
	err = journal_add(JOURNAL_CGROUP, group, "absent");
	return err ? err : make_folder(group);
}

int cgroup_set(const char *group, const char *file, uint64_t bytes)
{
	char text[24];
	int err;

	snprintf(text, sizeof(text), "%" PRIu64, bytes);
	err = sysfs_write(text, "%s/%s", group, file);
	if (!err)
		return 0;
	return error_set(EXIT_MACHINE, -err, "cannot write %s to %s/%s: %s",
			 text, group, file, strerror(-err));
}

/* Kernels before 5.14 have no cgroup.kill. */
static void kill_each(const char *group)
{
	char *list = sysfs_load("%s/cgroup.procs", group), *next = list;
	long pid;

	while (next && (pid = strtol(next, &next, 10)) > 0)
		kill(pid, SIGKILL);
	free(list);
}

void cgroup_kill(const char *group)
{
	if (sysfs_write("1", "%s/cgroup.kill", group))
		kill_each(group);
}

/* Returns 1, 0 (also where there is no such group any more), -errno. */
static int is_populated(const char *group)
{
	char text[SYSFS_TEXT_MAX];
	int err;

	err = sysfs_read(text, sizeof(text), "%s/cgroup.events", group);
	if (err == -ENOENT || err == -ENODEV)
		return 0;
	return err < 0 ? err : !!strstr(text, "populated 1");
}

/* Who has been killed is in the group until it has let its memory go. */
int cgroup_empty(const char *group)
{
	uint64_t limit_ns = clock_now_ns() + EMPTY_LIMIT_NS;
	int populated;

	while ((populated = is_populated(group)) > 0 &&
	       clock_now_ns() < limit_ns) {
		cgroup_kill(group);
		usleep(LOOK_US);
	}
	if (!populated)
		return 0;
	if (populated > 0)
		return error_set(
			EXIT_MACHINE, EBUSY,
			"processes in the control group %s do not end, though they were killed",
			group);
	return error_set(EXIT_MACHINE, -populated,
			 "cannot read %s/cgroup.events: %s", group,
			 strerror(-populated));
}

static int remove_group(const char *group)
{
	char path[PATH_MAX];
	int err;

	err = cgroup_empty(group);
	if (err)
		return err;
	err = sysfs_path(path, sizeof(path), "%s", group);
	if (!err && rmdir(path) && errno != ENOENT)
		err = -errno;
	if (!err)
		return 0;
	return error_set(EXIT_MACHINE, -err,
			 "cannot remove the control group %s: %s", group,
			 strerror(-err));
}

int host_undo_cgroup(const char *group, const char *value)
{
	(void)value;
	return remove_group(group);
}
