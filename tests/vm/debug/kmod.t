#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every call and every arm of the module, on the debug kernel.
cd "$(dirname "$0")/../../.." || exit 1
exec tests/vm/debug/watched tests/vm/kmod-q35.t
