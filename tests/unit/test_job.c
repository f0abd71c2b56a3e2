// SPDX-License-Identifier: GPL-2.0-or-later
/* Job files, good and bad. */
#include <errno.h>
#include <sys/stat.h>

#include "../kmod/uapi/intxbench.h"
#include "error.h"
#include "job.h"
#include "job_file.h"

#define QUESTION "; What?\n"
#define LIVE "[live n]\nfunction = 0000:00:08.0\n"
#define POINTS "[points p]\narm = pci23\nrate_hz = 100\nservice_ns = 1000\n"
#define QEMU "[job]\nguest = qemu\nqmp = /run/qemu.qmp\n"
#define QEMU_POINTS "[points p]\narm = vfio/qemu\nrate_hz = 100\n"
#define NAME31 "n123456789012345678901234567890"

static int read_text(const char *text, const char *const *sets, size_t count,
		     struct job *job)
{
	char path[PATH_MAX];
	int err;

	job_file_write("job.ini", text, strlen(text), path);
	error_clear();
	err = job_read(path, sets, count, job);
	unlink(path);
	return err;
}

/* Without the directory, so that expectations begin with "job.ini:". */
static const char *message(void)
{
	const char *text = error_message();
	size_t directory = strlen(job_directory);

	if (!strncmp(text, job_directory, directory))
		return text + directory + 1;
	return text;
}

static void assert_empty(const struct job *job)
{
	static const struct job empty;

	assert_memory_equal(job, &empty, sizeof(empty));
}

static void assert_message(const char *expected)
{
	if (strcmp(message(), expected) != 0)
		fail_msg("expected\n  %s\ngot\n  %s", expected, message());
}

static void test_defaults(void **state)
{
	const char *text = QUESTION "\n[neighbour n]\nrate_hz = 7\n" POINTS;
	struct job job;

	(void)state;
	assert_int_equal(read_text(text, NULL, 0, &job), 0);
	assert_string_equal(job.name, "job");
	assert_string_equal(job.text, text);
	assert_string_equal(job.question, "What?");
	assert_int_equal(job.blocks, 3);
	assert_int_equal(job.duration_ms, 1000);
	assert_int_equal(job.drain_ms, 2000);
	assert_int_equal(job.watchdog_ms, 1000);
	assert_int_equal(job.seed, 0);
	assert_int_equal(job.vcpus, 1);
	assert_int_equal(job.guest, GUEST_CHOICE_AUTO);
	for (int role = 0; role < ROLE_PRESSURE; role++)
		assert_int_equal(job.place[role].policy, PLACEMENT_SPREAD);
	assert_int_equal(job.place[ROLE_PRESSURE].policy, PLACEMENT_NONE);
	assert_false(job.allow_busted);
	assert_string_equal(job.target_function, "auto");
	assert_int_equal(job.target.distribution, DISTRIBUTION_PERIODIC);
	assert_int_equal(job.target.rate_hz, 0);
	assert_int_equal(job.target.phase_ns, 0);
	assert_int_equal(job.target.burst, 1);
	assert_string_equal(job.neighbour[0].name, "n");
	assert_string_equal(job.neighbour[0].function, "auto");
	assert_int_equal(job.neighbour[0].flood.rate_hz, 7);
	assert_int_equal(job.neighbour[0].flood.burst, 1);
	assert_int_equal(job.points[0].line, 5);
	assert_int_equal(job.points[0].neighbours, 1);
	job_free(&job);
	assert_empty(&job);
}

static const char everything[] =
	";  Is all of it read?  \r\n"
	"# a comment\n"
	"  [points second] ; before its neighbours\n"
	"arm=line-unlazy ,\tpci23,line\n"
	"\trate_hz = 50000, 1\n"
	"service_ns: 0, 17999\n"
	"neighbours = b\n"
	"[job]; settings\n"
	"blocks = 1000\n"
	"duration_ms = 3600000\n"
	"drain_ms = 60000\n"
	"watchdog_ms = 60000\n"
	"seed = 9007199254740991\n"
	"placement = guest:2   flood:0 irq:65535\n"
	"guest = kvm\n"
	"allow_busted = yes\n"
	"[target]\n"
	"function = 0000:00:04.0\n"
	"phase_ns = 1000000000\n"
	"[neighbour a]\n"
	"function = 0001A:Fe:1f.7 ; a domain of its own\n"
	"distribution = burst\n"
	"burst = 1000\n"
	"rate_hz = 1000\n"
	"[neighbour b]\n"
	"distribution = back-to-back\n"
	"rate_hz = 20000\n"
	"[points third]\n"
	"arm = oneshot, busted-deaf, busted-no-unmask\n"
	"rate_hz = 1\n"
	"service_ns = 900000000\n"
	"neighbours = none";

static void check_everything_job(const struct job *job)
{
	assert_string_equal(job->question, "Is all of it read?");
	assert_int_equal(job->blocks, 1000);
	assert_int_equal(job->duration_ms, 3600000);
	assert_int_equal(job->drain_ms, 60000);
	assert_int_equal(job->watchdog_ms, 60000);
	assert_true(job->seed == 9007199254740991ULL);
	for (int role = 0; role < ROLE_PRESSURE; role++) {
		assert_int_equal(job->place[role].policy, PLACEMENT_EXPLICIT);
		assert_int_equal(job->place[role].cpus, 1);
	}
	assert_int_equal(job->place[ROLE_FLOOD].cpu[0], 0);
	assert_int_equal(job->place[ROLE_IRQ].cpu[0], 65535);
	assert_int_equal(job->place[ROLE_VCPUS].cpu[0], 2);
	assert_int_equal(job->place[ROLE_PRESSURE].policy, PLACEMENT_NONE);
	assert_int_equal(job->vcpus, 1);
	assert_int_equal(job->guest, GUEST_CHOICE_KVM);
	assert_true(job->allow_busted);
	assert_string_equal(job->target_function, "0000:00:04.0");
	assert_int_equal(job->target.phase_ns, 1000000000);
}

static void check_everything_neighbours(const struct job *job)
{
	const struct job_neighbour *neighbour = job->neighbour;

	assert_int_equal(job->neighbours, 2);
	assert_string_equal(neighbour[0].name, "a");
	assert_string_equal(neighbour[0].function, "001a:fe:1f.7");
	assert_int_equal(neighbour[0].flood.distribution, DISTRIBUTION_BURST);
	assert_int_equal(neighbour[0].flood.burst, 1000);
	assert_string_equal(neighbour[1].name, "b");
	assert_int_equal(neighbour[1].flood.distribution,
			 DISTRIBUTION_BACK_TO_BACK);
	assert_int_equal(neighbour[1].flood.rate_hz, 20000);
}

static void check_everything_points(const struct job *job)
{
	const struct job_points *points = job->points;

	assert_int_equal(job->sections, 2);
	assert_string_equal(points[0].name, "second");
	assert_int_equal(points[0].line, 3);
	assert_int_equal(points[0].arms, 3);
	assert_int_equal(points[0].arm[0], INTXBENCH_ARM_LINE_UNLAZY);
	assert_int_equal(points[0].arm[1], INTXBENCH_ARM_PCI23);
	assert_int_equal(points[0].arm[2], INTXBENCH_ARM_LINE);
	assert_int_equal(points[0].rates, 2);
	assert_int_equal(points[0].rate_hz[0], 50000);
	assert_int_equal(points[0].rate_hz[1], 1);
	assert_int_equal(points[0].services, 2);
	assert_int_equal(points[0].service_ns[1], 17999);
	assert_int_equal(points[0].neighbours, 1);
	assert_int_equal(points[0].neighbour[0], 1);
	assert_int_equal(points[1].line, 28);
	assert_int_equal(points[1].arms, 3);
	assert_int_equal(points[1].service_ns[0], 900000000);
	assert_int_equal(points[1].neighbours, 0);
}

static void test_everything(void **state)
{
	struct job job;

	(void)state;
	if (read_text(everything, NULL, 0, &job))
		fail_msg("%s", message());
	check_everything_job(&job);
	check_everything_neighbours(&job);
	check_everything_points(&job);
	job_free(&job);
}

static void test_overrides(void **state)
{
	static const char *const sets[] = {
		"blocks=7",
		"job.seed=5",
		"points p.rate_hz = 40, 50",
		" neighbour  n . phase_ns=3",
		"target.distribution=poisson",
		"neighbour n.follow=yes",
		"points p.neighbours=none",
		"placement=same-core",
	};
	struct job job;

	(void)state;
	if (read_text(QUESTION "[job]\nblocks = 1\n[neighbour n]\n"
			       "rate_hz = 7\n" POINTS,
		      sets, sizeof(sets) / sizeof(sets[0]), &job))
		fail_msg("%s", message());
	assert_int_equal(job.blocks, 7);
	assert_int_equal(job.seed, 5);
	assert_int_equal(job.points[0].rates, 2);
	assert_int_equal(job.points[0].rate_hz[1], 50);
	assert_int_equal(job.neighbour[0].flood.phase_ns, 3);
	assert_true(job.neighbour[0].flood.follow);
	assert_int_equal(job.target.distribution, DISTRIBUTION_POISSON);
	assert_int_equal(job.points[0].neighbours, 0);
	for (int role = 0; role < ROLE_PRESSURE; role++)
		assert_int_equal(job.place[role].policy, PLACEMENT_SAME_CORE);
	assert_int_equal(job.place[ROLE_PRESSURE].policy, PLACEMENT_NONE);
	job_free(&job);
}

static void test_live(void **state)
{
	static const char *const sets[] = { "live n.rate_hz=50" };
	struct job job;

	(void)state;
	if (read_text(QUESTION LIVE "load = ping\nload_object = 192.0.2.2\n"
				    "handler = eth0\n" POINTS,
		      sets, 1, &job))
		fail_msg("%s", message());
	assert_int_equal(job.neighbours, 1);
	assert_true(job.neighbour[0].live);
	assert_string_equal(job.neighbour[0].function, "0000:00:08.0");
	assert_int_equal(job.neighbour[0].load, LOAD_PING);
	assert_string_equal(job.neighbour[0].load_object, "192.0.2.2");
	assert_string_equal(job.neighbour[0].handler, "eth0");
	assert_int_equal(job.neighbour[0].flood.rate_hz, 50);
	assert_int_equal(job.points[0].neighbours, 1);
	job_free(&job);
}

static void test_paths_and_mask(void **state)
{
	static const char *const sets[] = {
		"points p.arm=kmod/pci23, vfio/irqfd, uio",
	};
	struct job job;

	(void)state;
	if (read_text(QUESTION POINTS, sets, 1, &job))
		fail_msg("%s", message());
	assert_int_equal(job.points[0].arms, 3);
	assert_int_equal(job.points[0].arm[0], INTXBENCH_ARM_PCI23);
	assert_int_equal(job.points[0].arm[1], ARM_VFIO_IRQFD);
	assert_int_equal(job.points[0].arm[2], ARM_UIO);
	assert_int_equal(job.points[0].mask_hz, 0);
	assert_int_equal(job.points[0].mask_orders, 1);
	job_free(&job);

	if (read_text(QUESTION POINTS "guest_mask_hz = 1000\n"
				      "guest_mask_order = write-first, "
				      "call-first\n",
		      NULL, 0, &job))
		fail_msg("%s", message());
	assert_int_equal(job.points[0].mask_hz, 1000);
	assert_int_equal(job.points[0].mask_orders, 2);
	assert_int_equal(job.points[0].mask_order[0], MASK_WRITE_FIRST);
	assert_int_equal(job.points[0].mask_order[1], MASK_CALL_FIRST);
	job_free(&job);
}

static void check_place(const struct job *job, enum placement_role role,
			enum placement_policy policy, const char *cpus)
{
	const struct job_place *place = &job->place[role];
	char text[128] = "";

	for (size_t i = 0; i < place->cpus; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%s%d", i ? " " : "", place->cpu[i]);
	assert_int_equal(place->policy, policy);
	assert_string_equal(text, cpus);
}

/* Roles that are not named keep their defaults. */
static void test_placement(void **state)
{
	static const char *const sets[] = {
		"placement= pressure:6-7+5\tirq:smt-sibling  vcpus:3-4+0 ",
	};
	static const char *const other[] = {
		"placement=vcpus:same-llc flood:63",
		"vcpus=64",
	};
	struct job job;

	(void)state;
	if (read_text(QUESTION POINTS, sets, 1, &job))
		fail_msg("%s", message());
	check_place(&job, ROLE_FLOOD, PLACEMENT_SPREAD, "");
	check_place(&job, ROLE_IRQ, PLACEMENT_SMT_SIBLING, "");
	check_place(&job, ROLE_VCPUS, PLACEMENT_EXPLICIT, "3 4 0");
	check_place(&job, ROLE_PRESSURE, PLACEMENT_EXPLICIT, "6 7 5");
	assert_int_equal(job.vcpus, 3);
	job_free(&job);
	if (read_text(QUESTION POINTS, other, 2, &job))
		fail_msg("%s", message());
	check_place(&job, ROLE_FLOOD, PLACEMENT_EXPLICIT, "63");
	check_place(&job, ROLE_IRQ, PLACEMENT_SPREAD, "");
	check_place(&job, ROLE_VCPUS, PLACEMENT_SAME_LLC, "");
	check_place(&job, ROLE_PRESSURE, PLACEMENT_NONE, "");
	assert_int_equal(job.vcpus, 64);
	job_free(&job);
}

struct bad {
	const char *text;
	const char *set; /* NULL: none */
	const char *message;
};

#define POLICIES \
	"spread, same-core, smt-sibling, same-llc, same-numa, other-numa"
#define ALLOWED_POLICIES                                                      \
	"allowed: " POLICIES ", or ROLE:CHOICE for each role apart, such as " \
	"\"vcpus:2 irq:smt-sibling\""
#define ALLOWED_PAIRS                                                           \
	"allowed: flood, irq, vcpus or pressure, a colon, and one of " POLICIES \
	" or a CPU from 0 to 65535; for vcpus and pressure up to 64 different " \
	"CPUs, such as 2-3+6"

static const struct bad bad[] = {
	/* The file as a whole. */
	{ "", NULL,
	  "job.ini:1: the first line is not the job's question; write \"; "
	  "QUESTION\", one sentence" },
	{ ";  \n" POINTS, NULL,
	  "job.ini:1: the first line is not the job's question; write \"; "
	  "QUESTION\", one sentence" },
	{ POINTS, NULL,
	  "job.ini:1: the first line is not the job's question; write \"; "
	  "QUESTION\", one sentence" },
	{ QUESTION, NULL, "job.ini: the job has no [points NAME] section" },
	{ QUESTION "[job]\nblocks = 5\n", NULL,
	  "job.ini:3: the job has no [points NAME] section" },
	{ "\xef\xbb\xbf" QUESTION POINTS, NULL,
	  "job.ini:1: a byte order mark: a job file is plain text" },
	{ QUESTION POINTS "; caf\xe9\n", NULL,
	  "job.ini:6: a byte that is not UTF-8: a job file is plain text" },
	{ QUESTION "; \xc0\xaf\n", NULL,
	  "job.ini:2: a byte that is not UTF-8: a job file is plain text" },
	{ QUESTION "; \xed\xa0\x80\n", NULL,
	  "job.ini:2: a byte that is not UTF-8: a job file is plain text" },
	{ QUESTION "; \xf4\x90\x80\x80\n", NULL,
	  "job.ini:2: a byte that is not UTF-8: a job file is plain text" },
	{ QUESTION "; \xe2\x82", NULL,
	  "job.ini:2: a byte that is not UTF-8: a job file is plain text" },
	{ QUESTION "; \x1b[31m\n", NULL,
	  "job.ini:2: a control character: a job file is plain text" },
	{ QUESTION "\r\r\n", NULL,
	  "job.ini:2: a control character: a job file is plain text" },

	/* Lines. */
	{ QUESTION POINTS "blah\n", NULL,
	  "job.ini:6: neither \"key = value\" nor \"[section]\" nor \"; "
	  "comment\"" },
	{ QUESTION "\n\nblocks = 3\n", NULL,
	  "job.ini:4: \"blocks\" stands before any [section]" },
	{ QUESTION "[job\n", NULL, "job.ini:2: a section without its \"]\"" },
	{ QUESTION "[job] blocks = 3\n", NULL,
	  "job.ini:2: \"blocks = 3\" after a section's \"]\"" },
	{ QUESTION "[jobs]\n", NULL,
	  "job.ini:2: unknown section [jobs]; allowed: [job], [target], "
	  "[neighbour NAME], [live NAME], [hotplug], "
	  "[pressure], [counter], [points NAME]" },
	{ QUESTION "[]\n", NULL,
	  "job.ini:2: unknown section []; allowed: [job], [target], "
	  "[neighbour NAME], [live NAME], [hotplug], "
	  "[pressure], [counter], [points NAME]" },
	{ QUESTION "[target t]\n", NULL, "job.ini:2: [target] takes no name" },
	{ QUESTION "[points]\n", NULL,
	  "job.ini:2: [points] needs a name: [points NAME]" },
	{ QUESTION "[neighbour ]\n", NULL,
	  "job.ini:2: [neighbour] needs a name: [neighbour NAME]" },
	{ QUESTION "[neighbour target]\n", NULL,
	  "job.ini:2: the name \"target\" is reserved" },
	{ QUESTION "[neighbour none]\n", NULL,
	  "job.ini:2: the name \"none\" is reserved" },
	{ QUESTION "[neighbour a b]\n", NULL,
	  "job.ini:2: the name \"a b\"; allowed: 1 to 31 letters, digits, "
	  "\"-\" and \"_\"" },
	{ QUESTION "[points " NAME31 "x]\n", NULL,
	  "job.ini:2: the name \"" NAME31 "x\"; allowed: 1 to 31 letters, "
	  "digits, \"-\" and \"_\"" },
	{ QUESTION "[job]\n[target]\n[job]\n", NULL,
	  "job.ini:4: this section is there twice, first in line 2" },
	{ QUESTION POINTS POINTS, NULL,
	  "job.ini:6: this section is there twice, first in line 2" },

	/* Keys. */
	{ QUESTION "[job]\nblock = 3\n", NULL,
	  "job.ini:3: unknown key \"block\" in [job]; allowed: blocks, "
	  "duration_ms, drain_ms, watchdog_ms, seed, placement, guest, qmp, "
	  "vcpus, allow_busted, allow_unsafe_interrupts" },
	{ QUESTION "[target]\nrate_hz = 3\n", NULL,
	  "job.ini:3: unknown key \"rate_hz\" in [target]; allowed: function, "
	  "distribution, phase_ns, burst" },
	{ QUESTION "[neighbour n]\narm = line\n", NULL,
	  "job.ini:3: unknown key \"arm\" in [neighbour NAME]; allowed: "
	  "function, distribution, rate_hz, phase_ns, burst, follow" },
	{ QUESTION "[points p]\nburst = 3\n", NULL,
	  "job.ini:3: unknown key \"burst\" in [points NAME]; allowed: "
	  "rate_hz, arm, service_ns, neighbours, guest_mask_hz, "
	  "guest_mask_order, hotplug, pressure, counter, move_irq_hz" },
	{ QUESTION "[job]\nseed = 1\n\nseed = 1\n", NULL,
	  "job.ini:5: seed is there twice, first in line 3" },
	{ QUESTION "[job]\nseed = ; none\n", NULL,
	  "job.ini:3: seed has no value" },
	{ QUESTION "[neighbour n]\n" POINTS, NULL,
	  "job.ini:2: [neighbour n] has no rate_hz" },
	{ QUESTION "[points p]\narm = line\nrate_hz = 1\n", NULL,
	  "job.ini:2: [points p] has no service_ns" },

	/* Values. */
	{ QUESTION "[job]\nblocks = 0\n" POINTS, NULL,
	  "job.ini:3: blocks: \"0\"; allowed: whole numbers from 1 to 1000" },
	{ QUESTION "[job]\nblocks = 1001\n" POINTS, NULL,
	  "job.ini:3: blocks: \"1001\"; allowed: whole numbers from 1 to "
	  "1000" },
	{ QUESTION "[job]\nblocks = 4294967297\n" POINTS, NULL,
	  "job.ini:3: blocks: \"4294967297\"; allowed: whole numbers from 1 to "
	  "1000" },
	{ QUESTION "[job]\nblocks = 18446744073709551617\n" POINTS, NULL,
	  "job.ini:3: blocks: \"18446744073709551617\"; allowed: whole numbers "
	  "from 1 to 1000" },
	{ QUESTION "[job]\nblocks = +3\n" POINTS, NULL,
	  "job.ini:3: blocks: \"+3\"; allowed: whole numbers from 1 to 1000" },
	{ QUESTION "[job]\nblocks = 3;x\n" POINTS, NULL,
	  "job.ini:3: blocks: \"3;x\"; allowed: whole numbers from 1 to 1000" },
	{ QUESTION "[job]\nduration_ms = 9\n" POINTS, NULL,
	  "job.ini:3: duration_ms: \"9\"; allowed: whole numbers from 10 to "
	  "3600000" },
	{ QUESTION "[job]\ndrain_ms = 60001\n" POINTS, NULL,
	  "job.ini:3: drain_ms: \"60001\"; allowed: whole numbers from 1 to "
	  "60000" },
	{ QUESTION "[job]\nwatchdog_ms = 1e3\n" POINTS, NULL,
	  "job.ini:3: watchdog_ms: \"1e3\"; allowed: whole numbers from 1 to "
	  "60000" },
	{ QUESTION "[job]\nseed = -1\n" POINTS, NULL,
	  "job.ini:3: seed: \"-1\"; allowed: whole numbers from 0 to "
	  "9007199254740991" },
	{ QUESTION "[job]\nallow_busted = true\n" POINTS, NULL,
	  "job.ini:3: allow_busted: \"true\"; allowed: yes, no" },
	{ QUESTION "[target]\ndistribution = Poisson\n" POINTS, NULL,
	  "job.ini:3: distribution: \"Poisson\"; allowed: periodic, poisson, "
	  "burst, back-to-back" },
	{ QUESTION "[target]\nphase_ns = 1000000001\n" POINTS, NULL,
	  "job.ini:3: phase_ns: \"1000000001\"; allowed: whole numbers from 0 "
	  "to 1000000000" },
	{ QUESTION "[target]\nfunction = 00:04.0\n" POINTS, NULL,
	  "job.ini:3: function: \"00:04.0\"; allowed: auto, or an address like "
	  "0000:00:04.0" },
	{ QUESTION "[target]\nfunction = 0000:00:20.0\n" POINTS, NULL,
	  "job.ini:3: function: \"0000:00:20.0\"; allowed: auto, or an address "
	  "like 0000:00:04.0" },
	{ QUESTION "[target]\nfunction = 0000:00:04.8\n" POINTS, NULL,
	  "job.ini:3: function: \"0000:00:04.8\"; allowed: auto, or an address "
	  "like 0000:00:04.0" },
	{ QUESTION "[target]\nfunction = 00000000:00:04.0\n" POINTS, NULL,
	  "job.ini:3: function: \"00000000:00:04.0\"; allowed: auto, or an "
	  "address like 0000:00:04.0" },
	{ QUESTION "[target]\nfunction = 0000:00:04.0x\n" POINTS, NULL,
	  "job.ini:3: function: \"0000:00:04.0x\"; allowed: auto, or an "
	  "address like 0000:00:04.0" },
	{ QUESTION POINTS "[neighbour n]\nrate_hz = 50001\n", NULL,
	  "job.ini:7: rate_hz: \"50001\"; allowed: whole numbers from 1 to "
	  "50000" },

	/* Lists. */
	{ QUESTION POINTS, "points p.rate_hz=1,,2",
	  "--set points p.rate_hz=1,,2: rate_hz: an empty value in the list" },
	{ QUESTION POINTS, "points p.rate_hz=1,",
	  "--set points p.rate_hz=1,: rate_hz: an empty value in the list" },
	{ QUESTION POINTS, "points p.rate_hz=1 2",
	  "--set points p.rate_hz=1 2: rate_hz: \"1 2\"; allowed: whole "
	  "numbers from 1 to 50000" },
	{ QUESTION POINTS, "points p.rate_hz=7, 8, 07",
	  "--set points p.rate_hz=7, 8, 07: rate_hz: \"07\" is in the list "
	  "twice" },
	{ QUESTION POINTS, "points p.service_ns=10000000001",
	  "--set points p.service_ns=10000000001: service_ns: "
	  "\"10000000001\"; allowed: whole numbers from 0 to 10000000000" },
	{ QUESTION POINTS, "points p.arm=line,line",
	  "--set points p.arm=line,line: arm: \"line\" is in the list twice" },
	{ QUESTION POINTS, "points p.arm=lines",
	  "--set points p.arm=lines: arm: \"lines\"; allowed: pci23, line, "
	  "line-unlazy, oneshot, adaptive, posted-v1, vfio/irqfd, vfio/ioctl, "
	  "vfio/nointxmask, vfio/qemu, uio, busted-no-unmask, busted-claim-all, "
	  "busted-no-reassert, busted-deaf" },
	{ QUESTION POINTS, "points p.arm=line-" NAME31,
	  "--set points p.arm=line-" NAME31 ": arm: \"line-" NAME31
	  "\" is longer than 31 characters" },
	{ QUESTION POINTS, "points p.arm=" NAME31 "x",
	  "--set points p.arm=" NAME31 "x: arm: \"" NAME31
	  "x\" is longer than 31 characters" },
	{ QUESTION POINTS,
	  "points p.service_ns=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,"
	  "20,21,22,23,24,25,26,27,28,29,30,31,32,33",
	  "--set points p.service_ns=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,"
	  "18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33: service_ns: more "
	  "than 32 values in the list" },
	{ QUESTION
	  "[neighbour a]\nrate_hz = 1\n[neighbour b]\nrate_hz = 1\n" POINTS
	  "neighbours = a, c\n",
	  NULL, "job.ini:10: neighbours: \"c\"; allowed: a, b, none alone" },
	{ QUESTION "[neighbour a]\nrate_hz = 1\n" POINTS "neighbours = a, a\n",
	  NULL, "job.ini:8: neighbours: \"a\" is in the list twice" },
	{ QUESTION "[neighbour a]\nrate_hz = 1\n" POINTS
		   "neighbours = a, none\n",
	  NULL, "job.ini:8: neighbours: \"none\"; allowed: a, none alone" },

	/* Placement. */
	{ QUESTION "[job]\nplacement = sibling\n" POINTS, NULL,
	  "job.ini:3: placement: \"sibling\"; " ALLOWED_POLICIES },
	{ QUESTION "[job]\nplacement = spread same-core\n" POINTS, NULL,
	  "job.ini:3: placement: \"spread same-core\"; " ALLOWED_POLICIES },
	{ QUESTION "[job]\nplacement = explicit\n" POINTS, NULL,
	  "job.ini:3: placement: \"explicit\"; " ALLOWED_POLICIES },
	{ QUESTION "[job]\nplacement = irq:1 spread\n" POINTS, NULL,
	  "job.ini:3: placement: \"spread\"; " ALLOWED_PAIRS },
	{ QUESTION "[job]\nplacement = irq:sibling\n" POINTS, NULL,
	  "job.ini:3: placement: \"irq:sibling\"; " ALLOWED_PAIRS },
	{ QUESTION POINTS, "placement=irq:none",
	  "--set placement=irq:none: placement: \"irq:none\"; " ALLOWED_PAIRS },
	{ QUESTION POINTS, "placement=cpu:1",
	  "--set placement=cpu:1: placement: \"cpu:1\"; " ALLOWED_PAIRS },
	{ QUESTION POINTS, "placement=:1",
	  "--set placement=:1: placement: \":1\"; " ALLOWED_PAIRS },
	{ QUESTION POINTS, "placement=irq:",
	  "--set placement=irq:: placement: \"irq:\"; " ALLOWED_PAIRS },
	{ QUESTION POINTS, "placement=irq: 1",
	  "--set placement=irq: 1: placement: \"irq:\"; " ALLOWED_PAIRS },
	{ QUESTION POINTS, "placement=flood:0 irq:1 guest:65536",
	  "--set placement=flood:0 irq:1 guest:65536: placement: "
	  "\"guest:65536\"; " ALLOWED_PAIRS },
	{ QUESTION POINTS, "placement=irq:100000000000",
	  "--set placement=irq:100000000000: placement: "
	  "\"irq:100000000000\"; " ALLOWED_PAIRS },
	{ QUESTION POINTS, "placement=irq:-1",
	  "--set placement=irq:-1: placement: \"irq:-1\"; " ALLOWED_PAIRS },
	{ QUESTION POINTS, "placement=irq:1+2",
	  "--set placement=irq:1+2: placement: \"irq:1+2\"; " ALLOWED_PAIRS },
	{ QUESTION POINTS, "placement=flood:1-2",
	  "--set placement=flood:1-2: placement: \"flood:1-2\"; " ALLOWED_PAIRS },
	{ QUESTION POINTS, "placement=vcpus:2-1",
	  "--set placement=vcpus:2-1: placement: \"vcpus:2-1\"; " ALLOWED_PAIRS },
	{ QUESTION POINTS, "placement=vcpus:1+",
	  "--set placement=vcpus:1+: placement: \"vcpus:1+\"; " ALLOWED_PAIRS },
	{ QUESTION POINTS, "placement=vcpus:1,2",
	  "--set placement=vcpus:1,2: placement: \"vcpus:1,2\"; " ALLOWED_PAIRS },
	{ QUESTION POINTS, "placement=vcpus:1-3+2",
	  "--set placement=vcpus:1-3+2: placement: \"vcpus:1-3+2\"; " ALLOWED_PAIRS },
	{ QUESTION POINTS, "placement=pressure:0-64",
	  "--set placement=pressure:0-64: placement: \"pressure:0-64\"; " ALLOWED_PAIRS },
	{ QUESTION POINTS, "placement=flood:0 irq:1 guest:1 irq:2",
	  "--set placement=flood:0 irq:1 guest:1 irq:2: placement: irq is "
	  "there twice" },
	{ QUESTION POINTS, "placement=guest:1 vcpus:1",
	  "--set placement=guest:1 vcpus:1: placement: vcpus is there twice" },
	{ QUESTION POINTS, "placement=flood:0irq:1guest:2",
	  "--set placement=flood:0irq:1guest:2: placement: "
	  "\"flood:0irq:1guest:2\"; " ALLOWED_PAIRS },
	{ QUESTION "[job]\nguest = bhyve\n" POINTS, NULL,
	  "job.ini:3: guest: \"bhyve\"; allowed: auto, kvm, thread, qemu" },
	{ QUESTION "[job]\nguest = qemu\n" QEMU_POINTS, NULL,
	  "job.ini:3: guest = qemu needs qmp: the socket of its monitor, as "
	  "given to QEMU by -qmp unix:PATH,server=on,wait=off" },
	{ QUESTION "[job]\nqmp = /q\n" POINTS, NULL,
	  "job.ini:3: qmp is for guest = qemu" },
	{ QUESTION QEMU "[points p]\narm = vfio/irqfd\nrate_hz = 1\n", NULL,
	  "job.ini:6: arm: \"vfio/irqfd\" with guest = qemu; guest = qemu goes "
	  "with arm = vfio/qemu, and no other" },
	{ QUESTION "[points p]\narm = vfio/qemu\nrate_hz = 1\n"
		   "service_ns = 1\n",
	  NULL,
	  "job.ini:3: arm: \"vfio/qemu\" with guest = auto; guest = qemu goes "
	  "with arm = vfio/qemu, and no other" },
	{ QUESTION QEMU QEMU_POINTS "service_ns = 1000\n", NULL,
	  "job.ini:8: service_ns with guest = qemu: its guest's driver says "
	  "that; leave it out" },
	{ QUESTION QEMU "vcpus = 0\n" QEMU_POINTS, NULL,
	  "job.ini:5: vcpus: \"0\"; allowed: whole numbers from 1 to 64" },
	{ QUESTION "[job]\nvcpus = 65\n" POINTS, NULL,
	  "job.ini:3: vcpus: \"65\"; allowed: whole numbers from 1 to 64" },
	{ QUESTION "[job]\nplacement = guest:2\nvcpus = 2\n" POINTS, NULL,
	  "job.ini:4: vcpus: 2, and placement lists CPUs for 1" },

	/* Live neighbours. */
	{ QUESTION "[live n]\nload = ping\n" POINTS, NULL,
	  "job.ini:2: [live n] has no function" },
	{ QUESTION "[live n]\nfunction = auto\n" POINTS, NULL,
	  "job.ini:3: function: a live neighbour is given by its address" },
	{ QUESTION LIVE "load = ping\n" POINTS, NULL,
	  "job.ini:4: load = ping needs load_object: the address to ping, or "
	  "the disk or file to read" },
	{ QUESTION LIVE "load_object = 192.0.2.2\n" POINTS, NULL,
	  "job.ini:4: load_object without load: nothing would use it" },
	{ QUESTION LIVE "load = iperf\n" POINTS, NULL,
	  "job.ini:4: load: \"iperf\"; allowed: none, ping, fio" },
	{ QUESTION LIVE "load = fio\nload_object = --client\n" POINTS, NULL,
	  "job.ini:5: load_object: \"--client\" begins like an option" },
	{ QUESTION LIVE "follow = yes\n" POINTS, NULL,
	  "job.ini:4: unknown key \"follow\" in [live NAME]; allowed: "
	  "function, distribution, rate_hz, phase_ns, burst, load, "
	  "load_object, handler" },
	{ QUESTION "[neighbour n]\nrate_hz = 1\n" LIVE POINTS, NULL,
	  "job.ini:4: the name \"n\" is another neighbour's" },
	{ QUESTION "[target]\nfunction = 0000:00:08.0\n" LIVE POINTS, NULL,
	  "job.ini:5: function: 0000:00:08.0 is in the job twice" },

	/* The guest's own mask. */
	{ QUESTION POINTS "guest_mask_order = call-first\n", NULL,
	  "job.ini:6: guest_mask_order without guest_mask_hz: the guest never "
	  "masks" },
	{ QUESTION POINTS "guest_mask_hz = 10001\n", NULL,
	  "job.ini:6: guest_mask_hz: \"10001\"; allowed: whole numbers from "
	  "0 to 10000" },
	{ QUESTION POINTS "guest_mask_hz = 1\nguest_mask_order = both\n", NULL,
	  "job.ini:7: guest_mask_order: \"both\"; allowed: call-first, "
	  "write-first" },
	{ QUESTION POINTS
	  "guest_mask_hz = 1\nguest_mask_order = call-first, call-first\n",
	  NULL,
	  "job.ini:7: guest_mask_order: \"call-first\" is in the list twice" },
	{ QUESTION POINTS "guest_mask_hz = 1\n", "points p.arm=uio",
	  "job.ini:6: guest_mask_hz is for arms of our module, not for "
	  "\"uio\"" },

	/* The form of --set. */
	{ QUESTION POINTS, "blocks",
	  "--set blocks: not of the form KEY=VALUE" },
	{ QUESTION POINTS, "=3",
	  "--set =3: unknown key \"\" in [job]; allowed: blocks, duration_ms, "
	  "drain_ms, watchdog_ms, seed, placement, guest, qmp, vcpus, "
	  "allow_busted, allow_unsafe_interrupts" },
	{ QUESTION POINTS, "blocks= ", "--set blocks= : blocks has no value" },
	{ QUESTION POINTS, "points q.arm=line",
	  "--set points q.arm=line: the job has no [points q]" },
	{ QUESTION POINTS, "foo.arm=line",
	  "--set foo.arm=line: unknown section [foo]; allowed: [job], "
	  "[target], [neighbour NAME], [live NAME], [hotplug], [pressure], "
	  "[counter], [points NAME]" },
	{ QUESTION POINTS, "blocks=\n3",
	  "a --set is not one line of plain text" },
	{ QUESTION POINTS, "blocks=\xff",
	  "a --set is not one line of plain text" },

	/* Values that do not go together. */
	{ QUESTION "[target]\ndistribution = burst\n" POINTS, NULL,
	  "job.ini:3: distribution = burst needs burst: how many asserts each "
	  "has" },
	{ QUESTION "[target]\nburst = 2\n" POINTS, NULL,
	  "job.ini:3: burst is for distribution = burst, not for periodic" },
	{ QUESTION "[target]\ndistribution = burst\nburst = 101\n" POINTS, NULL,
	  "job.ini:7: rate_hz: 100 with burst = 101: less than one burst in a "
	  "second" },
	{ QUESTION "[neighbour n]\ndistribution = burst\nburst = 3\n"
		   "rate_hz = 2\n" POINTS,
	  NULL,
	  "job.ini:5: rate_hz: 2 with burst = 3: less than one burst in a "
	  "second" },
	{ QUESTION "[target]\ndistribution = poisson\n" POINTS,
	  "points p.rate_hz=24",
	  "--set points p.rate_hz=24: rate_hz: 24 with distribution = poisson; "
	  "allowed: 25 to 50000" },
	{ QUESTION "[job]\nduration_ms = 10\n[neighbour n]\nrate_hz = 100\n"
		   "phase_ns = 10000000\n" POINTS,
	  NULL,
	  "job.ini:6: phase_ns 10000000 is not within duration_ms (10 ms)" },
	{ QUESTION "[target]\nfunction = 0000:00:0A.0\n[neighbour n]\n"
		   "function = 0000:00:0a.0\nrate_hz = 1\n" POINTS,
	  NULL, "job.ini:5: function: 0000:00:0a.0 is in the job twice" },
	{ QUESTION
	  "[neighbour m]\nfunction = 0000:00:0a.0\nrate_hz = 1\n"
	  "[neighbour n]\nfunction = 00000:00:0a.0\nrate_hz = 1\n" POINTS,
	  NULL, "job.ini:6: function: 0000:00:0a.0 is in the job twice" },
	{ QUESTION "[neighbour n]\nrate_hz = 1\n" POINTS,
	  "points p.arm=line,oneshot",
	  "--set points p.arm=line,oneshot: arm: \"oneshot\" needs the line "
	  "alone, and [points p] has neighbours; move it to a [points] section "
	  "with neighbours = none" },
	{ QUESTION POINTS, "points p.arm=busted-claim-all",
	  "--set points p.arm=busted-claim-all: arm: \"busted-claim-all\" is a "
	  "positive control; it needs allow_busted = yes in [job]" },
	{ QUESTION POINTS, "points p.service_ns=9000001",
	  "--set points p.service_ns=9000001: service_ns: 9000001 at rate_hz "
	  "100 keeps the target busy 90.0 % of the time; more than 90 % cannot "
	  "be served, unless [target] says distribution = back-to-back" },
	{ QUESTION POINTS "[job]\nwatchdog_ms = 5\n",
	  "points p.service_ns=5000000",
	  "--set points p.service_ns=5000000: service_ns: 5000000 is not below "
	  "watchdog_ms (5 ms), after which the module turns the line back on "
	  "whatever the guest does" },
	{ QUESTION POINTS "[job]\ndrain_ms = 10\n",
	  "points p.service_ns=5000000",
	  "--set points p.service_ns=5000000: service_ns: twice 5000000 is not "
	  "below drain_ms (10 ms): what is served late would count as lost" },
};

static void test_bad(void **state)
{
	struct job job;
	int err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&job, 0xff, sizeof(job));
		err = read_text(bad[i].text, &bad[i].set, !!bad[i].set, &job);
		assert_message(bad[i].message);
		assert_int_equal(err, -EINVAL);
		assert_int_equal(error_status(), EXIT_REQUEST);
		assert_empty(&job);
	}
}

/* Just inside of what the table above has just outside. */
static const struct bad good[] = {
	{ QUESTION POINTS, "points p.service_ns=9000000", "" },
	{ QUESTION "[target]\ndistribution = back-to-back\n" POINTS,
	  "points p.service_ns=500000000", "" },
	{ QUESTION "[target]\ndistribution = burst\nburst = 100\n" POINTS,
	  "points p.service_ns=400000000", "" },
	{ QUESTION "[target]\ndistribution = poisson\n" POINTS,
	  "points p.rate_hz=25", "" },
	{ QUESTION POINTS "[job]\nwatchdog_ms = 5\n",
	  "points p.service_ns=4999999", "" },
	{ QUESTION POINTS "[job]\ndrain_ms = 10\n",
	  "points p.service_ns=4999999", "" },
	{ QUESTION "[job]\nallow_busted = yes\n" POINTS,
	  "points p.arm=busted-claim-all", "" },
	{ QUESTION "[neighbour " NAME31 "]\nrate_hz = 1\n" POINTS, NULL, "" },
	{ QUESTION "[neighbour p]\nrate_hz = 1\n" POINTS, NULL, "" },
	{ QUESTION "; caf\xc3\xa9 \xf0\x9f\x98\x80\n" POINTS, NULL, "" },
};

static void test_good(void **state)
{
	struct job job;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (read_text(good[i].text, &good[i].set, !!good[i].set, &job))
			fail_msg("%zu: %s", i, message());
		job_free(&job);
	}
}

static void test_set_twice(void **state)
{
	static const char *const sets[] = { "blocks=1", "job.blocks=1" };
	struct job job;

	(void)state;
	assert_int_equal(read_text(QUESTION POINTS, sets, 2, &job), -EINVAL);
	assert_message("--set job.blocks=1: blocks is set twice");
}

static void test_set_too_long(void **state)
{
	char set[514];
	const char *sets[] = { set };
	struct job job;

	(void)state;
	memset(set, ' ', sizeof(set));
	memcpy(set, "blocks=", 7);
	set[511] = '5';
	set[512] = '\0';
	assert_int_equal(read_text(QUESTION POINTS, sets, 1, &job), 0);
	assert_int_equal(job.blocks, 5);
	job_free(&job);
	set[512] = ' ';
	set[513] = '\0';
	assert_int_equal(read_text(QUESTION POINTS, sets, 1, &job), -EINVAL);
	assert_message("a --set is longer than 512 bytes");
}

/* Lists as long as can be, in as many blocks as can be. */
static void test_too_many_executions(void **state)
{
	static char many[8192];
	struct job job;
	size_t used;

	(void)state;
	used = snprintf(many, sizeof(many), QUESTION "[job]\nblocks = 1000\n");
	used += snprintf(many + used, sizeof(many) - used,
			 "[points p]\narm = pci23\nrate_hz = 1");
	for (int i = 2; i <= 32; i++)
		used += snprintf(many + used, sizeof(many) - used, ",%d", i);
	used += snprintf(many + used, sizeof(many) - used, "\nservice_ns = 1");
	for (int i = 2; i <= 32; i++)
		used += snprintf(many + used, sizeof(many) - used, ",%d", i);
	assert_int_equal(read_text(many, NULL, 0, &job), -EINVAL);
	assert_message("job.ini:3: blocks: 1000 make 1024000 executions; "
		       "allowed: up to 1000000");
}

/* As many sections of a kind as there may be, and one more. */
static void check_most(const char *word, const char *keys, int most,
		       const char *expected)
{
	char text[8192];
	struct job job;
	size_t used;

	used = snprintf(text, sizeof(text), QUESTION POINTS);
	for (int i = 1; i <= most; i++)
		used += snprintf(text + used, sizeof(text) - used,
				 "[%s x%d]\n%s", word, i, keys);
	assert_int_equal(read_text(text, NULL, 0, &job), 0);
	job_free(&job);
	snprintf(text + used, sizeof(text) - used, "[%s y]\n%s", word, keys);
	assert_int_equal(read_text(text, NULL, 0, &job), -EINVAL);
	assert_message(expected);
}

static void test_too_many_sections(void **state)
{
	(void)state;
	check_most("neighbour", "rate_hz = 1\n", JOB_NEIGHBOURS_MAX,
		   "job.ini:20: more than 7 [neighbour NAME] sections");
	check_most("points", "arm = line\nrate_hz = 1\nservice_ns = 1\n",
		   JOB_SECTIONS_MAX - 1,
		   "job.ini:66: more than 16 [points NAME] sections");
}

/* The longest line that inih takes, and one byte more, comment or not. */
static void test_line_length(void **state)
{
	char text[1024], *pad;
	struct job job;

	(void)state;
	snprintf(text, sizeof(text), "%s%s;%197s", QUESTION, POINTS, "");
	pad = strrchr(text, ';') + 1;
	memset(pad, 'x', strlen(pad));
	assert_int_equal(read_text(text, NULL, 0, &job), 0);
	job_free(&job);
	strcat(text, "x");
	assert_int_equal(read_text(text, NULL, 0, &job), -EINVAL);
	assert_message("job.ini:6: the line is longer than 198 bytes");
}

/* An unusable path is said by name, before anything of it is parsed. */
static void check_path(const char *path, int expected, const char *text)
{
	struct job job;

	error_clear();
	assert_int_equal(job_read(path, NULL, 0, &job), expected);
	assert_int_equal(error_status(), EXIT_REQUEST);
	if (!strstr(error_message(), text) || !strstr(error_message(), path))
		fail_msg("%s", error_message());
	assert_empty(&job);
}

static void test_paths(void **state)
{
	static const char text[] = QUESTION POINTS;
	char path[PATH_MAX];

	(void)state;
	job_file_path("missing.ini", path);
	check_path(path, -ENOENT, "No such file");
	check_path(job_directory, -EINVAL, "not a regular file");
	check_path("/dev/zero", -EINVAL, "not a regular file");
	check_path("", -ENOENT, "No such file");

	job_file_path("fifo.ini", path);
	assert_int_equal(mkfifo(path, 0600), 0);
	check_path(path, -EINVAL, "not a regular file");
	unlink(path);

	job_file_write("a b.ini", text, strlen(text), path);
	check_path(path, -EINVAL, "cannot name a run");
	unlink(path);
	job_file_write(".ini", text, strlen(text), path);
	check_path(path, -EINVAL, "cannot name a run");
	unlink(path);
	job_file_write(NAME31 "x.ini", text, strlen(text), path);
	check_path(path, -EINVAL, "cannot name a run");
	unlink(path);
}

static void test_unreadable(void **state)
{
	char path[PATH_MAX];
	bool readable;

	(void)state;
	job_file_write("locked.ini", "", 0, path);
	assert_int_equal(chmod(path, 0), 0);
	readable = access(path, R_OK) == 0;
	/* Root reads it all the same, and then finds it without a question. */
	check_path(path, readable ? -EINVAL : -EACCES,
		   readable ? "question" : "Permission denied");
	unlink(path);
}

/* 64 KiB are taken, one byte more is not; a NUL byte is found anywhere. */
static void test_sizes(void **state)
{
	static char text[65537];
	char path[PATH_MAX];
	struct job job;

	(void)state;
	memset(text, '\n', sizeof(text));
	memcpy(text, QUESTION POINTS, strlen(QUESTION POINTS));
	job_file_write("big.ini", text, sizeof(text) - 1, path);
	assert_int_equal(job_read(path, NULL, 0, &job), 0);
	assert_int_equal(strlen(job.text), sizeof(text) - 1);
	job_free(&job);
	job_file_write("big.ini", text, sizeof(text), path);
	check_path(path, -EFBIG, "longer than 65536 bytes");

	text[sizeof(text) - 2] = '\0';
	job_file_write("big.ini", text, sizeof(text) - 1, path);
	check_path(path, -EINVAL, "a NUL byte");
	text[3] = '\0';
	job_file_write("big.ini", text, sizeof(text) - 1, path);
	check_path(path, -EINVAL, ":1: a NUL byte");
	unlink(path);
}

static void test_names(void **state)
{
	static const uint32_t arms[] = {
		INTXBENCH_ARM_PCI23,
		INTXBENCH_ARM_LINE,
		INTXBENCH_ARM_LINE_UNLAZY,
		INTXBENCH_ARM_ONESHOT,
		INTXBENCH_ARM_ADAPTIVE,
		INTXBENCH_ARM_POSTED_V1,
		INTXBENCH_ARM_BUSTED_NO_UNMASK,
		INTXBENCH_ARM_BUSTED_CLAIM_ALL,
		INTXBENCH_ARM_BUSTED_NO_REASSERT,
		INTXBENCH_ARM_BUSTED_DEAF,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(arms) / sizeof(arms[0]); i++) {
		assert_non_null(arm_name(arms[i]));
		assert_int_equal(arm_by_name(arm_name(arms[i])), arms[i]);
		assert_int_equal(arm_is_busted(arms[i]),
				 !strncmp(arm_name(arms[i]), "busted-", 7));
		assert_int_equal(arm_is_exclusive(arms[i]),
				 arms[i] == INTXBENCH_ARM_ONESHOT);
		assert_int_equal(arm_disables_line(arms[i]),
				 arms[i] >= INTXBENCH_ARM_LINE &&
					 arms[i] <= INTXBENCH_ARM_ONESHOT);
	}
	assert_null(arm_name(99));
	assert_int_equal(arm_by_name("PCI23"), -1);
	assert_int_equal(arm_by_name("kmod/uio"), -1);
	for (size_t i = 0; arm_name_at(i); i++) {
		uint32_t arm = arm_by_name(arm_name_at(i));

		assert_string_equal(arm_name(arm), arm_name_at(i));
		assert_int_equal(arm_is_foreign(arm),
				 strcmp(arm_path(arm), "kmod") != 0);
		assert_non_null(arm_policy(arm));
	}
	assert_false(arm_is_busted(99) || arm_is_exclusive(99) ||
		     arm_disables_line(99));
	assert_string_equal(placement_policy_name(PLACEMENT_EXPLICIT),
			    "explicit");
	assert_string_equal(placement_role_name(ROLE_VCPUS), "vcpus");
	assert_null(distribution_name(DISTRIBUTION_BACK_TO_BACK + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_everything),
		cmocka_unit_test(test_overrides),
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_paths_and_mask),
		cmocka_unit_test(test_placement),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_set_twice),
		cmocka_unit_test(test_set_too_long),
		cmocka_unit_test(test_too_many_executions),
		cmocka_unit_test(test_too_many_sections),
		cmocka_unit_test(test_line_length),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("job", tests, job_directory_make,
					   job_directory_remove);
}
