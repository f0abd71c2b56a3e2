// SPDX-License-Identifier: GPL-2.0-or-later
#include <fnmatch.h>
#include <string.h>

#include "kmsg_fault.h"

/* A row that is a line of other reports as well. */
#define FOLLOWS true

/*
 * Files and functions are those of Linux 6.1, which prints each of these with a
 * facility of 0. Special cases come before what they are a case of.
 */
const struct kmsg_fault_row kmsg_fault_rows[] = {
	/* kernel/sched/core.c, __might_resched() */
	{ "sleeping-in-atomic",
	  "BUG: sleeping function called from invalid context*", false },
	/* kernel/sched/core.c, __schedule_bug() */
	{ "scheduling-while-atomic", "BUG: scheduling while atomic: *", false },

	/* kernel/locking/lockdep.c, lockdep_rcu_suspicious() */
	{ "rcu-usage", "WARNING: suspicious RCU usage*", false },
	/* kernel/rcu/tree_plugin.h, rcu_note_context_switch(): of a WARN_ONCE */
	{ "rcu-usage",
	  "Voluntary context switch within RCU read-side critical section!*",
	  false },
	/* kernel/rcu/tree_stall.h, print_other_cpu_stall(), print_cpu_stall();
	 * tree_exp.h, synchronize_rcu_expedited_wait(); tasks.h */
	{ "rcu-stall", "rcu: INFO: * stall*", false },
	/* the same before 4.20, which had no prefix */
	{ "rcu-stall", "INFO: rcu_* stall*", false },

	/* kernel/locking/lockdep.c, print_circular_bug_header() */
	{ "lockdep", "WARNING: possible circular locking*", false },
	/* print_deadlock_bug() */
	{ "lockdep", "WARNING: possible recursive locking*", false },
	/* print_bad_irq_dependency() */
	{ "lockdep", "WARNING: *-safe -> *-unsafe lock order*", false },
	/* print_irq_inversion_bug() */
	{ "lockdep", "WARNING: possible irq lock inversion*", false },
	/* print_usage_bug() */
	{ "lockdep", "WARNING: inconsistent lock state*", false },
	/* print_unlock_imbalance_bug() */
	{ "lockdep", "WARNING: bad unlock balance detected!*", false },
	/* print_lock_contention_bug() */
	{ "lockdep", "WARNING: bad contention detected!*", false },
	/* print_lock_nested_lock_not_held() */
	{ "lockdep", "WARNING: Nested lock was not taken*", false },
	/* print_freed_lock_bug() */
	{ "lockdep", "WARNING: held lock freed!*", false },
	/* print_held_locks_bug() */
	{ "lockdep", "WARNING: * still has locks held!*", false },
	/* lockdep_sys_exit() */
	{ "lockdep", "WARNING: lock held when returning to user space!*",
	  false },
	/* print_lock_invalid_wait_context() */
	{ "lockdep", "\\[ BUG: Invalid wait context \\]*", false },
	/* register_lock_class() */
	{ "lockdep", "INFO: trying to register non-static key.*", false },
	/* print_lockdep_off(): there is no lockdep from here on */
	{ "lockdep-off", "BUG: MAX_LOCK*", false },
	{ "lockdep-off", "BUG: MAX_STACK_TRACE_ENTRIES*", false },

	/* kernel/watchdog.c, watchdog_timer_fn() */
	{ "soft-lockup", "watchdog: BUG: soft lockup - CPU#*", false },
	/* kernel/watchdog_hld.c, watchdog_overflow_callback() */
	{ "hard-lockup", "*Watchdog detected hard LOCKUP on cpu*", false },
	/* kernel/hung_task.c, check_hung_task() */
	{ "hung-task", "INFO: task * blocked for more than * seconds.*",
	  false },
	/* kernel/workqueue.c, wq_watchdog_timer_fn() */
	{ "workqueue-lockup", "BUG: workqueue lockup - pool*", false },

	/* kernel/irq/spurious.c, __report_bad_irq() */
	{ "nobody-cared", "irq [0-9]*: nobody cared*", false },
	{ "irq-bogus-return", "irq event [0-9]*: bogus return value *", false },
	/* kernel/irq/spurious.c, note_interrupt(), behind that report */
	{ "irq-disabled", "Disabling IRQ #[0-9]*", FOLLOWS },
	/* kernel/irq/manage.c, __enable_irq(): of a WARN */
	{ "unbalanced-enable", "Unbalanced enable for IRQ [0-9]*", false },
	/* arch/x86/kernel/irq.c, __common_interrupt() */
	{ "no-irq-handler", "*: *No irq handler for vector*", false },
	/* kernel/irq/cpuhotplug.c, migrate_one_irq(), irq_needs_fixup() */
	{ "irq-stranded", "IRQ[0-9]*: set affinity failed(*", false },
	{ "irq-stranded",
	  "Eff. affinity * of IRQ * contains only offline CPUs*", false },
	/* arch/x86/kernel/smpboot.c, common_cpu_die() */
	{ "cpu-not-dead", "smpboot: CPU * didn't die*", false },

	/* mm/kasan/report.c, print_error_description(), kasan_report_async() */
	{ "kasan", "BUG: KASAN: *", false },
	/* mm/kasan/report.c, kasan_non_canonical_hook(), in an oops */
	{ "kasan", "KASAN: * in range *", FOLLOWS },
	/* mm/kfence/report.c, kfence_report_error() */
	{ "kfence", "BUG: KFENCE: *", false },
	/* kernel/kcsan/report.c, print_report() */
	{ "kcsan", "BUG: KCSAN: *", false },
	/* lib/ubsan.c, ubsan_prologue() */
	{ "ubsan", "UBSAN: *", false },
	/* mm/kmemleak.c, kmemleak_scan() */
	{ "kmemleak", "kmemleak: * new suspected memory leaks*", false },
	/* lib/list_debug.c: before a BUG(), or of a WARN */
	{ "list-corruption", "list_add corruption*", false },
	{ "list-corruption", "list_add double add: *", false },
	{ "list-corruption", "list_del corruption*", false },
	/* lib/refcount.c, refcount_warn_saturate(): of a WARN_ONCE */
	{ "refcount", "refcount_t: *", false },
	/* mm/usercopy.c, usercopy_abort(), before a BUG() */
	{ "usercopy", "usercopy: Kernel memory * attempt detected *", false },
	/* mm/slub.c, slab_bug() */
	{ "slab", "BUG * (*): *", false },
	/* mm/page_alloc.c, bad_page(); mm/memory.c, print_bad_pte() */
	{ "bad-page", "BUG: Bad page *", false },
	/* kernel/locking/spinlock_debug.c, spin_dump(), rwlock_bug() */
	{ "spinlock", "BUG: spinlock *", false },
	{ "spinlock", "BUG: rwlock *", false },
	/* lib/smp_processor_id.c, check_preemption_disabled() */
	{ "preemptible", "BUG: using * in preemptible *", false },

	/* arch/x86/mm/fault.c, show_fault_oops() */
	{ "oops", "BUG: kernel NULL pointer dereference*", false },
	{ "oops", "BUG: unable to handle *", false },
	/* arch/x86/kernel/traps.c, handle_stack_overflow() */
	{ "oops", "BUG: * stack guard page was hit*", false },
	/* arch/x86/kernel/traps.c, exc_general_protection(); a process that does
	 * the same has "traps: " in front */
	{ "gpf", "general protection fault*", false },
	/* arch/x86/kernel/dumpstack.c, __die_header(): "Oops: 0002 [#1] ..." */
	{ "oops", "*: [0-9a-f][0-9a-f][0-9a-f][0-9a-f] \\[#[0-9]*\\]*",
	  FOLLOWS },
	/* lib/bug.c, report_bug() */
	{ "bug", "kernel BUG at *", FOLLOWS },
	/* kernel/panic.c, panic() */
	{ "panic", "Kernel panic - not syncing: *", FOLLOWS },

	/* kernel/panic.c, __warn(), and what has no row of its own. A stack
	 * that cannot be walked (arch/x86/kernel/unwind_orc.c, orc_warn()) is
	 * in a report. */
	{ "warn", "WARNING: *", FOLLOWS },
	{ "bug", "BUG: *", false },
	{ "bug", "*: BUG: *", false },
};

const size_t kmsg_fault_row_count =
	sizeof(kmsg_fault_rows) / sizeof(kmsg_fault_rows[0]);

static const struct kmsg_fault_row *find(const char *text)
{
	for (size_t i = 0; i < kmsg_fault_row_count; i++)
		if (!fnmatch(kmsg_fault_rows[i].pattern, text, 0))
			return &kmsg_fault_rows[i];
	return NULL;
}

const char *kmsg_fault_kind(const char *text)
{
	const struct kmsg_fault_row *row = find(text);

	return row ? row->kind : NULL;
}

static bool starts(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

const char *kmsg_fault_next(struct kmsg_report *report, const char *text)
{
	const struct kmsg_fault_row *row = find(text);
	bool just_opened = report->just_opened;

	report->just_opened = false;
	if (row) {
		if (report->open && row->follows)
			return NULL;
		report->open = true;
		report->just_opened = true;
		return row->kind;
	}
	/* include/asm-generic/bug.h, CUT_HERE; a BUG() may have said why. */
	if (starts(text, "------------[ cut here ]") && !just_opened)
		report->open = false;
	/* kernel/panic.c, print_oops_end_marker() */
	if (starts(text, "---[ end "))
		report->open = false;
	return NULL;
}
