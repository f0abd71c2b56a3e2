#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# testbed/bench cut short: a real run becomes a record of what it has measured.
# What it says of its options is in watch.t.
# shellcheck source=tests/tap.sh
source "$(dirname "$0")/../tap.sh"
cd "$(dirname "$0")/../.." || exit 1

results=$TAP_DIR/results

# shellcheck disable=SC2317 # called by name
has_measured() {
	[[ -s $(find "$results" -path '*.partial/points.ndjson') ]]
}
# shellcheck disable=SC2317 # called by name
has_record() {
	compgen -G "$results/2*/run.json" >/dev/null
}

# In a process group of its own, as a terminal's: BENCH is its leader's pid.
start() {
	results=$TAP_DIR/results-$1
	mkdir "$results"
	setsid env --default-signal=INT testbed/bench --results "$results" \
		workloads/quick.ini --set duration_ms=500 \
		>"$TAP_DIR/out" 2>"$TAP_DIR/err" &
	BENCH=$!
	if within 120 has_measured; then
		pass "$1: it measures"
	else
		fail "$1: it measures" "$(<"$TAP_DIR/err")"
	fi
}

# end NAME SIGNAL PID: sets STATUS.
end() {
	kill "-$2" -- "$3"
	STATUS=0
	wait "$BENCH" || STATUS=$?
}

# Some of the points, and it says so. interrupted NAME
interrupted() {
	local record=("$results"/2*)
	is "$1: the record says that it is of some points only" "$(python3 -c '
import json, sys
with open(sys.argv[1]) as file:
    record = json.load(file)
print(record["state"], record["verdict"], record["exit_status"],
      record["counts"]["pass"] > 0, record["counts"]["not_run"] > 0)
' "${record[0]}/run.json")" "interrupted interrupted 130 True True"
	is "$1: nothing half-done beside it" \
		"$(find "$results" -mindepth 1 -maxdepth 1 -name '.*')" ""
}

start Ctrl-C
end Ctrl-C INT "-$BENCH"
is "Ctrl-C: status" "$STATUS" 130
like "Ctrl-C: the summary" "$(<"$TAP_DIR/out")" "INTERRUPTED"
interrupted Ctrl-C
like "Ctrl-C: it is drawn" "$(echo "$results"/2*/plots/*.png)" '\.png'

# The script is ended at once, and what it had started leaves the record.
start SIGTERM
end SIGTERM TERM "$BENCH"
is "SIGTERM: status" "$STATUS" 143
if within 60 has_record; then
	pass "SIGTERM: there is a record"
	interrupted SIGTERM
else
	fail "SIGTERM: there is a record" "$(<"$TAP_DIR/err")"
fi
finish
