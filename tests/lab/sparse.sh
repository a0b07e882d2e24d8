#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# softtdx is kernel code: sparse has nothing to say about it.  And it would: it
# does about a file with an address-space mistake.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

plan 2
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

kernel=$(dirname "$("$top/lab/kernel/build" 2>/dev/null)")
hold "kernel-${kernel##*/}"
rc=0
make -C "$kernel/src" O=build C=2 CHECK="$sparse" \
	arch/x86/virt/vmx/tdx/softtdx/ >"$work/log" 2>&1 || rc=$?
files=$(grep -c 'CHECK .*softtdx/' "$work/log" || true)
[ "$rc" -eq 0 ] && [ "$files" -gt 10 ] &&
	! grep -qE 'softtdx/.*: (warning|error)' "$work/log" && r=0 || r=1
[ "$r" -eq 0 ] || see "$work/log"
result "softtdx: $files files" "$r"

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
