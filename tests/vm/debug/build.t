#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Building the debug kernel: what was asked for is there, or it is not built.

# shellcheck disable=SC2317 # within calls functions by name
cd "$(dirname "$0")/../../.." || exit 1
# shellcheck source=tests/tap.sh
source tests/tap.sh

run testbed/debug-kernel
is "it is there" "$STATUS" 0
tree=$OUT
config=("$tree"/boot/config-*)
for option in PROVE_LOCKING DEBUG_ATOMIC_SLEEP KASAN UBSAN DEBUG_SHIRQ \
	DEBUG_KMEMLEAK FAULT_INJECTION FAILSLAB KUNIT; do
	is "it has $option" "$(grep "^CONFIG_$option=" "${config[@]}")" \
		"CONFIG_$option=y"
done

# From here on with a cache of our own.
export XDG_CACHE_HOME=$TAP_DIR/cache
what_is_there() {
	ls -d "$XDG_CACHE_HOME"/intxbench/debug-kernel-* \
		"$XDG_CACHE_HOME"/intxbench/debug-kernel.build 2>/dev/null
}

{
	cat testbed/debug.config
	echo CONFIG_NO_SUCH_OPTION=y
	echo "# CONFIG_SMP is not set"
} >"$TAP_DIR/config"
run testbed/debug-kernel --config "$TAP_DIR/config"
is "options that cannot be had: status" "$STATUS" 1
like "an option that does not exist is named" "$ERR" "CONFIG_NO_SUCH_OPTION=y"
like "one that is another way is named" "$ERR" "CONFIG_SMP"
is "and nothing looks built" "$(what_is_there)" ""

testbed/debug-kernel >"$TAP_DIR/out" 2>&1 &
victim=$!
compiling() {
	grep -q '^ *CC ' "$XDG_CACHE_HOME/intxbench/debug-kernel.log" 2>/dev/null
}
if within 120 compiling; then
	pass "a build to be interrupted compiles"
else
	fail "a build to be interrupted compiles"
fi
kill "$victim"
wait "$victim"
is "interrupted: status" "$?" 130
is "interrupted: nothing looks built" "$(what_is_there)" ""
if within 30 flock -n "$XDG_CACHE_HOME/intxbench/debug-kernel.lock" true; then
	pass "interrupted: nobody builds any more"
else
	fail "interrupted: nobody builds any more"
fi

run testbed/debug-kernel --config "$TAP_DIR/none"
is "no such file: status" "$STATUS" 2
finish
