# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For a test whose guest leaves records in a folder of the host's, $SHARE: what
# the guest finds and what the host does, as one TAP stream.

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
SHARE=$(mktemp -d)
trap 'rm -rf -- "$SHARE"' EXIT
COUNT=0 STATUS=0

# guest OPTION... -- COMMAND...: of testbed/vm.
guest() {
	testbed/vm --share "$SHARE" "$@" | sed -u '/^1\.\./d' | tee "$SHARE/tap"
	STATUS=${PIPESTATUS[0]}
	COUNT=$(grep -cE '^(not )?ok ' "$SHARE/tap")
}

# check NAME COMMAND...: here on the host.
check() {
	local name=$1 message
	shift
	if message=$("$@" 2>&1); then
		echo "ok $((++COUNT)) - $name"
	else
		echo "not ok $((++COUNT)) - $name"
		# shellcheck disable=SC2001 # each line
		sed 's/^/#   /' <<<"$message"
		STATUS=1
	fi
}

valid() {
	tests/report/validate "$@"
}

# drawable RECORD: and its timelines, if it has any.
drawable() {
	local timelines=()
	[[ ! -d $1/timeline ]] || timelines=("$1"/timeline/*.json)
	valid "$1/run.json" "${timelines[@]}" && bench/intxbench report "$1"
}

# there FILE...: each has something in it.
there() {
	local file
	for file; do
		[[ -s $file ]] || {
			echo "not there: $file"
			return 1
		}
	done
}

finish() {
	echo "1..$COUNT"
	exit "$STATUS"
}
