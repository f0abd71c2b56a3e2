#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Real faults of the kernel in its log, as the runner's reader sees them. A kind
# that the kernel does not look for is skipped; cmocka calls that "not ok".
cd "$(dirname "$0")/../.." || exit 1
testbed/vm -- tests/vm/guest/kmsg | sed '/# SKIP/s/^not ok/ok/'
exit "${PIPESTATUS[0]}"
