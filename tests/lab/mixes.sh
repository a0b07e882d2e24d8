#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Actors that no other suite lets in: those that convert in place, on the lab's
# stand-in for it, and those that may hurt the machine, which run by name only.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# did NAME OUT: none of the actors NAME... came away without a step
did() {
	local name=$1 out=$2
	! tr -d '\r' <"$out/output.log" | grep -E "^# ($name): 0 steps," &&
		tr -d '\r' <"$out/output.log" | grep -qE "^# ($name): "
}

program=$top/gmem_inplace_conversion
plan 5
expect in_place CLEAN '^verdict=CLEAN' --inplace -- "$program" race_mix -d 5
r=0
did 'in_place_.*' "$work/in_place" || r=1
result "each of them has converted, touched, or held pages" "$r"
expect in_place_control FAILED 'was made private, the host reads' --inplace \
	--bug earlyfault -- "$program" race_mix -d 3 --actors \
	in_place_convert,in_place_touch,in_place_pin

expect hurts CLEAN '^verdict=CLEAN' -- "$program" race_mix -d 3 --actors \
	hwpoison,soft_offline,user_write,user_read,punch_hole,vcpu_run,process_vm,uring_fixed
r=0
did 'hwpoison|soft_offline' "$work/hurts" || r=1
result "pages were poisoned, hard and soft" "$r"
exit "$failed"
