// SPDX-License-Identifier: GPL-2.0-or-later
/* Each row of the table, what must not match, and whole reports. */
#include <fnmatch.h>
#include <libgen.h>
#include <limits.h>
#include <unistd.h>

#include "kmsg_fault.h"
#include "unit.h"

/* A line as a kernel printed it, for each row: its pattern says which. */
static const struct {
	const char *pattern, *line;
} examples[] = {
	{ "BUG: sleeping function called from invalid context*",
	  "BUG: sleeping function called from invalid context at kernel/cpu.c:62" },
	{ "BUG: scheduling while atomic: *",
	  "BUG: scheduling while atomic: swapper/0/1/0x00000002" },
	{ "WARNING: suspicious RCU usage*", "WARNING: suspicious RCU usage" },
	{ "Voluntary context switch within RCU read-side critical section!*",
	  "Voluntary context switch within RCU read-side critical section!" },
	{ "rcu: INFO: * stall*",
	  "rcu: INFO: rcu_preempt self-detected stall on CPU" },
	{ "rcu: INFO: * stall*",
	  "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:" },
	{ "rcu: INFO: * stall*",
	  "rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: { 1-.... } 6 jiffies s: 565 root: 0x2/." },
	{ "rcu: INFO: * stall*",
	  "rcu: INFO: rcu_tasks detected stalls on tasks:" },
	{ "INFO: rcu_* stall*",
	  "INFO: rcu_sched self-detected stall on CPU { 2}  (t=5250 jiffies g=86 c=85 q=1)" },
	{ "WARNING: possible circular locking*",
	  "WARNING: possible circular locking dependency detected" },
	{ "WARNING: possible recursive locking*",
	  "WARNING: possible recursive locking detected" },
	{ "WARNING: *-safe -> *-unsafe lock order*",
	  "WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected" },
	{ "WARNING: possible irq lock inversion*",
	  "WARNING: possible irq lock inversion dependency detected" },
	{ "WARNING: inconsistent lock state*",
	  "WARNING: inconsistent lock state" },
	{ "WARNING: bad unlock balance detected!*",
	  "WARNING: bad unlock balance detected!" },
	{ "WARNING: bad contention detected!*",
	  "WARNING: bad contention detected!" },
	{ "WARNING: Nested lock was not taken*",
	  "WARNING: Nested lock was not taken" },
	{ "WARNING: held lock freed!*", "WARNING: held lock freed!" },
	{ "WARNING: * still has locks held!*",
	  "WARNING: kworker/0:1/12 still has locks held!" },
	{ "WARNING: lock held when returning to user space!*",
	  "WARNING: lock held when returning to user space!" },
	{ "\\[ BUG: Invalid wait context \\]*",
	  "[ BUG: Invalid wait context ]" },
	{ "INFO: trying to register non-static key.*",
	  "INFO: trying to register non-static key." },
	{ "BUG: MAX_LOCK*", "BUG: MAX_LOCKDEP_CHAINS too low!" },
	{ "BUG: MAX_LOCK*", "BUG: MAX_LOCK_DEPTH too low!" },
	{ "BUG: MAX_STACK_TRACE_ENTRIES*",
	  "BUG: MAX_STACK_TRACE_ENTRIES too low!" },
	{ "watchdog: BUG: soft lockup - CPU#*",
	  "watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [kworker/1:2:137]" },
	{ "*Watchdog detected hard LOCKUP on cpu*",
	  "NMI watchdog: Watchdog detected hard LOCKUP on cpu 3" },
	{ "*Watchdog detected hard LOCKUP on cpu*",
	  "watchdog: Watchdog detected hard LOCKUP on cpu 3" },
	{ "INFO: task * blocked for more than * seconds.*",
	  "INFO: task jbd2/sda1-8:171 blocked for more than 120 seconds." },
	{ "BUG: workqueue lockup - pool*",
	  "BUG: workqueue lockup - pool cpus=1 node=0 flags=0x0 nice=0 stuck for 31s!" },
	{ "irq [0-9]*: nobody cared*",
	  "irq 20: nobody cared (try booting with the \"irqpoll\" option)" },
	{ "irq event [0-9]*: bogus return value *",
	  "irq event 20: bogus return value 7" },
	{ "Disabling IRQ #[0-9]*", "Disabling IRQ #20" },
	{ "Unbalanced enable for IRQ [0-9]*", "Unbalanced enable for IRQ 20" },
	{ "*: *No irq handler for vector*",
	  "__common_interrupt: 1.55 No irq handler for vector" },
	{ "IRQ[0-9]*: set affinity failed(*",
	  "IRQ20: set affinity failed(-16)." },
	{ "Eff. affinity * of IRQ * contains only offline CPUs*",
	  "Eff. affinity 3 of IRQ 20 contains only offline CPUs after offlining CPU 3" },
	{ "smpboot: CPU * didn't die*", "smpboot: CPU 3 didn't die..." },
	{ "BUG: KASAN: *",
	  "BUG: KASAN: slab-out-of-bounds in kmalloc_oob_right+0xa8/0xbc [kasan_test]" },
	{ "KASAN: * in range *",
	  "KASAN: null-ptr-deref in range [0x0000000000000000-0x0000000000000007]" },
	{ "BUG: KFENCE: *",
	  "BUG: KFENCE: use-after-free read in test_use_after_free_read+0xb3/0x143" },
	{ "BUG: KCSAN: *",
	  "BUG: KCSAN: data-race in test_kernel_read / test_kernel_write" },
	{ "UBSAN: *", "UBSAN: shift-out-of-bounds in drivers/net/foo.c:24:5" },
	{ "kmemleak: * new suspected memory leaks*",
	  "kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)" },
	{ "list_add corruption*",
	  "list_add corruption. prev->next should be next (ffffffffc0644480), but was 0000000000000000. (prev=ffff8881093efc38)." },
	{ "list_add double add: *",
	  "list_add double add: new=ffffc0de2b3fdd90, prev=ffffc0de2b3fdd80, next=ffffc0de2b3fdd90." },
	{ "list_del corruption*",
	  "list_del corruption, ffff8881093efc38->next is LIST_POISON1 (dead000000000100)" },
	{ "refcount_t: *", "refcount_t: underflow; use-after-free." },
	{ "usercopy: Kernel memory * attempt detected *",
	  "usercopy: Kernel memory exposure attempt detected from SLUB object 'kmalloc-1k' (offset 0, size 2048)!" },
	{ "BUG * (*): *",
	  "BUG kmalloc-64 (Tainted: G    B  OE     ): Right Redzone overwritten" },
	{ "BUG: Bad page *",
	  "BUG: Bad page state in process kswapd0  pfn:1a2b3" },
	{ "BUG: Bad page *",
	  "BUG: Bad page map in process bash  pte:8000000012345067 pmd:12345067" },
	{ "BUG: spinlock *", "BUG: spinlock bad magic on CPU#0, swapper/0/1" },
	{ "BUG: rwlock *", "BUG: rwlock wrong CPU on CPU#0, cat/12, 1a2b3c4d" },
	{ "BUG: using * in preemptible *",
	  "BUG: using smp_processor_id() in preemptible [00000000] code: cat/1234" },
	{ "BUG: kernel NULL pointer dereference*",
	  "BUG: kernel NULL pointer dereference, address: 0000000000000000" },
	{ "BUG: unable to handle *",
	  "BUG: unable to handle page fault for address: ffffc90000c0a000" },
	{ "BUG: unable to handle *",
	  "BUG: unable to handle kernel paging request at ffffc90000c0a000" },
	{ "BUG: * stack guard page was hit*",
	  "BUG: TASK stack guard page was hit at 00000000c5a3e9d1 (stack is 00000000b9f0e1f3..000000007d6f5a86)" },
	{ "general protection fault*",
	  "general protection fault, probably for non-canonical address 0xdead000000000000: 0000 [#1] PREEMPT SMP NOPTI" },
	{ "*: [0-9a-f][0-9a-f][0-9a-f][0-9a-f] \\[#[0-9]*\\]*",
	  "Oops: 0002 [#1] PREEMPT SMP NOPTI" },
	{ "*: [0-9a-f][0-9a-f][0-9a-f][0-9a-f] \\[#[0-9]*\\]*",
	  "divide error: 0000 [#12] SMP PTI" },
	{ "kernel BUG at *", "kernel BUG at lib/list_debug.c:33!" },
	{ "Kernel panic - not syncing: *",
	  "Kernel panic - not syncing: Fatal exception in interrupt" },
	{ "WARNING: *",
	  "WARNING: CPU: 1 PID: 1234 at kernel/irq/manage.c:781 __enable_irq+0x4b/0x70" },
	/* Since 6.19. */
	{ "WARNING: *",
	  "WARNING: kernel/irq/manage.c:774 at __enable_irq+0x4b/0x70, CPU#1: cat/1234" },
	{ "BUG: *",
	  "BUG: workqueue leaked lock or atomic: kworker/0:1/0x00000001/12" },
	{ "*: BUG: *", "mempool: BUG: mempool element poison mismatch" },
};

#define EXAMPLES (sizeof(examples) / sizeof(examples[0]))

static const struct kmsg_fault_row *row_of(const char *pattern)
{
	for (size_t i = 0; i < kmsg_fault_row_count; i++)
		if (!strcmp(kmsg_fault_rows[i].pattern, pattern))
			return &kmsg_fault_rows[i];
	fail_msg("no row has the pattern \"%s\"", pattern);
	return NULL;
}

static void test_each_example(void **state)
{
	(void)state;
	for (size_t i = 0; i < EXAMPLES; i++) {
		const char *kind = kmsg_fault_kind(examples[i].line);

		if (!kind)
			fail_msg("not seen: %s", examples[i].line);
		assert_string_equal(kind, row_of(examples[i].pattern)->kind);
	}
}

/* An example is decided by its own row: an earlier one would hide it. */
static void test_each_row_decides(void **state)
{
	(void)state;
	for (size_t i = 0; i < kmsg_fault_row_count; i++) {
		const struct kmsg_fault_row *row = &kmsg_fault_rows[i];
		bool found = false;

		for (size_t j = 0; j < EXAMPLES; j++)
			found |= !strcmp(examples[j].pattern, row->pattern);
		if (!found)
			fail_msg("no example for \"%s\"", row->pattern);
	}
	for (size_t i = 0; i < EXAMPLES; i++) {
		const struct kmsg_fault_row *row = row_of(examples[i].pattern);

		for (const struct kmsg_fault_row *other = kmsg_fault_rows;
		     other < row; other++)
			if (!fnmatch(other->pattern, examples[i].line, 0))
				fail_msg("\"%s\" hides %s", other->pattern,
					 examples[i].line);
	}
}

/* The kernel says these when nothing is wrong with it, or not much. */
static const char *const harmless[] = {
	"",
	"intxbench: point 3 block 0 shared line rate 100 Hz service 10000 ns",
	"intxbench: WARNING: CPU: 1 PID: 2 at a mark of ours",
	"ACPI: \\_SB_.GSIE: Enabled at IRQ 20",
	"traps: bash[1234] general protection fault ip:7f0123456789 sp:7ffc error:0 in libc.so.6",
	"traps: a.out[99] trap invalid opcode ip:401106 sp:7ffd error:0 in a.out",
	"a.out[99]: segfault at 0 ip 0000000000401106 sp 00007ffd error 6 in a.out",
	"stress-ng invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=1000",
	"Memory cgroup out of memory: Killed process 1234 (stress-ng) total-vm:1kB",
	"stress-ng: page allocation failure: order:4, mode:0x40cc0(GFP_KERNEL)",
	"smpboot: CPU 3 is now offline",
	"IRQ 20: no longer affine to CPU3",
	"INFO: NMI handler (perf_event_nmi_handler) took too long to run: 1.2 msecs",
	"INFO: lockdep is turned off.",
	"INFO: task is done",
	"rcu: INFO: Stall ended before state dump start",
	"rcu: Hierarchical SRCU implementation.",
	"rcu: rcu_preempt kthread starved for 5250 jiffies! g5 f0x0",
	"Future hung task reports are suppressed, see sysctl kernel.hung_task_warnings",
	"      blocked for more than 120 seconds.",
	"perf: interrupt took too long (2501 > 2500), lowering it",
	"clocksource: Marking clocksource 'tsc' as unstable",
	"kasan: KernelAddressSanitizer initialized (generic)",
	"kmemleak: Kernel memory leak detector initialized (mem pool available: 1)",
	"Modules linked in: BUG(O) intxbench(O)",
	"CPU: 0 PID: 1 Comm: BUG Tainted: G        W  OE      6.1.0-56-amd64",
	"debug: 0012 counters, [#1] is ours",
	"nobody cared, but an irq",
	"x86/cpu: IRQ event 20 is fine",
	"---[ end trace 0000000000000000 ]---",
	"------------[ cut here ]------------",
	"Call Trace:",
};

static void test_harmless(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (kmsg_fault_kind(harmless[i]))
			fail_msg("a %s: %s", kmsg_fault_kind(harmless[i]),
				 harmless[i]);
}

/* The kinds that a log comes to, with a blank behind each. */
static void read_log(struct kmsg_report *report, const char *log, char *kinds,
		     size_t bytes)
{
	size_t used = strlen(kinds);
	char line[512];

	for (; *log; log += strcspn(log, "\n"), log += *log == '\n') {
		const char *kind;

		snprintf(line, sizeof(line), "%.*s", (int)strcspn(log, "\n"),
			 log);
		kind = kmsg_fault_next(report, line);
		if (kind)
			used += snprintf(kinds + used, bytes - used, "%s ",
					 kind);
	}
}

static void expect_kinds(const char *log, const char *expected)
{
	struct kmsg_report report = { 0 };
	char kinds[512] = "";

	read_log(&report, log, kinds, sizeof(kinds));
	assert_string_equal(kinds, expected);
}

/* tests/unit/kmsg, from tests/unit/build/test_kmsg_fault. */
static char reports_directory[PATH_MAX - 64];

static int find_reports(void **state)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program));

	(void)state;
	if (length < 0 || length == sizeof(program))
		return -1;
	program[length] = '\0';
	return snprintf(reports_directory, sizeof(reports_directory),
			"%s/../kmsg",
			dirname(program)) >= (int)sizeof(reports_directory);
}

static const char *file_text(const char *name)
{
	static char text[65536];
	char path[PATH_MAX];
	size_t length;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.txt", reports_directory, name);
	file = fopen(path, "re");
	if (!file)
		fail_msg("%s cannot be read", path);
	length = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	assert_true(length > 0 && length < sizeof(text) - 1);
	text[length] = '\0';
	return text;
}

/*
 * Whole reports, each of them one fault: what tests/vm/faults made of Debian's
 * 6.1 and of a debug kernel of the same source.
 */
static void test_reports(void **state)
{
	static const struct {
		const char *file, *kinds;
	} reports[] = {
		{ "warn", "warn " },
		{ "unbalanced-enable", "unbalanced-enable " },
		{ "refcount", "refcount " },
		{ "nobody-cared", "nobody-cared " },
		{ "lockdep", "lockdep " },
		{ "sleeping-in-atomic", "sleeping-in-atomic " },
		{ "rcu-usage", "rcu-usage " },
		{ "rcu-stall", "rcu-stall " },
		{ "kasan", "kasan " },
		{ "oops", "oops " },
		{ "gpf", "gpf " },
		{ "list-corruption", "list-corruption " },
		{ "hung-task", "hung-task hung-task " },
		{ "scheduling-while-atomic", "scheduling-while-atomic " },
		{ "soft-lockup", "soft-lockup " },
		{ "ubsan", "ubsan " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++)
		expect_kinds(file_text(reports[i].file), reports[i].kinds);
}

/* Of each two reports, one right behind the other, both are seen. */
static void test_reports_in_a_row(void **state)
{
	static const char *const names[] = {
		"warn",      "unbalanced-enable",
		"refcount",  "nobody-cared",
		"lockdep",   "sleeping-in-atomic",
		"rcu-usage", "rcu-stall",
		"kasan",     "oops",
		"gpf",       "list-corruption",
	};
	const size_t count = sizeof(names) / sizeof(names[0]);

	(void)state;
	for (size_t i = 0; i < count * count; i++) {
		struct kmsg_report report = { 0 };
		char kinds[512] = "", expected[512];
		const char *first = names[i / count], *next = names[i % count];

		read_log(&report, file_text(first), kinds, sizeof(kinds));
		read_log(&report, file_text(next), kinds, sizeof(kinds));
		snprintf(expected, sizeof(expected), "%s %s ", first, next);
		assert_string_equal(kinds, expected);
	}
}

/* What follows others is a fault of its own where nothing came before. */
static void test_alone(void **state)
{
	(void)state;
	expect_kinds("Disabling IRQ #20\n", "irq-disabled ");
	expect_kinds("Oops: 0002 [#1] PREEMPT SMP NOPTI\n", "oops ");
	expect_kinds("kernel BUG at mm/slub.c:1!\n"
		     "invalid opcode: 0000 [#1] PREEMPT SMP\n",
		     "bug ");
	expect_kinds("------------[ cut here ]------------\n"
		     "WARNING: CPU: 0 PID: 1 at a.c:1 f+0x1/0x2\n"
		     "---[ end trace 0000000000000000 ]---\n"
		     "WARNING: CPU: 0 PID: 1 at b.c:1 f+0x1/0x2\n",
		     "warn warn ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_example),
		cmocka_unit_test(test_each_row_decides),
		cmocka_unit_test(test_harmless),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_reports_in_a_row),
		cmocka_unit_test(test_alone),
	};

	return cmocka_run_group_tests(tests, find_reports, NULL);
}
