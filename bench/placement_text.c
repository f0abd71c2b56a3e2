// SPDX-License-Identifier: GPL-2.0-or-later
#include <hwloc/bitmap.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "placement_text.h"

/* Whether two have something in common. */
typedef bool (*same_fn)(const struct placement_where *a,
			const struct placement_where *b);

static bool same_cpu(const struct placement_where *a,
		     const struct placement_where *b)
{
	return a->cpu == b->cpu;
}

static bool same_core(const struct placement_where *a,
		      const struct placement_where *b)
{
	return a->core == b->core;
}

static bool same_kind(const struct placement_where *a,
		      const struct placement_where *b)
{
	return !strcmp(a->kind, b->kind);
}

static void __attribute__((format(printf, 2, 3)))
add(struct placement *placement, const char *format, ...)
{
	size_t used = strlen(placement->note);
	va_list args;

	va_start(args, format);
	vsnprintf(placement->note + used, sizeof(placement->note) - used,
		  format, args);
	va_end(args);
}

/* Those of seat i's group and of a role; returns how many they are. */
static size_t list_role(const struct placement *placement, size_t i,
			same_fn same, enum placement_role role,
			hwloc_bitmap_t indexes)
{
	const struct placement_seat *seat = placement->seat;
	size_t count = 0;

	hwloc_bitmap_zero(indexes);
	for (size_t j = 0; j < placement->seats; j++) {
		if (seat[j].role != role ||
		    !same(&seat[i].where, &seat[j].where))
			continue;
		hwloc_bitmap_set(indexes, seat[j].index);
		count++;
	}
	return count;
}

/* The one vCPU of a guest is the guest. */
static void name_role(const struct placement *placement,
		      enum placement_role role, hwloc_const_bitmap_t indexes,
		      char *text, size_t bytes)
{
	static const char *const names[ROLES] = { "flood", "IRQ", "guest",
						  "pressure" };
	char list[256];

	snprintf(text, bytes, "%s", names[role]);
	if (role != ROLE_VCPUS || placement->vcpus == 1)
		return;
	hwloc_bitmap_list_snprintf(list, sizeof(list), indexes);
	snprintf(text, bytes, "vCPU%s %s",
		 hwloc_bitmap_weight(indexes) > 1 ? "s" : "", list);
}

/* "flood, IRQ and guest" */
static void add_names(struct placement *placement, size_t i, same_fn same,
		      hwloc_bitmap_t indexes)
{
	char name[ROLES][288];
	size_t names = 0;

	for (int role = 0; role < ROLES; role++)
		if (list_role(placement, i, same, role, indexes))
			name_role(placement, role, indexes, name[names++],
				  sizeof(name[0]));
	for (size_t j = 0; j < names; j++)
		add(placement, "%s%s",
		    j == 0        ? "" :
		    j < names - 1 ? ", " :
				    " and ",
		    name[j]);
}

/* How many are in seat i's group; 0 where one before it is. */
static size_t group(const struct placement *placement, size_t i, same_fn same)
{
	const struct placement_seat *seat = placement->seat;
	size_t count = 0;

	for (size_t j = 0; j < placement->seats; j++) {
		if (!same(&seat[i].where, &seat[j].where))
			continue;
		if (j < i)
			return 0;
		count++;
	}
	return count;
}

static void note_cpus(struct placement *placement, hwloc_bitmap_t indexes)
{
	for (size_t i = 0; i < placement->seats; i++) {
		if (group(placement, i, same_cpu) < 2)
			continue;
		add(placement, "%s", placement->note[0] ? "; " : "");
		add_names(placement, i, same_cpu, indexes);
		add(placement, " share CPU %d", placement->seat[i].where.cpu);
	}
}

/* Who shares a CPU shares its core: said once. The pressure, which is seated
 * last, may have as many CPUs of a core as it likes. */
static void note_cores(struct placement *placement, hwloc_bitmap_t indexes)
{
	for (size_t i = 0; i < placement->seats; i++) {
		size_t on_core = group(placement, i, same_core);

		if (on_core < 2 || on_core == group(placement, i, same_cpu) ||
		    placement->seat[i].role == ROLE_PRESSURE)
			continue;
		add(placement, "%s", placement->note[0] ? "; " : "");
		add_names(placement, i, same_core, indexes);
		add(placement, " share a core");
	}
}

static void note_kinds(struct placement *placement, hwloc_bitmap_t indexes)
{
	const char *before = "CPUs of different kinds: ";

	if (group(placement, 0, same_kind) == placement->seats)
		return;
	add(placement, "%s", placement->note[0] ? "; " : "");
	for (size_t i = 0; i < placement->seats; i++) {
		if (!group(placement, i, same_kind))
			continue;
		add(placement, "%s", before);
		add_names(placement, i, same_kind, indexes);
		add(placement, " on %s", placement->seat[i].where.kind);
		before = ", ";
	}
}

void placement_text_note(struct placement *placement)
{
	hwloc_bitmap_t indexes = hwloc_bitmap_alloc();

	placement->note[0] = '\0';
	if (!indexes) {
		add(placement, "no memory to see who shares a core");
		return;
	}
	note_cpus(placement, indexes);
	note_cores(placement, indexes);
	note_kinds(placement, indexes);
	hwloc_bitmap_free(indexes);
}
