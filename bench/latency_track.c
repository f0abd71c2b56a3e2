// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "histogram.h"
#include "latency_track.h"

int latency_track_open(struct latency_track *track, size_t functions,
		       uint64_t length_ns)
{
	bool failed;

	memset(track, 0, sizeof(*track));
	track->functions = functions;
	track->window_ns = length_ns / (LATENCY_WINDOWS_MAX - 1);
	if (track->window_ns < LATENCY_WINDOW_NS)
		track->window_ns = LATENCY_WINDOW_NS;
	track->before = calloc(functions, sizeof(*track->before));
	failed = !track->before;
	for (size_t i = 0; i < functions; i++) {
		track->window[i] =
			calloc(LATENCY_WINDOWS_MAX, sizeof(*track->window[i]));
		failed |= !track->window[i];
	}
	if (!failed)
		return 0;
	latency_track_free(track);
	return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
}

static uint64_t middle_ns(size_t bucket)
{
	return (intxbench_hist_lowest(bucket) +
		intxbench_hist_lowest(bucket + 1) - 1) /
	       2;
}

static uint64_t highest_ns(const struct intxbench_hist *now,
			   const struct intxbench_hist *before)
{
	if (now->above > before->above)
		return INTXBENCH_HIST_LIMIT;
	for (size_t i = INTXBENCH_HIST_BUCKETS; i--;)
		if (now->bucket[i] > before->bucket[i])
			return middle_ns(i);
	return 0;
}

static void look_at(const struct session_function *function, uint32_t cpus,
		    struct intxbench_hist *before,
		    struct latency_window *window)
{
	struct intxbench_hist now = { 0 };

	for (uint32_t cpu = 0; cpu < cpus; cpu++)
		histogram_merge(&now,
				&session_cpu_data(function, cpu)
					 ->hist[INTXBENCH_METRIC_ASSERT_ENTRY]);
	window->count = now.count - before->count;
	window->sum_ns = now.sum_ns - before->sum_ns;
	window->highest_ns = highest_ns(&now, before);
	*before = now;
}

void latency_track_look(struct latency_track *track,
			const struct session *session, uint64_t now_ns)
{
	if (now_ns < track->next_ns || track->windows == LATENCY_WINDOWS_MAX)
		return;
	track->next_ns = now_ns + track->window_ns;
	for (size_t i = 0; i < track->functions; i++) {
		struct latency_window *window =
			&track->window[i][track->windows];

		window->end_ns = now_ns;
		look_at(&session->function[i], session->info.nr_cpu_ids,
			&track->before[i], window);
	}
	track->windows++;
}

void latency_track_free(struct latency_track *track)
{
	for (size_t i = 0; i < LINEUP_MAX; i++)
		free(track->window[i]);
	free(track->before);
	memset(track, 0, sizeof(*track));
}
