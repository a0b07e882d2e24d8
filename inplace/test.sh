#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Conversion in place, on the lab's stand-in for it: what passes here shows that
# the subtests run, and nothing about KVM.  Its edge BA is there, as it is to be
# expected of kernels that have the feature.  Switched off, the ioctl is unknown
# and the subtests fall back on the per-VM attributes of that kernel.
set -euo pipefail
. "$(dirname "$0")/../tests/lab/lib.sh"

program=$top/gmem_inplace_conversion
plan 5

out=$work/on rc=0
lab run --inplace --out "$out" -- "$program" -t conversion -t 'convert_*' \
	-t same_physical_page -t numa_bind_each_page >"$work/on.log" 2>&1 || rc=$?
log=$(tr -d '\r' <"$out/output.log")
r=0
[ "$rc" -eq 0 ] && [ "$(verdict_of "$out" verdict)" = CLEAN ] &&
	[ "$(verdict_of "$out" ba)" = yes ] || r=1
[ "$r" -eq 0 ] || see "$work/on.log"
result "on: CLEAN, with the edge BA" "$r"

# Each result is named as the stand-in's, and there is nothing that skips.
r=0
! grep -E '^(not )?ok ' <<<"$log" | grep -v stand-in || r=1
grep -q 'in-place conversion: stand-in, not KVM' "$work/on.log" || r=1
grep -q 'stand-in: in-place conversion' "$work/on.log" || r=1
result "on: the stand-in is named in each result" "$r"
r=0
! grep -E '# SKIP' <<<"$log" || r=1
grep -E '^ok [0-9]+ convert_pinned_by_io_uring ' <<<"$log" | grep -vq SKIP || r=1
result "on: nothing is skipped" "$r"

out=$work/off rc=0
lab run --inplace --param kvm.gmem_in_place_conversion=0 --out "$out" -- \
	"$program" -t conversion -t convert_indexing -t convert_same_page \
	>"$work/off.log" 2>&1 || rc=$?
log=$(tr -d '\r' <"$out/output.log")
r=0
[ "$rc" -eq 0 ] && grep -q '^ok 1 conversion # SKIP .* ENOTTY' <<<"$log" &&
	grep -q '^ok [0-9]* convert_same_page # SKIP in_place_conversion: ' <<<"$log" ||
	r=1
[ "$r" -eq 0 ] || see "$work/off.log"
result "off: no such ioctl" "$r"
r=0
grep -qE '^ok [0-9]+ convert_indexing # stand-in$' <<<"$log" || r=1
result "off: the per-VM attributes are there" "$r"
exit "$failed"
