#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Where the runner puts the guest, the line and the flood, on a machine that has
# all there is to choose from: two nodes, packages and last-level caches, cores
# and threads.
# shellcheck source=tests/vm/record.sh
source "$(dirname "$0")/record.sh"

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
guest --cpus 8,sockets=2,cores=2,threads=2 "${arguments[@]}" -- \
	tests/vm/guest/placement "$SHARE"
check "the record is valid" valid "$SHARE"/results/*/run.json
finish
