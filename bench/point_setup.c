// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "error.h"
#include "point_judge.h"
#include "point_setup.h"
#include "qemu.h"
#include "schedule.h"

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
		if (function->member->live)
			function->live = &point->job->neighbour[neighbour];
	}
	result->functions = 1 + section->neighbours;
}

void point_begin(struct running *running, const struct point *point,
		 struct point_result *result)
{
	*running = (struct running){
		.point = point,
		.result = result,
		.path_ops = path_find(arm_path(point->plan->arm),
				      arm_policy(point->plan->arm)),
		.session.fd = -1,
		.inject_fd = -1,
		.resample_fd = -1,
		.mask.config_fd = -1,
	};
	list_functions(point, result);
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

/* The target's handler is there when this returns. */
static int add_target(struct running *running, size_t *index)
{
	const struct host_function *function =
		&running->result->function[0].member->function;
	int err;

	if (!running->path)
		return session_add_target(&running->session, function,
					  running->point->plan->arm,
					  running->inject_fd,
					  running->resample_fd, index);
	/* Ours must be quiet to be added, so it is connected after that. */
	err = session_add_foreign_target(
		&running->session, function,
		running->path_ops->handler(running->path),
		running->point->guest->outside, index);
	return err ? err : running->path_ops->connect(running->path);
}

static int add_live(struct running *running,
		    const struct point_function *function, size_t *index)
{
	char handler[JOB_HANDLER_MAX];
	int err = host_line_handler(&function->member->function,
				    function->live->handler, handler,
				    sizeof(handler));

	return err ? err :
		     session_add_live(&running->session,
				      &function->member->function, handler,
				      index);
}

static int add_functions(struct running *running)
{
	struct point_result *result = running->result;

	for (size_t i = 0; i < result->functions; i++) {
		const struct point_function *function = &result->function[i];
		size_t index;
		int err;

		if (!i)
			err = add_target(running, &index);
		else if (function->live)
			err = add_live(running, function, &index);
		else
			err = session_add_neighbour(&running->session,
						    &function->member->function,
						    &index);
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

	if (!function->rate_hz)
		return 0;
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

static int map_registers(struct running *running)
{
	const struct session_function *target = &running->session.function[0];

	if (running->path)
		return running->path_ops->registers(
			running->path, target->add.bar, &running->registers);
	return registers_map(target->address, target->add.bar,
			     &running->registers);
}

static int start_guest(struct running *running)
{
	const struct session_function *target = &running->session.function[0];
	const struct placement *placement = running->point->placement;
	const struct plan_point *plan = running->point->plan;

	running->guest_config = (struct guest_config){
		.vcpus = placement->vcpus,
		.flood_cpu = placement->flood_cpu,
		.irq_cpu = placement->irq_cpu,
		.service_ns = plan->service_ns,
		.inject_fd = running->inject_fd,
		.resample_fd = running->resample_fd,
		.registers = running->registers.base,
		.registers_bytes = running->registers.bytes,
		.tokens = target->add.tokens,
		.status_offset = target->add.status_offset,
		.ack_offset = target->add.ack_offset,
		.data = target->data,
		.data_bytes = running->session.info.data_bytes,
		.timeline = session_timeline(target),
		.foreign = running->path != NULL,
		.mask_hz = plan->mask_hz,
		.set_mask = guest_mask_set,
		.mask_context = &running->mask,
		.qemu = running->point->qemu,
	};
	memcpy(running->guest_config.vcpu_cpu, placement->vcpu_cpu,
	       sizeof(placement->vcpu_cpu));
	return running->point->guest->start(&running->guest_config,
					    &running->guest);
}

static int open_path(struct running *running)
{
	const struct path_config config = {
		.function = &running->result->function[0].member->function,
		.inject_fd = running->inject_fd,
		.resample_fd = running->resample_fd,
		.cpu = running->point->placement->vcpu_cpu[0],
	};

	return running->path_ops ?
		       running->path_ops->open(&config, &running->path) :
		       0;
}

/* Points are in random order: the one before may have had another driver. */
static int bind_target(struct running *running)
{
	const struct host_function *function =
		&running->result->function[0].member->function;

	if (running->path_ops)
		return running->path_ops->bind(function);
	return host_bind(function, INTXBENCH_DRIVER);
}

static int start_loads(struct running *running)
{
	int err = 0;

	for (size_t i = 0; !err && i < running->result->functions; i++) {
		const struct job_neighbour *live =
			running->result->function[i].live;

		if (live && live->load != LOAD_NONE)
			err = load_start(live->load, live->load_object,
					 &running->load[i]);
	}
	return err;
}

static int open_mask(struct running *running)
{
	if (!running->point->plan->mask_hz)
		return 0;
	return guest_mask_open(&running->mask, &running->session, 0,
			       running->point->plan->mask_order);
}

int point_set_up(struct running *running)
{
	const struct point *point = running->point;
	int err = point->guest->outside ? qemu_check(point->qemu) : 0;

	if (!err)
		err = bind_target(running);
	if (!err)
		err = open_eventfds(running);
	if (!err)
		err = open_path(running);
	if (!err)
		err = session_open(&running->session);
	if (!err)
		err = add_functions(running);
	if (!err)
		err = aim_line(running);
	for (size_t i = 0; !err && i < running->result->functions; i++)
		err = schedule_function(running, i);
	if (!err)
		err = map_registers(running);
	if (!err)
		err = open_mask(running);
	if (!err)
		err = start_guest(running);
	if (!err)
		err = start_loads(running);
	return err ? err : point_stress_set_up(running);
}

void point_stop_guest(struct running *running)
{
	if (running->guest)
		running->point->guest->stop(running->guest,
					    &running->result->guest);
	running->guest = NULL;
}

/* The path after the session, which watches its handler. */
void point_let_go(struct running *running)
{
	point_stress_end(running);
	point_stop_guest(running);
	guest_mask_close(&running->mask);
	session_close(&running->session);
	registers_unmap(&running->registers);
	if (running->path)
		running->path_ops->close(running->path);
	running->path = NULL;
}

void point_tear_down(struct running *running)
{
	for (size_t i = 0; i < LINEUP_MAX; i++)
		load_discard(running->load[i]);
	point_let_go(running);
	session_free(&running->session);
	if (running->inject_fd >= 0)
		close(running->inject_fd);
	if (running->resample_fd >= 0)
		close(running->resample_fd);
}
