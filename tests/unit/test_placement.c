// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <hwloc.h>
#include <unistd.h>

#include "error.h"
#include "placement.h"
#include "unit.h"

struct row {
	const char *topology;
	enum placement_policy policy;
	int flood, irq, guest;
	const char *note;
};

/* indexes= are Linux CPU numbers; it often counts second threads last. */
static const struct row rows[] = {
	{ "core:4 pu:1", PLACEMENT_SPREAD, 0, 1, 2, "" },
	{ "core:3 pu:1", PLACEMENT_SPREAD, 0, 1, 2, "" },
	{ "pack:2 core:4 pu:2", PLACEMENT_SPREAD, 0, 2, 4, "" },
	{ "pack:2 core:1 pu:1", PLACEMENT_SPREAD, 0, 1, 1,
	  "IRQ and guest share a CPU" },
	{ "core:2 pu:2", PLACEMENT_SPREAD, 0, 2, 3,
	  "IRQ and guest share a core" },
	{ "core:1 pu:4", PLACEMENT_SPREAD, 0, 1, 2,
	  "flood, IRQ and guest share a core" },
	{ "core:1 pu:2", PLACEMENT_SPREAD, 0, 1, 1,
	  "IRQ and guest share a CPU, the flood their core" },
	{ "core:1 pu:1", PLACEMENT_SPREAD, 0, 0, 0,
	  "flood, IRQ and guest share a CPU" },
	/* CPU 0 comes last in the description: it is still the flood's. */
	{ "core:4 pu:1(indexes=3,2,1,0)", PLACEMENT_SPREAD, 0, 1, 2, "" },
	{ "pack:2 core:2 pu:1(indexes=2,3,1,0)", PLACEMENT_SPREAD, 0, 1, 2,
	  "" },
	{ "pack:2 core:2 pu:2(indexes=0,4,1,5,2,6,3,7)", PLACEMENT_SPREAD, 0, 1,
	  2, "" },
	{ "core:4 pu:2(indexes=0,4,1,5,2,6,3,7)", PLACEMENT_SAME_CORE, 0, 4, 4,
	  "IRQ and guest share a CPU, the flood their core" },
	{ "core:2 pu:4", PLACEMENT_SAME_CORE, 0, 1, 2,
	  "flood, IRQ and guest share a core" },
	{ "core:2 pu:1", PLACEMENT_SAME_CORE, 0, 0, 0,
	  "flood, IRQ and guest share a CPU" },
};

static void test_policies(void **state)
{
	struct placement placement;
	const char *note;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct job job = { .placement = row->policy };

		print_message("# %s\n", row->topology);
		assert_int_equal(placement_choose(&job, row->topology,
						  &placement, &note),
				 0);
		assert_int_equal(placement.flood_cpu, row->flood);
		assert_int_equal(placement.irq_cpu, row->irq);
		assert_int_equal(placement.guest_cpu, row->guest);
		assert_string_equal(note, row->note);
	}
}

static const struct {
	int flood, irq, guest;
	const char *note; /* NULL: refused */
} explicits[] = {
	/* core:2 pu:2, so that 0,1 and 2,3 are cores */
	{ 3, 1, 0, "IRQ and guest share a core" },
	{ 0, 0, 2, "flood and IRQ share a CPU" },
	{ 0, 2, 0, "flood and guest share a CPU" },
	{ 0, 2, 2, "IRQ and guest share a CPU" },
	{ 0, 0, 1, "flood and IRQ share a CPU, the guest their core" },
	{ 0, 1, 0, "flood and guest share a CPU, the IRQ their core" },
	{ 0, 1, 2, "flood and IRQ share a core" },
	{ 0, 2, 1, "flood and guest share a core" },
	{ 4, 0, 1, NULL },
	{ 0, -1, 1, NULL },
	{ 0, 1, 4096, NULL },
};

static void test_explicit(void **state)
{
	struct placement placement;
	const char *note;

	(void)state;
	for (size_t i = 0; i < sizeof(explicits) / sizeof(explicits[0]); i++) {
		struct job job = {
			.placement = PLACEMENT_EXPLICIT,
			.flood_cpu = explicits[i].flood,
			.irq_cpu = explicits[i].irq,
			.guest_cpu = explicits[i].guest,
		};
		int err = placement_choose(&job, "core:2 pu:2", &placement,
					   &note);

		if (!explicits[i].note) {
			assert_int_equal(err, -ENODEV);
			assert_int_equal(error_status(), EXIT_MACHINE);
			assert_non_null(
				strstr(error_message(), "0-3 that are online"));
			assert_non_null(strstr(error_message(), "Core:2 PU:4"));
			error_clear();
			continue;
		}
		assert_int_equal(err, 0);
		assert_string_equal(note, explicits[i].note);
		assert_int_equal(placement.flood_cpu, explicits[i].flood);
		assert_int_equal(placement.irq_cpu, explicits[i].irq);
		assert_int_equal(placement.guest_cpu, explicits[i].guest);
	}
}

/* CPUs that are offline or not ours are missing from the topology. */
static void restricted(const char *cpus, const struct job *job, int expected,
		       struct placement *placement, const char **note)
{
	hwloc_bitmap_t set = hwloc_bitmap_alloc();
	hwloc_topology_t topology;

	assert_int_equal(hwloc_topology_init(&topology), 0);
	assert_int_equal(hwloc_topology_set_synthetic(topology, "core:4 pu:2"),
			 0);
	assert_int_equal(hwloc_topology_load(topology), 0);
	hwloc_bitmap_list_sscanf(set, cpus);
	assert_int_equal(hwloc_topology_restrict(topology, set, 0), 0);
	assert_int_equal(placement_choose_on(job, topology, placement, note),
			 expected);
	hwloc_topology_destroy(topology);
	hwloc_bitmap_free(set);
}

static void test_restricted(void **state)
{
	struct job job = { .placement = PLACEMENT_SPREAD };
	struct placement placement;
	const char *note;

	(void)state;
	restricted("2-7", &job, 0, &placement, &note);
	assert_int_equal(placement.flood_cpu, 2);
	assert_int_equal(placement.irq_cpu, 4);
	assert_int_equal(placement.guest_cpu, 6);
	assert_string_equal(note, "");
	restricted("5", &job, 0, &placement, &note);
	assert_int_equal(placement.flood_cpu, 5);
	assert_int_equal(placement.guest_cpu, 5);
	assert_string_equal(note, "flood, IRQ and guest share a CPU");
	job = (struct job){ .placement = PLACEMENT_EXPLICIT,
			    .irq_cpu = 2,
			    .guest_cpu = 4 };
	restricted("2-7", &job, -ENODEV, &placement, &note);
	assert_non_null(strstr(error_message(), "CPU 0 for the flood"));
	error_clear();
}

static void test_bad_synthetic(void **state)
{
	struct job job = { .placement = PLACEMENT_SPREAD };
	struct placement placement;
	const char *note;

	(void)state;
	assert_int_equal(placement_choose(&job, "no:such:thing", &placement,
					  &note),
			 -EINVAL);
	assert_int_equal(error_status(), EXIT_MACHINE);
	error_clear();
}

static void test_this_machine(void **state)
{
	struct job job = { .placement = PLACEMENT_SPREAD };
	struct placement placement;
	char text[256], tiny[8];
	const char *note, *units;
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	(void)state;
	assert_int_equal(placement_choose(&job, NULL, &placement, &note), 0);
	assert_in_range(placement.flood_cpu, 0, cpus - 1);
	assert_in_range(placement.irq_cpu, 0, cpus - 1);
	assert_in_range(placement.guest_cpu, 0, cpus - 1);
	assert_int_equal(placement_topology(text, sizeof(text)), 0);
	units = strstr(text, "PU:");
	assert_non_null(units);
	assert_in_range(atoi(units + 3), 1, cpus);
	assert_int_equal(placement_topology(tiny, sizeof(tiny)), -ENOSPC);
	error_clear();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policies),
		cmocka_unit_test(test_explicit),
		cmocka_unit_test(test_restricted),
		cmocka_unit_test(test_bad_synthetic),
		cmocka_unit_test(test_this_machine),
	};

	return cmocka_run_group_tests_name("placement", tests, NULL, NULL);
}
