// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "error.h"
#include "guest_choice.h"
#include "interrupt.h"
#include "journal.h"
#include "lineup.h"
#include "machine.h"
#include "path.h"
#include "point_stress.h"
#include "progress.h"
#include "record.h"
#include "record_json.h"
#include "run.h"
#include "session.h"
#include "sysfs.h"
#include "vfio.h"

struct run {
	const struct run_request *request;
	struct run_outcome *outcome;
	struct results *results; /* the outcome's */
	struct progress progress;
	struct machine machine;
	struct placement placement;
	struct guest_choice guest;
	struct intxbench_info module;
	struct lineup lineup;
	bool has_journal;
	struct kmsg kmsg;
	struct record record;
	struct record_head head;
	struct point_result *result; /* of the point that runs */
	size_t most_functions; /* that any of them had */
	size_t executed;
	bool unwritable; /* the record cannot be kept */
};

static int check_root(void)
{
	if (!geteuid())
		return 0;
	return error_set(EXIT_MACHINE, EPERM,
			 "a run needs root, because it binds drivers, aims "
			 "interrupts and opens " INTXBENCH_DEVICE
			 "; try 'sudo intxbench run ...', or --dry-run, which "
			 "needs nothing");
}

static int check_arms(const struct plan *plan, uint64_t arms)
{
	for (size_t i = 0; i < plan->points; i++)
		if (!arm_is_foreign(plan->point[i].arm) &&
		    !(arms >> plan->point[i].arm & 1))
			return error_set(EXIT_MACHINE, EOPNOTSUPP,
					 "the loaded module has no arm %s",
					 arm_name(plan->point[i].arm));
	return 0;
}

static int check_module(struct run *run)
{
	struct session session = { .fd = -1 };
	int err = session_open(&session);

	if (err)
		return err;
	run->module = session.info;
	session_free(&session);
	run->module.version[sizeof(run->module.version) - 1] = '\0';
	return check_arms(run->request->plan, run->module.arms);
}

static int choose_cpus(struct run *run)
{
	int err = placement_choose(run->request->job, NULL, &run->placement);

	if (err || run->placement.this_machine)
		return err;
	return error_set(EXIT_MACHINE, EINVAL,
			 "hwloc shows another machine than this one; unset "
			 "HWLOC_XMLFILE, HWLOC_SYNTHETIC, HWLOC_FSROOT and "
			 "HWLOC_CPUID_PATH, which are for --dry-run");
}

/* All that can be said before anything is changed. */
static int check(struct run *run)
{
	int err = check_module(run);

	if (!err)
		err = machine_read(&run->machine);
	if (!err)
		err = choose_cpus(run);
	if (!err)
		err = point_stress_check(run->request->job, run->request->plan,
					 &run->placement);
	if (!err)
		err = guest_choice_make(run->request->job, &run->guest);
	return err;
}

/* Before it is looked at: a run that died may have left it another one. */
static int take_machine(struct run *run)
{
	size_t recovered = 0;
	int err = guest_choice_check(run->request->job);

	if (!err)
		err = check_root();
	if (!err)
		err = journal_open(&recovered);
	if (err)
		return err;
	run->has_journal = true;
	if (recovered)
		progress_note(&run->progress,
			      "put back %zu things that a run which died had "
			      "changed",
			      recovered);
	return 0;
}

static int make_results(struct run *run)
{
	const struct job *job = run->request->job;
	char stale[NAME_MAX + 1];
	unsigned int count;
	int err;

	err = results_create(run->request->results, job->name,
			     run->machine.hostname, run->head.started_utc,
			     record_estimate_bytes(job,
						   run->request->plan->steps),
			     run->results);
	if (err)
		return err;
	count = results_count_stale(run->results->root, stale);
	if (count)
		progress_note(&run->progress,
			      "%u unfinished record%s of dead runs in %s, such "
			      "as %s; remove what you do not need",
			      count, count == 1 ? "" : "s", run->results->root,
			      stale);
	return record_open(run->results->partial, &run->record);
}

static int open_log(struct run *run)
{
	char path[PATH_MAX + sizeof("/kmsg.log")];

	snprintf(path, sizeof(path), "%s/kmsg.log", run->results->partial);
	return kmsg_open(path, &run->kmsg);
}

/* Lines are known once their functions are enabled; "auto" needs to know. */
static int route_choices(const struct host_functions *functions)
{
	int err = 0;

	for (size_t i = 0; !err && i < functions->count; i++) {
		const struct host_function *function = &functions->function[i];

		if (lineup_may_choose(function) && !function->irq)
			err = host_route(function);
	}
	return err;
}

/* Lines are known; that we had one enabled would look like somebody's use. */
static int unroute(const struct host_functions *functions)
{
	int err = 0;

	for (size_t i = 0; !err && i < functions->count; i++)
		err = host_unroute(&functions->function[i]);
	return err;
}

static int choose_functions(struct run *run)
{
	const struct job *job = run->request->job;
	struct host_functions functions;
	int err = host_scan(&functions);

	if (err)
		return err;
	if (lineup_is_auto(job)) {
		err = route_choices(&functions);
		host_scan_free(&functions);
		if (!err)
			err = host_scan(&functions);
		if (err)
			return err;
	}
	err = lineup_choose(job, &functions, &run->lineup);
	if (!err)
		err = unroute(&functions);
	host_scan_free(&functions);
	return err;
}

/* What the plan's paths need of this machine, before anything is bound. */
static int check_paths(struct run *run)
{
	const struct host_function *target = &run->lineup.member[0].function;
	const struct plan *plan = run->request->plan;
	bool vfio = false;
	int err = 0;

	for (size_t i = 0; !err && i < plan->points; i++) {
		uint32_t arm = plan->point[i].arm;

		if (!arm_is_foreign(arm))
			continue;
		vfio |= !strcmp(arm_path(arm), "vfio");
		err = path_find(arm_path(arm), arm_policy(arm))->check(target);
	}
	if (!err && vfio && run->request->job->allow_unsafe)
		err = vfio_allow_unsafe();
	return err;
}

static int bind_functions(struct run *run)
{
	struct host_functions functions;
	int err = 0;

	for (size_t i = 0; !err && i < run->lineup.members; i++)
		if (!run->lineup.member[i].live)
			err = host_bind(&run->lineup.member[i].function,
					INTXBENCH_DRIVER);
	if (!err)
		err = host_scan(&functions);
	if (err)
		return err;
	err = lineup_confirm(&run->lineup, run->request->plan, &functions);
	host_scan_free(&functions);
	return err;
}

/* Page faults in the guest's thread would be in its numbers. */
static int lock_memory(struct run *run)
{
	run->result = calloc(1, sizeof(*run->result));
	if (!run->result)
		return error_set(EXIT_MACHINE, ENOMEM, "out of memory");
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		progress_note(&run->progress,
			      "memory cannot be locked (%s): page faults may "
			      "show in the guest's times",
			      strerror(errno));
	return 0;
}

static int take(struct run *run)
{
	int err = make_results(run);

	if (!err)
		err = open_log(run);
	if (!err)
		err = choose_functions(run);
	if (!err)
		err = check_paths(run);
	if (!err)
		err = bind_functions(run);
	return err ? err : lock_memory(run);
}

/* After the first execution and half of them; after the last: run_steps(). */
static void take_memory(struct run *run)
{
	if (run->executed == 1)
		memory_read(&run->head.after_first);
	else if (run->executed == (run->request->plan->steps + 1) / 2)
		memory_read(&run->head.after_half);
}

/* The line in the point that took most. */
static void take_line(struct run *run)
{
	struct record_head *head = &run->head;

	if (run->result->functions <= run->most_functions)
		return;
	run->most_functions = run->result->functions;
	if (host_line_chip(run->result->irq, head->chip, sizeof(head->chip)))
		head->chip[0] = '\0';
	memcpy(head->handlers, run->result->handlers, sizeof(head->handlers));
}

/* What the log has said since the last point is no point's. */
static int take_faults(struct run *run)
{
	int err = kmsg_pump(&run->kmsg);

	kmsg_take_faults(&run->kmsg, &run->head.kernel);
	return err;
}

static int run_step(struct run *run, const struct plan_step *step)
{
	const struct run_request *request = run->request;
	const struct plan_point *planned = &request->plan->point[step->point];
	struct point point = {
		.job = request->job,
		.plan = planned,
		.step = *step,
		.seed = request->plan->seed,
		.lineup = &run->lineup,
		.placement = &run->placement,
		.guest = run->guest.ops,
		.qemu = request->qemu,
		.kmsg = &run->kmsg,
	};
	int err;

	err = take_faults(run);
	if (err)
		return err;
	progress_start_step(&run->progress, step, planned);
	err = point_run(&point, run->result);
	if (err)
		return err;
	err = record_add(&run->record, &point, run->result);
	run->unwritable |= err != 0;
	if (err)
		return err;
	run->executed++;
	run->head.interrupted |= run->result->flood_cut ||
				 run->result->drain_cut;
	take_memory(run);
	take_line(run);
	progress_end_step(&run->progress, run->result->verdict == POINT_FAIL);
	return 0;
}

static int run_steps(struct run *run)
{
	const struct plan *plan = run->request->plan;
	int err = 0;

	for (size_t i = 0; !err && i < plan->steps && !interrupt_count(); i++)
		err = run_step(run, &plan->step[i]);
	memory_read(&run->head.after_last);
	return err;
}

/* While binding, or putting things back. */
static void check_log(struct run *run)
{
	const struct kmsg_faults *kernel = &run->head.kernel;

	if (kmsg_close(&run->kmsg))
		run->unwritable = true;
	kmsg_take_faults(&run->kmsg, &run->head.kernel);
	if (kernel->count)
		error_set(EXIT_VIOLATED, EIO,
			  "the kernel's log has, outside of the points: %s",
			  kernel->fault[0].text);
	else if (kernel->overruns)
		error_set(EXIT_VIOLATED, EIO,
			  "the kernel's log was overwritten before it was "
			  "read, outside of the points: what it said there is "
			  "not known");
}

static void give_back(struct run *run)
{
	munlockall();
	run->head.restored = run->has_journal && !journal_undo();
	if (run->has_journal && !run->head.restored)
		progress_note(&run->progress,
			      "not everything was put back; 'intxbench "
			      "restore' tries again");
	if (run->kmsg.log)
		check_log(run);
	if (run->has_journal)
		journal_close();
}

static int exit_status(const struct run *run)
{
	if (error_message()[0])
		return error_status();
	if (run->head.interrupted)
		return EXIT_INTERRUPTED;
	if (run->record.counts[POINT_FAIL])
		return EXIT_VIOLATED;
	return run->record.counts[POINT_PASS] ? EXIT_PASS : EXIT_SKIPPED;
}

static void fill_head(struct run *run)
{
	const struct run_request *request = run->request;
	struct record_head *head = &run->head;

	head->run_id = run->results->run_id;
	head->error = error_message();
	head->interrupted |= run->executed < request->plan->steps;
	head->exit_status = exit_status(run);
	head->not_run = request->plan->steps - run->executed;
	head->finished_utc = time(NULL);
	head->argument = request->argument;
	head->arguments = request->arguments;
	head->module_version = run->module.version;
	head->module_abi = run->module.abi;
	head->machine = &run->machine;
	head->job = request->job;
	head->override = request->override;
	head->overrides = request->overrides;
	head->seed = request->plan->seed;
	head->lineup = &run->lineup;
	head->placement = &run->placement;
	head->guest = &run->guest;
	head->qemu = request->qemu;
}

static void tell_outcome(const struct run *run)
{
	struct run_outcome *outcome = run->outcome;

	outcome->exit_status = exit_status(run);
	outcome->verdict = record_verdict(&run->head, run->record.counts);
	outcome->not_run = run->head.not_run;
	memcpy(outcome->counts, run->record.counts, sizeof(outcome->counts));
}

/* The record, where there is something to keep and a place to keep it. */
static void finish(struct run *run)
{
	run->unwritable |= run->kmsg.broken;
	if (run->executed && !run->unwritable) {
		fill_head(run);
		run->outcome->recorded =
			!record_finish(&run->record, &run->head) &&
			!results_finish(run->results);
		tell_outcome(run);
	} else if (interrupt_count()) {
		error_set(EXIT_INTERRUPTED, EINTR,
			  "interrupted before the first point ended: nothing "
			  "is kept");
	}
	record_close(&run->record);
	if (run->outcome->recorded)
		return;
	results_discard(run->results);
	if (run->executed)
		progress_note(&run->progress, "nothing of this run is kept");
}

int run_execute(const struct run_request *request, struct run_outcome *outcome)
{
	struct run run = {
		.request = request,
		.outcome = outcome,
		.results = &outcome->results,
		.kmsg.fd = -1,
		.head.started_utc = time(NULL),
	};
	int err;

	memset(outcome, 0, sizeof(*outcome));
	outcome->exit_status = EXIT_SKIPPED;
	outcome->results.lock = -1;
	interrupt_catch();
	progress_begin(&run.progress, stderr, request->quiet, request->job,
		       request->plan);
	err = take_machine(&run);
	if (!err)
		err = check(&run);
	if (!err)
		err = take(&run);
	if (!err)
		err = run_steps(&run);
	if (err && !error_message()[0])
		error_set(EXIT_MACHINE, -err, "the run ended early: %s",
			  strerror(-err));
	progress_end(&run.progress);
	give_back(&run);
	finish(&run);
	if (run.result)
		stress_result_free(&run.result->stress);
	free(run.result);
	interrupt_release();
	return error_message()[0] ? -ECANCELED : 0;
}
