# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2054 # testbed/bench uses what is set here
#
# An IOMMU, for vfio-pci; it comes before the functions it translates for.
VM=(
	--machine q35,kernel-irqchip=split
	--append intel_iommu=on
	--device intel-iommu,intremap=off
	--device edu,addr=4
	--device edu,addr=c
)
