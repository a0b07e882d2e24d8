#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The programs as clang builds them pass as well.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

plan 2
if ! command -v clang >/dev/null; then
	skip "tdx_vm_huge_page" "clang is not installed"
	skip "gmem_inplace_conversion" "clang is not installed"
	exit 0
fi
mkdir "$work/tree"
(cd "$top" && tar -c --exclude=./build --exclude=./.git .) |
	tar -x -C "$work/tree"
rm -f "$work"/tree/{tdx_vm_huge_page,gmem_inplace_conversion,splat}
make -s -C "$work/tree" CC=clang all >"$work/make.log" 2>&1 ||
	see "$work/make.log"
for name in tdx_vm_huge_page gmem_inplace_conversion; do
	expect "$name" CLEAN '^verdict=CLEAN' -- "$work/tree/$name"
done
exit "$failed"
