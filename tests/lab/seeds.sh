#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The seeded kernel: with all bugs off it passes what the pristine one passes;
# a page added at the wrong gfn is caught by counts, contents and measurement.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

program=$top/tdx_vm_huge_page

plan 5
expect seeded_all_off CLEAN '^verdict=CLEAN' --seeded -- \
	"$program" -t mapping_counts
expect misplace_is_caught FAILED 'not ok [0-9]+ mapping_counts' \
	--seed misplace -- "$program" -t mapping_counts
expect misplace_is_told_by_gpa FAILED \
	'gpa 0x100000000, level 0: holds what belongs to gpa 0x' \
	--seed misplace -- "$program" -t mapping_oracle
expect misplace_is_measured FAILED \
	'gpa 0x100000000, 1 pages measured, slot 0: .* for the first time' \
	--seed misplace -- "$program" -t mrtd
expect misplace_alone_is_no_lock_bug FAILED '^ab=no' \
	--seed misplace -- "$program" -t mapping_counts -t td_lifecycle
exit "$failed"
