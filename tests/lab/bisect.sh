#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/bisect-run, in a history of four commits on one kernel source: the
# second does not compile, the last has the bug.  And what each answer could have
# been instead: the same history without the bug, another splat asked for, no
# TDX, a wrong call.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../bisect/lib.sh"

steps=$work/steps
cycle='circular: &mm->mmap_lock > mapping.invalidate_lock'
path='kvm_gmem_populate, kvm_gmem_fault_user_mapping'
program=("$top/tdx_vm_huge_page" -t two_vms_populate_then_fault)

# run OPTIONS...: one step at what is checked out; sets rc
run() {
	rc=0
	"$top/scripts/bisect-run" --out "$steps" "$@" "$repo" -- \
		"${program[@]}" >"$work/log" 2>&1 || rc=$?
}

# answers NAME CODE REGEX [OPTIONS...]
answers() {
	local name=$1 code=$2 regex=$3 r=1
	shift 3
	run "$@"
	[ "$rc" -eq "$code" ] && grep -qE "$regex" "$work/log" &&
		[ "$(wc -l <"$work/log")" -eq 1 ] && r=0 || see "$work/log"
	[ "$r" -eq 0 ] || echo "# code $rc, wanted $code and one line /$regex/"
	result "$name" "$r"
}

# at REV: check it out
at() {
	git -C "$repo" checkout -q -f --detach "$1"
}

# stops NAME REGEX ARGS...: a call that ends a bisection with one line
stops() {
	local name=$1 regex=$2 r=1
	shift 2
	rc=0
	"$top/scripts/bisect-run" "$@" >"$work/log" 2>&1 || rc=$?
	[ "$rc" -eq 128 ] && [ "$(wc -l <"$work/log")" -eq 1 ] &&
		grep -qE "^bisect-run: .*$regex" "$work/log" && r=0 || see "$work/log"
	result "stops: $name" "$r"
}

plan 17
base "$("$top/scripts/kernel-source")"
history good base-1 note:virt/kvm/kvm_main.c broken fix note:virt/kvm/guest_memfd.c
history bad base-1 note:virt/kvm/kvm_main.c broken fix bug

at bad
answers 'the last commit is bad' 1 "^bisect-run: bad .* SPLAT: $cycle \| $path" \
	--bad-sig "$cycle | $path"
answers 'that cycle, whichever way' 1 '^bisect-run: bad ' --bad-sig "$cycle"
answers 'another splat is asked for' 125 'another splat: circular: ' \
	--bad-sig "$cycle | kvm_gmem_populate, vfs_read"
answers 'no TDX' 125 '^bisect-run: skip .*has no TDX' --param kvm_intel.tdx=0
answers 'no boot' 125 '^bisect-run: skip .*does not boot: CRASHED' \
	--param root=/dev/none --param rdinit=/nowhere
at good
answers 'without the bug it is good' 0 '^bisect-run: good .*: CLEAN$'

at bad
r=0
git -C "$repo" bisect start bad base-1 >/dev/null 2>&1
git -C "$repo" bisect run "$top/scripts/bisect-run" --out "$steps" . -- \
	"${program[@]}" >"$work/log" 2>&1 || r=1
[ "$(first_bad)" = "$(commit bad)" ] || r=1
[ "$r" -eq 0 ] || see "$work/log"
grep '^bisect-run: ' "$work/log" | sed 's/^/# /' || true
result 'git bisect run names the commit' "$r"
broken=$(commit bad~2)
git -C "$repo" bisect log | grep -q "^git bisect skip $broken" && r=0 || r=1
result 'on its way it met the one that does not compile' "$r"
grep -q '^answer=125$' "$steps/${broken:0:12}/step" &&
	grep -q 'does not build: .*declared_nowhere' "$steps/${broken:0:12}/line" &&
	grep -q 'declared_nowhere' "$steps/${broken:0:12}/make.log" && r=0 || r=1
result 'why is in its folder' "$r"
git -C "$repo" bisect reset >/dev/null 2>&1
[ -z "$(git -C "$repo" status --porcelain -uno)" ] && r=0 || r=1
result 'the tree is as it was' "$r"

stops 'no folder' 'none: no such folder' "$work/none" -- "${program[@]}"
stops 'no git tree' 'no commit is checked out' / -- "${program[@]}"
mkdir "$work/other"
git -C "$work/other" init -q
git -C "$work/other" commit -q --allow-empty -m none
stops 'no kernel tree' 'not a Linux kernel' "$work/other" -- "${program[@]}"
stops 'no program' 'PROGRAM: none given' "$repo"
stops 'program not built' 'nope: not an executable' "$repo" -- "$work/nope"
stops 'unknown option' '--frob: unknown option' --frob "$repo" -- "${program[@]}"
stops 'no signature' 'frob: not a signature' --bad-sig frob "$repo" -- \
	"${program[@]}"
exit "$failed"
