// SPDX-License-Identifier: GPL-2.0-or-later
/* See rig.h. What must not fail for a test to make sense ends the program. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "rig.h"

unsigned int rig_addresses(struct rig_function *function)
{
	const char *list = getenv("FUNCTIONS");
	unsigned int count = 0, slot, number;
	int used;

	if (!list)
		errx(1, "FUNCTIONS is not set");
	while (count < RIG_FUNCTIONS &&
	       sscanf(list, " %15s%n", function[count].address, &used) == 1) {
		if (sscanf(function[count].address, "%x:%x:%x.%x",
			   &function[count].domain, &function[count].bus, &slot,
			   &number) != 4)
			errx(1, "FUNCTIONS: not an address: %s",
			     function[count].address);
		function[count].devfn = slot << 3 | number;
		list += used;
		count++;
	}
	return count;
}

static void write_attribute(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(1, "%s", path);
	close(fd);
}

void rig_bind(const struct rig_function *function, const char *driver)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver/unbind",
		 function->address);
	if (!access(path, F_OK))
		write_attribute(path, function->address);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver_override",
		 function->address);
	write_attribute(path, driver ? driver : "\n");
	if (driver)
		write_attribute("/sys/bus/pci/drivers_probe",
				function->address);
}

int rig_add(int fd, struct intxbench_add *add)
{
	return ioctl(fd, INTXBENCH_ADD, add) ? errno : 0;
}

static void map_data(struct rig *rig, struct rig_function *function)
{
	void *data = mmap(NULL, rig->data_bytes, PROT_READ, MAP_SHARED,
			  function->add.data_fd, 0);

	if (data == MAP_FAILED)
		err(1, "mmap data of %s", function->address);
	close(function->add.data_fd);
	function->data = data;
}

static void add_and_map(struct rig *rig, struct rig_function *function)
{
	int error = rig_add(rig->fd, &function->add);

	if (error)
		errx(1, "add %s: %s", function->address, strerror(error));
	map_data(rig, function);
}

void rig_take(struct rig *rig, uint32_t arm)
{
	unsigned int index = rig->functions++;
	struct rig_function *function = &rig->function[index];

	function->add = (struct intxbench_add){
		.size = sizeof(function->add),
		.flags = arm >= INTXBENCH_ARM_BUSTED_NO_UNMASK ?
				 INTXBENCH_ADD_ALLOW_BUSTED :
				 0,
		.domain = function->domain,
		.bus = function->bus,
		.devfn = function->devfn,
		.role = index ? INTXBENCH_ROLE_NEIGHBOUR :
				INTXBENCH_ROLE_TARGET,
		.arm = index ? 0 : arm,
		.inject_fd = index ? -1 : rig->inject,
		.resample_fd = index ? -1 : rig->resample,
	};
	add_and_map(rig, function);
}

void rig_open_foreign(struct rig *rig, enum intxbench_role role,
		      const char *handler)
{
	struct rig_function *function = &rig->function[rig->functions++];

	function->add = (struct intxbench_add){
		.size = sizeof(function->add),
		.flags = INTXBENCH_ADD_FOREIGN,
		.domain = function->domain,
		.bus = function->bus,
		.devfn = function->devfn,
		.role = role,
		.inject_fd = -1,
		.resample_fd = -1,
	};
	strncpy(function->add.handler, handler,
		sizeof(function->add.handler) - 1);
	add_and_map(rig, function);
}

void rig_open(struct rig *rig, uint32_t arm, unsigned int functions)
{
	struct intxbench_info info = { .size = sizeof(info) };
	unsigned int i;

	memset(rig, 0, sizeof(*rig));
	if (rig_addresses(rig->function) < functions)
		errx(1, "FUNCTIONS: %u wanted", functions);
	rig->inject = eventfd(0, EFD_CLOEXEC);
	rig->resample = eventfd(0, EFD_CLOEXEC);
	rig->fd = open(INTXBENCH_DEVICE, O_RDWR | O_CLOEXEC);
	if (rig->fd < 0)
		err(1, INTXBENCH_DEVICE);
	if (ioctl(rig->fd, INTXBENCH_INFO, &info))
		err(1, "INTXBENCH_INFO");
	rig->data_bytes = info.data_bytes;
	for (i = 0; i < functions; i++)
		rig_take(rig, arm);
}

void rig_schedule(struct rig *rig, unsigned int index, uint32_t gap_ns,
		  uint32_t flags)
{
	rig_schedule_after(rig, index, 0, gap_ns, flags);
}

void rig_schedule_after(struct rig *rig, unsigned int index, uint64_t phase_ns,
			uint32_t gap_ns, uint32_t flags)
{
	struct intxbench_schedule schedule = {
		.size = sizeof(schedule),
		.flags = flags,
		.index = index,
		.phase_ns = phase_ns,
		/* Floods on CPUs of their own, as far as there are some. */
		.cpu = (index + 2) % sysconf(_SC_NPROCESSORS_ONLN),
		.gaps = (uintptr_t)&gap_ns,
		.nr_gaps = 1,
	};

	if (ioctl(rig->fd, INTXBENCH_SCHEDULE, &schedule))
		err(1, "INTXBENCH_SCHEDULE");
}

int rig_start(struct rig *rig, uint32_t flags, uint64_t duration_ns,
	      uint64_t watchdog_ns)
{
	struct intxbench_start start = {
		.size = sizeof(start),
		.flags = flags,
		.duration_ns = duration_ns,
		.watchdog_ns = watchdog_ns,
	};

	return ioctl(rig->fd, INTXBENCH_START, &start) ? errno : 0;
}

void rig_sleep_ms(unsigned int ms)
{
	struct timespec pause = { ms / 1000, ms % 1000 * 1000000L };

	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, &pause))
		;
}

void rig_serve_once(struct rig *rig)
{
	const struct intxbench_add *add = &rig->function[0].add;
	uint32_t status = rig->bar[add->status_offset / 4] & add->tokens;
	unsigned int bit;

	rig->empty += !status;
	for (bit = 0; bit < INTXBENCH_MAX_TOKENS; bit++)
		rig->served[bit] += status >> bit & 1;
	rig->bar[add->ack_offset / 4] = status;
}

static void *guest(void *arg)
{
	struct rig *rig = arg;
	uint64_t count, one = 1;

	while (read(rig->inject, &count, sizeof(count)) == sizeof(count) &&
	       !rig->stop) {
		if (rig->service_us)
			usleep(rig->service_us);
		rig_serve_once(rig);
		if (rig->linger_us)
			usleep(rig->linger_us);
		if (write(rig->resample, &one, sizeof(one)) != sizeof(one))
			err(1, "resample");
	}
	return NULL;
}

void rig_map(struct rig *rig)
{
	const struct rig_function *target = &rig->function[0];
	char path[96];
	void *bar;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource%u",
		 target->address, target->add.bar);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	bar = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (bar == MAP_FAILED)
		err(1, "mmap %s", path);
	close(fd);
	rig->bar = bar;
}

void rig_serve(struct rig *rig, unsigned int service_us)
{
	rig_map(rig);
	rig->service_us = service_us;
	if (pthread_create(&rig->guest, NULL, guest, rig))
		errx(1, "no guest thread");
	rig->serving = true;
}

void rig_guest_mask(struct rig *rig, bool masked)
{
	struct intxbench_intx_mask mask = { .size = sizeof(mask),
					    .masked = masked };

	if (ioctl(rig->fd, INTXBENCH_INTX_MASK, &mask))
		err(1, "INTXBENCH_INTX_MASK");
}

struct intxbench_state rig_state(struct rig *rig, unsigned int index)
{
	struct intxbench_state state = { .size = sizeof(state),
					 .index = index };

	if (ioctl(rig->fd, INTXBENCH_STATE, &state))
		err(1, "INTXBENCH_STATE");
	return state;
}

bool rig_drain(struct rig *rig, unsigned int limit_ms)
{
	struct intxbench_state state;
	unsigned int i, ms;
	bool busy;

	if (ioctl(rig->fd, INTXBENCH_STOP))
		err(1, "INTXBENCH_STOP");
	for (ms = 0; ms <= limit_ms; ms += 10) {
		busy = false;
		for (i = 0; i < rig->functions; i++) {
			state = rig_state(rig, i);
			busy |= state.pending ||
				state.flags & INTXBENCH_STATE_MASKED;
		}
		if (!busy)
			return true;
		rig_sleep_ms(10);
	}
	return false;
}

void rig_close_session(struct rig *rig)
{
	if (rig->fd >= 0)
		close(rig->fd);
	rig->fd = -1;
}

void rig_close(struct rig *rig)
{
	uint64_t one = 1;
	unsigned int i;

	rig_close_session(rig);
	if (rig->serving) {
		rig->stop = true;
		if (write(rig->inject, &one, sizeof(one)) != sizeof(one))
			err(1, "inject");
		pthread_join(rig->guest, NULL);
	}
	if (rig->bar)
		munmap((void *)(uintptr_t)rig->bar, 4096);
	for (i = 0; i < rig->functions; i++)
		munmap((void *)(uintptr_t)rig->function[i].data,
		       rig->data_bytes);
	close(rig->inject);
	close(rig->resample);
}

uint64_t rig_sum(const __u64 tokens[INTXBENCH_MAX_TOKENS])
{
	uint64_t sum = 0;
	unsigned int bit;

	for (bit = 0; bit < INTXBENCH_MAX_TOKENS; bit++)
		sum += tokens[bit];
	return sum;
}

const struct intxbench_cpu_data *rig_cpu(const struct intxbench_data *data,
					 unsigned int cpu)
{
	return (const void *)((const char *)data + data->cpu_offset +
			      (size_t)cpu * data->cpu_stride);
}

uint64_t rig_spurious(const struct intxbench_data *data)
{
	uint64_t sum = 0;
	unsigned int cpu;

	for (cpu = 0; cpu < data->nr_cpu_ids; cpu++)
		sum += rig_cpu(data, cpu)->spurious;
	return sum;
}

uint64_t rig_claimed(const struct intxbench_data *data)
{
	uint64_t sum = 0;
	unsigned int cpu;

	for (cpu = 0; cpu < data->nr_cpu_ids; cpu++)
		sum += rig_cpu(data, cpu)->claimed;
	return sum;
}

uint64_t rig_entered(const struct intxbench_data *data)
{
	uint64_t sum = 0;
	unsigned int cpu;

	for (cpu = 0; cpu < data->nr_cpu_ids; cpu++)
		sum += rig_cpu(data, cpu)
			       ->hist[INTXBENCH_METRIC_ASSERT_ENTRY]
			       .count;
	return sum;
}

uint64_t rig_absorbed(const struct intxbench_data *data)
{
	uint64_t sum = data->absorbed + __builtin_popcountll(data->unseen);
	unsigned int cpu;

	for (cpu = 0; cpu < data->nr_cpu_ids; cpu++)
		sum += rig_cpu(data, cpu)->absorbed;
	return sum;
}

uint64_t rig_mean_ns(const struct intxbench_data *data,
		     enum intxbench_metric metric)
{
	uint64_t sum_ns = 0, count = 0;
	unsigned int cpu;

	for (cpu = 0; cpu < data->nr_cpu_ids; cpu++) {
		sum_ns += rig_cpu(data, cpu)->hist[metric].sum_ns;
		count += rig_cpu(data, cpu)->hist[metric].count;
	}
	return count ? sum_ns / count : 0;
}

const struct intxbench_timeline *rig_timeline(const struct intxbench_data *data,
					      uint64_t sequence)
{
	const void *timeline = (const char *)data + data->timeline_offset;

	return (const struct intxbench_timeline *)timeline +
	       sequence % INTXBENCH_TIMELINE;
}

uint16_t rig_command(const struct rig_function *function)
{
	uint16_t command;
	char path[96];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config",
		 function->address);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || pread(fd, &command, sizeof(command), 4) != 2)
		err(1, "%s", path);
	close(fd);
	return command;
}

unsigned int rig_handlers(void)
{
	unsigned int count = 0;
	char line[1024];
	const char *at;
	FILE *file = fopen("/proc/interrupts", "re");

	if (!file)
		err(1, "/proc/interrupts");
	while (fgets(line, sizeof(line), file))
		for (at = line; (at = strstr(at, "intxbench(")); at++)
			count++;
	fclose(file);
	return count;
}

static int log_fd = -1;

void rig_log_mark(void)
{
	if (log_fd < 0)
		log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log_fd < 0 || lseek(log_fd, 0, SEEK_END) < 0)
		err(1, "/dev/kmsg");
}

const char *rig_log_fault(void)
{
	static const char *const faults[] = {
		"BUG:",
		"WARNING:",
		"Oops",
		"nobody cared",
		"Disabling IRQ",
		"Unbalanced enable",
		"rcu_sched self-detected",
		"blocked for",
		"soft lockup",
		"hard LOCKUP",
		"list_add corruption",
		"list_del corruption",
		"KASAN",
		"UBSAN",
		"possible recursive",
		"possible circular",
		"suspicious RCU",
		"general protection",
	};
	static char record[8192];
	const char *text;
	ssize_t length;
	size_t i;

	while ((length = read(log_fd, record, sizeof(record) - 1)) != -1 ||
	       errno == EPIPE) {
		if (length < 0)
			return "records were overwritten before we read them";
		record[length] = '\0';
		text = strchr(record, ';');
		for (i = 0; text && i < sizeof(faults) / sizeof(*faults); i++)
			if (strstr(text, faults[i]))
				return text + 1;
	}
	return NULL;
}
