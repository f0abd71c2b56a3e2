// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "host.h"
#include "host_device.h"
#include "host_module.h"
#include "host_undo.h"
#include "journal.h"
#include "modprobe.h"
#include "sysfs.h"

#define MODULE "/sys/module/%s"
#define PARAMETER MODULE "/parameters/%s"

/* How the journal calls a module that is to go again. */
#define ABSENT "absent"

#define NEEDED_MAX 8

/*
 * The driver's own module is the last; those before it are what loading it
 * loads, in an order in which they may be (irqbypass and vfio_virqfd are not on
 * every kernel). type 1 is only a soft dependency of vfio's.
 */
struct driver {
	const char *name;
	const char *module;
	const char *needed[NEEDED_MAX];
};

static const struct driver drivers[] = {
	{ HOST_DRIVER_VFIO,
	  "vfio_pci",
	  { "irqbypass", "iommufd", "vfio", "vfio_virqfd", "vfio_iommu_type1",
	    "vfio_pci_core", "vfio_pci" } },
	{ HOST_DRIVER_UIO, "uio_pci_generic", { "uio", "uio_pci_generic" } },
};

#define DRIVERS (sizeof(drivers) / sizeof(drivers[0]))

/* Only names of the table come here; the last one is as good as any. */
static const struct driver *by_name(const char *name)
{
	size_t i = 0;

	while (i + 1 < DRIVERS && strcmp(drivers[i].name, name))
		i++;
	return &drivers[i];
}

static const struct driver *by_module(const char *module)
{
	for (size_t i = 0; i < DRIVERS; i++)
		if (!strcmp(drivers[i].module, module))
			return &drivers[i];
	return NULL;
}

static bool is_loaded(const char *module)
{
	char path[PATH_MAX];

	return !sysfs_real(path, MODULE, module);
}

/* The driver may be part of the kernel, and its module without a folder. */
static bool is_there(const struct driver *driver)
{
	char path[PATH_MAX];

	return !sysfs_real(path, HOST_DRIVER, driver->name);
}

int host_driver_check(const char *name)
{
	const struct driver *driver = by_name(name);
	int err;

	if (is_there(driver))
		return 0;
	err = modprobe_find(driver->module);
	if (!err)
		return 0;
	return error_set(EXIT_MACHINE, -err,
			 "the driver %s is not there and its module %s cannot "
			 "be found by modprobe: install the kernel's package "
			 "that has it, or take it off modprobe.d's blacklist",
			 name, driver->module);
}

static int load(const char *module, const char *options)
{
	int err = modprobe_load(module, options);

	if (!err)
		return 0;
	return error_set(EXIT_MACHINE, -err,
			 "cannot load the kernel module %s: %s; 'sudo modprobe "
			 "%s' says why",
			 module,
			 err == -EIO ? "modprobe has failed" : strerror(-err),
			 module);
}

static int load_journalled(const struct driver *driver, const char *options)
{
	int err = 0;

	for (size_t i = 0; !err && driver->needed[i]; i++)
		if (!is_loaded(driver->needed[i]))
			err = journal_add(JOURNAL_MODULE, driver->needed[i],
					  ABSENT);
	for (size_t i = 0; !err && driver->needed[i]; i++)
		if (!strcmp(driver->needed[i], "vfio_iommu_type1"))
			err = load(driver->needed[i], "");
	return err ? err : load(driver->module, options);
}

int host_driver_load(const char *name)
{
	const struct driver *driver = by_name(name);

	return is_there(driver) ? 0 : load_journalled(driver, "");
}

/* Functions bound to a driver. */
struct bound {
	const struct driver *driver;
	bool others; /* only those that are not the run's */
	char (*address)[HOST_ADDRESS_MAX];
	size_t count;
};

static int add_bound(const char *name, void *context)
{
	struct bound *bound = context;
	void *more;

	if (!strchr(name, ':') || strlen(name) >= HOST_ADDRESS_MAX ||
	    (bound->others && journal_has(JOURNAL_DRIVER, name)))
		return 0;
	more = realloc(bound->address,
		       (bound->count + 1) * sizeof(*bound->address));
	if (!more)
		return -ENOMEM;
	bound->address = more;
	strcpy(bound->address[bound->count++], name);
	return 0;
}

static int list_bound(struct bound *bound)
{
	char folder[PATH_MAX];
	int err;

	err = sysfs_path(folder, sizeof(folder), HOST_DRIVER,
			 bound->driver->name);
	if (!err)
		err = sysfs_each(folder, add_bound, bound);
	return host_device_result(err, "see the functions of the driver",
				  bound->driver->name);
}

/* Which function, that is not the run's, is bound to it; "": none. */
static int find_other(const struct driver *driver,
		      char address[HOST_ADDRESS_MAX])
{
	struct bound bound = { .driver = driver, .others = true };
	int err = list_bound(&bound);

	address[0] = '\0';
	if (!err && bound.count)
		strcpy(address, bound.address[0]);
	free(bound.address);
	return err;
}

static int bind_again(const struct bound *bound)
{
	int err = 0;

	for (size_t i = 0; !err && i < bound->count; i++)
		err = host_bind_back(bound->address[i], bound->driver->name);
	return err;
}

/* What was bound is bound again; with what is open it fails, and says so. */
static int reload(const struct driver *driver, const char *options)
{
	struct bound bound = { .driver = driver };
	int err = list_bound(&bound);

	if (!err && is_loaded(driver->module)) {
		err = modprobe_unload(driver->module);
		if (err)
			err = error_set(EXIT_MACHINE, -err,
					"cannot unload %s, to load it with "
					"'%s': %s%s",
					driver->module, options, strerror(-err),
					err == -EBUSY ? "; end what uses it" :
							"");
	}
	if (!err)
		err = load(driver->module, options);
	if (!err)
		err = bind_again(&bound);
	free(bound.address);
	return err;
}

struct options {
	const char *module;
	char text[SYSFS_TEXT_MAX];
};

static int add_option(const char *name, void *context)
{
	struct options *options = context;
	size_t used = strlen(options->text);
	char value[64];

	if (sysfs_read(value, sizeof(value), PARAMETER, options->module, name) <
		    0 ||
	    strpbrk(value, " \n"))
		return 0;
	snprintf(options->text + used, sizeof(options->text) - used, "%s%s=%s",
		 used ? " " : "", name, value);
	return 0;
}

/*
 * The options it was loaded with, as far as sysfs has them. What it has not,
 * the IDs, modprobe.d gives again where they came from there.
 */
static int journal_options(const struct driver *driver)
{
	struct options options = { .module = driver->module };
	char folder[PATH_MAX];
	int err;

	/* It is to go again anyhow. */
	if (journal_has(JOURNAL_MODULE, driver->module))
		return 0;
	err = sysfs_path(folder, sizeof(folder), MODULE "/parameters",
			 driver->module);
	if (!err)
		err = sysfs_each(folder, add_option, &options);
	if (err)
		return host_device_result(err, "see the parameters of",
					  driver->module);
	return journal_add(JOURNAL_MODULE_OPTIONS, driver->module,
			   options.text);
}

/* Those on vfio-pci-core of another driver would get the parameter too. */
static int find_variant(const char *name, void *context)
{
	if (!strcmp(name, "vfio_pci"))
		return 0;
	snprintf(context, NAME_MAX + 1, "%s", name);
	return 1;
}

static int check_alone(const struct driver *driver)
{
	char path[PATH_MAX], other[NAME_MAX + 1] = "";
	int err;

	if (sysfs_real(path, MODULE "/initstate", driver->module))
		return error_set(EXIT_MACHINE, EOPNOTSUPP,
				 "%s is part of this kernel, and cannot be "
				 "loaded with other parameters",
				 driver->name);
	err = find_other(driver, other);
	if (err)
		return err;
	if (!other[0] &&
	    !sysfs_path(path, sizeof(path), MODULE "/holders", "vfio_pci_core"))
		sysfs_each(path, find_variant, other);
	if (!other[0])
		return 0;
	return error_set(EXIT_MACHINE, EBUSY,
			 "%s has to be loaded with other parameters, and %s "
			 "uses it; take that off it first",
			 driver->name, other);
}

int host_driver_load_with(const char *name, const char *parameter,
			  const char *value)
{
	const struct driver *driver = by_name(name);
	char option[64], now[64];
	int err;

	snprintf(option, sizeof(option), "%s=%s", parameter, value);
	if (!is_there(driver))
		return load_journalled(driver, option);
	if (sysfs_read(now, sizeof(now), PARAMETER, driver->module, parameter) <
	    0)
		return error_set(EXIT_MACHINE, EOPNOTSUPP,
				 "this kernel's %s has no parameter %s", name,
				 parameter);
	if (!strcmp(now, value))
		return 0;
	err = check_alone(driver);
	if (!err)
		err = journal_options(driver);
	return err ? err : reload(driver, option);
}

int host_undo_module_options(const char *module, const char *options)
{
	const struct driver *driver = by_module(module);

	return driver ? reload(driver, options) : 0;
}

/* What somebody uses by now is theirs. */
int host_undo_module(const char *module, const char *value)
{
	const struct driver *driver = by_module(module);
	char other[HOST_ADDRESS_MAX] = "";
	int err;

	(void)value;
	if (!is_loaded(module))
		return 0;
	err = driver ? find_other(driver, other) : 0;
	if (err || other[0])
		return err;
	err = modprobe_unload(module);
	if (err == -EBUSY || err == -ENOENT)
		return 0;
	return host_device_result(err, "unload the kernel module", module);
}

static int parameter_result(int err, const char *subject)
{
	return host_device_result(err, "set the module parameter", subject);
}

int host_parameter_set(const char *module, const char *parameter,
		       const char *value)
{
	char subject[128], now[SYSFS_TEXT_MAX];
	int err;

	snprintf(subject, sizeof(subject), "%s.%s", module, parameter);
	err = sysfs_read(now, sizeof(now), PARAMETER, module, parameter);
	if (err < 0)
		return parameter_result(err, subject);
	if (!strcmp(now, value))
		return 0;
	err = journal_add(JOURNAL_PARAMETER, subject, now);
	if (err)
		return err;
	return parameter_result(
		sysfs_write(value, PARAMETER, module, parameter), subject);
}

int host_undo_parameter(const char *subject, const char *value)
{
	char module[128], now[SYSFS_TEXT_MAX], *parameter;
	int err;

	snprintf(module, sizeof(module), "%s", subject);
	parameter = strchr(module, '.');
	if (!parameter)
		return parameter_result(-EINVAL, subject);
	*parameter++ = '\0';
	err = sysfs_read(now, sizeof(now), PARAMETER, module, parameter);
	if (err == -ENOENT)
		return 0;
	if (err >= 0 && strcmp(now, value))
		err = sysfs_write(value, PARAMETER, module, parameter);
	return parameter_result(err, subject);
}
