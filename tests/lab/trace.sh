#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# splat trace finds the cycle from lock events alone: in a boot whose lockdep is
# spent, and twice in it. On the kernel as it is, it finds neither half.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

scenario=(-t two_vms_populate_then_fault)
test=/lab/bin/tdx_vm_huge_page
trace=(/lab/bin/splat trace)

# so NAME FILE EXPRESSION: python over what FILE holds, `j`
so() {
	if python3 -c 'import json, sys
j = json.load(open(sys.argv[1]))
sys.exit(0 if eval("(" + sys.argv[2] + ")") else 1)' "$2" "$3" 2>"$work/py"; then
		result "$1" 0
	else
		see "$work/py"
		echo "# not so in $(basename "$2"): $3"
		see "$work/log"
		result "$1" 1
	fi
}

cycle='j["verdict"] == "CYCLE" and j["complete"]
and j["ab"]["state"] == j["ba"]["state"] == "yes"
and [c for c in j["cycles"] if c["certain"] and {e["to"] for e in c["edges"]}
== {"&mm->mmap_lock", "mapping.invalidate_lock (guest_memfd)"}]'

plan 6

rc=0
lab run --plain --bug ab --bug ba --out "$work/bugs" --file "$top/splat" -- \
	"$top/build/lab/provoke" each "$top/tdx_vm_huge_page" "${scenario[@]}" \
	--- "${trace[@]}" --json /lab/out/1.json -- "$test" "${scenario[@]}" \
	--- "${trace[@]}" --json /lab/out/2.json -- "$test" "${scenario[@]}" \
	>"$work/log" 2>&1 || rc=$?
[ "$rc" -eq 1 ] || see "$work/log"
result a_cycle_is_code_1 $((rc != 1))
rc=0
[ "$(grep -c 'possible circular locking' "$work/bugs/console.log")" -eq 1 ] ||
	rc=1
result lockdep_reported_once $rc
so cycle_after_lockdep_is_spent "$work/bugs/1.json" "$cycle"
so cycle_again "$work/bugs/2.json" "$cycle"

rc=0
lab run --plain --out "$work/pristine" --file "$top/tdx_vm_huge_page" -- \
	"$top/splat" trace --json /lab/out/1.json -- "$test" "${scenario[@]}" \
	>"$work/log" 2>&1 || rc=$?
[ "$rc" -eq 0 ] || see "$work/log"
result no_cycle_is_code_0 "$rc"
so neither_edge_on_pristine "$work/pristine/1.json" \
	'j["verdict"] == "NO CYCLE" and j["complete"] and j["guest_memfd"]
and j["ab"]["state"] == j["ba"]["state"] == "no"'
exit "$failed"
