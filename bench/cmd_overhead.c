// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What watching an interrupt costs: a fixed amount of work is timed on the CPU
 * that takes the line, with and without a flood, and with each way to watch.
 *
 *   cost of an interrupt = (time with the flood - time without) / interrupts
 *   cost of watching     = cost of an interrupt watched - not watched
 *
 * The flood's timer runs on the same CPU and is in both. On the testbed's exact
 * clock time is instructions, so the figures repeat.
 */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "cmd.h"
#include "error.h"
#include "host.h"
#include "journal.h"
#include "lineup.h"
#include "schedule.h"
#include "session.h"
#include "watcher.h"

#define RATE_HZ 10000
#define ROUNDS 3
#define HANDLERS_MAX 3
#define WORK_NS (NSEC_PER_SEC / 2)

struct overhead {
	const char *address; /* NULL: choose */
	int cpu;
	bool json;
	struct host_function function[HANDLERS_MAX];
	unsigned int functions;
	uint64_t work; /* turns of the loop */
	uint64_t quiet_ns;
};

/* One figure: a way to watch, with so many handlers on the line. */
struct cost {
	const struct watcher *watcher;
	unsigned int handlers;
	double ns[ROUNDS]; /* of an interrupt */
	double watch_ns; /* median over the rounds, less that of nothing */
	uint64_t interrupts;
};

static uint64_t spin_ns(uint64_t turns)
{
	uint64_t start_ns = clock_now_ns();

	for (uint64_t i = 0; i < turns; i++)
		__asm__ volatile("" ::: "memory");
	return clock_now_ns() - start_ns;
}

static int compare_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(const double *values)
{
	double sorted[ROUNDS];

	memcpy(sorted, values, sizeof(sorted));
	qsort(sorted, ROUNDS, sizeof(*sorted), compare_double);
	return sorted[ROUNDS / 2];
}

/* How many turns take WORK_NS, and how long they take with nothing going on. */
static void calibrate(struct overhead *overhead)
{
	double quiet[ROUNDS];

	overhead->work = 1000000;
	overhead->work *= (double)WORK_NS / spin_ns(overhead->work);
	for (unsigned int i = 0; i < ROUNDS; i++)
		quiet[i] = spin_ns(overhead->work);
	overhead->quiet_ns = median(quiet);
}

static uint64_t served(const struct session *session)
{
	uint64_t sum = 0;

	for (unsigned int bit = 0; bit < INTXBENCH_MAX_TOKENS; bit++)
		sum += session->function[0].data->served[bit];
	return sum;
}

/* The work under a flood that is under way. */
static int time_work(const struct overhead *overhead,
		     const struct session *session, struct cost *cost,
		     unsigned int round)
{
	uint64_t before, spent_ns;

	/* The first interrupts warm up, and are not counted. */
	spin_ns(overhead->work / 20);
	before = served(session);
	spent_ns = spin_ns(overhead->work);
	cost->interrupts = served(session) - before;
	if (cost->interrupts < RATE_HZ / 20)
		return error_set(EXIT_MACHINE, EIO,
				 "%s took %llu interrupts only: is CPU %d the "
				 "one that its line goes to?",
				 session->function[0].address,
				 (unsigned long long)cost->interrupts,
				 overhead->cpu);
	cost->ns[round] = ((double)spent_ns - (double)overhead->quiet_ns) /
			  (double)cost->interrupts;
	return 0;
}

static int check_seen(const struct cost *cost, uint64_t seen)
{
	if (seen >= cost->interrupts * cost->handlers)
		return 0;
	return error_set(EXIT_MACHINE, EIO,
			 "%s saw %llu handler runs of at least %llu: its cost "
			 "would be wrong",
			 cost->watcher->name, (unsigned long long)seen,
			 (unsigned long long)cost->interrupts * cost->handlers);
}

static int flood_and_time(const struct overhead *overhead,
			  struct session *session, struct cost *cost,
			  unsigned int round)
{
	const struct watcher *watcher = cost->watcher;
	uint64_t start_ns, seen = 0;
	int err;

	if (watcher->attach) {
		err = watcher->attach(session->function[0].add.irq);
		if (err)
			return err;
	}
	err = session_start(session,
			    watcher->probes ? 0 : INTXBENCH_START_UNOBSERVED, 0,
			    0, &start_ns);
	if (!err)
		err = time_work(overhead, session, cost, round);
	if (!err)
		err = session_stop(session);
	if (watcher->detach) {
		int detach_err = watcher->detach(&seen);

		err = err ? err : detach_err;
		if (!err)
			err = check_seen(cost, seen);
	}
	return err;
}

static int measure(const struct overhead *overhead, struct cost *cost,
		   unsigned int round)
{
	struct job_flood flood = { .distribution = DISTRIBUTION_PERIODIC };
	struct session session = { .fd = -1 };
	struct schedule schedule = { 0 };
	size_t index;
	int err;

	err = schedule_build(&flood, RATE_HZ, 0, &schedule);
	if (!err)
		err = session_open(&session);
	for (unsigned int i = 0; !err && i < cost->handlers; i++) {
		err = session_add_neighbour(&session, &overhead->function[i],
					    &index);
		if (err == -EBUSY)
			error_set(EXIT_MACHINE, EBUSY, "%s is taken",
				  overhead->function[i].address);
	}
	if (!err)
		err = host_set_irq_affinity(session.function[0].add.irq,
					    overhead->cpu);
	if (!err)
		err = session_schedule(&session, 0, overhead->cpu, 0,
				       &schedule);
	if (!err)
		err = flood_and_time(overhead, &session, cost, round);
	session_free(&session);
	schedule_free(&schedule);
	return err;
}

/* Rounds outermost: what drifts, drifts for all alike. */
static int measure_all(const struct overhead *overhead, struct cost *costs,
		       unsigned int count)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		for (unsigned int i = 0; i < count; i++) {
			int err = measure(overhead, &costs[i], round);

			if (err)
				return err;
		}
	}
	return 0;
}

static unsigned int plan_costs(const struct overhead *overhead,
			       struct cost *costs)
{
	unsigned int count = 0;

	for (unsigned int handlers = 1; handlers <= overhead->functions;
	     handlers += overhead->functions - 1 ?: 1)
		for (unsigned int i = 0; i < watcher_count; i++)
			costs[count++] = (struct cost){
				.watcher = &watchers[i],
				.handlers = handlers,
			};
	return count;
}

/* The plan lists "nothing" first for each number of handlers. */
static void subtract(struct cost *costs, unsigned int count)
{
	double nothing_ns = 0;

	for (unsigned int i = 0; i < count; i++) {
		if (costs[i].watcher == &watchers[0])
			nothing_ns = median(costs[i].ns);
		costs[i].watch_ns = median(costs[i].ns) - nothing_ns;
	}
}

static void print_table(const struct overhead *overhead,
			const struct cost *costs, unsigned int count)
{
	printf("What watching costs, per interrupt, at %d Hz on CPU %d "
	       "(median of %d rounds)\n\n"
	       "%-14s %8s %14s %14s  %s\n",
	       RATE_HZ, overhead->cpu, ROUNDS, "watching", "handlers",
	       "interrupt, ns", "watching, ns", "rounds, ns");
	for (unsigned int i = 0; i < count; i++)
		printf("%-14s %8u %14.0f %+14.0f  %.0f %.0f %.0f\n",
		       costs[i].watcher->name, costs[i].handlers,
		       median(costs[i].ns), costs[i].watch_ns, costs[i].ns[0],
		       costs[i].ns[1], costs[i].ns[2]);
	printf("\n");
	for (unsigned int i = 0; i < watcher_count; i++)
		printf("%-14s %s\n", watchers[i].name, watchers[i].what);
}

static int print_json(const struct cost *costs, unsigned int count)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < count; i++)
		json_array_append_new(
			list, json_pack("{s:s, s:i, s:f, s:f, s:I}", "watcher",
					costs[i].watcher->name, "handlers",
					(int)costs[i].handlers, "interrupt_ns",
					median(costs[i].ns), "watching_ns",
					costs[i].watch_ns, "interrupts",
					(json_int_t)costs[i].interrupts));
	json_dumpf(list, stdout, JSON_INDENT(2));
	printf("\n");
	json_decref(list);
	return 0;
}

static int bind_all(struct overhead *overhead,
		    const struct host_functions *functions)
{
	const char *first = overhead->address;

	for (size_t i = 0; i < functions->count; i++) {
		const struct host_function *function = &functions->function[i];

		if (overhead->functions == HANDLERS_MAX ||
		    !lineup_may_choose(function) ||
		    (first && !overhead->functions &&
		     strcmp(function->address, first)))
			continue;
		if (host_bind(function, INTXBENCH_DRIVER))
			return -EIO;
		overhead->function[overhead->functions++] = *function;
	}
	return 0;
}

/* Those that turn out to be on the first one's line. */
static int keep_line(struct overhead *overhead)
{
	struct host_functions now;
	unsigned int kept = 0;
	int err = host_scan(&now);

	if (err)
		return err;
	for (unsigned int i = 0; i < overhead->functions; i++) {
		const struct host_function *function =
			host_find(&now, overhead->function[i].address);

		if (function &&
		    (!kept || function->irq == overhead->function[0].irq))
			overhead->function[kept++] = *function;
	}
	overhead->functions = kept;
	host_scan_free(&now);
	return 0;
}

static int choose(struct overhead *overhead)
{
	struct host_functions functions;
	int err = host_scan(&functions);

	if (err)
		return err;
	err = bind_all(overhead, &functions);
	host_scan_free(&functions);
	if (err)
		return err;
	if (!overhead->functions)
		return error_set(EXIT_MACHINE, ENODEV,
				 "no function %s that may be taken; "
				 "'intxbench lines' says why",
				 overhead->address ? overhead->address :
						     "with a trigger");
	return keep_line(overhead);
}

static int pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (!sched_setaffinity(0, sizeof(set), &set))
		return 0;
	return error_set(EXIT_MACHINE, errno, "cannot run on CPU %d: %s", cpu,
			 strerror(errno));
}

static int run(struct overhead *overhead)
{
	struct cost costs[8];
	unsigned int count;
	int err;

	err = pin(overhead->cpu);
	if (!err)
		err = choose(overhead);
	if (err)
		return err;
	calibrate(overhead);
	count = plan_costs(overhead, costs);
	err = measure_all(overhead, costs, count);
	if (err)
		return err;
	subtract(costs, count);
	if (overhead->json)
		return print_json(costs, count);
	print_table(overhead, costs, count);
	return 0;
}

static int run_journalled(struct overhead *overhead)
{
	size_t recovered;
	int err, undo_err;

	err = host_check_module();
	if (!err)
		err = journal_open(&recovered);
	if (err)
		return err;
	err = run(overhead);
	undo_err = journal_undo();
	journal_close();
	return err ? err : undo_err;
}

static void usage(void)
{
	printf("usage: intxbench overhead [--cpu N] [--json] [FUNCTION]\n"
	       "\n"
	       "Measure what watching a line's handlers costs per interrupt: "
	       "the module's\n"
	       "probes, the kernel's trace buffer and bpftrace, beside nothing "
	       "at all.\n"
	       "FUNCTION has a trigger ('intxbench lines'); default: the first "
	       "one.\n"
	       "\n"
	       "  --cpu N   the CPU that takes the line, and works (0)\n"
	       "  --json    for programs\n");
}

int cmd_overhead(int argc, char **argv)
{
	static const struct option options[] = {
		{ "cpu", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct overhead overhead = { 0 };
	char *end;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			overhead.cpu = strtol(optarg, &end, 10);
			if (*end || !*optarg || overhead.cpu < 0 ||
			    overhead.cpu >= CPU_SETSIZE)
				return error_set(EXIT_REQUEST, EINVAL,
						 "--cpu %s: not a CPU number",
						 optarg);
			break;
		case 'j':
			overhead.json = true;
			break;
		case 'h':
			usage();
			return EXIT_PASS;
		default:
			return error_set(EXIT_REQUEST, EINVAL,
					 "see 'intxbench overhead --help'");
		}
	}
	if (argc - optind > 1)
		return error_set(EXIT_REQUEST, EINVAL,
				 "one FUNCTION at most; see 'intxbench "
				 "overhead --help'");
	overhead.address = argv[optind];
	return run_journalled(&overhead);
}
