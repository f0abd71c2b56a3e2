#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# guest = qemu: a QEMU in the testbed that has the target by vfio-pci.
cd "$(dirname "$0")/../.." || exit 1
share=$(mktemp -d)
trap 'rm -rf -- "$share"' EXIT
# shellcheck source=testbed/jobs/paths.sh
source testbed/jobs/paths.sh
# shellcheck disable=SC2054 # QEMU's commas
VM+=(--device e1000,addr=8,romfile=,mitigation=off --mem 1536)
testbed/vm --share "$share" --timeout 400 "${VM[@]}" -- \
	tests/vm/guest/qemu "$share" |
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
