// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "draft.h"
#include "error.h"

static bool draft_name(const char *directory, const char *name,
		       struct draft *draft)
{
	size_t bytes = sizeof(draft->path);

	if (snprintf(draft->path, bytes, "%s/%s", directory, name) >=
	    (int)bytes)
		return false;
	return snprintf(draft->temporary, bytes, "%s/.%s.draft", directory,
			name) < (int)bytes;
}

int draft_open(const char *directory, const char *name, struct draft *draft)
{
	draft->file = NULL;
	errno = ENAMETOOLONG;
	if (draft_name(directory, name, draft))
		draft->file = fopen(draft->temporary, "we");
	if (draft->file)
		return 0;
	return error_set(EXIT_MACHINE, errno, "cannot write %s/%s: %s",
			 directory, name, strerror(errno));
}

/* fclose() reports what earlier writes could not: no space, quota, I/O. */
static int draft_finish(struct draft *draft)
{
	int err = 0;

	errno = 0;
	if (fflush(draft->file) || ferror(draft->file) ||
	    fsync(fileno(draft->file)))
		err = errno ? -errno : -EIO;
	if (fclose(draft->file) && !err)
		err = -errno;
	draft->file = NULL;
	if (!err && rename(draft->temporary, draft->path))
		err = -errno;
	return err;
}

int draft_commit(struct draft *draft)
{
	int err = draft_finish(draft);

	if (err) {
		error_set(EXIT_MACHINE, -err, "cannot write %s: %s",
			  draft->path, strerror(-err));
		unlink(draft->temporary);
	}
	return err;
}

void draft_discard(struct draft *draft)
{
	if (!draft->file)
		return;
	fclose(draft->file);
	draft->file = NULL;
	unlink(draft->temporary);
}
