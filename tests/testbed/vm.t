#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What testbed/vm promises, on real boots: a dozen of them, under two minutes with
# TCG on two idle cores.

# shellcheck disable=SC2016 # what is in single quotes is for the guest
set -u
# shellcheck source-path=SCRIPTDIR
# shellcheck source=../tap.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../tap.sh"

SHARE=$TAP_DIR/shared
mkdir "$SHARE"

# said KEY: what the guest's script said about KEY.
said() {
	sed -n "s|^$1: ||p" <<<"$OUT"
}

# The irq of the three default functions and that of the testbed's own slot,
# after enabling has routed them.
cat >"$SHARE/lines" <<'GUEST'
cd /sys/bus/pci/devices
for slot in 04 08 0c; do
	echo 1 >0000:00:$slot.0/enable
	echo "line-$slot: $(cat 0000:00:$slot.0/irq)"
done
for function in 0000:00:15.*; do
	echo "own: $(cat $function/irq)"
done
GUEST

lines_are_right() {
	local line
	line=$(said line-04)
	like "$1: the functions have a line" "$line" '^[0-9]+$'
	is "$1: all three share it" "$(said line-08) $(said line-0c)" "$line $line"
	is "$1: the testbed's own functions are elsewhere" \
		"$(said own | grep -cx "$line")" 0
}

# 1. An ordinary run, on q35.
cat >"$SHARE/inside" <<'GUEST'
here=$(dirname "$0")
echo "to stderr" >&2
number=0
for argument; do
	number=$((number + 1))
	printf '%s\0' "$argument" >>"$here/arguments"
done
echo "count: $#"
echo "cwd: $(pwd)"
echo "uid: $(id -u)"
echo "marker: $INTXBENCH_TESTBED $INTXBENCH_TESTBED_CLOCK $TERM $LANG $HOME"
echo "host: $(hostname)"
echo "processors: $(nproc)"
echo "clock: $(cat /sys/devices/system/clocksource/clocksource0/current_clocksource)"
echo "interfaces: $(ls /sys/class/net)"
echo "lo: $(cat /sys/class/net/lo/flags)"
echo "log: $(dmesg | grep -c 'Command line')"
for place in /proc /sys /dev /dev/shm /tmp /run /sys/fs/cgroup /sys/kernel/tracing \
	/sys/kernel/debug; do
	echo "type-$place: $(stat -f -c %T $place)"
done
echo "reopened" >/dev/stdout
. "$here/lines"
modprobe e1000 && echo "loaded: $(cut -d ' ' -f 1 /proc/modules | grep -x e1000)"
touch "$UNLASTING" && echo "overlay: writable"
echo "written inside" >"$here/result"
exit 200
GUEST
words=("" "two words" $'new\nline' "quote' and \"" '$HOME *' '\back' "-x" "ä")
printf '%s\0' "${words[@]}" >"$TAP_DIR/words"
unlasting=$(dirname "$VM")/.unlasting-$$
cd "$SHARE" || exit
began=$EPOCHSECONDS
run "$VM" --share "$SHARE" -- env UNLASTING="$unlasting" sh "$SHARE/inside" "${words[@]}"
echo "# one run took $((EPOCHSECONDS - began)) s"
is "status" "$STATUS" 200
is "arguments are exact" "$(sha256sum <arguments)" "$(sha256sum <"$TAP_DIR/words")"
is "stderr is apart" "$ERR" "to stderr"
is "stdout is clean" "$(head -n 1 <<<"$OUT")" "count: ${#words[@]}"
is "stdout can be opened again" "$(grep -cx reopened <<<"$OUT")" 1
is "same directory" "$(said cwd)" "$SHARE"
is "root" "$(said uid)" 0
is "environment" "$(said marker)" "1 wall dumb C.UTF-8 /root"
is "host name" "$(said host)" testbed
is "processors" "$(said processors)" 4
is "no network but lo" "$(said interfaces)" lo
is "lo is up" "$(($(said lo) & 1))" 1
is "the kernel's log can be read" "$(said log)" 1
is "/tmp" "$(said type-/tmp)" tmpfs
is "/dev/shm" "$(said type-/dev/shm)" tmpfs
is "/run" "$(said type-/run)" tmpfs
is "cgroup" "$(said type-/sys/fs/cgroup)" cgroup2fs
is "tracefs" "$(said type-/sys/kernel/tracing)" tracefs
is "debugfs" "$(said type-/sys/kernel/debug)" debugfs
is "modules load" "$(said loaded)" e1000
is "the share is written" "$(cat result)" "written inside"
is "the rest can be written" "$(said overlay)" writable
if [[ -e $unlasting ]]; then fail "but does not last"; else pass "but does not last"; fi
lines_are_right q35
is "nothing is left behind" "$(ls "$TMPDIR")" ""

# 2. The other chip set, and a kernel in a tree of its own.
version=$(printf '%s\n' /boot/vmlinuz-* | sort -V | tail -n 1)
version=${version#/boot/vmlinuz-}
tree=$TAP_DIR/tree
mkdir -p "$tree/boot" "$tree/lib/modules/$version"
cp -- "/boot/vmlinuz-$version" "$tree/boot/"
for module in virtio_pci virtio_console 9pnet_virtio 9p overlay; do
	modprobe -S "$version" --show-depends $module
done | awk '$1 == "insmod" { print $2 }' | sort -u |
	xargs cp --parents -t "$tree"
cp -- "/lib/modules/$version"/modules.{order,builtin}* "$tree/lib/modules/$version/"
depmod -b "$tree" "$version"
touch "$tree/lib/modules/$version/is-the-tree"
run "$VM" --machine pc --kernel "$tree" --share "$SHARE" -- \
	sh -c '. ./lines; cd /lib/modules/$(uname -r) && ls is-the-tree; exit 7'
is "pc: status" "$STATUS" 7
lines_are_right pc
is "--kernel TREE: its modules are there" "$(grep -c is-the-tree <<<"$OUT")" 1

# 3. Bad ends.
run "$VM" -- sh -c 'echo last words; sleep 1; echo c >/proc/sysrq-trigger'
is "panic: status" "$STATUS" 122
like "panic: message" "$ERR" "testbed/vm: the guest's kernel panicked: .*sysrq triggered crash"
is "panic: output before it is there" "$OUT" "last words"

run "$VM" --timeout 1 -- sleep 1000
is "time-out: status" "$STATUS" 124
like "time-out: message" "$ERR" "testbed/vm: COMMAND was still running after 1 s"

run "$VM" --hang 5 -- sh -c 'kill -STOP $(cat /run/testbed/beat.pid); sleep 1000'
is "hang: status" "$STATUS" 123
like "hang: message" "$ERR" "testbed/vm: the guest hangs: no heartbeat for 5 s"

run "$VM" -- sh -c '/run/testbed/busybox poweroff -f'
is "gone without a verdict: status" "$STATUS" 125
like "gone without a verdict: message" "$ERR" "testbed/vm: .*without a verdict"

head -c 65536 "/boot/vmlinuz-$version" >"$TAP_DIR/cut"
run "$VM" --kernel "$TAP_DIR/cut" --boot-timeout 3 -- true
is "boot failure: status" "$STATUS" 121
like "boot failure: message" "$ERR" "testbed/vm: (no life|the machine ended before)"

run "$VM" --device nonesuch -- true
is "QEMU refuses: status" "$STATUS" 121
like "QEMU refuses: in its words" "$ERR" "testbed/vm: QEMU: .*nonesuch"

# 4. Signals end a real QEMU too.
# The machine, not one that was asked for its version.
qemu_of() {
	pgrep -P "$1" -f -- '-name testbed,'
}
# shellcheck disable=SC2317 # called by name
gone() {
	! kill -0 "$1" 2>/dev/null
}
for signal in INT TERM KILL; do
	env --default-signal=INT "$VM" -- true 2>"$TAP_DIR/err" &
	script=$!
	within 10 qemu_of $script >/dev/null
	qemu=$(qemu_of $script)
	sleep 0.5
	kill -$signal $script
	status=0
	wait $script 2>/dev/null || status=$?
	is "SIG$signal: status" "$status" "$([[ $signal == KILL ]] && echo 137 || echo 130)"
	like "SIG$signal: there was a QEMU" "$qemu" '^[0-9]+$'
	if within 3 gone "$qemu"; then
		pass "SIG$signal: it ends"
	else
		fail "SIG$signal: it ends"
		kill -KILL "$qemu"
	fi
done

# Pinning: each virtual CPU's thread is where it was told to be. And a signal is
# COMMAND's, and its children's, once it is there.
# shellcheck disable=SC2317 # called by name
pins_of() {
	PINS=$(for task in /proc/"$(qemu_of "$1")"/task/*; do
		sed -n 's|^CPU \([0-9]*\)/.*|\1|p' "$task/comm" |
			sed "s|$| $(sed -n 's/^Cpus_allowed_list:\t//p' "$task/status")|"
	done 2>/dev/null | sort | tr '\n' ';')
	[[ $PINS == "$2" ]]
}
read -ra ours < <(taskset -cp $$ | sed 's/.*: //; s/[-,]/ /g')
first=${ours[0]} last=${ours[-1]}
"$VM" --cpus 2 --pin "$last,$first" -- bash -c '
	trap "echo until here; exit 42" INT
	echo from here
	sleep 1000
	echo "sleep: $?"; exit 1' >"$TAP_DIR/out" 2>/dev/null &
script=$!
within 60 pins_of $script "0 $last;1 $first;"
is "--pin" "$PINS" "0 $last;1 $first;"
within 60 grep -q here "$TAP_DIR/out"
kill -TERM $script
status=0
wait $script 2>/dev/null || status=$?
is "a signal is COMMAND's" "$status $(tr '\n' ' ' <"$TAP_DIR/out")" \
	"42 from here until here "

# 5. The exact clock: the same work takes the same time. Bash's own clock and
# arithmetic, so that no file is read while we measure; the best of several.
cat >"$SHARE/timing" <<'GUEST'
best=999999999
for ((round = 0; round < 12; round++)); do
	start=${EPOCHREALTIME/./}
	for ((i = 0; i < 2000; i++)); do :; done
	took=$((${EPOCHREALTIME/./} - start))
	((took >= best)) || best=$took
done
echo "best: $best"
echo "processors: $(nproc)"
GUEST
for round in 1 2; do
	run "$VM" --clock exact --share "$SHARE" -- bash "$SHARE/timing"
	is "exact clock, run $round: status" "$STATUS" 0
	eval "best_$round=$(said best)"
done
# shellcheck disable=SC2154 # by eval
difference=$((best_1 > best_2 ? best_1 - best_2 : best_2 - best_1))
echo "# exact clock: $best_1 and $best_2 us"
if ((difference * 1000 <= best_1)); then
	pass "exact clock: two runs agree within 0.1 %"
else
	fail "exact clock: two runs agree within 0.1 %" "$best_1 us and $best_2 us"
fi
run "$VM" --clock exact --cpus 2 -- nproc
is "exact clock, two processors: both are up" "$STATUS $OUT" "0 2"

finish
