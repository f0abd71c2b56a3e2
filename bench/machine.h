/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a run was made on, for its record. */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <stdint.h>

#define MACHINE_TEXT_MAX 256
#define MACHINE_COMMAND_LINE_MAX 4096

/* Texts are "" where the kernel does not say. */
struct machine {
	char hostname[MACHINE_TEXT_MAX];
	char kernel_release[MACHINE_TEXT_MAX];
	char kernel_version[MACHINE_TEXT_MAX];
	char kernel_command_line[MACHINE_COMMAND_LINE_MAX];
	char machine[MACHINE_TEXT_MAX]; /* "x86_64" */
	char cpu_model[MACHINE_TEXT_MAX];
	char topology[MACHINE_TEXT_MAX];
	char clock_source[MACHINE_TEXT_MAX];
	char virtualisation[MACHINE_TEXT_MAX]; /* "none", "kvm", "qemu-tcg" */
	uint32_t cpus_online;
	uint64_t memory_bytes;
};

/* Returns 0, -errno with error_set(). */
int machine_read(struct machine *machine);

/*
 * The name for a hypervisor by its CPUID signature, 12 characters of leaf
 * 0x40000000: "kvm" for "KVMKVMKVM"; the signature itself where unknown.
 * buffer has MACHINE_TEXT_MAX bytes. For tests.
 */
void machine_name_hypervisor(const char signature[12], char *buffer);

/* The value of the first "model name" of /proc/cpuinfo's text. For tests. */
void machine_find_model(const char *cpuinfo, char *buffer);

#endif
