// SPDX-License-Identifier: GPL-2.0-or-later
/* Which modules are loaded and unloaded, with stand-ins for who does it. */
#include <errno.h>

#include "error.h"
#include "fake_root.h"
#include "host_module.h"
#include "host_undo.h"
#include "journal.h"
#include "modprobe.h"
#include "unit.h"

#define VFIO "/sys/module/vfio_pci"
#define DRIVER "/sys/bus/pci/drivers/vfio-pci"
#define OURS "0000:00:04.0"
#define OTHERS "0000:00:08.0"

/* What was done, in order: "load vfio_pci nointxmask=Y;". */
static char done[1024];
static int load_result, find_result, unload_result;

static int note(const char *what, const char *module, const char *options)
{
	size_t used = strlen(done);

	snprintf(done + used, sizeof(done) - used, "%s %s%s%s;", what, module,
		 *options ? " " : "", options);
	return 0;
}

int modprobe_find(const char *module)
{
	(void)module;
	return find_result;
}

int modprobe_load(const char *module, const char *options)
{
	note("load", module, options);
	return load_result;
}

int modprobe_unload(const char *module)
{
	note("unload", module, "");
	return unload_result;
}

static int make(void **state)
{
	char directory[128];
	size_t recovered;

	(void)state;
	fake_root_make();
	error_clear();
	done[0] = '\0';
	load_result = 0;
	find_result = 0;
	unload_result = 0;
	snprintf(directory, sizeof(directory), "%s/run", fake_root());
	return journal_open_at(directory, &recovered);
}

static int clean(void **state)
{
	(void)state;
	journal_close();
	fake_root_remove();
	return 0;
}

static void lay_vfio(const char *nointxmask)
{
	fake_folder(DRIVER);
	fake_file(VFIO "/initstate", "live\n");
	fake_file(VFIO "/parameters/nointxmask", nointxmask);
	fake_file(VFIO "/parameters/disable_idle_d3", "Y\n");
	fake_link("/sys/module/vfio_pci_core/holders/vfio_pci", VFIO);
}

static void lay_bound(const char *address)
{
	const struct fake_function fake = { .address = address,
					    .driver = "vfio-pci" };
	char link[128];

	fake_function(&fake);
	snprintf(link, sizeof(link), DRIVER "/%s", address);
	fake_link(link, "/sys/devices/pci0000:00");
}

static void refused(int err, int expected, const char *message)
{
	assert_int_equal(err, expected);
	assert_int_equal(error_status(), EXIT_MACHINE);
	assert_non_null(strstr(error_message(), message));
	error_clear();
}

static void test_check(void **state)
{
	(void)state;
	assert_int_equal(host_driver_check("vfio-pci"), 0);
	find_result = -ENOENT;
	refused(host_driver_check("vfio-pci"), -ENOENT,
		"module vfio_pci cannot be found");
	refused(host_driver_check("uio_pci_generic"), -ENOENT,
		"module uio_pci_generic cannot be found");
	lay_vfio("N\n");
	assert_int_equal(host_driver_check("vfio-pci"), 0);
	assert_string_equal(done, "");
}

/* Only what was not there is to go again. */
static void test_load(void **state)
{
	(void)state;
	fake_folder("/sys/module/irqbypass");
	assert_int_equal(host_driver_load("vfio-pci"), 0);
	assert_string_equal(done, "load vfio_iommu_type1;load vfio_pci;");
	assert_string_equal(fake_read("/run/journal"),
			    "intxbench-journal 1\n"
			    "+ module iommufd absent\n"
			    "+ module vfio absent\n"
			    "+ module vfio_virqfd absent\n"
			    "+ module vfio_iommu_type1 absent\n"
			    "+ module vfio_pci_core absent\n"
			    "+ module vfio_pci absent");
	done[0] = '\0';
	lay_vfio("N\n");
	fake_folder("/sys/module/vfio");
	assert_int_equal(host_driver_load("vfio-pci"), 0);
	assert_string_equal(done, "");
	assert_int_equal(journal_undo(), 0);
	assert_string_equal(done, "unload vfio_pci;unload vfio_pci_core;"
				  "unload vfio;");
}

static void test_load_fails(void **state)
{
	(void)state;
	load_result = -EIO;
	refused(host_driver_load("uio_pci_generic"), -EIO,
		"'sudo modprobe uio_pci_generic' says why");
	assert_int_equal(journal_undo(), 0);
}

static void test_no_journal(void **state)
{
	(void)state;
	journal_close();
	refused(host_driver_load("uio_pci_generic"), -EBADF, "not open");
	assert_string_equal(done, "");
}

static void test_load_with(void **state)
{
	(void)state;
	assert_int_equal(host_driver_load_with("vfio-pci", "nointxmask", "Y"),
			 0);
	assert_string_equal(done, "load vfio_iommu_type1;"
				  "load vfio_pci nointxmask=Y;");
	/* Loaded by us: it goes again, whatever its options. */
	done[0] = '\0';
	lay_vfio("Y\n");
	assert_int_equal(host_driver_load_with("vfio-pci", "nointxmask", "Y"),
			 0);
	assert_string_equal(done, "");
	assert_int_equal(host_driver_load_with("vfio-pci", "nointxmask", "N"),
			 0);
	assert_string_equal(done,
			    "unload vfio_pci;load vfio_pci nointxmask=N;");
	assert_null(strstr(fake_read("/run/journal"), "module-options"));
}

static void test_reload(void **state)
{
	const char *order;

	(void)state;
	lay_vfio("N\n");
	assert_int_equal(host_driver_load_with("vfio-pci", "nointxmask", "Y"),
			 0);
	assert_string_equal(done,
			    "unload vfio_pci;load vfio_pci nointxmask=Y;");
	done[0] = '\0';
	assert_int_equal(journal_undo(), 0);
	/* In whichever order the folder has them. */
	order = strstr(done, "nointxmask=N ") ?
			"unload vfio_pci;"
			"load vfio_pci nointxmask=N disable_idle_d3=Y;" :
			"unload vfio_pci;"
			"load vfio_pci disable_idle_d3=Y nointxmask=N;";
	assert_string_equal(done, order);
}

/* Killed between the two: there is nothing to unload. */
static void test_undo_half_reload(void **state)
{
	(void)state;
	assert_int_equal(host_undo_module_options("vfio_pci", "nointxmask=N"),
			 0);
	assert_string_equal(done, "load vfio_pci nointxmask=N;");
}

static void test_reload_refused(void **state)
{
	(void)state;
	lay_vfio("N\n");
	lay_bound(OTHERS);
	refused(host_driver_load_with("vfio-pci", "nointxmask", "Y"), -EBUSY,
		OTHERS " uses it");
	fake_remove(DRIVER "/" OTHERS);
	fake_folder("/sys/module/vfio_pci_core/holders/mlx5_vfio_pci");
	refused(host_driver_load_with("vfio-pci", "nointxmask", "Y"), -EBUSY,
		"mlx5_vfio_pci uses it");
	fake_remove("/sys/module/vfio_pci_core/holders/mlx5_vfio_pci");
	fake_remove(VFIO "/initstate");
	refused(host_driver_load_with("vfio-pci", "nointxmask", "Y"),
		-EOPNOTSUPP, "part of this kernel");
	fake_remove(VFIO "/parameters/nointxmask");
	refused(host_driver_load_with("vfio-pci", "nointxmask", "Y"),
		-EOPNOTSUPP, "no parameter nointxmask");
	assert_string_equal(done, "");
}

static void test_reload_busy(void **state)
{
	(void)state;
	lay_vfio("N\n");
	lay_bound(OURS);
	assert_int_equal(journal_add(JOURNAL_DRIVER, OURS, ""), 0);
	unload_result = -EBUSY;
	refused(host_driver_load_with("vfio-pci", "nointxmask", "Y"), -EBUSY,
		"end what uses it");
	assert_string_equal(done, "unload vfio_pci;");
}

/* What somebody uses by now stays. */
static void test_undo_in_use(void **state)
{
	(void)state;
	lay_vfio("N\n");
	lay_bound(OTHERS);
	assert_int_equal(host_undo_module("vfio_pci", "absent"), 0);
	assert_string_equal(done, "");
	fake_folder("/sys/module/irqbypass");
	unload_result = -EBUSY;
	assert_int_equal(host_undo_module("irqbypass", "absent"), 0);
	unload_result = -EPERM;
	refused(host_undo_module("irqbypass", "absent"), -EPERM,
		"cannot unload the kernel module irqbypass");
	assert_int_equal(host_undo_module("gone", "absent"), 0);
}

#define UNSAFE "/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts"

static int allow(void)
{
	return host_parameter_set("vfio_iommu_type1", "allow_unsafe_interrupts",
				  "Y");
}

static void test_parameter(void **state)
{
	(void)state;
	refused(allow(), -ENOENT, "allow_unsafe_interrupts");
	fake_file(UNSAFE, "N\n");
	assert_int_equal(allow(), 0);
	assert_string_equal(fake_read(UNSAFE), "Y");
	assert_int_equal(allow(), 0);
	assert_string_equal(
		fake_read("/run/journal"),
		"intxbench-journal 1\n"
		"+ parameter vfio_iommu_type1.allow_unsafe_interrupts N");
	assert_int_equal(journal_undo(), 0);
	assert_string_equal(fake_read(UNSAFE), "N");
	/* It was on before, and is not ours to turn off. */
	fake_file(UNSAFE, "Y\n");
	assert_int_equal(allow(), 0);
	assert_int_equal(journal_undo(), 0);
	assert_string_equal(fake_read(UNSAFE), "Y");
	/* The module has gone, and its parameter with it. */
	assert_int_equal(host_undo_parameter("gone.x", "N"), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_check),
		CASE(test_load),
		CASE(test_load_fails),
		CASE(test_no_journal),
		CASE(test_load_with),
		CASE(test_reload),
		CASE(test_undo_half_reload),
		CASE(test_reload_refused),
		CASE(test_reload_busy),
		CASE(test_undo_in_use),
		CASE(test_parameter),
	};

	return cmocka_run_group_tests_name("host module", tests, NULL, NULL);
}
