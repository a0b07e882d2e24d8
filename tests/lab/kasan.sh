#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Both programs on a kernel with KASAN: what KVM and softtdx read and write is
# theirs, on the error paths as well.  Only the subtest that counts free pages
# skips itself there.  And KASAN would have reported: two wrong accesses of the
# kernel's own have their verdict.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

kasan=(--config "$top/lab/kernel/kasan.config")
# Of the guest and of this machine, on which others may be at work.
slow=(--timeout 1200 --watchdog 2900)

plan 4
expect use_after_free FAILED \
	'^reason=.*BUG: KASAN: slab-use-after-free in lkdtm_' \
	"${kasan[@]}" -- "$top/build/lab/provoke" lkdtm WRITE_AFTER_FREE
expect overflow_without_splat FAILED \
	'^reason=BUG: KASAN: slab-out-of-bounds in lkdtm_' \
	--plain "${kasan[@]}" -- "$top/build/lab/provoke" lkdtm \
	SLAB_LINEAR_OVERFLOW
for program in tdx_vm_huge_page gmem_inplace_conversion; do
	expect "$program" CLEAN '^verdict=CLEAN' "${kasan[@]}" "${slow[@]}" -- \
		"$top/$program"
done
exit "$failed"
