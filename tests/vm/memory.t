#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the runner says of the kernel's memory, on a kernel that holds some.
cd "$(dirname "$0")/../.." || exit 1
exec testbed/vm -- env CMOCKA_MESSAGE_OUTPUT=TAP tests/vm/build/memory_test
