#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# One job on every path: ours, vfio-pci's and uio_pci_generic's.
# shellcheck source=tests/vm/record.sh
source "$(dirname "$0")/record.sh"
# shellcheck source=testbed/jobs/paths.sh
source testbed/jobs/paths.sh

guest --timeout 300 "${VM[@]}" -- tests/vm/guest/paths-run "$SHARE"
check "the record is valid and can be drawn" drawable "$SHARE/good"
finish
