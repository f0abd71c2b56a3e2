#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The KVM guest, in the testbed's own KVM. INTXBENCH_CYCLES: how often it is
# started and stopped (200).
cd "$(dirname "$0")/../.." || exit 1
exec testbed/vm --timeout 900 -- \
	env INTXBENCH_CYCLES="${INTXBENCH_CYCLES-200}" tests/vm/guest/vmm
