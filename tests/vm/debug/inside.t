#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The counters' lock inside the RCU read section is caught by the debug kernel and
# told by the runner; around it, and without it, nothing is.
# shellcheck source=tests/vm/record.sh
source "$(dirname "$0")/../record.sh"

guest --timeout 900 --mem 2048 -- tests/vm/guest/inside "$SHARE"
check "the record is valid" valid "$SHARE/good/run.json"
finish
