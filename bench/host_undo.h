/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Putting back what the host_*.c files change; the journal's table calls these. Each
 * puts back only what is still as we left it: what somebody else has changed
 * since is theirs, and a function or line that has gone needs nothing. Both
 * count as undone. Return 0, -errno with error_set().
 */
#ifndef BENCH_HOST_UNDO_H
#define BENCH_HOST_UNDO_H

int host_undo_command(const char *address, const char *value);
int host_undo_enable(const char *address, const char *value);
int host_undo_driver(const char *address, const char *driver);
int host_undo_driver_override(const char *address, const char *override);
int host_undo_module(const char *module, const char *value);
int host_undo_module_options(const char *module, const char *options);
int host_undo_parameter(const char *subject, const char *value);
int host_undo_irq_affinity(const char *irq, const char *cpus);
int host_undo_thread_affinity(const char *subject, const char *cpus);
int host_undo_cpu(const char *cpu, const char *value);
int host_undo_trace(const char *instance, const char *value);
int host_undo_cgroup(const char *group, const char *value);
int host_undo_cgroup_control(const char *parent, const char *controller);
int host_undo_scratch(const char *folder, const char *value);

#endif
