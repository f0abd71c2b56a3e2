#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# vfio-pci and uio_pci_generic where there is an IOMMU that does not remap
# interrupts, so that allow_unsafe_interrupts is needed.
cd "$(dirname "$0")/../.." || exit 1
exec testbed/vm --machine q35,kernel-irqchip=split --append intel_iommu=on \
	--device intel-iommu,intremap=off --device edu,addr=4 \
	--device e1000,addr=8,romfile=,mitigation=off,netdev=nowhere \
	--device edu,addr=c --device edu,addr=5.0,multifunction=on \
	--device e1000,addr=5.1,romfile= -- tests/vm/guest/path iommu
