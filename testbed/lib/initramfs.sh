# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The initramfs is two archives behind one another: a kept one (busybox, boot
# modules, the guest's scripts), named by the hash of all that is in it, and a
# tiny one that says what this run is to do.

busybox_static() {
	local busybox
	need busybox busybox-static
	busybox=$(command -v busybox)
	! ldd "$busybox" >/dev/null 2>&1 ||
		end "$ST_MISSING" "$busybox is not static; install the package busybox-static"
	printf '%s\n' "$busybox"
}

# An archive of the current folder; equal content gives equal bytes.
pack() {
	find . -exec touch -h -d @0 {} +
	find . -mindepth 1 -print0 | LC_ALL=C sort -z |
		cpio --null --create --format=newc --reproducible --owner=0:0 --quiet
}

unpack_module() {
	case $1 in
	*.xz)	xz -dc -- "$1" ;;
	*.zst)	zstd -dcq -- "$1" ;;
	*.gz)	gzip -dc -- "$1" ;;
	*)	cat -- "$1" ;;
	esac
}

fill_base() {
	local dir=$1 busybox=$2 module name number=0
	shift 2
	mkdir -p "$dir/bin" "$dir/modules"
	cp -- "$busybox" "$dir/bin/busybox"
	cp -- "$HERE/guest/init" "$dir/init"
	cp -- "$HERE/guest/run" "$dir/run"
	chmod 755 "$dir/bin/busybox" "$dir/init" "$dir/run"
	for module; do
		name=${module##*/}
		printf -v name '%02d-%s.ko' "$number" "${name%%.ko*}"
		unpack_module "$module" >"$dir/modules/$name" || return
		number=$((number + 1))
	done
}

# make_base FILE BUSYBOX MODULE...: the rename makes the archive appear whole, so
# that runs may race for it.
make_base() {
	local file=$1 new
	shift
	mkdir -p -- "${file%/*}" &&
		new=$(mktemp -- "$file.XXXXXX") || return
	if fill_base "$WORK/base" "$@" && (cd "$WORK/base" && pack) >"$new"; then
		chmod 644 "$new" && mv -- "$new" "$file"
	else
		rm -f -- "$new"
		return 1
	fi
}

# Print the path of the kept archive, making it first if it is not there.
base_initramfs() {
	local cache=${XDG_CACHE_HOME:-${HOME:-$WORK}/.cache}/intxbench busybox list hash file
	local modules=()
	busybox=$(busybox_static) || exit
	list=$(boot_modules) || exit "$ST_MISSING"
	[[ -z $list ]] || mapfile -t modules <<<"$list"
	hash=$(sha256sum -- "$busybox" "$HERE"/guest/* "$HERE/lib/initramfs.sh" "${modules[@]}" |
		cut -d ' ' -f 1 | sha256sum | cut -c 1-16)
	file=$cache/initramfs-${KERNEL_VERSION:-unknown}-$hash.cpio
	if [[ ! -e $file ]] && ! make_base "$file" "$busybox" "${modules[@]}"; then
		end "$ST_MISSING" "cannot make $file"
	fi
	printf '%s\n' "$file"
}

# Those of the folders that the guest's own /tmp and /run would hide, quoted.
hidden_folders() {
	local dir
	for dir; do
		dir=$(cd -- "$dir" && pwd -P) || continue
		case $dir in
		/tmp/* | /run/* | /dev/shm/*) printf ' %s' "$(quote "$dir")" ;;
		esac
	done
}

# The run's own archive: the argument vector, NUL after each, and a sh file.
run_initramfs() {
	local dir=$WORK/this/job own="" share number=0
	case $KERNEL_ROOT in
	"" | none) ;;
	*) own=$KERNEL_ROOT/lib/modules/$KERNEL_VERSION ;;
	esac
	mkdir -p "$dir"
	printf '%s\0' "${COMMAND[@]}" >"$dir/argv"
	{
		printf 'cwd=%s\n' "$(quote "$PWD")"
		printf 'clock=%s\n' "$CLOCK"
		printf 'accel=%s\n' "$1"
		printf 'modules=%s\n' "$(quote "$own")"
		printf 'set --%s\n' "$(hidden_folders "$PWD" "$HERE/.." ${own:+"$own"})"
		printf 'shares() {\n:\n'
		for share in "${SHARES[@]}"; do
			printf 'share %d %s\n' "$number" "$(quote "$share")"
			number=$((number + 1))
		done
		printf '}\n'
	} >"$dir/conf"
	(cd "$WORK/this" && pack)
}
