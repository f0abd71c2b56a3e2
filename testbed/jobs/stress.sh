# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2054 # testbed/bench uses what is set here
#
# Two edu: QEMU's e1000 asserts at most every 128 us.
VM=(--device edu,addr=4 --device edu,addr=c)
