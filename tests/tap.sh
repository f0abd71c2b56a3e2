# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# TAP for the testbed's tests: a result per check, a plan at the end, and a
# folder of our own to work in, which goes with us.

VM=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../testbed" && pwd -P)/vm
# shellcheck disable=SC2034 # the tests use it
readonly VM

TAP_COUNT=0 TAP_FAILED=0
TAP_DIR=$(mktemp -d)
mkdir "$TAP_DIR/tmp"
trap 'rm -rf -- "$TAP_DIR"' EXIT

# The testbed's temporary files, so that we see what it leaves behind.
export TMPDIR=$TAP_DIR/tmp

pass() {
	TAP_COUNT=$((TAP_COUNT + 1))
	printf 'ok %d - %s\n' "$TAP_COUNT" "$1"
}

fail() {
	TAP_COUNT=$((TAP_COUNT + 1))
	TAP_FAILED=$((TAP_FAILED + 1))
	printf 'not ok %d - %s\n' "$TAP_COUNT" "$1"
	shift
	(($# == 0)) || printf '%s\n' "$@" | sed 's/^/#   /'
}

skip() {
	TAP_COUNT=$((TAP_COUNT + 1))
	printf 'ok %d # SKIP %s: %s\n' "$TAP_COUNT" "$1" "$2"
}

# is NAME GOT WANTED
is() {
	if [[ $2 == "$3" ]]; then
		pass "$1"
	else
		fail "$1" "got:    $2" "wanted: $3"
	fi
}

# like NAME GOT REGEX
like() {
	if [[ $2 =~ $3 ]]; then
		pass "$1"
	else
		fail "$1" "got:          $2" "wanted match: $3"
	fi
}

# run COMMAND...: set STATUS, OUT and ERR.
# shellcheck disable=SC2034 # the tests use them
run() {
	STATUS=0
	"$@" >"$TAP_DIR/out" 2>"$TAP_DIR/err" || STATUS=$?
	OUT=$(<"$TAP_DIR/out")
	ERR=$(<"$TAP_DIR/err")
}

# within SECONDS COMMAND...: wait until COMMAND succeeds.
within() {
	local tries=$(($1 * 20))
	shift
	while ! "$@"; do
		((tries-- > 0)) || return 1
		sleep 0.05
	done
}

finish() {
	printf '1..%d\n' "$TAP_COUNT"
	exit $((TAP_FAILED > 0))
}
