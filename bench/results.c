// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "error.h"
#include "results.h"

#define SUFFIX ".partial"
#define WALK_FILES 16 /* nftw(): descriptors it may use */
#define SAME_SECOND_MAX 100

void results_safe_name(const char *text, char *name, size_t bytes)
{
	size_t length = 0;

	for (; *text && length + 1 < bytes; text++)
		name[length++] = isalnum((unsigned char)*text) ||
						 strchr("._-", *text) ?
					 *text :
					 '_';
	name[length] = '\0';
}

static int cannot(const char *verb, const char *path, int errnum)
{
	return error_set(EXIT_MACHINE, errnum, "cannot %s %s: %s", verb, path,
			 strerror(errnum));
}

static int join(char *path, const char *directory, const char *prefix,
		const char *name, const char *suffix)
{
	if (snprintf(path, PATH_MAX, "%s/%s%s%s", directory, prefix, name,
		     suffix) < PATH_MAX)
		return 0;
	return cannot("make a folder in", directory, ENAMETOOLONG);
}

/* A path that stays right whatever becomes the current folder. */
static int make_root(const char *root, struct results *results)
{
	if (!mkdir(root, 0777))
		results->made_root = true;
	else if (errno != EEXIST)
		return cannot("make the folder", root, errno);
	if (realpath(root, results->root))
		return 0;
	return cannot("use the folder", root, errno);
}

static int check_space(const char *root, uint64_t bytes)
{
	struct statvfs space;
	uint64_t free_bytes;

	if (statvfs(root, &space))
		return cannot("tell how much is free in", root, errno);
	free_bytes = (uint64_t)space.f_bavail * space.f_frsize;
	if (free_bytes >= bytes)
		return 0;
	return error_set(EXIT_MACHINE, ENOSPC,
			 "no space left in %s: this run may need %" PRIu64
			 " MiB, %" PRIu64 " MiB are free; free some, or "
			 "choose another folder with --results",
			 root, (bytes >> 20) + 1, free_bytes >> 20);
}

static int name_run(struct results *results, const char *base,
		    unsigned int number)
{
	int err;

	if (number == 1)
		snprintf(results->run_id, sizeof(results->run_id), "%s", base);
	else
		snprintf(results->run_id, sizeof(results->run_id), "%s-%u",
			 base, number);
	err = join(results->path, results->root, "", results->run_id, "");
	return err ? err :
		     join(results->partial, results->root, ".", results->run_id,
			  SUFFIX);
}

/* Whoever makes the partial folder has the name. */
static int make_partial(struct results *results, const char *base)
{
	for (unsigned int i = 1; i < SAME_SECOND_MAX; i++) {
		int err = name_run(results, base, i);

		if (err)
			return err;
		if (!access(results->path, F_OK))
			continue;
		results->made_partial = !mkdir(results->partial, 0777);
		if (results->made_partial)
			return 0;
		if (errno != EEXIST)
			return cannot("make the folder", results->partial,
				      errno);
	}
	return cannot("find a free name in", results->root, EEXIST);
}

/* A lock that dies with us tells our folder from a dead run's. File systems
 * that cannot lock a folder lose that, nothing else. */
static int fill_partial(struct results *results)
{
	char hist[PATH_MAX];
	int err;

	results->lock =
		open(results->partial, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (results->lock < 0)
		return cannot("open the folder", results->partial, errno);
	flock(results->lock, LOCK_EX | LOCK_NB);
	err = join(hist, results->partial, "", "hist", "");
	if (!err && mkdir(hist, 0777))
		err = cannot("make the folder", hist, errno);
	return err;
}

static void name_base(const char *job, const char *host, time_t started_utc,
		      char *base, size_t bytes)
{
	char stamp[32], safe_job[64], safe_host[64];
	struct tm utc;

	results_safe_name(job, safe_job, sizeof(safe_job));
	results_safe_name(host, safe_host, sizeof(safe_host));
	gmtime_r(&started_utc, &utc);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc);
	snprintf(base, bytes, "%s-%s-%s", stamp, safe_job, safe_host);
}

int results_create(const char *root, const char *job, const char *host,
		   time_t started_utc, uint64_t bytes, struct results *results)
{
	char base[RESULTS_ID_MAX - 4];
	int err;

	memset(results, 0, sizeof(*results));
	results->lock = -1;
	name_base(job, host, started_utc, base, sizeof(base));
	err = make_root(root, results);
	if (!err)
		err = check_space(results->root, bytes);
	if (!err)
		err = make_partial(results, base);
	if (!err)
		err = fill_partial(results);
	if (err)
		results_discard(results);
	return err;
}

static uid_t sudo_uid;
static gid_t sudo_gid;

static int own(const char *path, const struct stat *status, int type,
	       struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return lchown(path, sudo_uid, sudo_gid) ? errno : 0;
}

static int number_of(const char *variable, unsigned long *number)
{
	const char *text = getenv(variable);
	char *end;

	if (!text || !isdigit((unsigned char)*text))
		return -ENOENT;
	errno = 0;
	*number = strtoul(text, &end, 10);
	return errno || *end ? -EINVAL : 0;
}

/* Records belong to who asked for them. */
static bool has_sudo_caller(void)
{
	unsigned long uid, gid;

	if (geteuid() || number_of("SUDO_UID", &uid) ||
	    number_of("SUDO_GID", &gid))
		return false;
	sudo_uid = uid;
	sudo_gid = gid;
	return true;
}

static int give_away(const char *path)
{
	int errnum;

	if (!has_sudo_caller())
		return 0;
	errnum = nftw(path, own, WALK_FILES, FTW_PHYS);
	return errnum ? cannot("change the owner of the files in", path,
			       errnum > 0 ? errnum : errno) :
			0;
}

int results_own(const struct results *results)
{
	return give_away(results->path);
}

static int own_root(const struct results *results)
{
	if (!results->made_root || !has_sudo_caller() ||
	    !lchown(results->root, sudo_uid, sudo_gid))
		return 0;
	return cannot("change the owner of", results->root, errno);
}

static void sync_root(const char *root)
{
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

int results_finish(struct results *results)
{
	int err = give_away(results->partial);

	if (!err)
		err = own_root(results);
	if (err)
		return err;
	/* One call for some thousand small files. */
	if (syncfs(results->lock))
		return cannot("write", results->partial, errno);
	if (rename(results->partial, results->path))
		return cannot("give its name to", results->path, errno);
	results->made_partial = false;
	results->made_root = false;
	close(results->lock);
	results->lock = -1;
	sync_root(results->root);
	return 0;
}

static int remove_entry(const char *path, const struct stat *status, int type,
			struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

void results_discard(struct results *results)
{
	if (results->lock >= 0)
		close(results->lock);
	results->lock = -1;
	if (results->made_partial)
		nftw(results->partial, remove_entry, WALK_FILES,
		     FTW_PHYS | FTW_DEPTH);
	if (results->made_root)
		rmdir(results->root);
	results->made_partial = false;
	results->made_root = false;
}

static bool is_dead(int root, const char *name)
{
	int fd = openat(root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool dead;

	if (fd < 0)
		return false;
	dead = !flock(fd, LOCK_SH | LOCK_NB);
	close(fd);
	return dead;
}

static bool is_partial(const char *name)
{
	size_t length = strlen(name);

	return name[0] == '.' && length > strlen(SUFFIX) &&
	       !strcmp(name + length - strlen(SUFFIX), SUFFIX);
}

unsigned int results_count_stale(const char *root, char *name)
{
	DIR *directory = opendir(root);
	const struct dirent *entry;
	unsigned int stale = 0;

	name[0] = '\0';
	while (directory && (entry = readdir(directory))) {
		if (!is_partial(entry->d_name) ||
		    !is_dead(dirfd(directory), entry->d_name))
			continue;
		snprintf(name, NAME_MAX + 1, "%s", entry->d_name);
		stale++;
	}
	if (directory)
		closedir(directory);
	return stale;
}
