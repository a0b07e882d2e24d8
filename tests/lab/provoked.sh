#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A WARN of the kernel in the lab: one that the program has announced is counted,
# under splat and without it; any other one is a failure.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

provoke=$top/build/lab/provoke
bugs=drivers/misc/lkdtm/bugs.c
# each COMMAND [--- COMMAND]...
warn=("$provoke" lkdtm WARNING)
announced=("$provoke" each "$provoke" announce "$bugs" --- "${warn[@]}" ---
	"$provoke" withdraw)
elsewhere=("$provoke" each "$provoke" announce mm/memory.c --- "${warn[@]}" ---
	"$provoke" withdraw)
for_good=("$provoke" each "$provoke" announce "$bugs" --- "${warn[@]}")

plan 7
expect not_announced FAILED "^reason=WARNING: $bugs" -- "${warn[@]}"
expect not_announced_plain FAILED "^reason=WARNING: $bugs" \
	--plain -- "${warn[@]}"
expect announced CLEAN '^provoked=1$' -- "${announced[@]}"
expect announced_plain PASSED '^provoked=1$' --plain -- "${announced[@]}"
expect announced_elsewhere FAILED "^reason=WARNING: $bugs" -- "${elsewhere[@]}"
expect never_withdrawn FAILED '^reason=provoke provoked warnings, and its end' \
	-- "${for_good[@]}"
# Where a WARN is a panic, the subtests that provoke one are not run.
expect not_where_it_panics UNKNOWN \
	'SKIP provoked_warnings: kernel.panic_on_warn is 1' \
	--sysctl 'kernel/panic_on_warn 1' -- "$top/tdx_vm_huge_page" \
	-t seamcall_fails_in_creation
exit "$failed"
