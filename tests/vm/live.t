#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A live neighbour: a NIC with its own driver, pinged while it shares the line.
# shellcheck source=tests/vm/record.sh
source "$(dirname "$0")/record.sh"
# shellcheck source=testbed/jobs/live-nic.sh
source testbed/jobs/live-nic.sh

guest --timeout 300 "${VM[@]}" -- tests/vm/guest/live "$SHARE" "$PREPARE"
check "the record is valid and can be drawn" drawable "$SHARE/good"
finish
