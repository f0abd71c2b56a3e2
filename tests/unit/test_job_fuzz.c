// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Job files mutated at random: whatever is in them, job_read() either refuses
 * with a message or gives a job that can be planned and flooded.
 * `test_job_fuzz ROUNDS SEED` runs longer, or repeats a failure.
 */
#include <errno.h>

#include "error.h"
#include "job.h"
#include "job_file.h"
#include "plan.h"
#include "schedule.h"

#define TEXT_MAX 4096
#define MOST_PLANNED 20000

static unsigned long rounds = 10000;
static uint64_t seed = 1;

static const char *const valid[] = {
	"; Does the line hold?\n\n[job]\nblocks = 2\nduration_ms = 500\n"
	"drain_ms = 1000\nwatchdog_ms = 900\nseed = 12\nplacement = spread\n"
	"allow_busted = no\n\n[target]\nfunction = auto\n"
	"distribution = periodic\nphase_ns = 0\n\n[neighbour one]\n"
	"function = 0000:00:08.0\nrate_hz = 100\nphase_ns = 200000\n\n"
	"[neighbour two] ; the other\ndistribution = poisson\nrate_hz = 300\n"
	"\n[points shared]\narm = pci23, line\nrate_hz = 100, 200\n"
	"service_ns = 10000, 1000000\nneighbours = one, two\n",

	"; And in bursts?\n[job]\nplacement = flood:0 irq:smt-sibling guest:2-3+6\n"
	"vcpus = 3\n"
	"allow_busted = yes\n[target]\ndistribution = burst\nburst = 10\n"
	"[points a]\narm = oneshot, busted-deaf\nrate_hz = 1000\n"
	"service_ns = 50000\nneighbours = none\n[points b]\n"
	"arm = line-unlazy\nrate_hz = 50\nservice_ns = 0\n",

	"; Beside what?\n[hotplug]\ninterval_ms = 5\ncycles = 9\ncpus = 2-3+5\n"
	"[pressure]\nwork = fault, dirty\nmax_bytes = 67108864\nreaders = 2\n"
	"high_bytes = 50000000\nscratch = /tmp\n[counter]\nreaders = 64\n"
	"allow_inside = yes\n[points c]\narm = pci23\nrate_hz = 50\n"
	"service_ns = 0\nhotplug = none, others, any\npressure = no, yes\n"
	"counter = none, inside, hoisted\nmove_irq_hz = 0, 1000\n",
};

static const char *const words[] = {
	"[job]",
	"[target]",
	"[neighbour x]",
	"[points y]",
	"[points a]",
	"[neighbour target]",
	"placement = ",
	"irq:",
	"vcpus:2-",
	"same-llc",
	"\n",
	"\r\n",
	";",
	" ;",
	"#",
	"=",
	":",
	",",
	", ",
	"[",
	"]",
	"\0",
	"\xff",
	"\xe2\x82\xac",
	"\t",
	" ",
	"0",
	"1",
	"-1",
	"99999999999999999999999",
	"4294967296",
	"50000",
	"25",
	"1000000000",
	"rate_hz = 30\n",
	"burst = 3\n",
	"arm = line\n",
	"service_ns = 5\n",
	"distribution = back-to-back\n",
	"distribution = poisson\n",
	"distribution = burst\n",
	"neighbours = ",
	"none",
	"auto",
	"0001:02:03.4",
	"flood:1",
	"allow_busted = yes\n",
	"busted-no-unmask",
	"oneshot",
	"[hotplug]",
	"[pressure]",
	"[counter]",
	"hotplug = irq\n",
	"pressure = yes\n",
	"counter = inside\n",
	"move_irq_hz = 7\n",
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
};

static const char *const sets[] = {
	"blocks=5",
	"seed=0",
	"duration_ms=10",
	"target.burst=4",
	"target.distribution=burst",
	"points shared.arm=oneshot",
	"points b.rate_hz=1",
	"neighbour one.phase_ns=99999999",
	"=",
	".",
	".=",
	"..=.",
	"points .x=1",
	"points shared.service_ns=0,1,2,3",
	"hotplug.cpus=0-63+5",
	"counter.allow_inside=no",
	"points c.hotplug=irq",
	"",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct mutant {
	char text[TEXT_MAX];
	size_t length;
};

static size_t below(size_t limit)
{
	return plan_random(&seed) % limit;
}

static void cut(struct mutant *mutant, size_t at, size_t bytes)
{
	if (bytes > mutant->length - at)
		bytes = mutant->length - at;
	memmove(mutant->text + at, mutant->text + at + bytes,
		mutant->length - at - bytes);
	mutant->length -= bytes;
}

static void insert(struct mutant *mutant, size_t at, const char *bytes,
		   size_t count)
{
	if (count > TEXT_MAX - mutant->length)
		return;
	memmove(mutant->text + at + count, mutant->text + at,
		mutant->length - at);
	memcpy(mutant->text + at, bytes, count);
	mutant->length += count;
}

static void mutate(struct mutant *mutant)
{
	size_t at = below(mutant->length + 1);
	char copy[64];
	const char *word = words[below(COUNT(words))];
	size_t bytes = below(sizeof(copy)) + 1;

	switch (below(5)) {
	case 0:
		if (at < mutant->length)
			mutant->text[at] = plan_random(&seed);
		break;
	case 1:
		cut(mutant, at, below(4) ? 1 + below(3) : bytes);
		break;
	case 2:
		insert(mutant, at, word, *word ? strlen(word) : 1);
		break;
	case 3: /* once more somewhere else */
		if (bytes > mutant->length - at)
			bytes = mutant->length - at;
		memcpy(copy, mutant->text + at, bytes);
		insert(mutant, below(mutant->length + 1), copy, bytes);
		break;
	default: /* another digit */
		while (at < mutant->length &&
		       (mutant->text[at] < '0' || mutant->text[at] > '9'))
			at++;
		if (at < mutant->length)
			mutant->text[at] = '0' + below(10);
	}
}

static void check_flood(const struct job_flood *flood, uint32_t rate_hz)
{
	struct schedule schedule;

	assert_int_equal(schedule_build(flood, rate_hz, 1, &schedule), 0);
	assert_true(schedule.gaps > 0);
	schedule_free(&schedule);
}

static void check_points(const struct job *job, const struct job_points *points)
{
	assert_true(points->arms && points->rates && points->services);
	assert_in_range(points->neighbours, 0, job->neighbours);
	for (size_t i = 0; i < points->arms; i++) {
		assert_non_null(arm_name(points->arm[i]));
		assert_true(job->allow_busted ||
			    !arm_is_busted(points->arm[i]));
		assert_true(!points->neighbours ||
			    !arm_is_exclusive(points->arm[i]));
	}
	for (size_t i = 0; i < points->rates; i++)
		check_flood(&job->target, points->rate_hz[i]);
	for (size_t i = 0; i < points->neighbours; i++)
		assert_in_range(points->neighbour[i], 0, job->neighbours - 1);
	for (size_t i = 0; i < points->stress.counters; i++)
		assert_true(job->counter.allow_inside ||
			    points->stress.counter[i] != COUNTER_INSIDE);
	for (size_t i = 0; i < points->stress.hotplugs; i++)
		assert_true(points->stress.hotplug[i] != HOTPLUG_CHOICE_IRQ ||
			    !stress_has_move(&points->stress));
}

static void check_accepted(const struct job *job)
{
	struct plan plan;
	size_t steps = 0;

	assert_in_range(job->blocks, 1, 1000);
	assert_true(*job->question && *job->name && *job->target_function);
	for (size_t i = 0; i < job->neighbours; i++)
		check_flood(&job->neighbour[i].flood,
			    job->neighbour[i].flood.rate_hz);
	for (size_t i = 0; i < job->sections; i++) {
		check_points(job, &job->points[i]);
		steps += job->points[i].arms * job->points[i].rates *
			 job->points[i].services * job->points[i].mask_orders *
			 stress_count(&job->points[i].stress) * job->blocks;
	}
	assert_in_range(steps, 1, 1000000);
	if (steps > MOST_PLANNED)
		return;
	assert_int_equal(plan_build(job, job->seed, &plan), 0);
	assert_int_equal(plan.steps, steps);
	plan_free(&plan);
}

static void check_refused(const struct job *job, int err, const char *path)
{
	static const struct job empty;

	assert_true(err == -EINVAL);
	assert_int_equal(error_status(), EXIT_REQUEST);
	if (!strstr(error_message(), path) && !strstr(error_message(), "--set"))
		fail_msg("no origin: %s", error_message());
	assert_memory_equal(job, &empty, sizeof(empty));
}

/* Returns whether the mutant was taken for a job. */
static bool try_one(void)
{
	const char *text = valid[below(COUNT(valid))];
	const char *set = sets[below(COUNT(sets))];
	size_t mutations = below(6);
	struct mutant mutant;
	char path[PATH_MAX];
	struct job job;
	int err;

	mutant.length = strlen(text);
	memcpy(mutant.text, text, mutant.length);
	for (size_t i = 0; i < mutations; i++)
		mutate(&mutant);
	job_file_write("fuzz.ini", mutant.text, mutant.length, path);
	error_clear();
	err = job_read(path, &set, below(4) == 0, &job);
	if (err)
		check_refused(&job, err, path);
	else
		check_accepted(&job);
	job_free(&job);
	unlink(path);
	return !err;
}

static void test_mutants(void **state)
{
	unsigned long accepted = 0;

	(void)state;
	for (unsigned long i = 0; i < rounds; i++)
		accepted += try_one();
	print_message("# %lu of %lu mutants were accepted\n", accepted, rounds);
	/* Both ways must have been gone often for this to prove anything. */
	assert_in_range(accepted, rounds / 20, rounds - rounds / 20);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mutants),
	};

	if (argc > 1)
		rounds = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		seed = strtoull(argv[2], NULL, 10);
	return cmocka_run_group_tests_name(
		"job_fuzz", tests, job_directory_make, job_directory_remove);
}
