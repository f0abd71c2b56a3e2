#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs the unit tests (`make unit-tests` builds them) for prove: one TAP test
# for each tests/unit/test_*.c, with cmocka's own TAP under it. A program that
# is not built, crashes, says nothing, runs other cases than it planned or
# skips one has failed.

here=$(dirname "$(readlink -f "$0")")
export CMOCKA_MESSAGE_OUTPUT=TAP
# Tests of errors look at messages in the C locale.
export LC_ALL=C

output=$(mktemp) || exit 1
trap 'rm -f "$output"' EXIT

# Whether $output is a complete TAP report without a failure or a skip.
report_is_good() {
	awk '
		/^1\.\.[0-9]+$/ { plans++; planned = substr($0, 4) }
		/^ok / { good++ }
		/^not ok / { bad++ }
		/# *(SKIP|TODO)/ { bad++ }
		END { exit !(plans == 1 && planned > 0 &&
			     good == planned && !bad) }
	' "$output"
}

run_program() {
	local program=$1 status

	if [ ! -x "$program" ]; then
		echo "# $program is not there: make unit-tests"
		return 1
	fi
	"$program" >"$output" 2>&1
	status=$?
	sed 's/^/    /' "$output"
	if [ "$status" -ne 0 ]; then
		echo "# $program: exit status $status"
		return 1
	fi
	report_is_good
}

sources=("$here"/test_*.c)
echo "1..${#sources[@]}"
failed=0
number=0
for source in "${sources[@]}"; do
	number=$((number + 1))
	name=$(basename "$source" .c)
	if run_program "$here/build/$name"; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		failed=1
	fi
done
exit "$failed"
