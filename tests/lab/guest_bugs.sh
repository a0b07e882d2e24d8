#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Bugs that only a TD that runs can meet, put back into KVM one at a time: the
# subtest that is there to catch it fails and names the GPA, by what the guest
# sees or by what KVM says, and without a look at what softtdx holds.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bug_lib.sh"

plan 8
expect all_off CLEAN '^verdict=CLEAN' --bugs -- "$program" \
	-t accept_level_mismatch -t punch_hole_then_fault \
	-t shared_memory_between_td_and_host -t memslot_delete

# A vCPU that never gets on: all that there is to say is where.
options=(-T 20)
bug auggfn guest_reads_init_mem \
	accept_level_mismatch 'vCPU 0: still at gpa 0x100000000$'
options=()
# The TDX module refuses.  No TD that was made final could end without this.
bug notrack - \
	punch_hole_then_fault 'hole at gpa 0x1001f7000, 1 pages: KVM has killed the VM'
bug sharedprivate implicit_conversion \
	shared_memory_between_td_and_host \
	'shared memory, gpa 0x100405000: not its word .*: 0x0'
bug staleslot punch_hole_then_fault \
	memslot_delete \
	'memslot at gpa 0x1001fa000 deleted(?=: [0-9]+ pages are to be)'
exit "$failed"
