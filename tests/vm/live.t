#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A live neighbour: a NIC with its own driver, pinged while it shares the line.
cd "$(dirname "$0")/../.." || exit 1
share=$(mktemp -d)
trap 'rm -rf -- "$share"' EXIT
# shellcheck source=testbed/jobs/live-nic.sh
source testbed/jobs/live-nic.sh
testbed/vm --share "$share" --timeout 300 "${VM[@]}" -- \
	tests/vm/guest/live "$share" "$PREPARE" |
	sed '/^1\.\./d' | tee "$share/tap"
status=${PIPESTATUS[0]}
count=$(grep -cE '^(not )?ok ' "$share/tap")

if message=$(tests/report/validate "$share/good/run.json" 2>&1 &&
	bench/intxbench report "$share/good" 2>&1); then
	echo "ok $((++count)) - the record is valid and can be drawn"
else
	echo "not ok $((++count)) - the record is valid and can be drawn"
	# shellcheck disable=SC2001 # each line
	sed 's/^/#   /' <<<"$message"
	status=1
fi
echo "1..$count"
exit "$status"
