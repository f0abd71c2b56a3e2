#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The module's counter sets, while CPUs come and go.
cd "$(dirname "$0")/../.." || exit 1
exec testbed/vm --cpus 4 -- tests/vm/guest/counter
