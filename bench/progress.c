// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "progress.h"

/* Session, guest, start delay and drain of a point that goes well. */
#define STEP_OVERHEAD_NS (150 * NSEC_PER_MSEC)

#define CLEAR_LINE "\r\033[K"

/* Where there is no terminal. */
#define LINE_EVERY_NS (60 * NSEC_PER_SEC)

uint64_t progress_guess_step_ns(const struct job *job)
{
	return job->duration_ms * NSEC_PER_MSEC + STEP_OVERHEAD_NS;
}

const char *progress_length(uint64_t length_ns, char *buffer)
{
	uint64_t s = (length_ns + NSEC_PER_SEC / 2) / NSEC_PER_SEC;

	if (s < 60)
		snprintf(buffer, PROGRESS_LENGTH_MAX, "%" PRIu64 " s", s);
	else if (s < 3600)
		snprintf(buffer, PROGRESS_LENGTH_MAX,
			 "%" PRIu64 ":%02" PRIu64 " min", s / 60, s % 60);
	else
		snprintf(buffer, PROGRESS_LENGTH_MAX,
			 "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64 " h", s / 3600,
			 s / 60 % 60, s % 60);
	return buffer;
}

uint64_t progress_left_ns(const struct progress *progress, uint64_t now_ns)
{
	size_t left = progress->steps - progress->done;

	if (!progress->done)
		return left * progress->guess_ns;
	return (double)(now_ns - progress->begin_ns) / progress->done * left;
}

void progress_begin(struct progress *progress, FILE *out, bool quiet,
		    const struct job *job, const struct plan *plan)
{
	*progress = (struct progress){
		.out = out,
		.quiet = quiet,
		.terminal = !quiet && isatty(fileno(out)),
		.steps = plan->steps,
		.blocks = job->blocks,
		.guess_ns = progress_guess_step_ns(job),
	};
	progress->begin_ns = clock_now_ns();
	progress->said_ns = progress->begin_ns;
}

void progress_note(const struct progress *progress, const char *format, ...)
{
	va_list args;

	fputs(progress->terminal ? CLEAR_LINE "intxbench: " : "intxbench: ",
	      progress->out);
	va_start(args, format);
	vfprintf(progress->out, format, args);
	va_end(args);
	fputc('\n', progress->out);
	fflush(progress->out);
}

static void say_line(struct progress *progress)
{
	char gone[PROGRESS_LENGTH_MAX], left[PROGRESS_LENGTH_MAX];
	uint64_t now_ns = clock_now_ns();

	progress_note(progress,
		      "block %" PRIu32 " of %" PRIu32 ": %zu of %zu points, "
		      "%zu failed; %s gone, %s to go",
		      progress->block + 1, progress->blocks, progress->done,
		      progress->steps, progress->failed,
		      progress_length(now_ns - progress->begin_ns, gone),
		      progress_length(progress_left_ns(progress, now_ns),
				      left));
	progress->said_done = progress->done;
	progress->said_ns = now_ns;
}

void progress_start_step(struct progress *progress,
			 const struct plan_step *step,
			 const struct plan_point *point)
{
	char left[PROGRESS_LENGTH_MAX];

	progress->block = step->block;
	if (!progress->terminal)
		return;
	fprintf(progress->out,
		CLEAR_LINE "%zu/%zu  block %" PRIu32 "/%" PRIu32
			   "  %s %s %" PRIu32 " Hz %" PRIu64
			   " us  %zu failed  %s to go",
		progress->done + 1, progress->steps, step->block + 1,
		progress->blocks, point->section->name, arm_name(point->arm),
		point->rate_hz, point->service_ns / 1000, progress->failed,
		progress_length(progress_left_ns(progress, clock_now_ns()),
				left));
	fflush(progress->out);
}

/* A block has as many steps as there are points. */
static bool line_is_due(const struct progress *progress)
{
	return progress->done % (progress->steps / progress->blocks) == 0 ||
	       clock_now_ns() - progress->said_ns >= LINE_EVERY_NS;
}

void progress_end_step(struct progress *progress, bool failed)
{
	progress->done++;
	progress->failed += failed;
	if (!progress->quiet && !progress->terminal && line_is_due(progress))
		say_line(progress);
}

void progress_end(struct progress *progress)
{
	if (progress->terminal)
		fputs(CLEAR_LINE, progress->out);
	else if (!progress->quiet && progress->said_done != progress->done)
		say_line(progress);
	fflush(progress->out);
	progress->terminal = false;
}
