#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every call and every arm of the module, on a pc.
cd "$(dirname "$0")/../.." || exit 1
exec testbed/vm --machine pc -- tests/vm/guest/kmod
