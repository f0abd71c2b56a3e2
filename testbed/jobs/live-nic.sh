# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2054 # testbed/bench uses what is set here
#
# Two NICs on one hub: the one on the target's line is the host's, the other
# one a network namespace's. No address outside of the testbed is involved.
VM=(
	--device edu,addr=4
	--device e1000,addr=8,romfile=,mitigation=off,netdev=near
	--device e1000,addr=12,romfile=,netdev=far
	--qemu -netdev --qemu hubport,id=near,hubid=0
	--qemu -netdev --qemu hubport,id=far,hubid=0
)
PREPARE=testbed/jobs/live-nic.guest
