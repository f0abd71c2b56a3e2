# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# One run of the machine: start it, carry its output, listen on its status port
# and decide how it ended. Success is said by the guest; silence is failure.

# After its verdict the guest has this long to power off (in hundredths).
readonly POWER_OFF_CS=1500

start_qemu() {
	qemu_arguments "$1"
	run_initramfs "$1" >"$WORK/run.cpio"
	cat -- "$INITRAMFS" "$WORK/run.cpio" >"$WORK/initrd"
	: >"$WORK/stdout"
	: >"$WORK/stderr"
	# If this script is killed, so is the machine: the kernel sees to it. A
	# terminal's Ctrl-C is ours, and would end QEMU: it has its own session.
	setsid setpriv --pdeathsig KILL "${QEMU[@]}" </dev/null >"$WORK/qemu.log" 2>&1 \
		{STATUS_FD}>&- {SIGNAL_FD}>&- &
	QEMU_PID=$!
	# Files and tail, not pipes: however slow our reader is, the guest's
	# output is safe when the guest powers off.
	tail -c +1 -s 0.1 --pid=$QEMU_PID -f -- "$WORK/stdout" 2>/dev/null \
		{STATUS_FD}>&- {SIGNAL_FD}>&- &
	TAIL_PIDS=($!)
	tail -c +1 -s 0.1 --pid=$QEMU_PID -f -- "$WORK/stderr" >&2 2>/dev/null \
		{STATUS_FD}>&- {SIGNAL_FD}>&- &
	TAIL_PIDS+=($!)
}

# Threads of virtual CPUs are called "CPU 0/TCG" (debug-threads=on).
pin_cpus() {
	local cpus task name number
	[[ -n $PIN ]] || return 0
	IFS=, read -ra cpus <<<"$PIN"
	for task in /proc/"$QEMU_PID"/task/*; do
		name=$(<"$task/comm") || continue
		number=0
		[[ ! $name =~ ^CPU\ ([0-9]+)/ ]] || number=${BASH_REMATCH[1]}
		taskset -p -c "${cpus[number]}" "${task##*/}" >/dev/null ||
			say "note: could not pin thread $name to CPU ${cpus[number]}"
	done
}

stop_qemu() {
	[[ -n $QEMU_PID ]] || return 0
	kill -KILL "$QEMU_PID" 2>/dev/null
	wait "$QEMU_PID" 2>/dev/null
	QEMU_PID=
}

# Let the output run dry.
finish_output() {
	wait "${TAIL_PIDS[@]}" 2>/dev/null
	TAIL_PIDS=()
}

panic_text() {
	local text
	text=$(grep -am 1 -o 'Kernel panic - not syncing.*' "$CONSOLE" 2>/dev/null) &&
		printf '%s' "${text%$'\r'}"
}

# no_verdict STATUS MESSAGE: the machine ended, or is ended, without having said
# how COMMAND did. The console serves to explain, not to decide.
no_verdict() {
	local panic
	stop_qemu
	finish_output
	VERDICT=$1
	if panic=$(panic_text); then
		VERDICT=$ST_PANIC
		say "the guest's kernel panicked: $panic"
	else
		say "$2"
	fi
}

qemu_died() {
	local status=0
	wait "$QEMU_PID" || status=$?
	QEMU_PID=
	if [[ $STAGE == start ]]; then
		no_verdict "$ST_DIED" "the machine ended without a verdict (QEMU's status $status)"
	else
		no_verdict "$ST_BOOT" "the machine ended before it came up (QEMU's status $status)"
	fi
}

# What one line on the status port means. Nothing here trusts its contents.
hear() {
	local verb=${1%% *} rest=${1#* }
	LAST_BEAT=$NOW
	case $verb in
	boot)
		STAGE=boot
		;;
	start)
		pin_cpus
		STAGE=start
		STARTED=$NOW
		;;
	fail)
		no_verdict "$ST_BOOT" "the guest could not start COMMAND: $rest"
		;;
	exit)
		[[ $STAGE == start && $rest =~ ^[0-9]{1,3}$ ]] || return
		VERDICT=$rest
		SAID=$NOW
		;;
	esac
}

# The handler of a signal. The first one is COMMAND's, if there is one; it is noted
# only, for the handler may run inside of "IFS= read", and IFS is empty there.
take_signal() {
	if [[ $STAGE != start || -n $VERDICT$HAVE_SIGNAL || $GRACE == 0 ]]; then
		end "$ST_INTERRUPTED" interrupted
	fi
	HAVE_SIGNAL=yes
}

interrupt() {
	INTERRUPTED=$NOW
	say "COMMAND is interrupted and has $GRACE s to end; a second signal stops the machine"
	echo INT >&"$SIGNAL_FD"
}

# check_limits LIFE_LIMIT: end the run when a limit has been passed.
# shellcheck disable=SC2034 # QEMU_SLOW is for the sourcing script
check_limits() {
	if ((NOW - BEFORE > 500)); then
		# It was us who slept (a stopped job, a suspended host).
		LAST_BEAT=$((LAST_BEAT + NOW - BEFORE))
	fi
	BEFORE=$NOW
	if [[ $STAGE == none ]] && ((NOW - LAUNCHED > $1 * 100)); then
		QEMU_SLOW=yes
		no_verdict "$ST_BOOT" "no life from the machine within $1 s"
	elif [[ $STAGE != start ]]; then
		((NOW - LAUNCHED <= BOOT_LIMIT * 100)) || {
			QEMU_SLOW=yes
			no_verdict "$ST_BOOT" "the boot was not done within $BOOT_LIMIT s"
		}
	elif [[ -n $HAVE_SIGNAL && -z $INTERRUPTED ]]; then
		interrupt
	elif [[ -n $INTERRUPTED ]] && ((NOW - INTERRUPTED > GRACE * 100)); then
		end "$ST_INTERRUPTED" "interrupted, and COMMAND did not end in $GRACE s"
	elif ((TIMEOUT && NOW - STARTED > TIMEOUT * 100)); then
		no_verdict "$ST_TIMEOUT" "COMMAND was still running after $TIMEOUT s"
	elif ((HANG && NOW - LAST_BEAT > HANG * 100)); then
		no_verdict "$ST_HANG" "the guest hangs: no heartbeat for $HANG s"
	fi
}

# The verdict is known; see the machine off.
await_power_off() {
	local panic
	while kill -0 "$QEMU_PID" 2>/dev/null; do
		now_cs NOW
		if ((NOW - SAID > POWER_OFF_CS)); then
			say "note: the guest did not power off after COMMAND's end; stopped it"
			break
		fi
		sleep 0.05
	done
	stop_qemu
	finish_output
	! panic=$(panic_text) || say "note: the console tells of a panic: $panic"
}

# run_machine ACCEL LIFE_LIMIT: set VERDICT, and STAGE to how far it came.
run_machine() {
	local line patience=1
	VERDICT='' STAGE=none SAID=''
	now_cs LAUNCHED
	NOW=$LAUNCHED BEFORE=$LAUNCHED LAST_BEAT=$LAUNCHED STARTED=$LAUNCHED
	start_qemu "$1"
	while [[ -z $VERDICT ]]; do
		line=
		if IFS= read -r -t "$patience" -u "$STATUS_FD" line; then
			now_cs NOW
			hear "$line"
		elif [[ $patience != 1 ]]; then
			qemu_died
		elif ! kill -0 "$QEMU_PID" 2>/dev/null; then
			patience=0.05	# it may have spoken since we listened
		fi
		now_cs NOW
		[[ -n $VERDICT ]] || check_limits "$2"
	done
	[[ -z $SAID ]] || await_power_off
}
