#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Memory pressure is refused where cgroup version 2 has no memory controller.
cd "$(dirname "$0")/../.." || exit 1
exec testbed/vm -- tests/vm/guest/pressure versions
