#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the module leaves behind.
cd "$(dirname "$0")/../.." || exit 1
exec testbed/vm -- tests/vm/guest/leave
