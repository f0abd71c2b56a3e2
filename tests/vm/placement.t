#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Where the runner puts the guest, the line and the flood, on a machine that has
# all there is to choose from: two nodes, packages and last-level caches, cores
# and threads.
cd "$(dirname "$0")/../.." || exit 1
share=$(mktemp -d)
trap 'rm -rf -- "$share"' EXIT

# node NUMBER CPUS
node() {
	arguments+=(
		--qemu -object --qemu "memory-backend-ram,id=memory$1,size=512M"
		--qemu -numa --qemu "node,nodeid=$1,cpus=$2,memdev=memory$1"
	)
}
arguments=()
node 0 0-3
node 1 4-7
testbed/vm --cpus 8,sockets=2,cores=2,threads=2 "${arguments[@]}" \
	--share "$share" -- tests/vm/guest/placement "$share" |
	sed '/^1\.\./d' | tee "$share/tap"
status=${PIPESTATUS[0]}
count=$(grep -cE '^(not )?ok ' "$share/tap")
if message=$(tests/report/validate "$share"/results/*/run.json 2>&1); then
	echo "ok $((++count)) - the record is valid"
else
	echo "not ok $((++count)) - the record is valid"
	# shellcheck disable=SC2001 # each line
	sed 's/^/#   /' <<<"$message"
	status=1
fi
echo "1..$count"
exit "$status"
