# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Which kernel to boot and where its modules are.
#
# find_kernel sets
#   KERNEL_IMAGE    the bzImage
#   KERNEL_VERSION  what uname -r will say
#   KERNEL_ROOT     the root of the tree with lib/modules/KERNEL_VERSION: empty
#                   for the host's own, "none" when the kernel brings no modules

# The version string inside a bzImage (Documentation/arch/x86/boot.rst: the
# magic "HdrS" at 0x202, kernel_version at 0x20e, relative to 0x200).
image_version() {
	local image=$1 offset
	[[ $(dd if="$image" bs=1 skip=$((0x202)) count=4 2>/dev/null | tr -d '\0') == HdrS ]] ||
		return 1
	offset=$(od -An -tu2 -j $((0x20e)) -N 2 "$image")
	tail -c "+$((offset + 0x200 + 1))" "$image" | head -c 128 |
		tr '\0' '\n' | head -n 1 | cut -d ' ' -f 1
}

newest_image() {
	local images=("$1"/boot/vmlinuz-*)
	[[ -e ${images[0]} ]] || return 1
	printf '%s\n' "${images[@]}" | sort -V | tail -n 1
}

kernel_from_image() {
	KERNEL_IMAGE=$1
	KERNEL_VERSION=$(image_version "$1") ||
		end "$ST_BOOT" "$1 is not a bzImage: it cannot be booted"
	KERNEL_ROOT=none
	if [[ -n $KERNEL_VERSION && -e /lib/modules/$KERNEL_VERSION/modules.dep ]]; then
		KERNEL_ROOT=
	fi
}

kernel_from_tree() {
	local tree
	tree=$(cd -- "$1" && pwd -P)
	KERNEL_IMAGE=$(newest_image "$tree") ||
		end "$ST_MISSING" "no boot/vmlinuz-* in $1"
	KERNEL_VERSION=${KERNEL_IMAGE##*/vmlinuz-}
	KERNEL_ROOT=$tree
	[[ -e $tree/lib/modules/$KERNEL_VERSION/modules.dep ]] ||
		end "$ST_MISSING" "$1 holds a kernel $KERNEL_VERSION but no lib/modules/$KERNEL_VERSION"
}

kernel_from_host() {
	KERNEL_ROOT=
	KERNEL_VERSION=$1
	KERNEL_IMAGE=/boot/vmlinuz-$1
	[[ -e $KERNEL_IMAGE ]] ||
		end "$ST_MISSING" "no kernel $1 in /boot; install the package linux-image-$1"
	[[ -e /lib/modules/$1/modules.dep ]] ||
		end "$ST_MISSING" "no modules in /lib/modules/$1; install the package linux-image-$1"
}

find_kernel() {
	local want=$1 image
	if [[ -z $want ]]; then
		image=$(newest_image "") ||
			end "$ST_MISSING" "no kernel in /boot; install the package linux-image-amd64"
		kernel_from_host "${image##*/vmlinuz-}"
	elif [[ -d $want ]]; then
		kernel_from_tree "$want"
	elif [[ -f $want ]]; then
		kernel_from_image "$want"
	elif [[ $want == */* ]]; then
		end "$ST_MISSING" "no kernel at $want"
	else
		kernel_from_host "$want"
	fi
	[[ -r $KERNEL_IMAGE ]] || end "$ST_MISSING" "$KERNEL_IMAGE cannot be read"
}

# The module files that the guest's init must load, in their order. Nothing for
# a kernel without modules: it has to have all of them built in.
boot_modules() {
	local module
	[[ $KERNEL_ROOT != none ]] || return 0
	for module in virtio_pci virtio_console 9pnet_virtio 9p overlay; do
		modprobe --show-depends -d "${KERNEL_ROOT:-/}" -S "$KERNEL_VERSION" "$module" ||
			end "$ST_MISSING" "kernel $KERNEL_VERSION has no module $module"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
	return "${PIPESTATUS[0]}"
}
