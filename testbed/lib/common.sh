# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034 # the sourcing script uses what is set here
#
# What every part of testbed/vm uses: its exit statuses and how it says things.

# The machine's own ends. They collide neither with the runner's statuses
# (0-4, 130) nor with what a shell adds (126, 127, 128+signal). COMMAND may
# still exit with one of these; only the machine's end prints a line that
# begins with "testbed/vm: ".
readonly ST_USAGE=119		# the request was wrong
readonly ST_MISSING=120		# the host lacks something
readonly ST_BOOT=121		# the machine did not come up to COMMAND
readonly ST_PANIC=122		# the guest's kernel panicked
readonly ST_HANG=123		# the guest stopped beating
readonly ST_TIMEOUT=124		# COMMAND took too long (as timeout(1) has it)
readonly ST_DIED=125		# the machine ended without a verdict
readonly ST_INTERRUPTED=130	# SIGINT, SIGTERM or SIGHUP

say() {
	printf 'testbed/vm: %s\n' "$*" >&2
}

# end STATUS MESSAGE...: the machine's end, not COMMAND's.
end() {
	local status=$1
	shift
	say "$@"
	exit "$status"
}

usage_error() {
	say "$@"
	end "$ST_USAGE" "try 'testbed/vm --help'"
}

# need PROGRAM PACKAGE: PROGRAM must be on the host.
need() {
	command -v "$1" >/dev/null ||
		end "$ST_MISSING" "$1 is not installed; install the package $2"
}

# One word for any POSIX shell, whatever is in it.
quote() {
	printf "'%s'" "${1//\'/\'\\\'\'}"
}

# Hundredths of a second since boot: steps of the wall clock must not end a run.
now_cs() {
	local up
	read -r up _ </proc/uptime
	up=${up/./}
	printf -v "$1" '%d' "$((10#$up))"
}
