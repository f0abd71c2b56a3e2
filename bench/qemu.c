// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "error.h"
#include "host_device.h"
#include "host_thread.h"
#include "qemu.h"
#include "qmp.h"
#include "sysfs.h"

/* What it says of its threads cannot be so. */
static int lies(const struct qmp *qmp, const char *what, long long number)
{
	return error_set(EXIT_MACHINE, EPROTO,
			 "qmp: %s, process %d, answers query-cpus-fast with %s "
			 "%lld: nothing is pinned on its word",
			 qmp->path, qmp->pid, what, number);
}

static bool is_thread(pid_t process, long long thread)
{
	char path[PATH_MAX];

	return thread > 0 &&
	       !sysfs_path(path, sizeof(path), "/proc/%d/task/%lld", process,
			   thread) &&
	       !access(path, F_OK);
}

static int take_vcpu(const struct qmp *qmp, const json_t *cpu,
		     struct qemu *qemu)
{
	const json_t *index = json_object_get(cpu, "cpu-index");
	const json_t *thread = json_object_get(cpu, "thread-id");
	long long place = json_integer_value(index);
	long long id = json_integer_value(thread);

	if (!json_is_integer(index) || place < 0 ||
	    place >= (long long)qemu->vcpus || qemu->vcpu[place])
		return lies(qmp, "the cpu-index", place);
	if (!json_is_integer(thread) || !is_thread(qmp->pid, id))
		return lies(qmp, "a thread that it does not have,", id);
	for (size_t i = 0; i < qemu->vcpus; i++)
		if (qemu->vcpu[i] == id)
			return lies(qmp, "twice the thread", id);
	qemu->vcpu[place] = id;
	return 0;
}

static int ask_vcpus(struct qmp *qmp, struct qemu *qemu)
{
	json_t *answer = NULL;
	int err = qmp_ask(qmp, "query-cpus-fast", &answer);

	if (err)
		return err;
	qemu->vcpus = json_array_size(answer);
	if (!qemu->vcpus || qemu->vcpus > GUEST_VCPUS_MAX) {
		err = lies(qmp, "a number of vCPUs that is not 1 to 64,",
			   qemu->vcpus);
		qemu->vcpus = 0;
	}
	for (size_t i = 0; !err && i < qemu->vcpus; i++)
		err = take_vcpu(qmp, json_array_get(answer, i), qemu);
	json_decref(answer);
	return err;
}

static int ask_version(struct qmp *qmp, struct qemu *qemu)
{
	json_t *answer = NULL, *number;
	int major = 0, minor = 0, micro = 0;
	const char *package = "";
	int err = qmp_ask(qmp, "query-version", &answer);

	if (err)
		return err;
	number = json_object_get(answer, "qemu");
	json_unpack(number, "{s:i, s:i, s:i}", "major", &major, "minor", &minor,
		    "micro", &micro);
	json_unpack(answer, "{s:s}", "package", &package);
	snprintf(qemu->version, sizeof(qemu->version), "%d.%d.%d%s%.40s", major,
		 minor, micro, *package ? " " : "", package);
	json_decref(answer);
	return 0;
}

static int ask_name(struct qmp *qmp, struct qemu *qemu)
{
	json_t *answer = NULL;
	const char *name = "";
	int err = qmp_ask(qmp, "query-name", &answer);

	if (err)
		return err;
	json_unpack(answer, "{s:s}", "name", &name);
	snprintf(qemu->name, sizeof(qemu->name), "%.63s", name);
	json_decref(answer);
	return 0;
}

/* After its answers: a thread that is there now is this process's. */
static int hold(const struct qmp *qmp, struct qemu *qemu)
{
	qemu->pid = qmp->pid;
	if (qmp->pid <= 0)
		return error_set(EXIT_MACHINE, ESRCH,
				 "qmp: the process behind %s is not in our PID "
				 "namespace",
				 qmp->path);
	qemu->pidfd = syscall(SYS_pidfd_open, qmp->pid, 0);
	if (qemu->pidfd >= 0)
		return 0;
	return error_set(EXIT_MACHINE, errno,
			 "qmp: cannot watch process %d, which listens at %s: "
			 "%s",
			 qmp->pid, qmp->path, strerror(errno));
}

int qemu_attach(const char *path, struct qemu *qemu)
{
	struct qmp qmp;
	int err;

	*qemu = (struct qemu){ .pidfd = -1 };
	err = qmp_open(path, &qmp);
	if (err)
		return err;
	err = hold(&qmp, qemu);
	if (!err)
		err = ask_vcpus(&qmp, qemu);
	if (!err)
		err = ask_version(&qmp, qemu);
	if (!err)
		err = ask_name(&qmp, qemu);
	qmp_close(&qmp);
	if (err)
		qemu_detach(qemu);
	return err;
}

void qemu_detach(struct qemu *qemu)
{
	if (qemu->pidfd >= 0)
		close(qemu->pidfd);
	qemu->pidfd = -1;
}

bool qemu_runs(const struct qemu *qemu)
{
	struct pollfd poller = { .fd = qemu->pidfd, .events = POLLIN };

	return qemu->pidfd >= 0 && !poll(&poller, 1, 0);
}

int qemu_check(const struct qemu *qemu)
{
	if (qemu_runs(qemu))
		return 0;
	return error_set(EXIT_MACHINE, ESRCH, "QEMU, process %d, has ended",
			 qemu->pid);
}

int qemu_pin(const struct qemu *qemu, const int *cpu)
{
	int err = 0;

	for (size_t i = 0; !err && i < qemu->vcpus; i++)
		err = host_thread_pin(qemu->pid, qemu->vcpu[i], cpu[i]);
	return err;
}

struct search {
	const struct qemu *qemu;
	char group[PATH_MAX]; /* "/dev/vfio/7" */
	char device[PATH_MAX]; /* "/dev/vfio/devices/vfio0" (Linux 6.6); "" */
};

static int is_sought(const char *name, void *context)
{
	const struct search *search = context;
	char link[64], path[PATH_MAX];
	ssize_t bytes;

	snprintf(link, sizeof(link), "/proc/%d/fd/%.20s", search->qemu->pid,
		 name);
	bytes = readlink(link, path, sizeof(path) - 1);
	if (bytes < 0)
		return 0;
	path[bytes] = '\0';
	return !strcmp(path, search->group) ||
	       (search->device[0] && !strcmp(path, search->device));
}

static int take_device(const char *name, void *context)
{
	struct search *search = context;

	snprintf(search->device, sizeof(search->device),
		 "/dev/vfio/devices/%.64s", name);
	return 1;
}

bool qemu_has(const struct qemu *qemu, const char *address)
{
	struct search search = { .qemu = qemu };
	char group[64], folder[PATH_MAX];

	if (sysfs_link_name(group, sizeof(group), HOST_DEVICE "/iommu_group",
			    address))
		return false;
	snprintf(search.group, sizeof(search.group), "/dev/vfio/%s", group);
	if (!sysfs_path(folder, sizeof(folder), HOST_DEVICE "/vfio-dev",
			address))
		sysfs_each(folder, take_device, &search);
	snprintf(folder, sizeof(folder), "/proc/%d/fd", qemu->pid);
	return sysfs_each(folder, is_sought, &search) > 0;
}

static bool may_be_target(const struct qemu *qemu,
			  const struct host_function *function)
{
	return function->trigger &&
	       !strcmp(function->driver, HOST_DRIVER_VFIO) &&
	       qemu_has(qemu, function->address);
}

int qemu_find_target(const struct qemu *qemu,
		     const struct host_functions *functions,
		     char address[HOST_ADDRESS_MAX])
{
	const struct host_function *found = NULL;

	for (size_t i = 0; i < functions->count; i++) {
		const struct host_function *function = &functions->function[i];

		if (!may_be_target(qemu, function))
			continue;
		if (found)
			return error_set(EXIT_MACHINE, EEXIST,
					 "target: QEMU %d has %s and %s, and "
					 "each has a trigger: say which in "
					 "[target] function",
					 qemu->pid, found->address,
					 function->address);
		found = function;
	}
	if (!found)
		return error_set(EXIT_MACHINE, ENODEV,
				 "target: QEMU %d has no function with a "
				 "trigger: start it with -device "
				 "vfio-pci,host=ADDRESS; 'intxbench lines' "
				 "shows which functions have one",
				 qemu->pid);
	snprintf(address, HOST_ADDRESS_MAX, "%s", found->address);
	return 0;
}
