/* SPDX-License-Identifier: GPL-2.0-or-later */
/* After kmod/uapi/intxbench.h: a runner that speaks another ABI. */
#undef INTXBENCH_ABI
#define INTXBENCH_ABI 99
