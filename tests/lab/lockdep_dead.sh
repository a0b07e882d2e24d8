#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The bug is in the kernel and its scenario is run, but lockdep has nothing to
# say, each time for another reason; or the log in which it said so is gone. Each
# reason is printed, and none of these is a pass.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

provoke=$top/build/lab/provoke
scenario=("$top/tdx_vm_huge_page" -t two_vms_populate_then_fault)
both=(--bug ab --bug ba)

# after CASE: the scenario when lockdep's tables are in that state
after() {
	printf '%s\0' "$provoke" each "$provoke" lockdep "$1" --- "${scenario[@]}"
}

plan 6
# The control: with lockdep alive, that same thing is found.
expect seen SPLAT '^lockdep=spent' "${both[@]}" -- \
	"$provoke" each "$provoke" exit 0 --- "${scenario[@]}"

mapfile -d '' -t command < <(after almost-full)
expect almost_full UNKNOWN \
	'^reason=lockdep is unproven: table almost full: direct dependencies ' \
	--bugs -- "${command[@]}"
for table in entries chains; do
	mapfile -d '' -t command < <(after "table-full-$table")
	expect "full_$table" UNKNOWN "^reason=lockdep turned itself off in the run: BUG: MAX_LOCKDEP_${table^^} too low!" \
		"${both[@]}" -- "${command[@]}"
done

# More than the kernel keeps, while nobody reads; on, or the kernel drops them.
expect log_overrun UNKNOWN '^reason=([0-9]+ )?records of the kernel.s log were lost' \
	--param printk.devkmsg=on -- "$provoke" flood 4000000
# The control: 1954 records of 520 bytes, which a log of 1 MiB does keep.
expect log_kept CLEAN '^verdict=CLEAN$' \
	--param printk.devkmsg=on -- "$provoke" flood 1000000
exit "$failed"
