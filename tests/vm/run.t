#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The runner on the real module; and its record on the host.
cd "$(dirname "$0")/../.." || exit 1
share=$(mktemp -d)
trap 'rm -rf -- "$share"' EXIT
testbed/vm --share "$share" --timeout 900 \
	--device edu,addr=4 --device e1000,addr=8,romfile=,mitigation=off,netdev=nowhere \
	--device edu,addr=c --device edu,addr=5 -- tests/vm/guest/run "$share" |
	sed '/^1\.\./d' | tee "$share/tap"
status=${PIPESTATUS[0]}
count=$(grep -cE '^(not )?ok ' "$share/tap")

# The record of all arms, as strangers' programs see it.
if message=$(tests/report/validate "$share/good/run.json" 2>&1); then
	echo "ok $((++count)) - the record is valid"
else
	echo "not ok $((++count)) - the record is valid"
	# shellcheck disable=SC2001 # each line
	sed 's/^/#   /' <<<"$message"
	status=1
fi
if message=$(bench/intxbench report "$share/good" 2>&1) &&
	[[ -s $share/good/plots/arm-cost.png && -s $share/good/summary.txt ]]; then
	echo "ok $((++count)) - and can be drawn"
else
	echo "not ok $((++count)) - and can be drawn"
	# shellcheck disable=SC2001 # each line
	sed 's/^/#   /' <<<"$message"
	status=1
fi
echo "1..$count"
exit "$status"
