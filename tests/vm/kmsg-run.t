#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a run makes of faults in the kernel's log, and its record of them.
cd "$(dirname "$0")/../.." || exit 1
share=$(mktemp -d)
trap 'rm -rf -- "$share"' EXIT
testbed/vm --share "$share" -- tests/vm/guest/kmsg-run "$share" |
	sed '/^1\.\./d' | tee "$share/tap"
status=${PIPESTATUS[0]}
count=$(grep -cE '^(not )?ok ' "$share/tap")
for record in "$share"/*/run.json; do
	name=$(basename "$(dirname "$record")")
	if message=$(tests/report/validate "$record" 2>&1); then
		echo "ok $((++count)) - $name: the record is valid"
	else
		echo "not ok $((++count)) - $name: the record is valid"
		# shellcheck disable=SC2001 # each line
		sed 's/^/#   /' <<<"$message"
		status=1
	fi
done
echo "1..$count"
exit "$status"
