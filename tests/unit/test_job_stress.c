// SPDX-License-Identifier: GPL-2.0-or-later
/* What a job says of hotplug, pressure, the counter and a moving line. */
#include <errno.h>

#include "error.h"
#include "job.h"
#include "job_file.h"
#include "plan.h"
#include "pressure.h"

#define QUESTION "; What?\n"
#define POINTS "[points p]\narm = pci23\nrate_hz = 100\nservice_ns = 1000\n"

static int read_text(const char *text, const char *set, struct job *job)
{
	char path[PATH_MAX];
	int err;

	job_file_write("job.ini", text, strlen(text), path);
	error_clear();
	err = job_read(path, &set, set ? 1 : 0, job);
	unlink(path);
	return err;
}

/* Without the directory, so that expectations begin with "job.ini:". */
static const char *message(void)
{
	const char *text = error_message();
	size_t directory = strlen(job_directory);

	return strncmp(text, job_directory, directory) ? text :
							 text + directory + 1;
}

static void test_defaults(void **state)
{
	struct job job;

	(void)state;
	assert_int_equal(read_text(QUESTION POINTS, NULL, &job), 0);
	assert_int_equal(job.hotplug.interval_ms, 0);
	assert_int_equal(job.hotplug.cycles, 0);
	assert_int_equal(job.hotplug.cpus.policy, PLACEMENT_NONE);
	assert_int_equal(job.pressure.work, PRESSURE_FAULT);
	assert_int_equal(job.pressure.max_bytes, 0);
	assert_int_equal(job.pressure.readers, 1);
	assert_string_equal(job.pressure.scratch, "");
	assert_int_equal(job.counter.readers, 2);
	assert_false(job.counter.allow_inside);
	assert_int_equal(stress_count(&job.points[0].stress), 1);
	job_free(&job);
}

static const char everything[] = QUESTION
	"[counter]\nreaders = 64\nallow_inside = yes\n"
	"[pressure]\nwork = dirty, cache\nmax_bytes = 134217728\n"
	"high_bytes = 134217728\nreaders = 0\nscratch = /var/tmp\n"
	"[hotplug]\ninterval_ms = 60000\ncycles = 1000000\ncpus = 5+2-3\n" POINTS
	"hotplug = none, others, irq, guest, any\npressure = yes, no\n"
	"counter = lockless, inside\n"
	"[points q]\narm = pci23\nrate_hz = 100\nservice_ns = 1000\n"
	"move_irq_hz = 0, 10000\nhotplug = any\n";

static void test_everything(void **state)
{
	const struct stress_lists *lists;
	struct job job;

	(void)state;
	if (read_text(everything, NULL, &job))
		fail_msg("%s", message());
	lists = &job.points[0].stress;
	assert_int_equal(job.hotplug.interval_ms, 60000);
	assert_int_equal(job.hotplug.cycles, 1000000);
	assert_int_equal(job.hotplug.cpus.policy, PLACEMENT_EXPLICIT);
	assert_int_equal(job.hotplug.cpus.cpus, 3);
	assert_int_equal(job.hotplug.cpus.cpu[0], 5);
	assert_int_equal(job.hotplug.cpus.cpu[2], 3);
	assert_int_equal(job.pressure.work, PRESSURE_CACHE | PRESSURE_DIRTY);
	assert_int_equal(job.pressure.max_bytes, 134217728);
	assert_int_equal(job.pressure.high_bytes, 134217728);
	assert_int_equal(job.pressure.readers, 0);
	assert_string_equal(job.pressure.scratch, "/var/tmp");
	assert_int_equal(job.counter.readers, 64);
	assert_true(job.counter.allow_inside);
	assert_int_equal(stress_count(lists), 5 * 2 * 2);
	assert_true(stress_has_hotplug(lists));
	assert_true(stress_has_pressure(lists));
	assert_true(stress_has_counter(lists));
	assert_false(stress_has_move(lists));
	job_free(&job);
}

/* The last list runs fastest; nothing is there twice. */
static void test_plan(void **state)
{
	struct plan plan;
	struct job job;
	size_t irq = 0;

	(void)state;
	assert_int_equal(read_text(everything, NULL, &job), 0);
	assert_int_equal(plan_build(&job, 1, &plan), 0);
	assert_int_equal(plan.points, 20 + 2);
	for (size_t i = 0; i < plan.points; i++)
		irq += plan.point[i].stress.hotplug == HOTPLUG_CHOICE_IRQ;
	assert_int_equal(irq, 4);
	assert_int_equal(plan.point[0].stress.hotplug, HOTPLUG_CHOICE_NONE);
	assert_true(plan.point[0].stress.pressure);
	assert_int_equal(plan.point[0].stress.counter, COUNTER_LOCKLESS);
	assert_int_equal(plan.point[1].stress.counter, COUNTER_INSIDE);
	assert_false(plan.point[2].stress.pressure);
	assert_int_equal(plan.point[4].stress.hotplug, HOTPLUG_CHOICE_OTHERS);
	assert_int_equal(plan.point[20].stress.move_irq_hz, 0);
	assert_int_equal(plan.point[21].stress.move_irq_hz, 10000);
	assert_int_equal(plan.point[21].stress.hotplug, HOTPLUG_CHOICE_ANY);
	plan_free(&plan);
	job_free(&job);
}

static void test_text(void **state)
{
	const struct stress none = { 0 };
	const struct stress all = { HOTPLUG_CHOICE_OTHERS, true,
				    COUNTER_HOISTED, 1000 };
	const struct stress counter = { .counter = COUNTER_LOCKLESS };
	char text[STRESS_TEXT_MAX];

	(void)state;
	assert_false(stress_any(&none));
	assert_string_equal(stress_text(&none, text), "");
	assert_string_equal(
		stress_text(&all, text),
		"hotplug others, pressure, counter hoisted, move 1000 Hz");
	assert_string_equal(stress_text(&counter, text), "counter lockless");
	assert_true(stress_any(&counter));
}

/* A text, a --set or NULL, what is said. */
static const char *const bad[][3] = {
	{ QUESTION "[hotplug a]\n", NULL,
	  "job.ini:2: [hotplug] takes no name" },
	{ QUESTION "[hotplug]\n[hotplug]\n", NULL,
	  "job.ini:3: this section is there twice, first in line 2" },
	{ QUESTION "[hotplug]\nreaders = 3\n", NULL,
	  "job.ini:3: unknown key \"readers\" in [hotplug]; allowed: "
	  "interval_ms, cycles, cpus" },
	{ QUESTION "[pressure]\ncycles = 3\n", NULL,
	  "job.ini:3: unknown key \"cycles\" in [pressure]; allowed: work, "
	  "max_bytes, high_bytes, readers, scratch" },
	{ QUESTION "[counter]\nwork = fault\n", NULL,
	  "job.ini:3: unknown key \"work\" in [counter]; allowed: readers, "
	  "allow_inside" },
	{ QUESTION POINTS "hotplug = all\n", NULL,
	  "job.ini:6: hotplug: \"all\"; allowed: none, others, irq, guest, "
	  "any" },
	{ QUESTION POINTS "hotplug = any, any\n", NULL,
	  "job.ini:6: hotplug: \"any\" is in the list twice" },
	{ QUESTION POINTS "pressure = 1\n", NULL,
	  "job.ini:6: pressure: \"1\"; allowed: no, yes" },
	{ QUESTION POINTS "counter = outside\n", NULL,
	  "job.ini:6: counter: \"outside\"; allowed: none, inside, hoisted, "
	  "lockless" },
	{ QUESTION POINTS "counter = inside\n", NULL,
	  "job.ini:6: counter: \"inside\" sleeps where it must not; it needs "
	  "allow_inside = yes in [counter]" },
	{ QUESTION POINTS "move_irq_hz = 10001\n", NULL,
	  "job.ini:6: move_irq_hz: \"10001\"; allowed: whole numbers from 0 to "
	  "10000" },
	{ QUESTION "[job]\nguest = qemu\nqmp = /q\n[points p]\n"
		   "arm = vfio/qemu\nrate_hz = 1\nhotplug = others, guest\n",
	  NULL,
	  "job.ini:8: hotplug: with guest = qemu only none, others and irq; "
	  "threads of other processes are not pinned again" },
	{ QUESTION POINTS "hotplug = irq\nmove_irq_hz = 0, 5\n", NULL,
	  "job.ini:6: hotplug: \"irq\" with move_irq_hz: the line has no CPU "
	  "of its own then" },
	{ QUESTION POINTS "hotplug = any\n[hotplug]\ninterval_ms = 60001\n",
	  NULL,
	  "job.ini:8: interval_ms: \"60001\"; allowed: whole numbers from 0 to "
	  "60000" },
	{ QUESTION POINTS "hotplug = any\n[hotplug]\ncycles = -1\n", NULL,
	  "job.ini:8: cycles: \"-1\"; allowed: whole numbers from 0 to "
	  "1000000" },
	{ QUESTION POINTS "hotplug = any\n[hotplug]\ncpus = 2,3\n", NULL,
	  "job.ini:8: cpus: \"2,3\"; allowed: auto, or up to 64 different "
	  "CPUs, such as 2-3+5" },
	{ QUESTION POINTS "hotplug = any\n", "hotplug.cpus=3+3",
	  "--set hotplug.cpus=3+3: cpus: \"3+3\"; allowed: auto, or up to 64 "
	  "different CPUs, such as 2-3+5" },
	{ QUESTION POINTS "hotplug = irq, guest\n[hotplug]\ncpus = 2\n", NULL,
	  "job.ini:8: cpus is for hotplug = others and any, and no [points "
	  "NAME] has them" },
	{ QUESTION POINTS "hotplug = none\n[hotplug]\ncycles = 5\n", NULL,
	  "job.ini:8: cycles in [hotplug], and no [points NAME] has hotplug" },
	{ QUESTION POINTS, "pressure.readers=5",
	  "--set pressure.readers=5: readers in [pressure], and no [points "
	  "NAME] has pressure" },
	{ QUESTION POINTS, "counter.readers=5",
	  "--set counter.readers=5: readers in [counter], and no [points "
	  "NAME] has counter" },
	{ QUESTION POINTS "counter = hoisted\n", "counter.readers=65",
	  "--set counter.readers=65: readers: \"65\"; allowed: whole numbers "
	  "from 1 to 64" },
	{ QUESTION POINTS "pressure = yes\n", "pressure.work=faults",
	  "--set pressure.work=faults: work: \"faults\"; allowed: fault, "
	  "cache, dirty" },
	{ QUESTION POINTS "pressure = yes\n", "pressure.work=cache",
	  "--set pressure.work=cache: work = cache and dirty need scratch: a "
	  "directory on a disk" },
	{ QUESTION POINTS "pressure = yes\n", "pressure.scratch=/tmp",
	  "--set pressure.scratch=/tmp: scratch is for work = cache and "
	  "dirty" },
	{ QUESTION POINTS
	  "pressure = yes\n[pressure]\nwork = dirty\nscratch = tmp\n",
	  NULL,
	  "job.ini:9: scratch: \"tmp\"; allowed: a directory, from the root" },
	{ QUESTION POINTS
	  "pressure = yes\n[pressure]\nmax_bytes = 5\nhigh_bytes = 6\n",
	  NULL, "job.ini:9: high_bytes: 6 is above max_bytes (5)" },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct job job;

		if (!read_text(bad[i][0], bad[i][1], &job))
			fail_msg("taken: %s", bad[i][2]);
		assert_int_equal(error_status(), EXIT_REQUEST);
		if (strcmp(message(), bad[i][2]) != 0)
			fail_msg("expected\n  %s\ngot\n  %s", bad[i][2],
				 message());
	}
}

static void test_too_many_executions(void **state)
{
	struct job job;

	(void)state;
	assert_int_equal(
		read_text(QUESTION
			  "[job]\nblocks = 1000\n"
			  "[points p]\narm = pci23\nrate_hz = 1, 2, 3, "
			  "4, 5, 6, 7, 8\nservice_ns = 1, 2, 3, 4, 5, "
			  "6, 7, 8, 9, 10\nmove_irq_hz = 1, 2, 3, 4, "
			  "5\npressure = no, yes\n"
			  "counter = none, hoisted\n",
			  NULL, &job),
		-EINVAL);
	assert_non_null(strstr(message(), "make 1600000 executions; allowed: "
					  "up to 1000000"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_everything),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_too_many_executions),
	};

	return cmocka_run_group_tests_name(
		"job_stress", tests, job_directory_make, job_directory_remove);
}
