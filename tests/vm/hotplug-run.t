#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Jobs with CPUs that come and go, memory pressure, the counter set and a line
# that moves; and their record on the host.
# shellcheck source=tests/vm/record.sh
source "$(dirname "$0")/record.sh"

guest --cpus 4 --timeout 900 -- tests/vm/guest/hotplug-run "$SHARE"
for name in all arms locks moved; do
	check "$name: the record is valid and can be drawn" drawable "$SHARE/$name"
done
check "the figures are there" there "$SHARE"/all/plots/hotplug-{timeline,cycles}.png \
	"$SHARE/locks/plots/hotplug-latency.png"
finish
