#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Jobs with CPUs that come and go, memory pressure, the counter set and a line
# that moves; and their record on the host.
cd "$(dirname "$0")/../.." || exit 1
share=$(mktemp -d)
trap 'rm -rf -- "$share"' EXIT
testbed/vm --cpus 4 --share "$share" --timeout 900 -- \
	tests/vm/guest/hotplug-run "$share" | sed '/^1\.\./d' | tee "$share/tap"
status=${PIPESTATUS[0]}
count=$(grep -cE '^(not )?ok ' "$share/tap")

for name in all arms locks moved; do
	if message=$(tests/report/validate "$share/$name/run.json" \
		"$share/$name"/timeline/*.json 2>&1 &&
		bench/intxbench report "$share/$name" 2>&1); then
		echo "ok $((++count)) - $name: the record is valid and can be drawn"
	else
		echo "not ok $((++count)) - $name: the record is valid and can be drawn"
		# shellcheck disable=SC2001 # each line
		sed 's/^/#   /' <<<"$message"
		status=1
	fi
done
if [[ -s $share/all/plots/hotplug-timeline.png &&
	-s $share/locks/plots/hotplug-latency.png &&
	-s $share/all/plots/hotplug-cycles.png ]]; then
	echo "ok $((++count)) - the figures are there"
else
	echo "not ok $((++count)) - the figures are there"
	status=1
fi
echo "1..$count"
exit "$status"
