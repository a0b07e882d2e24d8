#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# softtdx and lockdep_provoke are kernel code: sparse has nothing to say about them.  And
# it would: it does about a file with an address-space mistake.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

plan 3
source=$("$top/scripts/kernel-source" --sparse 2>/dev/null)
hold sparse
sparse=$cache/sparse/sparse
if [ ! -x "$sparse" ]; then
	rm -rf "$cache/sparse"
	mkdir -p "$cache/sparse"
	tar -xzf "$source/sparse.tar.gz" --strip-components=1 -C "$cache/sparse"
	make -s -C "$cache/sparse" -j"$(nproc)" sparse >"$work/make.log" 2>&1 ||
		see "$work/make.log"
fi

kernel=$(dirname "$("$top/lab/kernel/build" --bugs 2>/dev/null)")
hold "kernel-${kernel##*/}"

# quiet TREE FOLDER FILES: sparse looks at that many there, and has no complaint
quiet() {
	local rc=0 files name=${2##*/}
	make -C "$kernel/$1" O=build C=2 CHECK="$sparse" "$2/" >"$work/log" 2>&1 ||
		rc=$?
	files=$(grep -c "CHECK .*$name/" "$work/log" || true)
	[ "$rc" -eq 0 ] && [ "$files" -ge "$3" ] &&
		! grep -qE "$name/.*: (warning|error)" "$work/log" && r=0 || r=1
	[ "$r" -eq 0 ] || see "$work/log"
	result "$name: $files files" "$r"
}
quiet src arch/x86/virt/vmx/tdx/softtdx 11
quiet bugs-src kernel/locking/lockdep_provoke 7

cat >"$work/bad.c" <<-EOT
	int peek(int __attribute__((noderef, address_space(1))) *user);
	int peek(int __attribute__((noderef, address_space(1))) *user)
	{
		return *user;
	}
EOT
"$sparse" "$work/bad.c" 2>&1 | grep -q 'dereference of noderef' && r=0 || r=1
result "a mistake is found" "$r"
exit "$failed"
