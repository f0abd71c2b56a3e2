// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kmod_flood SECONDS [line]: a session in use, for tests from outside. With
 * `line` nobody serves the target, so that its line is off until the end.
 */
#include <err.h>
#include <stdlib.h>

#include "rig.h"

int main(int argc, char **argv)
{
	unsigned int seconds = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
	bool starve = argc > 2;
	struct rig rig;

	rig_open(&rig, starve ? INTXBENCH_ARM_LINE : INTXBENCH_ARM_PCI23, 2);
	if (!starve)
		rig_serve(&rig, 0);
	rig_schedule(&rig, 0, 1000000, 0);
	rig_schedule(&rig, 1, 1000000, 0);
	if (rig_start(&rig, 0, 0, 60000000000ULL))
		errx(1, "start");
	rig_sleep_ms(seconds * 1000);
	if (!rig_drain(&rig, 2000))
		errx(1, "still pending");
	if (rig_sum(rig.function[0].data->raised) != rig_sum(rig.served) ||
	    !rig_sum(rig.served))
		errx(1, "lost interrupts");
	rig_close(&rig);
	return 0;
}
