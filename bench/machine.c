// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "error.h"
#include "machine.h"
#include "placement.h"
#include "sysfs.h"

#define HYPERVISOR_PRESENT (1U << 31) /* CPUID 1, ECX */
#define HYPERVISOR_LEAF 0x40000000

void machine_name_hypervisor(const char signature[12], char *buffer)
{
	static const struct {
		char signature[13];
		const char *name;
	} known[] = {
		{ "TCGTCGTCGTCG", "qemu-tcg" }, { "KVMKVMKVM\0\0\0", "kvm" },
		{ "Microsoft Hv", "hyper-v" },  { "VMwareVMware", "vmware" },
		{ "XenVMMXenVMM", "xen" },      { "bhyve bhyve ", "bhyve" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!memcmp(signature, known[i].signature, 12)) {
			snprintf(buffer, MACHINE_TEXT_MAX, "%s", known[i].name);
			return;
		}
	}
	snprintf(buffer, MACHINE_TEXT_MAX, "%.12s", signature);
}

#if defined(__x86_64__) || defined(__i386__)
static void find_hypervisor(char *buffer)
{
	unsigned int eax, ebx, ecx, edx;
	char signature[12];

	if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) ||
	    !(ecx & HYPERVISOR_PRESENT)) {
		snprintf(buffer, MACHINE_TEXT_MAX, "none");
		return;
	}
	__cpuid(HYPERVISOR_LEAF, eax, ebx, ecx, edx);
	memcpy(signature, &ebx, 4);
	memcpy(signature + 4, &ecx, 4);
	memcpy(signature + 8, &edx, 4);
	machine_name_hypervisor(signature, buffer);
}
#else
static void find_hypervisor(char *buffer)
{
	buffer[0] = '\0';
}
#endif

void machine_find_model(const char *cpuinfo, char *buffer)
{
	const char *line = strstr(cpuinfo, "model name");
	const char *value = line ? strchr(line, ':') : NULL;

	buffer[0] = '\0';
	if (!value)
		return;
	value += 1 + strspn(value + 1, " \t");
	snprintf(buffer, MACHINE_TEXT_MAX, "%.*s", (int)strcspn(value, "\n"),
		 value);
}

static void find_cpu(struct machine *machine)
{
	char *cpuinfo = sysfs_load("/proc/cpuinfo");

	if (cpuinfo)
		machine_find_model(cpuinfo, machine->cpu_model);
	free(cpuinfo);
}

/* The empty text that sysfs_read() leaves is what "not said" is here. */
static void read_texts(struct machine *machine)
{
	sysfs_read(machine->kernel_command_line,
		   sizeof(machine->kernel_command_line), "/proc/cmdline");
	sysfs_read(machine->clock_source, sizeof(machine->clock_source),
		   "/sys/devices/system/clocksource/clocksource0/"
		   "current_clocksource");
}

int machine_read(struct machine *machine)
{
	struct utsname names;

	memset(machine, 0, sizeof(*machine));
	if (uname(&names))
		return error_set(EXIT_MACHINE, errno,
				 "cannot tell the kernel's name: %s",
				 strerror(errno));
	snprintf(machine->hostname, sizeof(machine->hostname), "%s",
		 names.nodename);
	snprintf(machine->kernel_release, sizeof(machine->kernel_release), "%s",
		 names.release);
	snprintf(machine->kernel_version, sizeof(machine->kernel_version), "%s",
		 names.version);
	snprintf(machine->machine, sizeof(machine->machine), "%s",
		 names.machine);
	read_texts(machine);
	find_cpu(machine);
	find_hypervisor(machine->virtualisation);
	machine->cpus_online = sysconf(_SC_NPROCESSORS_ONLN);
	machine->memory_bytes =
		(uint64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
	return placement_topology(machine->topology, sizeof(machine->topology));
}
