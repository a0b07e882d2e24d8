#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The seeded kernel: with all bugs off it passes what the pristine one passes;
# a page added at the wrong gfn is caught by mapping_counts.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

program=$top/tdx_vm_huge_page

plan 3
expect seeded_all_off CLEAN '^verdict=CLEAN' --seeded -- \
	"$program" -t mapping_counts
expect misplace_is_caught FAILED 'not ok [0-9]+ mapping_counts' \
	--seed misplace -- "$program" -t mapping_counts
expect misplace_alone_is_no_lock_bug FAILED '^ab=no' \
	--seed misplace -- "$program" -t mapping_counts -t td_lifecycle
exit "$failed"
