#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Positive controls: what the debug kernel must catch, it does; and the console
# tells of it, as tests/vm/debug/watched looks at it.
cd "$(dirname "$0")/../../.." || exit 1
# shellcheck source=tests/tap.sh
source tests/tap.sh
# shellcheck source=tests/vm/debug/faults.sh
source tests/vm/debug/faults.sh

# KASAN reports once only, unless told.
console=$TAP_DIR/console
"$VM" --console "$console" --append kasan_multi_shot -- tests/vm/guest/detect |
	sed '/^1\.\./d' | tee "$TAP_DIR/tap"
TAP_FAILED=${PIPESTATUS[0]}
TAP_COUNT=$(grep -cE '^(not )?ok ' "$TAP_DIR/tap")

found=$(faults "$console")
for pattern in 'sleeping function called' 'possible circular locking' 'KASAN' \
	'UBSAN' 'ODEBUG' 'list_add '; do
	like "the console tells of it: $pattern" "$found" "$pattern"
done
printf 'x: not a fault: positive control, WARNING: none\n' >"$console"
is "what a test provokes is no fault" "$(faults "$console")" ""
finish
