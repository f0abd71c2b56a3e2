# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2054 # testbed/bench uses what is set here
#
# An NVMe disk of zeros that has to use INTx.
VM=(
	--append pci=nomsi
	--device edu,addr=4
	--device nvme,addr=8,serial=intxbench,drive=zeros
	--qemu -blockdev --qemu driver=null-co,node-name=zeros,size=67108864,read-zeroes=on
)
PREPARE=testbed/jobs/live-disk.guest
