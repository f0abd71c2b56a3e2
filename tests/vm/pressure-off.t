#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Memory pressure is refused on a kernel without the memory controller.
cd "$(dirname "$0")/../.." || exit 1
exec testbed/vm --append cgroup_disable=memory -- tests/vm/guest/pressure off
