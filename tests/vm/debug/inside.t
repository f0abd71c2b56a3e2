#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The counters' lock inside the RCU read section is caught by the debug kernel and
# told by the runner; around it, and without it, nothing is.
cd "$(dirname "$0")/../../.." || exit 1
share=$(mktemp -d)
trap 'rm -rf -- "$share"' EXIT
testbed/vm --share "$share" --timeout 600 --mem 2048 -- \
	tests/vm/guest/inside "$share" | sed '/^1\.\./d' | tee "$share/tap"
status=${PIPESTATUS[0]}
count=$(grep -cE '^(not )?ok ' "$share/tap")
if message=$(tests/report/validate "$share/good/run.json" 2>&1); then
	echo "ok $((++count)) - the record is valid"
else
	echo "not ok $((++count)) - the record is valid"
	# shellcheck disable=SC2001 # each line
	sed 's/^/#   /' <<<"$message"
	status=1
fi
echo "1..$count"
exit "$status"
