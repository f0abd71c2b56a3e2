#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The same where there is no IOMMU: uio_pci_generic needs none.
cd "$(dirname "$0")/../.." || exit 1
exec testbed/vm --device edu,addr=4 \
	--device e1000,addr=8,romfile=,mitigation=off,netdev=nowhere \
	--device edu,addr=c -- tests/vm/guest/path no-iommu
