# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034 # the sourcing script uses what is set here
# shellcheck disable=SC2054 # commas are QEMU's
#
# The machine: from our options to QEMU's.

# The functions under test. Slots that differ by a multiple of four share a
# line, on q35 and on pc. QEMU models the e1000's interrupt throttling, which
# merges raises that are less than 128 us apart: mitigation=off, where QEMU still
# has it. QEMU warns of an e1000 without a peer, so it gets one that leads nowhere.
readonly DEFAULT_DEVICES=(
	edu,addr=4
	e1000,addr=8,romfile=,mitigation=off,netdev=nowhere
	edu,addr=c
)

# The testbed's own functions are in one slot that routes to another line, even
# where they have to use INTx (pci=nomsi): 0x15 is not a multiple of four, and on
# pc, where lines are merged in pairs, it is in the other pair.
readonly OWN_SLOT=15
readonly MAX_SHARES=6

# KVM only where the processor says so: a /dev/kvm without vmx or svm may open
# and even create vCPUs, and yet never boot a kernel.
kvm_usable() {
	grep -qwE '^flags.*(vmx|svm)' /proc/cpuinfo && [[ -r /dev/kvm && -w /dev/kvm ]]
}

# Commas separate QEMU's options; a doubled one stands for itself.
qemu_path() {
	printf '%s' "${1//,/,,}"
}

# kernel_command_line ACCEL
kernel_command_line() {
	local line="console=ttyS0 quiet loglevel=5 panic=-1"
	# TCG's virtual CPUs all read one counter, but do not say so, and the
	# kernel would fall back to the HPET: ten times as slow, and a global lock.
	[[ $1 != tcg ]] || line+=" tsc=reliable"
	if [[ $CLOCK == exact ]]; then
		line+=" nokaslr norandmaps random.trust_cpu=on"
		# QEMU 7.2 hangs while the kernel starts a second CPU; the
		# guest brings the others up before COMMAND.
		((CPUS == 1)) || line+=" maxcpus=1"
	fi
	printf '%s' "$line${APPEND:+ $APPEND}"
}

# qemu_port NUMBER NAME OUTPUT: one virtio-serial port, from guest to host.
qemu_port() {
	QEMU+=(
		-chardev "file,id=$2,path=$(qemu_path "$3")"
		-device "virtserialport,bus=ports.0,nr=$1,chardev=$2,name=testbed.$2"
	)
}

# From host to guest: what is written to signal.in. (A pipe has two ends; nothing
# is written to the other.)
qemu_signal_port() {
	QEMU+=(
		-chardev "pipe,id=signal,path=$(qemu_path "$WORK/signal")"
		-device "virtserialport,bus=ports.0,nr=$1,chardev=signal,name=testbed.signal"
	)
}

# qemu_folder FUNCTION TAG PATH MODE
qemu_folder() {
	QEMU+=(
		-fsdev "local,id=$2,path=$(qemu_path "$3"),security_model=none,multidevs=remap${4-}"
		-device "virtio-9p-pci,fsdev=$2,mount_tag=$2,addr=$OWN_SLOT.$1"
	)
}

qemu_clock() {
	local cpu=max
	# The vendor is AMD, whose processors tell of threads by TOPOEXT, which TCG
	# does not have: the kernel would take each thread for a core.
	[[ $TOPOLOGY != *threads=* ]] || cpu+=,vendor=GenuineIntel
	case $CLOCK-$1 in
	exact-*)
		# Time is instructions. -seed makes the guest's RDRAND repeat.
		QEMU+=(
			-accel tcg,thread=single -cpu "$cpu"
			-icount shift=2,sleep=off
			-rtc base=2026-01-01,clock=vm -seed 1
		)
		;;
	*-kvm)	QEMU+=(-accel kvm -cpu host) ;;
	*-tcg)
		# Linux 6.1 forgets for a moment, while it identifies the boot CPU,
		# that it has five levels of page tables; an interrupt just then
		# is a wild access to KASAN, which ends lockdep for that boot.
		QEMU+=(
			-accel "tcg${INTXBENCH_TCG:+,$INTXBENCH_TCG}"
			-cpu "$cpu,la57=off"
		)
		;;
	esac
}

# QEMU 10 has no choice any more.
has_mitigation() {
	"$QEMU_PROGRAM" -device e1000,help 2>/dev/null | grep -q 'mitigation='
}

# choose_qemu ACCEL: to emulate, ours where the host's is old.
choose_qemu() {
	QEMU_PROGRAM=qemu-system-x86_64
	[[ $1 == tcg ]] && emulator_is_old "$QEMU_PROGRAM" || return 0
	if [[ -x $EMULATOR/qemu-system-x86_64 ]]; then
		QEMU_PROGRAM=$EMULATOR/qemu-system-x86_64
	elif ((CPUS > 1)); then
		say "note: with this QEMU an emulated machine may stand still;" \
			"testbed/emulator fetches a newer one"
	fi
}

# qemu_arguments ACCEL: set QEMU to the whole command line.
qemu_arguments() {
	local device share number=0
	choose_qemu "$1"
	QEMU=(
		"$QEMU_PROGRAM" -nodefaults -no-user-config
		-name testbed,debug-threads=on
		-machine "$MACHINE" -smp "$CPUS$TOPOLOGY" -m "$MEM"
		-display none -monitor none -no-reboot
		-kernel "$KERNEL_IMAGE" -initrd "$WORK/initrd"
		-append "$(kernel_command_line "$1")"
		-chardev "file,id=console,path=$(qemu_path "$CONSOLE")" -serial chardev:console
	)
	qemu_clock "$1"
	for device in "${DEVICES[@]}"; do
		[[ $device != *,netdev=nowhere* ]] ||
			QEMU+=(-netdev user,id=nowhere,restrict=on)
		[[ $device != *,mitigation=off* ]] || has_mitigation ||
			device=${device/,mitigation=off/}
		QEMU+=(-device "$device")
	done
	# ioeventfd=off: the guest's write returns when the host has the data.
	# So nothing is under way when the verdict comes, and on the exact clock
	# no thread of the host's decides when the buffer is given back.
	QEMU+=(-device "virtio-serial-pci,id=ports,ioeventfd=off,multifunction=on,addr=$OWN_SLOT.0")
	qemu_port 1 status "$WORK/status"
	qemu_port 2 stdout "$WORK/stdout"
	qemu_port 3 stderr "$WORK/stderr"
	qemu_signal_port 4
	qemu_folder 1 root / ,readonly=on
	for share in "${SHARES[@]}"; do
		qemu_folder $((2 + number)) "share$number" "$share"
		number=$((number + 1))
	done
	QEMU+=("${EXTRA[@]}")
}
