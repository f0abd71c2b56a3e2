#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every call and every arm of the module where handlers are forced into threads:
# ours must not be, for the observer would take each of them for a claim.
cd "$(dirname "$0")/../.." || exit 1
exec testbed/vm --append threadirqs -- tests/vm/guest/kmod
