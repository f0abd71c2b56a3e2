# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Inside the testbed: the module and the functions that share a line.

cd "$(dirname "${BASH_SOURCE[0]}")/../../.." || exit 1
readonly DEVICES=/sys/bus/pci/devices

# Those for the kernel that we run on, where tests/vm/debug/modules has made some.
BUILT=tests/vm/build/$(uname -r)
MODULE=$BUILT/kmod/intxbench.ko
FAULT_MODULE=$BUILT/tests/vm/faults/faults.ko
[[ -e $MODULE ]] || MODULE=kmod/intxbench.ko
[[ -e $FAULT_MODULE ]] || FAULT_MODULE=tests/vm/build/faults/faults.ko
# shellcheck disable=SC2034 # who sources us uses them
readonly BUILT MODULE FAULT_MODULE

# Those with a trigger, in the order of their addresses but edu first: it is
# the target, and has most tokens.
functions_here() {
	local id device vendor number
	for id in 0x1234:0x11e8 0x8086:0x100e 0x8086:0x100f 0x8086:0x10d3; do
		for device in "$DEVICES"/*; do
			read -r vendor <"$device/vendor"
			read -r number <"$device/device"
			[[ $vendor:$number != "$id" ]] || echo "${device##*/}"
		done
	done
}

bind_to() {
	local driver=$1 function
	shift
	for function in "$@"; do
		if [[ -e $DEVICES/$function/driver ]]; then
			echo "$function" >"$DEVICES/$function/driver/unbind"
		fi
		echo "$driver" >"$DEVICES/$function/driver_override"
		[[ -z $driver ]] || echo "$function" >/sys/bus/pci/drivers_probe
	done
}

# Whichever is the processor's; the other one refuses, and says so in the log.
load_kvm() {
	modprobe -q kvm-amd 2>/dev/null || modprobe -q kvm-intel 2>/dev/null || :
}

: "${FUNCTIONS:=$(functions_here | head -n 3 | tr '\n' ' ')}"
export FUNCTIONS
