#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Real faults, as the runner's reader sees them, of a kernel that looks for all of
# them: none may be skipped. They are provoked, so the console is full of them.
cd "$(dirname "$0")/../../.." || exit 1
log=$(mktemp)
trap 'rm -f -- "$log"' EXIT
tests/vm/kmsg.t | sed '/^1\.\./d' | tee "$log"
status=${PIPESTATUS[0]}
count=$(grep -cE '^(not )?ok ' "$log")
if skipped=$(grep '# SKIP' "$log"); then
	echo "not ok $((++count)) - this kernel looks for everything"
	# shellcheck disable=SC2001 # each line
	sed 's/^/#   /' <<<"$skipped"
	status=1
else
	echo "ok $((++count)) - this kernel looks for everything"
fi
echo "1..$count"
exit "$status"
