#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Bugs around guest_memfd's locks, faults and conversion, put back one at a time:
# the subtest that is there to catch it fails and names the place.  At the end
# docs/controls.md must be what these runs and those of bugs.sh and
# guest_bugs.sh, if they were before, have seen.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bug_lib.sh"

# edge NAME SUBTEST VERDICT KEY: with the bug on lockdep has seen this edge
edge() {
	local bug=$1 out=$work/$1
	if [ "$(lab run --out "$out" --bug "$1" -- "$top/tdx_vm_huge_page" -t "$2" \
		>"$out.log" 2>&1; verdict_of "$out" verdict)" = "$3" ] &&
		[ "$(verdict_of "$out" "$4")" = yes ]; then
		mkdir -p "$top/build/controls"
		printf '%s\tlockdep has seen the edge %s, verdict %s\n' "$2" \
			"${4^^}" "$3" >"$top/build/controls/$1"
		result "$bug is seen in $2" 0
		return
	fi
	see "$out.log"
	result "$bug is seen in $2" 1
}

plan 22
edge ab two_vms_populate_then_fault EDGE ab
edge ba two_vms_populate_then_fault CLEAN ba

bug leakfolio td_lifecycle \
	refused_pages_are_freed 'INIT_MEM_REGION loses pages that it refuses'
program=$top/gmem_inplace_conversion
bug noinval punch_hole_refault \
	convert_truncate 'the guest finds 0x[0-9a-f]+ in page [0-9]+, not 0x0'
bug nosize init_shared_fault \
	fault_beyond_end_sigbus "READ_ONCE.* should have triggered SIGBUS"
bug wrongnode init_shared_fault \
	numa_bind_each_page 'touched by the host: page [0-9]+ is on node [01], bound to node [01]'
# What lockdep says once it says to all that follow.
bug slotsinv - \
	host_and_guest_see_the_same_page 'possible deadlock in kvm_gmem_release'
bug mmusleep - \
	host_and_guest_see_the_same_page \
	'BUG: sleeping function called from invalid context'
options=(-T 20)
bug nounlock - \
	fallocate_interrupted \
	'WARNING: lock held when returning to user space in kvm_gmem_fallocate'
options=(-d 1 --actors "user_read,fallocate,punch_hole")
bug leakvm - race_mix 'VMs outlive their users(?=: [0-9]+, such as [0-9]+-[0-9]+)'
bug leakalloc - race_mix '[0-9]+ \Kpages are lost'
options=()

# In the stand-in, as there is no other in-place conversion yet.
lab_options=(--inplace)
kernel_with --inplace
bug noinval convert_init_shared \
	convert_race_punch_holes 'page [0-9]+ is new, the guest writes elsewhere'
bug ignorerefs convert_init_shared convert_pinned_by_io_uring \
	'pages 0\+4 to private while io_uring holds page 0: no error'
bug earlyfault convert_init_shared \
	convert_race_faults \
	'page [0-9]+ \Kwas made private, the host reads it: no SIGBUS'

missing=$("$top/tests/controls-table" --missing | paste -sd' ')
name="docs/controls.md is what the runs gave"
if [ -n "$missing" ]; then
	skip "$name" "not run here: $missing"
else
	r=0
	"$top/tests/controls-table" | diff "$top/docs/controls.md" - >"$work/diff" || r=1
	[ "$r" -eq 0 ] || see "$work/diff"
	result "$name" "$r"
fi
exit "$failed"
