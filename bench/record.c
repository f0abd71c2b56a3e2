// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "draft.h"
#include "error.h"
#include "histogram.h"
#include "record_json.h"
#include "record_stress.h"

#define POINTS_FILE "points.ndjson"

/* 12 digits are more than any mean of ns has use for. */
#define FORMAT JSON_REAL_PRECISION(12)

static int cannot_write(const char *path, int errnum)
{
	return error_set(EXIT_MACHINE, errnum, "cannot write %s: %s", path,
			 strerror(errnum));
}

static int no_memory(void)
{
	return error_set(EXIT_MACHINE, ENOMEM, "no memory for the record");
}

static int join(const struct record *record, const char *name, char *path)
{
	if (snprintf(path, PATH_MAX, "%s/%s", record->directory, name) <
	    PATH_MAX)
		return 0;
	return cannot_write(record->directory, ENAMETOOLONG);
}

int record_open(const char *directory, struct record *record)
{
	char path[PATH_MAX];
	int err;

	memset(record, 0, sizeof(*record));
	record->directory = directory;
	err = join(record, POINTS_FILE, path);
	if (err)
		return err;
	record->points = fopen(path, "w+e");
	return record->points ? 0 : cannot_write(path, errno);
}

static int write_hist(const struct record *record, const char *name,
		      const struct intxbench_hist *hist)
{
	char path[PATH_MAX];
	int err = join(record, name, path);
	FILE *file;

	if (err)
		return err;
	file = fopen(path, "we");
	if (!file)
		return cannot_write(path, errno);
	/* What went wrong is in errno, if stdio says that something did. */
	errno = 0;
	err = histogram_write_hgrm(hist, file);
	if (fclose(file) || err)
		return cannot_write(path, errno ? errno : EIO);
	return 0;
}

static int write_hists(const struct record *record, const struct point *point,
		       const struct point_result *result, size_t function)
{
	const struct intxbench_hist *hist;
	const char *metric;
	int err = 0;

	for (size_t i = 0; !err; i++) {
		char name[PATH_MAX];

		metric = record_metric(result, function, i, &hist);
		if (!metric)
			break;
		if (!hist || !hist->count)
			continue;
		record_hist_path(point, &result->function[function], metric,
				 name);
		err = write_hist(record, name, hist);
	}
	return err;
}

static int write_stress_hists(const struct record *record,
			      const struct point *point,
			      const struct point_result *result)
{
	const struct intxbench_hist *hist;
	const char *metric;
	int err = 0;

	for (size_t i = 0; !err; i++) {
		char name[PATH_MAX];

		metric = record_stress_metric(&result->stress, i, &hist);
		if (!metric)
			break;
		if (!hist || !hist->count)
			continue;
		record_stress_hist(point, metric, name);
		err = write_hist(record, name, hist);
	}
	return err;
}

static int write_file(const char *path, const json_t *object)
{
	if (!object)
		return no_memory();
	errno = 0;
	if (!json_dump_file(object, path, JSON_COMPACT | FORMAT))
		return 0;
	return cannot_write(path, errno ? errno : EIO);
}

static int write_timeline(const struct record *record,
			  const struct point *point,
			  const struct point_result *result)
{
	char name[PATH_MAX], path[PATH_MAX];
	json_t *object;
	int err;

	if (!result->stress.track.functions)
		return 0;
	err = join(record, RECORD_TIMELINES, path);
	if (!err && mkdir(path, 0777) && errno != EEXIST)
		err = cannot_write(path, errno);
	record_stress_timeline(point, name);
	if (!err)
		err = join(record, name, path);
	if (err)
		return err;
	object = record_json_timeline(result);
	err = write_file(path, object);
	json_decref(object);
	return err;
}

static int write_line(struct record *record, const json_t *object)
{
	int failed;

	errno = 0;
	failed = json_dumpf(object, record->points, JSON_COMPACT | FORMAT);
	failed |= fputc('\n', record->points) == EOF;
	failed |= fflush(record->points);
	return failed ? cannot_write(POINTS_FILE, errno ? errno : EIO) : 0;
}

int record_add(struct record *record, const struct point *point,
	       const struct point_result *result)
{
	json_t *object;
	int err = 0;

	for (size_t i = 0; !err && i < result->functions; i++)
		err = write_hists(record, point, result, i);
	if (!err)
		err = write_stress_hists(record, point, result);
	if (!err)
		err = write_timeline(record, point, result);
	if (err)
		return err;
	object = record_json_point(point, result);
	if (!object)
		return no_memory();
	err = write_line(record, object);
	json_decref(object);
	if (!err)
		record->counts[result->verdict]++;
	return err;
}

static void copy_points(FILE *points, FILE *out)
{
	const char *before = "\n    ";
	char *line = NULL;
	size_t bytes = 0;
	ssize_t length;

	rewind(points);
	while ((length = getline(&line, &bytes, points)) > 0) {
		line[length - 1] = '\0';
		fprintf(out, "%s%s", before, line);
		before = ",\n    ";
	}
	free(line);
}

/* The head as jansson prints it, with the points put in before its end. */
static int write_record(const struct record *record, const char *head,
			FILE *out)
{
	size_t end = strlen(head) - strlen("\n}");

	fwrite(head, 1, end, out);
	fputs(",\n  \"points\": [", out);
	copy_points(record->points, out);
	fputs("\n  ]\n}\n", out);
	return ferror(record->points) ?
		       error_set(EXIT_MACHINE, EIO,
				 "cannot read " POINTS_FILE " back") :
		       0;
}

static int write_run(const struct record *record, const char *head)
{
	struct draft draft;
	int err = draft_open(record->directory, "run.json", &draft);

	if (err)
		return err;
	err = write_record(record, head, draft.file);
	if (!err)
		return draft_commit(&draft);
	draft_discard(&draft);
	return err;
}

int record_finish(struct record *record, const struct record_head *head)
{
	json_t *object = record_json_head(head, record->counts);
	char *text = object ? json_dumps(object, JSON_INDENT(2) | FORMAT) :
			      NULL;
	char path[PATH_MAX];
	int err;

	json_decref(object);
	if (!text)
		return no_memory();
	err = write_run(record, text);
	free(text);
	record_close(record);
	if (!err)
		err = join(record, POINTS_FILE, path);
	if (!err && unlink(path))
		err = error_set(EXIT_MACHINE, errno, "cannot remove %s: %s",
				path, strerror(errno));
	return err;
}

void record_close(struct record *record)
{
	if (record->points)
		fclose(record->points);
	record->points = NULL;
}

/*
 * A percentile text has at most five rows of 55 bytes for each halving of its
 * count and takes whole blocks; a function's JSON is there twice for a moment.
 */
uint64_t record_estimate_bytes(const struct job *job, size_t steps)
{
	const uint64_t hist_bytes = 12288, json_bytes = 8192;
	const uint64_t kernel_bytes = KMSG_FAULTS_MAX * (KMSG_TEXT_MAX + 128);
	const uint64_t rest_bytes = 8 << 20; /* log, figures, summary */
	uint64_t functions = 1 + job->neighbours;
	uint64_t hists = functions * INTXBENCH_METRICS + GUEST_METRICS;

	return rest_bytes +
	       steps * (hists * hist_bytes + functions * json_bytes +
			kernel_bytes + record_stress_estimate_bytes(job));
}
