#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# guest = qemu: a QEMU in the testbed that has the target by vfio-pci.
# shellcheck source=tests/vm/record.sh
source "$(dirname "$0")/record.sh"
# shellcheck source=testbed/jobs/paths.sh
source testbed/jobs/paths.sh
# shellcheck disable=SC2054 # QEMU's commas
VM+=(--device e1000,addr=8,romfile=,mitigation=off --mem 1536)

guest --timeout 400 "${VM[@]}" -- tests/vm/guest/qemu "$SHARE"
check "the record is valid and can be drawn" drawable "$SHARE/good"
finish
