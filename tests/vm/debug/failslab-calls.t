#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every allocation of the module's calls fails in turn.
cd "$(dirname "$0")/../../.." || exit 1
exec tests/vm/debug/watched testbed/vm --timeout 900 -- tests/vm/guest/failslab calls
