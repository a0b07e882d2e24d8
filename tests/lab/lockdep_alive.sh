#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A run in which lockdep could not have spoken is no pass: validation switched
# off, or the one splat of this boot already spent.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

scenario=("$top/tdx_vm_huge_page" -t two_vms_populate_then_fault)

plan 3
expect alive CLEAN '^lockdep=alive' -- "${scenario[@]}"
expect prove_locking_off UNKNOWN 'prove_locking' \
	--sysctl 'kernel/prove_locking 0' -- "${scenario[@]}"
expect spent UNKNOWN '^lockdep=spent|debug_locks' \
	--plain --bug ab --bug ba --file "$top/splat" -- \
	"$top/build/lab/provoke" each "${scenario[@]}" --- \
	"$top/splat" run --summary /lab/out/summary -- "${scenario[@]}"
exit "$failed"
