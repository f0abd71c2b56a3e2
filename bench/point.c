// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "clock.h"
#include "error.h"
#include "interrupt.h"
#include "point_judge.h"
#include "point_setup.h"
#include "stress_judge.h"

#define DRAIN_LOOK_NS (1 * NSEC_PER_MSEC)

/* The last moment of a schedule lies before the end; its timer may be late. */
#define FLOOD_GRACE_NS (100 * NSEC_PER_MSEC)

const char *point_verdict_name(enum point_verdict verdict)
{
	static const char *const names[POINT_VERDICTS] = {
		[POINT_PASS] = "pass",
		[POINT_FAIL] = "fail",
		[POINT_SKIP] = "skip",
	};

	return names[verdict];
}

static uint64_t duration_ns(const struct point *point)
{
	return point->job->duration_ms * NSEC_PER_MSEC;
}

static uint64_t watchdog_ns(const struct point *point)
{
	return point->job->watchdog_ms * NSEC_PER_MSEC;
}

/* Nothing that touches a function or the line: it is being measured. */
static bool goes_on(struct running *running)
{
	const struct intxbench_data *target = running->session.function[0].data;

	return !interrupt_count() &&
	       !running->point->guest->failed(running->guest) &&
	       !(running->path && running->path_ops->failed(running->path)) &&
	       point_stress_goes_on(running) &&
	       !__atomic_load_n(&target->guarded, __ATOMIC_RELAXED);
}

static int any_flooding(struct running *running, bool *flooding)
{
	*flooding = false;
	for (size_t i = 0; i < running->session.functions; i++) {
		struct intxbench_state state;
		int err = session_state(&running->session, i, &state);

		if (err)
			return err;
		*flooding |= state.flags & INTXBENCH_STATE_FLOODING;
	}
	return 0;
}

static int wait_for_timers(struct running *running, uint64_t end_ns)
{
	bool flooding = true;
	int err = 0;

	while (!err && clock_now_ns() < end_ns + FLOOD_GRACE_NS) {
		err = any_flooding(running, &flooding);
		if (err || !flooding)
			break;
		interrupt_sleep_until(clock_now_ns() + DRAIN_LOOK_NS);
	}
	return err;
}

/* A workload that did not last, or cannot be read, fails the point. */
static void stop_loads(struct running *running)
{
	struct point_result *result = running->result;

	for (size_t i = 0; i < LINEUP_MAX; i++) {
		if (!running->load[i])
			continue;
		if (load_stop(running->load[i], &result->function[i].load)) {
			point_blame(result, "%s: %s",
				    result->function[i].member->name,
				    error_message());
			error_clear();
		}
		running->load[i] = NULL;
	}
}

static int begin_flood(struct running *running)
{
	int err = session_start(&running->session, 0,
				duration_ns(running->point),
				watchdog_ns(running->point),
				&running->result->started_ns);

	if (err)
		return err;
	for (size_t i = 0; i < LINEUP_MAX; i++)
		if (running->load[i])
			load_begin(running->load[i]);
	return point_stress_begin(running);
}

static int flood(struct running *running)
{
	struct point_result *result = running->result;
	uint64_t length_ns = duration_ns(running->point);
	uint64_t end_ns, now_ns, look_ns;
	int err = begin_flood(running);

	if (err)
		return err;
	end_ns = result->started_ns + length_ns;
	while ((now_ns = clock_now_ns()) < end_ns && goes_on(running)) {
		look_ns = point_stress_look(running, now_ns);
		interrupt_sleep_until(
			now_ns + look_ns < end_ns ? now_ns + look_ns : end_ns);
		err = kmsg_pump(running->point->kmsg);
		if (err)
			return err;
	}
	result->flood_cut = now_ns < end_ns && interrupt_count();
	if (now_ns >= end_ns)
		err = wait_for_timers(running, end_ns);
	/* The start lies ahead by some ms when the session has it. */
	if (now_ns >= end_ns)
		running->flooded_ns = length_ns;
	else if (now_ns > result->started_ns)
		running->flooded_ns = now_ns - result->started_ns;
	if (!err)
		err = session_stop(&running->session);
	if (!err)
		stop_loads(running);
	return err;
}

/* Whether everything is served and live again; keeps what is not. */
static int look_for_rest(struct running *running, bool *rest)
{
	*rest = false;
	for (size_t i = 0; i < running->session.functions; i++) {
		struct intxbench_state state;
		int err = session_state(&running->session, i, &state);

		if (err)
			return err;
		if (running->result->function[i].live)
			continue;
		running->pending[i] = state.pending;
		*rest |= state.pending || state.flags & INTXBENCH_STATE_MASKED;
	}
	return 0;
}

static int drain(struct running *running)
{
	struct point_result *result = running->result;
	uint64_t begin_ns = clock_now_ns();
	uint64_t longest_ns = running->point->job->drain_ms * NSEC_PER_MSEC;
	bool rest;
	int err;

	for (;;) {
		err = look_for_rest(running, &rest);
		result->drain_ns = clock_now_ns() - begin_ns;
		result->drained = !err && !rest;
		result->drain_cut = rest && interrupt_count() > 1;
		if (err || !rest || result->drain_cut ||
		    result->drain_ns >= longest_ns)
			return err;
		interrupt_sleep_until(clock_now_ns() + DRAIN_LOOK_NS);
	}
}

static void judge_drain(struct running *running)
{
	if (running->result->drained)
		return;
	point_blame(running->result,
		    "still masked or pending after %u ms of drain",
		    running->point->job->drain_ms);
	for (size_t i = 0; i < running->result->functions; i++)
		if (running->pending[i])
			point_blame(running->result,
				    "%s: status bits 0x%" PRIx32
				    " are still set",
				    running->result->function[i].member->name,
				    running->pending[i]);
}

static void judge(struct running *running)
{
	const struct session *session = &running->session;
	struct point_result *result = running->result;

	if (!result->drain_cut)
		judge_drain(running);
	for (size_t i = 0; i < result->functions; i++) {
		struct accounting_input input;

		point_collect(&session->function[i], session->info.nr_cpu_ids,
			      running->pending[i], &result->function[i],
			      &input);
		if (!i && running->point->guest->outside)
			point_collect_outside(&session->function[i],
					      running->pending[i], &input);
		else if (!i)
			point_collect_guest(&result->guest, &input);
		input.claims_all |= !i && running->path_ops &&
				    running->path_ops->exclusive;
		if (result->function[i].live)
			point_judge_live(result, &result->function[i], &input);
		else
			point_judge_accounting(result, &result->function[i],
					       &input);
	}
	point_judge_health(result, running->path_ops != NULL,
			   watchdog_ns(running->point));
	stress_judge(result, running->point->job);
	point_conclude(result, running->flooded_ns,
		       duration_ns(running->point));
}

/* Setting up may take long; a flood that is cut at once would show nothing. */
static int set_up(struct running *running)
{
	int err = point_set_up(running);

	if (err || !interrupt_count())
		return err;
	running->result->flood_cut = true;
	point_skip(running->result, "interrupted before the flood");
	return -EINTR;
}

static int run(struct running *running)
{
	int err = set_up(running);

	if (!err)
		err = flood(running);
	point_stress_end(running);
	if (!err)
		err = drain(running);
	/* A guest that is left over must not be entered by what comes next. */
	point_stop_guest(running);
	if (running->path)
		running->result->path_errnum =
			running->path_ops->failed(running->path);
	point_let_go(running);
	if (!err)
		judge(running);
	point_tear_down(running);
	return err;
}

/* Also of a point that was skipped: setting it up may have hurt the kernel. */
static int judge_log(struct running *running)
{
	struct kmsg *kmsg = running->point->kmsg;
	int err = kmsg_pump(kmsg);

	if (err)
		return err;
	kmsg_take_faults(kmsg, &running->result->kernel);
	point_judge_log(running->result);
	return 0;
}

static void mark(const struct point *point)
{
	char beside[STRESS_TEXT_MAX];

	stress_text(&point->plan->stress, beside);
	kmsg_mark("point %" PRIu32 " block %" PRIu32 " %s %s rate %" PRIu32
		  " Hz service %" PRIu64 " ns%s%s",
		  point->step.point, point->step.block,
		  point->plan->section->name, arm_name(point->plan->arm),
		  point->plan->rate_hz, point->plan->service_ns,
		  beside[0] ? " " : "", beside);
}

int point_run(const struct point *point, struct point_result *result)
{
	struct running running;
	int err;

	stress_result_free(&result->stress);
	memset(result, 0, sizeof(*result));
	point_begin(&running, point, result);
	mark(point);
	err = run(&running);
	if (err && result->verdict == POINT_SKIP) {
		result->functions = 0;
		err = 0;
	}
	return err ? err : judge_log(&running);
}
