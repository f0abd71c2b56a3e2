#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Every call and every arm of the module, on an 82574: five tokens, and a status
# register that the flood reads where the manual does not promise it.
cd "$(dirname "$0")/../.." || exit 1
exec testbed/vm --device edu,addr=4 --device e1000e,addr=8,romfile= \
	--device edu,addr=c -- \
	env FUNCTIONS="0000:00:08.0 0000:00:04.0 0000:00:0c.0" \
	tests/vm/guest/kmod
