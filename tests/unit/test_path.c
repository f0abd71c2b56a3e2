// SPDX-License-Identifier: GPL-2.0-or-later
/* The paths' table, and what is said before anything is changed. */
#include <errno.h>

#include "error.h"
#include "fake_root.h"
#include "path.h"
#include "unit.h"
#include "vfio_group.h"

#define ADDRESS "0000:00:04.0"
#define OTHER "0000:00:08.0"
#define GROUP "/sys/kernel/iommu_groups/7"
#define FOLDER "/sys/devices/pci0000:00/"

static const struct host_function ours = { .address = ADDRESS };

static void lay_member(const char *address, const char *driver)
{
	const struct fake_function fake = { .address = address,
					    .driver = driver };
	char link[128], folder[128];

	snprintf(folder, sizeof(folder), "%s", fake_function(&fake));
	snprintf(link, sizeof(link), GROUP "/devices/%s", address);
	fake_link(link, folder);
	snprintf(link, sizeof(link), "%.100s/iommu_group", folder);
	fake_link(link, GROUP);
}

static int make(void **state)
{
	(void)state;
	fake_root_make();
	error_clear();
	fake_folder("/sys/bus/pci/drivers/vfio-pci");
	return 0;
}

static int clean(void **state)
{
	(void)state;
	fake_root_remove();
	return 0;
}

static void refused(const char *message)
{
	assert_true(vfio_irqfd_ops.check(&ours) < 0);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_non_null(strstr(error_message(), message));
	error_clear();
}

static void test_table(void **state)
{
	const struct path_ops *ops;
	size_t count = 0;

	(void)state;
	for (; (ops = path_at(count)); count++)
		assert_ptr_equal(path_find(ops->name, ops->arm), ops);
	assert_int_equal(count, 5);
	assert_ptr_equal(path_find("vfio", ""), &vfio_irqfd_ops);
	assert_ptr_equal(path_find("uio", ""), &uio_ops);
	assert_null(path_find("uio", "irqfd"));
	assert_null(path_find("kmod", ""));
}

static void test_no_group(void **state)
{
	(void)state;
	fake_function(&(struct fake_function){ .address = ADDRESS });
	refused("intel_iommu=on");
}

static void test_noiommu(void **state)
{
	(void)state;
	lay_member(ADDRESS, "old");
	fake_file(GROUP "/name", "vfio-noiommu\n");
	refused("noiommu");
	fake_file(GROUP "/name", "something\n");
	assert_int_equal(vfio_irqfd_ops.check(&ours), 0);
}

static const struct {
	const char *driver; /* of the group's other function */
	const char *named; /* in the message, or NULL: it may be so */
} others[] = {
	{ NULL, NULL },
	{ "vfio-pci", NULL },
	{ "pcieport", NULL },
	{ "pci-stub", NULL },
	{ "e1000", "group 7 with " OTHER " (e1000)" },
	{ "intxbench", "group 7 with " OTHER " (intxbench)" },
	{ "uio_pci_generic", "group 7 with " OTHER " (uio_pci_generic)" },
};

static void test_group(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		clean(state);
		make(state);
		lay_member(ADDRESS, "old");
		lay_member(OTHER, others[i].driver);
		print_message("# %zu\n", i);
		if (others[i].named)
			refused(others[i].named);
		else
			assert_int_equal(vfio_irqfd_ops.check(&ours), 0);
	}
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_table),
		CASE(test_no_group),
		CASE(test_noiommu),
		CASE(test_group),
	};

	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
