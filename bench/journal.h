/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was changed on the host and how to put it back. An entry is on disk
 * (written and fsynced in JOURNAL_DIR) before the change is made; undoing it
 * in reverse order is the same code at the end of a run, on a signal and
 * after a crash, when the next run finds a journal without an owner.
 *
 * One journal per machine: a second run at the same time is refused
 * (EXIT_MACHINE, with the owner's pid); the lock is flock()ed, so that it
 * dies with its owner.
 *
 * JOURNAL_DIR/journal is text, appended to only, one line each:
 *   intxbench-journal 1
 *   + KIND SUBJECT VALUE     the nth such line is entry n, counted from 1
 *   - N                      entry N is undone
 * A last line without its newline was never finished, and the change that it
 * would have announced not made. The file goes when all is undone.
 */
#ifndef BENCH_JOURNAL_H
#define BENCH_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#define JOURNAL_DIR "/run/intxbench"

enum journal_kind {
	JOURNAL_COMMAND, /* subject: address of a function without a
				 * driver, value: PCI_COMMAND, 4 hex digits */
	JOURNAL_ENABLE, /* subject: address, value: "0" */
	JOURNAL_DRIVER, /* subject: address, value: driver or "" */
	JOURNAL_DRIVER_OVERRIDE, /* subject: address, value: override or "" */
	JOURNAL_MODULE, /* subject: kernel module, value: "absent" */
	JOURNAL_MODULE_OPTIONS, /* subject: module, value: "name=value ..." */
	JOURNAL_PARAMETER, /* subject: MODULE.PARAMETER, value: its value */
	JOURNAL_IRQ_AFFINITY, /* subject: irq, value: smp_affinity_list */
	JOURNAL_THREAD_AFFINITY, /* subject: PROCESS/THREAD/START (proc(5)),
				  * value: list of CPUs */
	JOURNAL_CPU, /* subject: CPU that is online, value: "1" */
	JOURNAL_TRACE, /* subject: tracefs instance, value: "absent" */
	JOURNAL_CGROUP, /* subject: a control group's path, value: "absent" */
	JOURNAL_CGROUP_CONTROL, /* subject: a control group's path, value: the
				 * controller that its children did not have */
	JOURNAL_SCRATCH, /* subject: a folder's path, value: "absent" */
};

/*
 * Take the machine. Undoes what a dead run left first; *recovered: entries.
 * Where that fails the machine is not taken and the rest stays in the journal.
 */
int journal_open(size_t *recovered);

/* The same with the journal in another directory; for tests. */
int journal_open_at(const char *directory, size_t *recovered);

/* Say what a thing is like before it is changed. Repeats are ignored: the
 * first one is what it was like. */
int journal_add(enum journal_kind kind, const char *subject, const char *value);

/* Whether there is such an entry that is not undone. */
bool journal_has(enum journal_kind kind, const char *subject);

/* Put everything back, newest first; goes on past failures and returns the
 * first. An entry is forgotten only when undone. */
int journal_undo(void);

/* Give the machine up. What is not undone stays on disk for the next run. */
void journal_close(void);

#endif
