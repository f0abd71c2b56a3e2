#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Memory pressure, on a machine that has cgroup version 2.
cd "$(dirname "$0")/../.." || exit 1
exec testbed/vm --mem 2048 -- tests/vm/guest/pressure v2
