#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# CPUs taken offline and brought back, and a line moved between them.
cd "$(dirname "$0")/../.." || exit 1
exec testbed/vm --cpus 4 -- tests/vm/guest/hotplug
