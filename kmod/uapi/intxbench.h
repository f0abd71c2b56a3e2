/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * intxbench: the interface between the kernel module and whoever drives it.
 *
 * This file is the specification. /dev/intxbench gives one *session* per
 * open(): a session takes PCI functions that share one interrupt line, floods
 * them and watches every handler on that line. Closing the descriptor, however
 * it comes to be closed, ends the session: the flood stops, interrupts are
 * freed, command registers are as before. The measurements outlive it, in a
 * descriptor of their own (INTXBENCH_ADD, data_fd).
 *
 * Apart from functions a session may have one *counter set*, a model of a
 * per-CPU statistic: the INTXBENCH_COUNTER_* calls. It needs no function, and
 * its calls neither wait for the others nor keep them waiting.
 *
 * open() needs CAP_SYS_RAWIO (EPERM) and a kernel that is not locked down
 * against direct PCI access (EPERM).
 *
 * Every argument starts with its own size in bytes and its flags. A caller
 * with a longer struct than the module's is served when the bytes the module
 * does not know are zero, else E2BIG; a shorter one than the first version is
 * EINVAL. Unknown flags, reserved fields that are not zero and values out of
 * the range stated here are EINVAL. A call that fails has changed nothing.
 *
 * All times are CLOCK_MONOTONIC nanoseconds as read by
 * ktime_get_mono_fast_ns(); all calls may sleep.
 */
#ifndef _UAPI_INTXBENCH_H
#define _UAPI_INTXBENCH_H

#include <linux/ioctl.h>
#include <linux/types.h>

#include "intxbench_hist.h"

/* Raised whenever a struct or a meaning changes incompatibly. */
#define INTXBENCH_ABI		3

#define INTXBENCH_DEVICE	"/dev/intxbench"
#define INTXBENCH_DRIVER	"intxbench"	/* for driver_override */

#define INTXBENCH_MAX_FUNCTIONS	8		/* per session */
#define INTXBENCH_MAX_TOKENS	32		/* per function */
#define INTXBENCH_MAX_GAPS	65536		/* per schedule */
#define INTXBENCH_TIMELINE	1024		/* records, a power of two */
#define INTXBENCH_MAX_READERS	64		/* per counter set */

#define INTXBENCH_MIN_MEAN_GAP_NS	20000ULL	/* 50 kHz */
#define INTXBENCH_MAX_GAP_NS		1000000000ULL	/* 1 Hz */
#define INTXBENCH_MAX_PHASE_NS		1000000000ULL
#define INTXBENCH_FOLLOW_LIMIT_NS	2000000ULL
#define INTXBENCH_DEFAULT_WATCHDOG_NS	1000000000ULL
#define INTXBENCH_MIN_WATCHDOG_NS	1000000ULL
#define INTXBENCH_MAX_WATCHDOG_NS	60000000000ULL

/* Masking policies under test; values are stable. */
enum intxbench_arm {
	INTXBENCH_ARM_PCI23		= 0,
	INTXBENCH_ARM_LINE		= 1,
	INTXBENCH_ARM_LINE_UNLAZY	= 2,	/* a property of the line: whoever
						 * disables it does so unlazily,
						 * until this one is closed */
	INTXBENCH_ARM_ONESHOT		= 3,	/* needs the line alone */
	INTXBENCH_ARM_ADAPTIVE		= 4,	/* line while alone on it, pci23
						 * as soon as it is shared: at
						 * once with a handler of the
						 * module's, at the next mask
						 * with another driver's */
	INTXBENCH_ARM_POSTED_V1		= 5,	/* the 2012 patch as first posted:
						 * it claims its neighbours'
						 * interrupts while masked, and
						 * the guest's unmask enables
						 * the line and does not undo
						 * INTx Disable */
	/* Positive controls: each has one named defect. */
	INTXBENCH_ARM_BUSTED_NO_UNMASK	= 32,	/* stays masked for ever */
	INTXBENCH_ARM_BUSTED_CLAIM_ALL	= 33,	/* claims its neighbours' too */
	INTXBENCH_ARM_BUSTED_NO_REASSERT = 34,	/* forgets what came meanwhile */
	INTXBENCH_ARM_BUSTED_DEAF	= 35,	/* declines everything */
};

enum intxbench_role {
	INTXBENCH_ROLE_TARGET		= 0,	/* given to the guest */
	INTXBENCH_ROLE_NEIGHBOUR	= 1,	/* served by the module, or (with
						 * INTXBENCH_ADD_FOREIGN) live */
};

enum intxbench_trigger {
	INTXBENCH_TRIGGER_EDU		= 1,
	INTXBENCH_TRIGGER_E1000		= 2,
};

/*
 * Which PCI IDs have a trigger: X(vendor, device, trigger).
 * edu: QEMU docs/specs/edu. e1000: PCIe* GbE Controllers Open Source Software
 * Developer's Manual, 13.4.17 (ICR), 13.4.19 (ICS), 13.4.20 (IMS).
 */
#define INTXBENCH_TRIGGER_IDS(X)			\
	X(0x1234, 0x11e8, INTXBENCH_TRIGGER_EDU)	\
	X(0x8086, 0x100e, INTXBENCH_TRIGGER_E1000)	\
	X(0x8086, 0x100f, INTXBENCH_TRIGGER_E1000)	\
	X(0x8086, 0x10d3, INTXBENCH_TRIGGER_E1000)

/*
 * INTXBENCH_INFO: what this module is. Works in any state.
 * Errors: EFAULT, and the common ones.
 */
struct intxbench_info {
	__u32 size;
	__u32 flags;		/* 0 */
	__u32 abi;		/* out: INTXBENCH_ABI of the module */
	__u32 nr_cpu_ids;	/* out: CPU blocks in a data area */
	__u64 arms;		/* out: bit n set: enum intxbench_arm n works */
	__u64 data_bytes;	/* out: length of a data area */
	char version[32];	/* out: module version, NUL-terminated */
};

/*
 * INTXBENCH_ADD: take a function into the session. Its interrupt is requested
 * and its INTx is live when this returns; nothing raises it before
 * INTXBENCH_START. The function must be bound to the driver INTXBENCH_DRIVER
 * and all functions of a session must be on one line. One target at the most.
 *
 * INTXBENCH_ADD_FOREIGN: the function is another driver's (vfio-pci,
 * uio_pci_generic, a NIC's own) or none's. The module requests no interrupt
 * for it, masks, injects and serves nothing; it watches the handler that
 * /proc/interrupts shows as `handler` on this line, found at that handler's
 * first run, and floods the function if it has a schedule. arm is 0 and the
 * descriptors are -1.
 *   A foreign target is served by a guest, through its trigger's registers.
 * It must be quiet when it is added: the call sets INTx Disable while it makes
 * the trigger ready, and puts the bit back. Add it before its driver requests
 * the interrupt where that can be (uio_pci_generic does at once): a handler
 * that a neighbour makes run during the call may claim. A reset of the function
 * undoes what made the trigger ready. A handler run that claims is an
 * injection: its record in the timeline, with intended_ns, assert_ns and
 * entry_ns, is published right after that run, with the handler's exit in
 * inject_ns.
 *   A foreign neighbour is live: its driver's registers are left alone but for
 * the flood's own raises, so tokens are the causes that its driver handles
 * whenever they come (e1000: RXDMT0). What it serves is not known to anyone.
 * Without a trigger, or with one that no live driver serves (edu), it can have
 * no schedule and is watched only; tokens and trigger are 0 then. Its own
 * interrupts are claims with no token waiting, and so `spurious`.
 *   INTXBENCH_ADD_LIVE, for a foreign target only: the guest that serves it is
 * not ours, and its driver is at work (a QEMU's). As for a live neighbour its
 * registers are left alone but for the raises, and it need not be quiet; tokens
 * are the live causes, or all where the device has no other use for them (edu).
 * That the guest serves them is the caller's word; those that it has left at the
 * end are cleared.
 *   A handler that is requested anew, with another dev_id, is found again once
 * the one before is off the line. With threadirqs each run of a handler that
 * is forced into a thread is a claim, for the kernel's stand-in claims all.
 *   The session does not keep a foreign function's driver from letting it go:
 * the member is then gone, as if it had been unbound.
 *
 * Errors: ENODEV no such function, or not bound to INTXBENCH_DRIVER (foreign:
 * bound to it); EOPNOTSUPP no trigger for its IDs; EIO its trigger does not
 * answer, or its memory is not decoded;
 * ENXIO it has no INTx pin or no line (foreign: or is not enabled, or uses
 * MSI); EXDEV it is on another line than the functions before it; EBUSY it is
 * in a session, or the line cannot be shared as this arm and the others on it
 * need (with threadirqs, no driver with a forced thread may be on it);
 * EPROTONOSUPPORT its INTx Disable does not work, which the watchdog, the
 * guard, the close and a foreign target's adding rely on; EEXIST there is a
 * target; ENOSPC INTXBENCH_MAX_FUNCTIONS are in; EBADF a descriptor is not
 * open; EINVAL one is not an eventfd, or both are the same, or `handler` is
 * that of another function in the session; ENOMEM; EALREADY the session has
 * been started; EPERM a busted arm without the flag.
 */
#define INTXBENCH_ADD_ALLOW_BUSTED	(1U << 0)
#define INTXBENCH_ADD_FOREIGN		(1U << 1)
#define INTXBENCH_ADD_LIVE		(1U << 2)

struct intxbench_add {
	__u32 size;
	__u32 flags;		/* INTXBENCH_ADD_* */
	__u32 domain;		/* the function's address */
	__u8 bus;
	__u8 devfn;		/* slot << 3 | function */
	__u16 reserved;		/* 0 */
	__u32 role;		/* enum intxbench_role */
	__u32 arm;		/* target: enum intxbench_arm; neighbour: 0 */
	__s32 inject_fd;	/* target: eventfd signalled once per injection;
				 * neighbour: -1 */
	__s32 resample_fd;	/* target: eventfd the guest signals when its
				 * device is clear (ack); neighbour: -1 */
	__u32 index;		/* out: the function's number in this session */
	__s32 data_fd;		/* out: read-only mmap of info.data_bytes, see
				 * struct intxbench_data; lives until closed */
	__u32 irq;		/* out: the line, a Linux IRQ number */
	__u32 trigger;		/* out: enum intxbench_trigger */
	/*
	 * out: how a guest serves the device: s = read32(status) & tokens,
	 * then write32(ack, s) clears exactly those; all in one memory BAR.
	 */
	__u32 tokens;		/* independent status bits */
	__u32 bar;
	__u32 status_offset;
	__u32 ack_offset;
	/* Foreign: the watched handler's name, NUL-terminated, not empty; at
	 * most one handler on the line may have it. Else all zero.
	 */
	char handler[64];
};

/*
 * INTXBENCH_SCHEDULE: when to assert a function. Intended times are
 *   start + phase_ns, then each time the next gap of the table further, the
 *   table repeated for ever; gap 0 asserts twice for the same moment.
 * A function with no schedule is not flooded.
 *
 * INTXBENCH_SCHEDULE_CLOSED: back to back; a tick that finds the function
 * still pending asserts nothing and is not counted as intended. Each gap is at
 * least INTXBENCH_MIN_MEAN_GAP_NS.
 *
 * INTXBENCH_SCHEDULE_FOLLOW: a neighbour is held back until phase_ns after the
 * target's handler was entered for what the target's flood had asserted, so
 * that it meets the target masked however late that was; its intended time is
 * then the moment it was let go. After INTXBENCH_FOLLOW_LIMIT_NS, or at the
 * flood's end, it is missed. In an unobserved session nothing is held back.
 *
 * Errors: ENOENT no function of that index; EINVAL it has no tokens, CPU not
 * online, FOLLOW for a target or with no target in the session, nr_gaps
 * not in 1..INTXBENCH_MAX_GAPS, a gap over INTXBENCH_MAX_GAP_NS, a mean gap
 * below INTXBENCH_MIN_MEAN_GAP_NS; EALREADY started; ENOMEM; ENODEV gone.
 */
#define INTXBENCH_SCHEDULE_CLOSED	(1U << 0)
#define INTXBENCH_SCHEDULE_FOLLOW	(1U << 1)

struct intxbench_schedule {
	__u32 size;
	__u32 flags;		/* INTXBENCH_SCHEDULE_* */
	__u32 index;
	__u32 cpu;		/* whose hrtimer asserts */
	__u64 phase_ns;		/* up to INTXBENCH_MAX_PHASE_NS */
	__u64 gaps;		/* user pointer: __u32 ns [nr_gaps] */
	__u32 nr_gaps;
	__u32 reserved;		/* 0 */
};

/*
 * INTXBENCH_START: attach the observer, then start every schedule. A session
 * starts once.
 *
 * INTXBENCH_START_UNOBSERVED leaves the probes detached: for measuring what
 * they cost. Nothing from the handlers is recorded then, nothing absorbed, and
 * the guard, which is one of them, does not watch.
 *
 * Errors: EALREADY started before; ENOENT no function in it; EINVAL; ENOMEM;
 * ENODEV a function has gone; ENXIO the CPU of a schedule went offline: this
 * one has stopped the session.
 */
#define INTXBENCH_START_UNOBSERVED	(1U << 0)

struct intxbench_start {
	__u32 size;
	__u32 flags;		/* INTXBENCH_START_* */
	__u64 start_ns;		/* in: not before now; 0: 10 ms from now.
				 * out: what it came to be */
	__u64 duration_ns;	/* intended times are below start + duration;
				 * 0: until INTXBENCH_STOP */
	__u64 watchdog_ns;	/* how long the line may be off before it is given
				 * back, a quarter later at most; 0: default */
};

/*
 * INTXBENCH_STOP (no argument): no assert begins after this returns. The
 * handlers and the observer stay for the drain. Errors: ENOENT not started.
 */

/*
 * INTXBENCH_STATE: one function now. A live view for the drain; the counters
 * are in the data area. Errors: ENOENT; ENODEV it has gone.
 */
#define INTXBENCH_STATE_MASKED		(1U << 0) /* arm holds it quiet */
#define INTXBENCH_STATE_FLOODING	(1U << 1) /* its schedule still runs */
#define INTXBENCH_STATE_GUARDED		(1U << 2) /* the guard silenced the session:
						   * too few interrupts of the line
						   * were claimed by anyone */
#define INTXBENCH_STATE_STARVED		(1U << 3) /* the watchdog turned its line
						   * back on at least once */
#define INTXBENCH_STATE_INTX_DISABLED	(1U << 4) /* command register bit 10 */

struct intxbench_state {
	__u32 size;
	__u32 flags;		/* 0; out: INTXBENCH_STATE_* */
	__u32 index;
	__u32 pending;		/* out: status bits set in the device */
};

/*
 * INTXBENCH_INTX_MASK: the guest's own view of its INTx mask, bit 10 of the
 * command register it sees; the reference patch's KVM_ASSIGN_SET_INTX_MASK. In
 * any phase, at any rate. While the guest masks, an interrupt of the target
 * is masked by the arm as always and withheld: nothing is injected, and an ack
 * unmasks nothing. When the guest unmasks, what was withheld, or what has come
 * since the ack, is injected once if it is still pending, and counts as
 * reasserted; if nothing is, the function is unmasked. If an injection is still
 * unacknowledged nothing is done, its ack unmasks as usual. Setting what is set
 * already does nothing. The real command register is the caller's to write.
 * (INTXBENCH_ARM_POSTED_V1 has another way with the guest's unmask.)
 *
 * Errors: ENOENT no function of that index; EINVAL not a target with an arm,
 * masked not 0 or 1; ENODEV it has gone.
 */
struct intxbench_intx_mask {
	__u32 size;
	__u32 flags;		/* 0 */
	__u32 index;
	__u32 masked;		/* 1: the guest masks */
};

/*
 * INTXBENCH_COUNTER_START: a counter for each CPU, a writer on each CPU that is
 * online, and `readers` kernel threads that sum the counters up. Until
 * INTXBENCH_COUNTER_STOP, or until the descriptor is closed. A session has one
 * counter set in its life.
 *
 * A writer is a timer of its CPU's that adds 1 each millisecond, from the time
 * the CPU comes online until it goes offline. A reader reads
 * INTXBENCH_READ_BURST times back to back, sleeps for a millisecond, and reads
 * on. All reads are made in an RCU read section, as the statistic this stands
 * for is reached through a pointer that RCU protects; they differ in what keeps
 * CPUs from coming and going meanwhile, enum intxbench_counter_read.
 *   INSIDE and HOISTED sum the CPUs online and a base. What a CPU has counted is
 * folded into the base when it is dead, by the task that takes it offline.
 *   INSIDE is a defect on purpose: a lock that sleeps, in an RCU read section.
 * might_sleep() says so to a kernel that looks for it. It does not sleep there,
 * for where RCU is preemptible (CONFIG_PREEMPT_RCU) that would be the end of
 * the machine: with the lock held, CPU hotplug waits for RCU's readers. A read
 * that finds the lock taken is counted (`blocked`) and waits outside.
 *   LOCKLESS sums all possible CPUs. Nothing is folded.
 *
 * INTXBENCH_COUNTER_BUSTED_NO_FOLD, the positive control: what a dead CPU has
 * counted is dropped instead of folded. Reads go backwards, and the sum is less
 * than what was added.
 *
 * Errors: EINVAL `read` is none of those, readers not in
 * 1..INTXBENCH_MAX_READERS, BUSTED_NO_FOLD with LOCKLESS; EPERM INSIDE or
 * BUSTED_NO_FOLD without its flag; EALREADY there is, or has been, a set;
 * ENOMEM; EINTR a signal that kills.
 */
#define INTXBENCH_COUNTER_ALLOW_INSIDE	(1U << 0)
#define INTXBENCH_COUNTER_ALLOW_BUSTED	(1U << 1)
#define INTXBENCH_COUNTER_BUSTED_NO_FOLD (1U << 2)

#define INTXBENCH_READ_BURST	64

enum intxbench_counter_read {
	INTXBENCH_COUNTER_INSIDE	= 1,	/* cpus_read_lock() in the RCU
						 * read section */
	INTXBENCH_COUNTER_HOISTED	= 2,	/* and around it */
	INTXBENCH_COUNTER_LOCKLESS	= 3,	/* no such lock */
};

struct intxbench_counter_start {
	__u32 size;
	__u32 flags;		/* INTXBENCH_COUNTER_* */
	__u32 read;		/* enum intxbench_counter_read */
	__u32 readers;		/* kernel threads */
};

/*
 * INTXBENCH_COUNTER_STOP (no argument): writers end, then one last read is
 * made (INSIDE: as HOISTED), then readers end. Waits for a CPU that is on its
 * way. Again, it does nothing. Errors: ENOENT not started.
 */

/*
 * INTXBENCH_COUNTER_RESULT: what a stopped set has found; exact, and the same
 * each time. blocked is not 0 for INSIDE only.
 *
 * Errors: ENOENT no set was started; EBUSY it is not stopped.
 */
struct intxbench_counter_result {
	__u32 size;
	__u32 flags;		/* 0 */
	__u64 added;		/* out: by all writers */
	__u64 sum;		/* out: the last read; of a correct set: added */
	__u64 reads;		/* out: the readers' */
	__u64 backwards;	/* out: of these: less than the same reader's
				 * read before it */
	__u64 folds;		/* out: CPUs folded in */
	__u64 blocked;		/* out: reads that would have slept in the RCU
				 * read section */
	__u64 read_hist;	/* user pointer, out: struct intxbench_hist of
				 * one read, from before its lock to after */
	__u64 fold_hist;	/* the same of one fold-in */
};

#define INTXBENCH_IOC		0xF6
#define INTXBENCH_INFO		_IOWR(INTXBENCH_IOC, 0, struct intxbench_info)
#define INTXBENCH_ADD		_IOWR(INTXBENCH_IOC, 1, struct intxbench_add)
#define INTXBENCH_SCHEDULE	_IOW(INTXBENCH_IOC, 2, struct intxbench_schedule)
#define INTXBENCH_START		_IOWR(INTXBENCH_IOC, 3, struct intxbench_start)
#define INTXBENCH_STOP		_IO(INTXBENCH_IOC, 4)
#define INTXBENCH_STATE		_IOWR(INTXBENCH_IOC, 5, struct intxbench_state)
#define INTXBENCH_INTX_MASK	_IOW(INTXBENCH_IOC, 6, struct intxbench_intx_mask)
#define INTXBENCH_COUNTER_START	\
	_IOW(INTXBENCH_IOC, 7, struct intxbench_counter_start)
#define INTXBENCH_COUNTER_STOP	_IO(INTXBENCH_IOC, 8)
#define INTXBENCH_COUNTER_RESULT \
	_IOWR(INTXBENCH_IOC, 9, struct intxbench_counter_result)

/*
 * The data area of a function, read-only, mapped from data_fd at offset 0:
 *
 * (MAP_SHARED and PROT_READ; else EPERM or EACCES)
 *   struct intxbench_data          one page
 *   struct intxbench_timeline [INTXBENCH_TIMELINE]   at timeline_offset
 *   struct intxbench_cpu_data [nr_cpu_ids]           at cpu_offset, cpu_stride
 *                                                    bytes apart
 *
 * Each field has one writer at a time; readers take no lock. After
 * INTXBENCH_STOP and a drain, or after the session is closed, it is exact.
 *
 * Tokens. A trigger's status bits are set by the flood only and cleared by
 * whoever serves the function only, and the flood looks at the status before
 * it asserts. So a bit found set merges (coalesced), a bit found clear
 * becomes exactly one pending token, and nothing is inferred:
 *   asserted = coalesced + sum(raised[])
 */
struct intxbench_data {
	__u32 abi;
	__u32 nr_cpu_ids;
	__u32 timeline_offset;
	__u32 cpu_offset;
	__u32 cpu_stride;
	__u32 tokens;

	/* Flood; written by its timer. */
	__u64 start_ns;
	__u64 intended;		/* moments of the schedule that came */
	__u64 asserted;		/* of these: asserted */
	__u64 coalesced;	/* asserted, and merged into a pending token */
	__u64 missed;		/* not asserted, the flood being too late:
				 * intended = asserted + missed */
	__u64 absorbed;		/* tokens served before a handler run was
				 * counted for them, as seen by the flood */
	__u64 raised[INTXBENCH_MAX_TOKENS];

	/* Neighbour; written by its handler. Zero for a target: ask the guest. */
	__u64 served[INTXBENCH_MAX_TOKENS];

	/* Target; written under its lock. */
	__u64 masked;		/* times the arm masked */
	__u64 injected;		/* times inject_fd was signalled */
	__u64 reasserted;	/* of these: on unmask, found pending */
	__u64 unmasked;
	__u64 acks;		/* times resample_fd came */
	__u64 acks_unmasked;	/* of these: while not masked (ignored) */
	__u64 starved;		/* times the watchdog turned the line back on */
	__u64 masked_again;	/* the arm masked while it was masked already:
				 * it claimed what was not its own */
	__u64 guest_masks;	/* times the guest's mask was set */
	__u64 guest_unmasks;	/* and cleared */
	__u64 withheld;		/* interrupts not injected, for the guest masks */
	__u64 acks_withheld;	/* acks that unmasked nothing, for the same */
	__u64 switches;		/* adaptive: changes of technique */

	/* Observer. */
	__u64 guarded;		/* 1: the guard has silenced the session */
	__u64 unseen;		/* bit n: token n was raised, no run claimed it
				 * yet. After the drain these, where the device
				 * has them clear, are absorbed too */
	__u64 found;		/* foreign: 1: its handler has run */
	__u64 ambiguous;	/* foreign: runs of another handler of the same
				 * name, not counted as this function's */
};

/*
 * One injection into a target's guest, slot (sequence % INTXBENCH_TIMELINE).
 * sequence starts at 1 and is the value of `injected` right after the
 * injection; 0: never written. A target has one injection under way, so its
 * guest may read the newest slot from its wake-up to its ack, and
 * unmasked_ns once its ack's write() has returned. Stamps not taken are 0; on
 * a reassert masked_ns is the original mask's.
 */
struct intxbench_timeline {
	__u64 sequence;
	__u64 intended_ns;	/* of the oldest token pending at entry_ns */
	__u64 assert_ns;	/* the same token's */
	__u64 entry_ns;		/* the handler run that claimed it; 0 on a
				 * reassert, which has none */
	__u64 masked_ns;
	__u64 inject_ns;	/* just before the eventfd is signalled;
				 * foreign: the handler's exit */
	__u64 ack_ns;		/* resample_fd's callback is entered */
	__u64 unmasked_ns;	/* by that ack; 0: reasserted instead, or
				 * withheld */
};

enum intxbench_metric {
	INTXBENCH_METRIC_INTENDED_ASSERT = 0,	/* the flood's lateness */
	INTXBENCH_METRIC_ASSERT_ENTRY	= 1,	/* to the run that claimed */
	INTXBENCH_METRIC_INTENDED_ENTRY	= 2,
	INTXBENCH_METRIC_HANDLER	= 3,	/* entry to exit, of every 16th
						 * claiming run of a CPU */
	INTXBENCH_METRIC_MASK		= 4,	/* handler's start to masked */
	INTXBENCH_METRIC_ENTRY_INJECT	= 5,
	INTXBENCH_METRIC_UNMASK		= 6,	/* ack's callback to unmasked */
	INTXBENCH_METRIC_MASKED		= 7,	/* masked to unmasked; for arms
						 * that disable it, the time the
						 * line was off, unless it was
						 * given back early: starved, or
						 * adaptive and joined */
	INTXBENCH_METRICS		= 8
};

/* Written with interrupts off by its own CPU only. */
struct intxbench_cpu_data {
	__u64 entries;		/* runs of this function's handler */
	__u64 claimed;		/* of these: not IRQ_NONE */
	__u64 spurious;		/* of the claimed: no token was waiting */
	__u64 absorbed;		/* as above, as seen by the observer */
	struct intxbench_hist hist[INTXBENCH_METRICS];
};

#endif
