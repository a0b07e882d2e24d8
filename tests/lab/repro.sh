#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The four rows: pristine, each half of the bug, both.  And what the rows are
# made of: signatures, the kernel's own words, the time bound of a bad table.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

rc=0
lab repro >"$work/table" 2>"$work/steps" || rc=$?
see "$work/table"

row() {
	grep -E "^[0-9][^ ]*$1 +$2( |\$)" "$work/table" >/dev/null || {
		see "$work/steps"
		return 1
	}
}

plan 6
row '[0-9]' 'no +(no|yes) +alive +CLEAN +-' && r=0 || r=1
result "pristine: no edge, no splat" "$r"
row '\+ab' '(yes +no +alive +EDGE|yes +yes +spent +SPLAT)' && r=0 || r=1
result "ab: the forbidden edge" "$r"
row '\+ba' 'no +yes +alive +CLEAN' && r=0 || r=1
result "ba: a note" "$r"
row '\+ab\+ba' 'yes +yes +spent +SPLAT +circular: &mm->mmap_lock > mapping\.invalidate_lock \|.*kvm_gmem_populate.*kvm_gmem_fault_user_mapping' && r=0 || r=1
result "ab and ba: the cycle, by its functions" "$r"
grep -q 'softtdx, not hardware' "$work/table" && r=0 || r=1
result "says that it is softtdx" "$r"
result "exit code 0" "$rc"
exit "$failed"
