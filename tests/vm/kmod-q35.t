#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every call and every arm of the module, on a q35.
cd "$(dirname "$0")/../.." || exit 1
exec testbed/vm --machine q35 -- tests/vm/guest/kmod
