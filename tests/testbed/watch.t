#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# How testbed/vm reads its options and judges a run, with a stand-in for QEMU
# that plays every good and bad end in a moment. Needs a kernel in /boot, no root.

set -u
# shellcheck source-path=SCRIPTDIR
# shellcheck source=../tap.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../tap.sh"

export FAKE_DIR=$TAP_DIR/fake FAKE_GUEST=
export XDG_CACHE_HOME=$TAP_DIR/cache
mkdir -p "$FAKE_DIR" "$TAP_DIR/bin"
cp -- "$(dirname -- "${BASH_SOURCE[0]}")/fake-qemu" "$TAP_DIR/bin/qemu-system-x86_64"
PATH=$TAP_DIR/bin:$PATH

# played NAME STATUS ERROR-REGEX GUEST OPTION...: one run against the fake.
played() {
	local name=$1 status=$2 error=$3
	FAKE_GUEST=$4
	shift 4
	run "$VM" --accel tcg "$@" -- true
	is "$name: status" "$STATUS" "$status"
	like "$name: message" "$ERR" "$error"
}

refused() {
	local status=$1 error=$2
	shift 2
	run "$VM" "$@"
	is "refused: $*" "$STATUS" "$status"
	like "refused, says why: $*" "$ERR" "^testbed/vm: .*$error"
}

left_over() {
	find "$TMPDIR" -mindepth 1 ! -name 'intxbench-console.*' -printf '%f '
}

fake_alive() {
	kill -0 "$(tail -n 1 "$FAKE_DIR/pids" 2>/dev/null)" 2>/dev/null
}

# shellcheck disable=SC2317 # called by name
fake_gone() {
	! fake_alive
}

# Options.
refused 119 "unknown option '--frob'" --frob 1 -- true
refused 119 "--cpus wants a value" --cpus -- true
refused 119 "--cpus: 'x' is not a number" --cpus x -- true
refused 119 "--cpus: '0' is not a number of at least 1" --cpus=0 -- true
refused 119 "--cpus: '0' is not a number of at least 1" --cpus 0,cores=2 -- true
refused 119 "--cpus: ',cores=x' is not a topology" --cpus 4,cores=x -- true
refused 119 "--cpus: ',maxcpus=8' is not a topology" --cpus 4,maxcpus=8 -- true
refused 119 "2 CPUs in '0,0', and 4 in the guest" --cpus 4,threads=2 --pin 0,0 -- true
refused 119 "neither q35 nor pc" --machine microvm -- true
refused 119 "neither wall nor exact" --clock sundial -- true
refused 119 "the exact clock needs TCG" --clock exact --accel kvm -- true
refused 119 "not a directory" --share "$TAP_DIR/nowhere" -- true
refused 119 "cannot be shared" --share / -- true
refused 119 "'true' is not an option" true
refused 119 "no COMMAND" --cpus 1
refused 119 "'0;1' is not a list" --pin '0;1' -- true
refused 119 "1 CPUs in '0', and 4 in the guest" --pin 0 -- true
refused 119 "the host has no CPU 4095 for us" --cpus 2 --pin 0,4095 -- true
refused 119 "one thread for all CPUs" --clock exact --pin 0 -- true
refused 120 "no kernel 0.1-none in /boot; install the package linux-image-0.1-none" \
	--kernel 0.1-none -- true
refused 120 "no kernel at $TAP_DIR/nowhere" --kernel "$TAP_DIR/nowhere" -- true
refused 120 "no boot/vmlinuz" --kernel "$TAP_DIR" -- true
head -c 65536 /dev/zero >"$TAP_DIR/garbage"
refused 121 "is not a bzImage" --kernel "$TAP_DIR/garbage" -- true
run "$VM" --help
is "--help is not an error" "$STATUS" 0
like "--help goes to stdout" "$OUT" "^usage: testbed/vm"

# testbed/bench says so before it starts anything.
# bench_refuses ERROR-REGEX ARGUMENT...
bench_refuses() {
	local error=$1
	shift
	run "${VM%vm}bench" "$@"
	is "testbed/bench $*: status" "$STATUS" 2
	like "testbed/bench $*: says why" "$ERR" "^testbed/bench: $error; try"
}
bench_refuses "unknown option '--frob'" --frob
bench_refuses "--results wants a value" --results
bench_refuses "no job; workloads/ has some"
bench_refuses "cannot read the job $TAP_DIR/nowhere" "$TAP_DIR/nowhere"
run "${VM%vm}bench" --help
is "testbed/bench --help is not an error" "$STATUS" 0
like "testbed/bench --help goes to stdout" "$OUT" "^usage: testbed/bench"

# A missing program names its package.
mkdir "$TAP_DIR/few"
for program in bash dirname readlink; do
	ln -s "$(command -v $program)" "$TAP_DIR/few/"
done
PATH=$TAP_DIR/few run "$BASH" "$VM" -- true
is "no QEMU: status" "$STATUS" 120
like "no QEMU: package" "$ERR" "install the package qemu-system-x86"

# The machine that is asked for.
FAKE_GUEST='up; status exit 0'
run "$VM" --machine pc --cpus 3 --mem 512 --device "edu,addr=6" --append "one two" -- true
arguments=$(tr '\n' ' ' <"$FAKE_DIR/arguments")
like "machine, processors, memory" "$arguments" "-machine pc -smp 3 -m 512 "
like "a device is passed as it is" "$arguments" "-device edu,addr=6 "
is "and takes the default devices' place" "${arguments/e1000/}" "$arguments"
like "the kernel's command line" "$arguments" "-append console=ttyS0 .*panic=-1.* one two "
run "$VM" --accel tcg --cpus 8,sockets=2,cores=2,threads=2 -- true
arguments=$(tr '\n' ' ' <"$FAKE_DIR/arguments")
like "processors in a topology" "$arguments" "-smp 8,sockets=2,cores=2,threads=2 "
like "whose threads can be seen" "$arguments" "-cpu max,vendor=GenuineIntel,la57=off "
run "$VM" --clock exact --cpus 2 -- true
arguments=$(tr '\n' ' ' <"$FAKE_DIR/arguments")
like "exact clock: counting" "$arguments" "tcg,thread=single .*-icount shift=2,sleep=off -rtc .*clock=vm"
like "exact clock: kernel" "$arguments" "nokaslr norandmaps .*maxcpus=1"
like "default devices" "$arguments" \
	"-device edu,addr=4 .*-device e1000,addr=8,romfile=,.* -device edu,addr=c "

# A bare image, of a version that has no modules, brings none along.
version=$(printf '%s\n' /boot/vmlinuz-* | sort -V | tail -n 1)
version=${version#/boot/vmlinuz-}
sed "s/$version/${version//[0-9]/x}/" "/boot/vmlinuz-$version" >"$TAP_DIR/bare"
played "a bare image" 4 '^$' 'up; status exit 4' --kernel "$TAP_DIR/bare"
is "a bare image has no modules in its initramfs" \
	"$(cpio -t --quiet <"$(ls "$XDG_CACHE_HOME"/intxbench/*x.x.x*)" | grep -c 'modules/')" 0
is "an image with modules has" \
	"$(cpio -t --quiet <"$(ls "$XDG_CACHE_HOME"/intxbench/*"$version"*)" | grep -c '9p.ko')" 1

# Ends of a run.
played "verdict" 7 '^$' 'up; status exit 7'
played "a verdict in the reserved range is COMMAND's" 124 '^$' 'up; status exit 124'
played "QEMU refuses" 121 'QEMU: bad device.*' 'echo "bad device" >&2; exit 1'
played "silent death" 121 'ended before it came up' 'exit 0'
played "the guest cannot start" 121 'could not start COMMAND: no 9p' \
	'status boot; status fail no 9p; sleep 100'
played "no life" 121 'no life from the machine within 1 s' 'sleep 100' --boot-timeout 1
played "stuck boot" 121 'boot was not done within 1 s' 'status boot; beats 100' --boot-timeout 1
played "death without verdict" 125 'without a verdict .QEMU.s status 3' 'up; exit 3'
played "panic" 122 'kernel panicked: Kernel panic - not syncing: sysrq' \
	'up; console "[ 1.0] Kernel panic - not syncing: sysrq"'
played "panic text does not overrule a verdict" 0 'note: the console tells of a panic' \
	'up; console "Kernel panic - not syncing: fake"; status exit 0'
played "hang" 123 'no heartbeat for 1 s' 'up; sleep 100' --hang 1
played "beats avert it" 5 '^$' 'up; beats 3; status exit 5' --hang 2
played "time-out, beating or not" 124 'still running after 1 s' 'up; beats 100' --timeout 1
played "garbage is no verdict" 125 'without a verdict' \
	'status exit 0; up; status exit; status exit 7x; status exit -1; status exit 1000'

# Output is whole, also when QEMU ends right behind it, and kept apart.
# shellcheck disable=SC2016 # for the fake
FAKE_GUEST='up; seq 200000 | out; echo "to stderr" | err; status exit 3'
run "$VM" --accel tcg -- true
is "long output: status" "$STATUS" 3
is "long output: whole" "$(seq 200000 | sha256sum)" "$(sha256sum <"$TAP_DIR/out")"
is "stderr: apart" "$ERR" "to stderr"
FAKE_GUEST='up; seq 200000 | out; status exit 3'
"$VM" --accel tcg -- true | head -n 1 >"$TAP_DIR/first"
is "a reader that leaves early does not change the status" "${PIPESTATUS[0]}" 3
FAKE_GUEST='up; echo early | out; beats 3; status exit 0'
"$VM" --accel tcg -- true >"$TAP_DIR/live" &
if within 2 grep -q early "$TAP_DIR/live" && fake_alive; then
	pass "output is live"
else
	fail "output is live"
fi
wait $!

# The console is kept when the machine failed, and only then.
rm -f "$TMPDIR"/intxbench-console.*
played "console, good end" 1 '^$' 'up; console words; status exit 1'
is "no console is kept after COMMAND's own failure" "$(ls "$TMPDIR")" ""
played "console, bad end" 125 'console: last words' 'up; console last words; exit 0'
kept=$(sed -n 's/.*the console is kept in //p' <<<"$ERR")
like "the console is kept where it says" "$(cat "$kept")" "last words"
played "console file" 0 '^$' 'up; console here; status exit 0' --console "$TAP_DIR/con,sole"
like "--console FILE" "$(cat "$TAP_DIR/con,sole")" "here"

# signalled NAME STATUS ERROR-REGEX GUEST SIGNALS OPTION...: a run that is sent these
# in turn. The fake says in its file "heard" where a signal may come next.
signalled() {
	local name=$1 wanted=$2 error=$3 signals=$5 signal script status=0
	FAKE_GUEST=$4
	shift 5
	rm -f "$FAKE_DIR/pids"
	env --default-signal=INT,TERM,HUP "$VM" --accel tcg "$@" -- true 2>"$TAP_DIR/err" &
	script=$!
	for signal in $signals; do
		within 5 test -e "$FAKE_DIR/heard"
		rm -f "$FAKE_DIR/heard"
		kill -"$signal" $script
	done
	wait $script || status=$?
	is "$name: status" "$status" "$wanted"
	like "$name: message" "$(<"$TAP_DIR/err")" "testbed/vm: $error"
	if within 1 fake_gone; then pass "$name: QEMU is gone"; else fail "$name: QEMU is gone"; fi
}

# Interrupted, killed.
heard="touch '$FAKE_DIR/heard'"
await="beats 1; $heard; await_signal"
for signal in INT TERM HUP; do
	signalled "SIG$signal" 42 "COMMAND is interrupted and has 60 s to end" \
		"up; $await; status exit 42" "$signal"
	signalled "SIG$signal twice" 130 "interrupted$" \
		"up; $await; $heard; beats 100" "$signal $signal"
	signalled "SIG$signal before COMMAND" 130 "interrupted$" \
		"status boot; $heard; beats 100" "$signal"
done
signalled "COMMAND ignores it" 130 "interrupted, and COMMAND did not end in 1 s" \
	"up; $await; beats 100" INT --grace 1
signalled "no grace" 130 "interrupted$" "up; beats 1; $heard; beats 100" INT --grace 0
# shellcheck disable=SC2016 # for the fake
played "a session of QEMU's own" 0 '^$' \
	'up; ps -o sid= -p $$ >"$FAKE_DIR/session"; status exit 0'
is "a terminal's Ctrl-C does not reach QEMU" "$(tr -d ' ' <"$FAKE_DIR/session")" \
	"$(tail -n 1 "$FAKE_DIR/pids")"
is "no temporary files are left by any of these" "$(left_over)" ""
rm -f "$FAKE_DIR/pids"
"$VM" --accel tcg -- true &
script=$!
within 5 test -s "$FAKE_DIR/pids"
{ kill -KILL $script; wait $script; } 2>/dev/null
if within 2 fake_gone; then
	pass "SIGKILL: QEMU goes too"
else
	fail "SIGKILL: QEMU goes too"
	kill -KILL "$(tail -n 1 "$FAKE_DIR/pids")"
fi

# Runs that race for an empty cache.
rm -rf "$XDG_CACHE_HOME"
FAKE_GUEST='up; status exit 9'
runs=()
for _ in 1 2 3 4; do
	"$VM" --accel tcg -- true &
	runs+=($!)
done
statuses=
for script in "${runs[@]}"; do
	status=0
	wait "$script" || status=$?
	statuses+="$status "
done
is "four runs at once" "$statuses" "9 9 9 9 "
is "share one kept initramfs" "$(find "$XDG_CACHE_HOME" -type f | wc -l)" 1

# A KVM that does not live, on a machine that claims to have it.
# shellcheck disable=SC2016 # for the fake
FAKE_GUEST='[[ " $* " != *" -accel kvm "* ]] || exit 1; up; status exit 6'
sed '0,/^flags.*/s//& svm/' /proc/cpuinfo >"$TAP_DIR/cpuinfo"
if [[ $EUID == 0 && -w /dev/kvm ]]; then
	# shellcheck disable=SC2016 # for sh
	run unshare --mount sh -c 'mount --bind "$1" /proc/cpuinfo && exec "$2" -- true' \
		sh "$TAP_DIR/cpuinfo" "$VM"
	is "KVM without life: status" "$STATUS" 6
	like "KVM without life: TCG is tried" "$ERR" "trying TCG"
else
	skip "KVM without life" "needs root and /dev/kvm"
fi

finish
