/* SPDX-License-Identifier: GPL-2.0-only */
/* Raw events, for trace-cmd, perf, bpftrace. All times CLOCK_MONOTONIC ns. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM intxbench

#if !defined(INTXBENCH_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define INTXBENCH_TRACE_H

#include <linux/pci.h>
#include <linux/tracepoint.h>

#define INTXBENCH_TRACE_FUNCTION					\
	__field(u32, domain)						\
	__field(u8, bus)						\
	__field(u8, devfn)

#define INTXBENCH_TRACE_ASSIGN(pdev)					\
	do {								\
		__entry->domain = pci_domain_nr((pdev)->bus);		\
		__entry->bus = (pdev)->bus->number;			\
		__entry->devfn = (pdev)->devfn;				\
	} while (0)

#define INTXBENCH_TRACE_FORMAT "%04x:%02x:%02x.%x"
#define INTXBENCH_TRACE_ARGS						\
	__entry->domain, __entry->bus, PCI_SLOT(__entry->devfn),	\
	PCI_FUNC(__entry->devfn)

/* A token has been raised; assert_ns is from just before the write. */
TRACE_EVENT(intxbench_assert,
	TP_PROTO(struct pci_dev *pdev, unsigned int token, u64 intended_ns,
		 u64 assert_ns),
	TP_ARGS(pdev, token, intended_ns, assert_ns),
	TP_STRUCT__entry(
		INTXBENCH_TRACE_FUNCTION
		__field(unsigned int, token)
		__field(u64, intended_ns)
		__field(u64, assert_ns)
	),
	TP_fast_assign(
		INTXBENCH_TRACE_ASSIGN(pdev);
		__entry->token = token;
		__entry->intended_ns = intended_ns;
		__entry->assert_ns = assert_ns;
	),
	TP_printk(INTXBENCH_TRACE_FORMAT
		  " token=%u intended_ns=%llu assert_ns=%llu",
		  INTXBENCH_TRACE_ARGS, __entry->token, __entry->intended_ns,
		  __entry->assert_ns)
);

DECLARE_EVENT_CLASS(intxbench_stage,
	TP_PROTO(struct pci_dev *pdev, u64 at_ns),
	TP_ARGS(pdev, at_ns),
	TP_STRUCT__entry(
		INTXBENCH_TRACE_FUNCTION
		__field(u64, at_ns)
	),
	TP_fast_assign(
		INTXBENCH_TRACE_ASSIGN(pdev);
		__entry->at_ns = at_ns;
	),
	TP_printk(INTXBENCH_TRACE_FORMAT " at_ns=%llu", INTXBENCH_TRACE_ARGS,
		  __entry->at_ns)
);

#define INTXBENCH_STAGE(name)						\
DEFINE_EVENT(intxbench_stage, intxbench_##name,				\
	TP_PROTO(struct pci_dev *pdev, u64 at_ns),			\
	TP_ARGS(pdev, at_ns))

INTXBENCH_STAGE(masked);	/* the arm has masked */
INTXBENCH_STAGE(inject);	/* the guest's eventfd is signalled next */
INTXBENCH_STAGE(ack);		/* the guest's resample eventfd came */
INTXBENCH_STAGE(unmasked);	/* the arm has unmasked */
INTXBENCH_STAGE(reassert);	/* or found the function pending again */
INTXBENCH_STAGE(starved);	/* the watchdog turned the line back on */
INTXBENCH_STAGE(guarded);	/* the guard silenced the function */

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
