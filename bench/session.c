// SPDX-License-Identifier: GPL-2.0-or-later
/* The module's calls, and what their errors mean to a person. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cmd.h"
#include "error.h"
#include "job.h"
#include "session.h"

static int explain_open(int errnum)
{
	switch (errnum) {
	case ENOENT:
	case ENXIO:
	case ENODEV:
		return error_set(EXIT_MACHINE, errnum,
				 "there is no " INTXBENCH_DEVICE
				 ": the module is not loaded; build it with "
				 "'make -C kmod' and load it with 'insmod "
				 "kmod/intxbench.ko' ('modprobe intxbench' "
				 "where it is installed)");
	case EPERM:
	case EACCES:
		return error_set(EXIT_MACHINE, errnum,
				 "cannot open " INTXBENCH_DEVICE
				 ": it needs CAP_SYS_RAWIO and a kernel that "
				 "is not locked down (see "
				 "/sys/kernel/security/lockdown)");
	default:
		return error_set(EXIT_MACHINE, errnum,
				 "cannot open " INTXBENCH_DEVICE ": %s",
				 strerror(errnum));
	}
}

static int check_abi(const struct intxbench_info *info)
{
	bool module_older = info->abi < INTXBENCH_ABI;

	if (info->abi == INTXBENCH_ABI)
		return 0;
	return error_set(EXIT_MACHINE, EPROTO,
			 "the loaded module (%.*s) has ABI %u, this tool (%s) "
			 "has ABI %u: the %s is older; %s",
			 (int)sizeof(info->version), info->version, info->abi,
			 INTXBENCH_VERSION, INTXBENCH_ABI,
			 module_older ? "module" : "tool",
			 module_older ?
				 "unload it, build it anew and load it again "
				 "(rmmod intxbench; make -C kmod; insmod "
				 "kmod/intxbench.ko)" :
				 "build the tool from the module's sources "
				 "(make -C bench)");
}

/* INFO is the one call that every ABI must answer, and may answer longer. */
static int read_info(int fd, struct intxbench_info *info)
{
	memset(info, 0, sizeof(*info));
	info->size = sizeof(*info);
	if (ioctl(fd, INTXBENCH_INFO, info))
		return error_set(EXIT_MACHINE, errno,
				 "the loaded module does not say which ABI it "
				 "has (%s), this tool has ABI %u: load the "
				 "module that was built with this tool",
				 strerror(errno), INTXBENCH_ABI);
	return check_abi(info);
}

int session_open(struct session *session)
{
	int err;

	session->functions = 0;
	session->fd = open(INTXBENCH_DEVICE, O_RDWR | O_CLOEXEC);
	if (session->fd < 0)
		return explain_open(errno);
	err = read_info(session->fd, &session->info);
	if (err)
		session_close(session);
	return err;
}

static const char *why_not_added(int errnum)
{
	switch (errnum) {
	case ENODEV:
		return "it is gone, or bound to another driver";
	case EPROTONOSUPPORT:
		return "its INTx Disable does not work (it is older than PCI "
		       "2.3, or its quirk says so), and all that silences a "
		       "function relies on it";
	case EOPNOTSUPP:
		return "there is no trigger for its IDs";
	case EIO:
		return "its trigger does not answer";
	case ENXIO:
		return "it has no INTx pin or no line";
	case EXDEV:
		return "it is on another line than the functions before it";
	case EINVAL:
		return "the module refuses the request";
	case EPERM:
		return "the arm has a defect on purpose and was not allowed";
	default:
		return strerror(errnum);
	}
}

static bool area_fits(const struct intxbench_info *info,
		      const struct intxbench_data *data)
{
	uint64_t timeline_end = data->timeline_offset +
				(uint64_t)INTXBENCH_TIMELINE *
					sizeof(struct intxbench_timeline);
	uint64_t cpu_end = data->cpu_offset +
			   (uint64_t)data->nr_cpu_ids * data->cpu_stride;

	return data->abi == INTXBENCH_ABI &&
	       data->nr_cpu_ids == info->nr_cpu_ids &&
	       data->cpu_stride >= sizeof(struct intxbench_cpu_data) &&
	       timeline_end <= info->data_bytes && cpu_end <= info->data_bytes;
}

/* The mapping holds the area; the descriptor is not needed any more. */
static int map_data(const struct intxbench_info *info, int fd,
		    const struct intxbench_data **data)
{
	void *area = mmap(NULL, info->data_bytes, PROT_READ, MAP_SHARED, fd, 0);
	int errnum = errno;

	close(fd);
	if (area == MAP_FAILED)
		return error_set(EXIT_MACHINE, errnum,
				 "cannot map a data area of the module: %s",
				 strerror(errnum));
	if (!area_fits(info, area)) {
		munmap(area, info->data_bytes);
		return error_set(EXIT_MACHINE, EPROTO,
				 "a data area of the module is not laid out "
				 "as ABI %u says",
				 INTXBENCH_ABI);
	}
	*data = area;
	return 0;
}

static int add(struct session *session, const struct host_function *function,
	       struct intxbench_add *arg, size_t *index)
{
	struct session_function *added = &session->function[session->functions];
	int err;

	if (session->functions == INTXBENCH_MAX_FUNCTIONS)
		return error_set(EXIT_MACHINE, ENOSPC,
				 "a session holds %d functions at most",
				 INTXBENCH_MAX_FUNCTIONS);
	arg->size = sizeof(*arg);
	arg->domain = function->domain;
	arg->bus = function->bus;
	arg->devfn = function->devfn;
	if (ioctl(session->fd, INTXBENCH_ADD, arg)) {
		if (errno == EBUSY)
			return -EBUSY;
		return error_set(EXIT_MACHINE, errno,
				 "the module cannot take %s: %s",
				 function->address, why_not_added(errno));
	}
	err = map_data(&session->info, arg->data_fd, &added->data);
	if (err)
		return err;
	memcpy(added->address, function->address, sizeof(added->address));
	added->add = *arg;
	*index = session->functions++;
	return 0;
}

int session_add_target(struct session *session,
		       const struct host_function *function, uint32_t arm,
		       int inject_fd, int resample_fd, size_t *index)
{
	struct intxbench_add arg = {
		.flags = arm_is_busted(arm) ? INTXBENCH_ADD_ALLOW_BUSTED : 0,
		.role = INTXBENCH_ROLE_TARGET,
		.arm = arm,
		.inject_fd = inject_fd,
		.resample_fd = resample_fd,
	};

	return add(session, function, &arg, index);
}

static int add_foreign(struct session *session,
		       const struct host_function *function, uint32_t role,
		       uint32_t flags, const char *handler, size_t *index)
{
	struct intxbench_add arg = {
		.flags = INTXBENCH_ADD_FOREIGN | flags,
		.role = role,
		.inject_fd = -1,
		.resample_fd = -1,
	};

	snprintf(arg.handler, sizeof(arg.handler), "%s", handler);
	return add(session, function, &arg, index);
}

int session_add_foreign_target(struct session *session,
			       const struct host_function *function,
			       const char *handler, bool live, size_t *index)
{
	return add_foreign(session, function, INTXBENCH_ROLE_TARGET,
			   live ? INTXBENCH_ADD_LIVE : 0, handler, index);
}

int session_add_live(struct session *session,
		     const struct host_function *function, const char *handler,
		     size_t *index)
{
	return add_foreign(session, function, INTXBENCH_ROLE_NEIGHBOUR, 0,
			   handler, index);
}

int session_add_neighbour(struct session *session,
			  const struct host_function *function, size_t *index)
{
	struct intxbench_add arg = {
		.role = INTXBENCH_ROLE_NEIGHBOUR,
		.inject_fd = -1,
		.resample_fd = -1,
	};

	return add(session, function, &arg, index);
}

int session_schedule(struct session *session, size_t index, int cpu,
		     uint64_t phase_ns, const struct schedule *schedule)
{
	const struct session_function *function = &session->function[index];
	struct intxbench_schedule arg = {
		.size = sizeof(arg),
		.flags = (schedule->closed ? INTXBENCH_SCHEDULE_CLOSED : 0) |
			 (schedule->follow ? INTXBENCH_SCHEDULE_FOLLOW : 0),
		.index = function->add.index,
		.cpu = cpu,
		.phase_ns = phase_ns,
		.gaps = (uintptr_t)schedule->gap_ns,
		.nr_gaps = schedule->gaps,
	};

	if (!ioctl(session->fd, INTXBENCH_SCHEDULE, &arg))
		return 0;
	return error_set(EXIT_MACHINE, errno,
			 "the module cannot flood %s from CPU %d: %s",
			 function->address, cpu, strerror(errno));
}

int session_start(struct session *session, uint32_t flags, uint64_t duration_ns,
		  uint64_t watchdog_ns, uint64_t *start_ns)
{
	struct intxbench_start arg = {
		.size = sizeof(arg),
		.flags = flags,
		.duration_ns = duration_ns,
		.watchdog_ns = watchdog_ns,
	};

	if (ioctl(session->fd, INTXBENCH_START, &arg))
		return error_set(EXIT_MACHINE, errno,
				 "the module cannot start the flood: %s",
				 errno == EOPNOTSUPP ?
					 "this kernel lacks the irq_handler "
					 "tracepoints" :
					 strerror(errno));
	*start_ns = arg.start_ns;
	return 0;
}

int session_stop(struct session *session)
{
	if (!ioctl(session->fd, INTXBENCH_STOP))
		return 0;
	return error_set(EXIT_MACHINE, errno,
			 "the module cannot stop the flood: %s",
			 strerror(errno));
}

int session_intx_mask(const struct session *session, size_t index, bool masked)
{
	struct intxbench_intx_mask arg = {
		.size = sizeof(arg),
		.index = index,
		.masked = masked,
	};

	return ioctl(session->fd, INTXBENCH_INTX_MASK, &arg) ? -errno : 0;
}

int session_state(struct session *session, size_t index,
		  struct intxbench_state *state)
{
	const struct session_function *function = &session->function[index];

	memset(state, 0, sizeof(*state));
	state->size = sizeof(*state);
	state->index = function->add.index;
	if (!ioctl(session->fd, INTXBENCH_STATE, state))
		return 0;
	return error_set(
		EXIT_MACHINE, errno, "the module cannot say how %s is: %s",
		function->address,
		errno == ENODEV ? "the function has gone" : strerror(errno));
}

void session_close(struct session *session)
{
	if (session->fd >= 0)
		close(session->fd);
	session->fd = -1;
}

void session_free(struct session *session)
{
	session_close(session);
	while (session->functions)
		munmap((void *)session->function[--session->functions].data,
		       session->info.data_bytes);
}

const struct intxbench_timeline *
session_timeline(const struct session_function *function)
{
	return (const void *)((const char *)function->data +
			      function->data->timeline_offset);
}

const struct intxbench_cpu_data *
session_cpu_data(const struct session_function *function, uint32_t cpu)
{
	return (const void *)((const char *)function->data +
			      function->data->cpu_offset +
			      (size_t)cpu * function->data->cpu_stride);
}
