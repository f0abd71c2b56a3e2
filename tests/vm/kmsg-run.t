#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a run makes of faults in the kernel's log, and its record of them.
# shellcheck source=tests/vm/record.sh
source "$(dirname "$0")/record.sh"

guest -- tests/vm/guest/kmsg-run "$SHARE"
for record in "$SHARE"/*/run.json; do
	check "${record#"$SHARE"/} is valid" valid "$record"
done
finish
