/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a record was taken on: the host, the line, the CPUs and the guest. */
#ifndef BENCH_REPORT_SETUP_H
#define BENCH_REPORT_SETUP_H

struct field;
struct report;

/* As report_load(); what is allocated is report_free()'s. */
int report_load_setup(const struct field *root, struct report *report);

#endif
