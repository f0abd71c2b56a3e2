// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "error.h"
#include "histogram.h"
#include "pressure_readers.h"
#include "sysfs.h"
#include "worker.h"

#define STAT_BYTES 16384 /* 6.1 says 1300 */

struct reader {
	struct pressure_readers *readers;
	pthread_t thread;
	int fd; /* of its own: a file's reads take turns */
	int errnum; /* why it ended by itself, or 0 */
	struct intxbench_hist hist;
};

struct pressure_readers {
	atomic_bool stop;
	const cpu_set_t *cpus;
	uint32_t started;
	struct reader reader[];
};

static void *read_all(void *arg)
{
	struct reader *reader = arg;
	char text[STAT_BYTES];
	uint64_t start_ns;

	/* CPUs that are offline now: anywhere. */
	if (reader->readers->cpus)
		pthread_setaffinity_np(pthread_self(), sizeof(cpu_set_t),
				       reader->readers->cpus);
	while (!reader->readers->stop) {
		ssize_t bytes;

		start_ns = clock_now_ns();
		bytes = pread(reader->fd, text, sizeof(text), 0);
		if (bytes <= 0) {
			reader->errnum = bytes ? errno : ENODATA;
			break;
		}
		intxbench_hist_record(&reader->hist, clock_now_ns() - start_ns);
	}
	return NULL;
}

static int start_one(const char *path, struct reader *reader)
{
	int err;

	reader->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (reader->fd < 0)
		return -errno;
	err = -worker_start(&reader->thread, NULL, read_all, reader);
	if (err)
		close(reader->fd);
	return err;
}

static int start_all(const char *path, uint32_t count,
		     struct pressure_readers *readers)
{
	int err = 0;

	while (!err && readers->started < count) {
		struct reader *reader = &readers->reader[readers->started];

		reader->readers = readers;
		err = start_one(path, reader);
		readers->started += !err;
	}
	return err;
}

int pressure_readers_start(const char *group, uint32_t count,
			   const cpu_set_t *cpus,
			   struct pressure_readers **result)
{
	struct pressure_result unwanted = { 0 };
	struct pressure_readers *readers;
	char path[PATH_MAX];
	int err;

	*result = NULL;
	if (!count)
		return 0;
	readers = calloc(1, sizeof(*readers) + count * sizeof(struct reader));
	err = readers ? 0 : -ENOMEM;
	if (!err)
		err = sysfs_path(path, sizeof(path), "%s/memory.stat", group);
	if (!err) {
		readers->cpus = cpus;
		err = start_all(path, count, readers);
	}
	if (!err) {
		*result = readers;
		return 0;
	}
	pressure_readers_stop(readers, &unwanted);
	return error_set(EXIT_MACHINE, -err,
			 "cannot start readers of %s/memory.stat: %s", group,
			 strerror(-err));
}

void pressure_readers_stop(struct pressure_readers *readers,
			   struct pressure_result *result)
{
	if (!readers)
		return;
	readers->stop = true;
	for (uint32_t i = 0; i < readers->started; i++) {
		struct reader *reader = &readers->reader[i];

		pthread_join(reader->thread, NULL);
		close(reader->fd);
		histogram_merge(&result->read_hist, &reader->hist);
		if (reader->errnum)
			result->read_errnum = reader->errnum;
	}
	free(readers);
}
