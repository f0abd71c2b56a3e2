# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What a kernel with the debug options says when it has caught something.
# tests/vm/debug/detect.t commits most of it.

readonly FAULTS=(
	'BUG:'
	'WARNING:'
	'Oops'
	'general protection fault'
	'KASAN:'
	'UBSAN:'
	'ODEBUG:'
	'list_(add|del) '
	'suspicious RCU usage'
	'trying to register non-static key'
	'turning off the locking correctness validator'
	'self-detected stall|detected stalls'
	'soft lockup'
	'task .* blocked for more than'
	'nobody cared'
	'Disabling IRQ'
	'kmemleak: .*(disabled|new suspected)'
)

# What a test provokes, and looks at itself: kmod_test's positive control, the
# unbalanced enable of posted-v1, and what the kernel says where it cannot
# allocate for a trace event.
readonly PROVOKED='not a fault: positive control|WARNING: CPU: .* (__enable_irq|event_define_fields)\+'

# faults FILE: the lines of a log that tell of one.
faults() {
	local pattern
	pattern=$(printf '|%s' "${FAULTS[@]}")
	tr -d '\r' <"$1" | grep -aE -e "${pattern#|}" | grep -avE -e "$PROVOKED"
}
