/* SPDX-License-Identifier: GPL-2.0-only */
/* A function in a session: instrument and thing under test side by side. */
#ifndef INTXBENCH_MEMBER_H
#define INTXBENCH_MEMBER_H

#include <linux/list.h>
#include <linux/mutex.h>

#include "flood.h"
#include "handler.h"
#include "observer.h"
#include "regs.h"

struct intxbench_add;
struct intxbench_session;
struct pci_dev;

/*
 * The control plane's one lock: sessions, members and their ties. Taken by
 * every call but INFO and COUNTER_*, by release, and when a member's function
 * goes; never in an interrupt. Order: the driver core's device lock, then this.
 */
extern struct mutex intxbench_lock;

struct intxbench_member {
	struct list_head node;		/* of all there are; member.c */
	struct intxbench_session *session;
	struct pci_dev *pdev;		/* held; NULL: it has gone */
	unsigned int irq;
	bool foreign;			/* another driver's, or nobody's */
	struct intxbench_regs regs;
	struct intxbench_area *area;
	struct intxbench_source source;		/* instrument */
	struct intxbench_observed observed;	/* instrument */
	struct intxbench_handler handler;	/* under test; foreign: unused */
};

/*
 * Take a function: with an arm its interrupt is requested and live, without
 * one it is foreign. pdev's device lock and intxbench_lock held. ERR_PTR():
 * see INTXBENCH_ADD.
 */
struct intxbench_member *
intxbench_member_new(struct intxbench_session *session, struct pci_dev *pdev,
		     const struct intxbench_arm_ops *arm,
		     const struct intxbench_add *add);

/* Stop and free all that depends on the function. intxbench_lock held. */
void intxbench_member_detach(struct intxbench_member *member);
/* What detach leaves: the measurements. */
void intxbench_member_free(struct intxbench_member *member);

/* The function goes away: detach the member that it may be. May sleep. */
void intxbench_member_gone(struct pci_dev *pdev);

/* The guard: end its storm. Hard irq context; the member is watched. */
void intxbench_member_silence(struct intxbench_member *member);

/* What the device has pending; and wait until runs under way are counted. */
u32 intxbench_member_pending(const struct intxbench_member *member);
void intxbench_member_settle(struct intxbench_member *member);

#endif
