// SPDX-License-Identifier: GPL-2.0-or-later
/* Which CPU takes a line. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "host.h"
#include "host_undo.h"
#include "journal.h"
#include "sysfs.h"

#define AFFINITY "/proc/irq/%s/smp_affinity_list"

static int affinity_error(int err, const char *irq, const char *cpus)
{
	const char *why = strerror(-err), *advice = "";

	if (err == -EACCES)
		advice = "; run as root";
	if (err == -EINVAL)
		advice = "; is that CPU online?";
	if (err == -ENOENT)
		why = "it has no handler yet";
	return error_set(EXIT_MACHINE, -err,
			 "cannot move line %s to CPU %s: %s%s", irq, cpus, why,
			 advice);
}

int host_set_irq_affinity(int irq, int cpu)
{
	char line[16], before[SYSFS_TEXT_MAX], wanted[16], now[SYSFS_TEXT_MAX];
	int err;

	snprintf(line, sizeof(line), "%d", irq);
	snprintf(wanted, sizeof(wanted), "%d", cpu);
	err = sysfs_read(before, sizeof(before), AFFINITY, line);
	if (err < 0)
		return affinity_error(err, line, wanted);
	err = journal_add(JOURNAL_IRQ_AFFINITY, line, before);
	if (err)
		return err;
	err = sysfs_write(wanted, AFFINITY, line);
	if (err)
		return affinity_error(err, line, wanted);
	err = sysfs_read(now, sizeof(now), AFFINITY, line);
	if (err >= 0 && strcmp(now, wanted))
		err = -EBUSY;
	return err < 0 ? affinity_error(err, line, wanted) : 0;
}

int host_undo_irq_affinity(const char *irq, const char *cpus)
{
	char now[SYSFS_TEXT_MAX];
	int err;

	err = sysfs_read(now, sizeof(now), AFFINITY, irq);
	if (err == -ENOENT)
		return 0;
	if (err >= 0 && strcmp(now, cpus))
		err = sysfs_write(cpus, AFFINITY, irq);
	return err < 0 ? affinity_error(err, irq, cpus) : 0;
}
