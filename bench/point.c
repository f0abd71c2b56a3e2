// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "error.h"
#include "interrupt.h"
#include "point.h"
#include "point_judge.h"
#include "registers.h"
#include "schedule.h"
#include "session.h"

/* How often the main thread looks around while the flood is on. */
#define LOOK_NS (200 * NSEC_PER_MSEC)
#define DRAIN_LOOK_NS (1 * NSEC_PER_MSEC)

/* The last moment of a schedule lies before the end; its timer may be late. */
#define FLOOD_GRACE_NS (100 * NSEC_PER_MSEC)

/* A point while it runs. Everything in it is undone by tear_down(). */
struct running {
	const struct point *point;
	struct point_result *result;
	struct session session; /* function i is the result's i */
	struct registers registers;
	int inject_fd, resample_fd;
	struct guest_config guest_config;
	struct guest *guest; /* NULL: does not run */
	uint64_t flooded_ns;
	uint32_t pending[LINEUP_MAX]; /* status bits after the drain */
};

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

static int open_eventfds(struct running *running)
{
	running->inject_fd = eventfd(0, EFD_CLOEXEC);
	running->resample_fd = eventfd(0, EFD_CLOEXEC);
	if (running->inject_fd >= 0 && running->resample_fd >= 0)
		return 0;
	return error_set(EXIT_MACHINE, errno, "cannot make an eventfd: %s",
			 strerror(errno));
}

/* The functions of the point: the target, then its section's neighbours. */
static void list_functions(const struct point *point,
			   struct point_result *result)
{
	const struct job_points *section = point->plan->section;
	struct point_function *function = result->function;

	function->member = &point->lineup->member[0];
	function->flood = &point->job->target;
	function->rate_hz = point->plan->rate_hz;
	for (size_t i = 0; i < section->neighbours; i++) {
		size_t neighbour = section->neighbour[i];

		function++;
		function->member = &point->lineup->member[neighbour + 1];
		function->flood = &point->job->neighbour[neighbour].flood;
		function->rate_hz = function->flood->rate_hz;
	}
	result->functions = 1 + section->neighbours;
}

static int busy(const struct running *running,
		const struct point_function *function)
{
	int irq = function->member->function.irq;
	char handlers[POINT_HANDLERS_BYTES];

	if (host_line_text(irq, handlers, sizeof(handlers)) || !handlers[0])
		snprintf(handlers, sizeof(handlers), "none");
	if (!arm_is_exclusive(running->point->plan->arm))
		return error_set(EXIT_MACHINE, EBUSY,
				 "the module cannot take %s: it is in a "
				 "session, or another handler does not share "
				 "line %d with it (handlers there: %s)",
				 function->member->function.address, irq,
				 handlers);
	point_skip(running->result,
		   "arm %s needs line %d alone; handlers on it: %s",
		   arm_name(running->point->plan->arm), irq, handlers);
	return -EBUSY;
}

static int add_functions(struct running *running)
{
	struct point_result *result = running->result;

	for (size_t i = 0; i < result->functions; i++) {
		const struct point_function *function = &result->function[i];
		size_t index;
		int err;

		if (i)
			err = session_add_neighbour(&running->session,
						    &function->member->function,
						    &index);
		else
			err = session_add_target(&running->session,
						 &function->member->function,
						 running->point->plan->arm,
						 running->inject_fd,
						 running->resample_fd, &index);
		if (err)
			return err == -EBUSY && !error_message()[0] ?
				       busy(running, function) :
				       err;
	}
	return 0;
}

/* An irq is in /proc/irq and has its handlers' names once it is requested. */
static int aim_line(struct running *running)
{
	struct point_result *result = running->result;

	result->irq = running->session.function[0].add.irq;
	if (host_line_text(result->irq, result->handlers,
			   sizeof(result->handlers)))
		result->handlers[0] = '\0';
	return host_set_irq_affinity(result->irq,
				     running->point->placement->irq_cpu);
}

/* Of the run's seed, the block, the point and the function; by splitmix64, so
 * that neighbouring numbers give unrelated floods. */
static uint64_t flood_seed(const struct point *point, size_t function)
{
	uint64_t state = point->seed;

	state = plan_random(&state) ^ point->step.block;
	state = plan_random(&state) ^ point->step.point;
	state = plan_random(&state) ^ function;
	return plan_random(&state);
}

static int schedule_function(struct running *running, size_t index)
{
	const struct point_function *function =
		&running->result->function[index];
	struct schedule schedule;
	int err;

	err = schedule_build(function->flood, function->rate_hz,
			     flood_seed(running->point, index), &schedule);
	if (err)
		return error_set(EXIT_MACHINE, -err,
				 "cannot make the schedule of %s: %s",
				 function->member->name, strerror(-err));
	err = session_schedule(&running->session, index,
			       running->point->placement->flood_cpu,
			       function->flood->phase_ns, &schedule);
	schedule_free(&schedule);
	return err;
}

static int start_guest(struct running *running)
{
	const struct session_function *target = &running->session.function[0];
	int err;

	err = registers_map(target->address, target->add.bar,
			    &running->registers);
	if (err)
		return err;
	running->guest_config = (struct guest_config){
		.cpu = running->point->placement->vcpu_cpu[0],
		.service_ns = running->point->plan->service_ns,
		.inject_fd = running->inject_fd,
		.resample_fd = running->resample_fd,
		.registers = running->registers.base,
		.tokens = target->add.tokens,
		.status_offset = target->add.status_offset,
		.ack_offset = target->add.ack_offset,
		.data = target->data,
		.timeline = session_timeline(target),
	};
	return running->point->guest->start(&running->guest_config,
					    &running->guest);
}

static int set_up(struct running *running)
{
	int err = open_eventfds(running);

	if (!err)
		err = session_open(&running->session);
	if (!err)
		err = add_functions(running);
	if (!err)
		err = aim_line(running);
	for (size_t i = 0; !err && i < running->result->functions; i++)
		err = schedule_function(running, i);
	if (!err)
		err = start_guest(running);
	return err;
}

/* Nothing that touches a function or the line: it is being measured. */
static bool goes_on(struct running *running)
{
	const struct intxbench_data *target = running->session.function[0].data;

	return !interrupt_count() &&
	       !running->point->guest->failed(running->guest) &&
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

static int flood(struct running *running)
{
	struct point_result *result = running->result;
	uint64_t length_ns = duration_ns(running->point);
	uint64_t end_ns, now_ns;
	int err;

	err = session_start(&running->session, 0, length_ns,
			    watchdog_ns(running->point), &result->started_ns);
	if (err)
		return err;
	end_ns = result->started_ns + length_ns;
	while ((now_ns = clock_now_ns()) < end_ns && goes_on(running)) {
		interrupt_sleep_until(
			now_ns + LOOK_NS < end_ns ? now_ns + LOOK_NS : end_ns);
		err = kmsg_pump(running->point->kmsg);
		if (err)
			return err;
	}
	result->flood_cut = now_ns < end_ns && interrupt_count();
	if (now_ns >= end_ns)
		err = wait_for_timers(running, end_ns);
	running->flooded_ns = now_ns < end_ns ? now_ns - result->started_ns :
						length_ns;
	return err ? err : session_stop(&running->session);
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

static void stop_guest(struct running *running)
{
	if (running->guest)
		running->point->guest->stop(running->guest,
					    &running->result->guest);
	running->guest = NULL;
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
	char fault[KMSG_FAULT_MAX];

	judge_drain(running);
	for (size_t i = 0; i < result->functions; i++) {
		struct accounting_input input;

		point_collect(&session->function[i], session->info.nr_cpu_ids,
			      running->pending[i], &result->function[i],
			      &input);
		if (!i)
			point_collect_guest(&result->guest, &input);
		point_judge_accounting(result, &result->function[i], &input);
	}
	point_judge_health(result, watchdog_ns(running->point));
	kmsg_take_fault(running->point->kmsg, fault, sizeof(fault));
	if (fault[0])
		point_blame(result, "the kernel's log has: %s", fault);
	point_conclude(result, running->flooded_ns,
		       duration_ns(running->point));
}

static void tear_down(struct running *running)
{
	stop_guest(running);
	session_free(&running->session);
	registers_unmap(&running->registers);
	if (running->inject_fd >= 0)
		close(running->inject_fd);
	if (running->resample_fd >= 0)
		close(running->resample_fd);
}

static int run(struct running *running)
{
	int err = set_up(running);

	if (!err)
		err = flood(running);
	if (!err)
		err = drain(running);
	/* A guest that is left over must not be entered by what comes next. */
	stop_guest(running);
	session_close(&running->session);
	if (!err)
		err = kmsg_pump(running->point->kmsg);
	if (!err)
		judge(running);
	tear_down(running);
	return err;
}

static void mark(const struct point *point)
{
	kmsg_mark("point %" PRIu32 " block %" PRIu32 " %s %s rate %" PRIu32
		  " Hz service %" PRIu64 " ns",
		  point->step.point, point->step.block,
		  point->plan->section->name, arm_name(point->plan->arm),
		  point->plan->rate_hz, point->plan->service_ns);
}

int point_run(const struct point *point, struct point_result *result)
{
	struct running running = {
		.point = point,
		.result = result,
		.session.fd = -1,
		.inject_fd = -1,
		.resample_fd = -1,
	};
	int err;

	memset(result, 0, sizeof(*result));
	list_functions(point, result);
	mark(point);
	err = run(&running);
	if (err && result->verdict == POINT_SKIP) {
		result->functions = 0;
		return 0;
	}
	return err;
}
