#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The module's counter sets on the debug kernel, which has something to say of
# `inside` and of nothing else.
cd "$(dirname "$0")/../../.." || exit 1
exec testbed/vm --cpus 4 -- \
	env INSIDE_FAULT='sleeping function called from invalid context' \
	tests/vm/guest/counter
