# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034 # the sourcing script uses what is set here
#
# Which QEMU emulates: where testbed/emulator keeps one, and which are not to be
# trusted with several processors.

readonly EMULATOR=${XDG_CACHE_HOME:-${HOME:?}/.cache}/intxbench/qemu-trixie-backports
readonly EMULATOR_MIN=11.1

# emulator_is_old PROGRAM
emulator_is_old() {
	local version
	version=$("$1" --version 2>/dev/null |
		sed -n 's/^QEMU emulator version \([0-9.]*\).*/\1/p')
	[[ -n $version ]] && ! printf '%s\n' "$EMULATOR_MIN" "$version" | sort -V -C
}
