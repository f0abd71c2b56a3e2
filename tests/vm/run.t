#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The runner on the real module; and its record, as strangers' programs see it.
# shellcheck source=tests/vm/record.sh
source "$(dirname "$0")/record.sh"

guest --timeout 900 --device edu,addr=4 \
	--device e1000,addr=8,romfile=,mitigation=off,netdev=nowhere \
	--device edu,addr=c --device edu,addr=5 -- tests/vm/guest/run "$SHARE"
check "the record of all arms is valid and can be drawn" drawable "$SHARE/good"
check "memory is told of in the middle of it" grep -q 'half of them' "$SHARE/good/summary.txt"
check "and has been" there "$SHARE"/good/{plots/arm-cost.png,summary.txt}
finish
