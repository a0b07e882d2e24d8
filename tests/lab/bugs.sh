#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel with known bugs: with all bugs off it passes what the pristine one passes.
# With one on, the subtests that are there to catch it fail and say why, and one
# that has nothing to do with it passes in the same boot.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bug_lib.sh"

plan 18
expect all_off CLEAN '^verdict=CLEAN' --bugs -- "$program" -t td_lifecycle \
	-t init_mem_region_4k -t mapping_counts -t mapping_oracle -t mrtd \
	-t 'region_restarts_*' -t punch_hole_zaps -t attributes_zap \
	-t td_lifecycle_twice -t seamcall_fails_in_build \
	-t failed_calls_leak_no_memory

bug misplace td_lifecycle \
	mapping_counts 'hole in pages 1\+63: 1 pages are to be mapped; pages_4k 0 ' \
	mapping_oracle 'a full slot: 2 differences between' \
	mrtd "the TD's MRTD is not that of what was added"
bug nozap attributes_zap \
	mapping_counts 'hole in pages 0\+1: 0 pages are to be mapped; pages_4k 1 ' \
	punch_hole_zaps 'hole in pages 0\+1 .* 31 pages are to be mapped; pages_4k 32 '
# The first page that a TD gets: there is nothing that it would not touch.
bug addtwice - \
	init_mem_region_4k 'SEAMCALL TDH_MEM_PAGE_ADD failed: 0xc0000b0d00000001'
bug skipchunk mapping_oracle \
	mrtd '1 pages added, 15 chunks extended, not 1, 16'
bug wrongsource mapping_oracle \
	region_restarts_after_signal 'pages done, but gpa is .* source \+1 pages' \
	region_restarts_after_fault 'pages done, but gpa is .* source \+1 pages'
# Shown by what the TDX module still holds, and by free memory alone.
bug leaksept td_lifecycle_twice \
	seamcall_fails_in_build 'left of the TD: 3 EPT, not 0'
bug leakspare td_lifecycle_twice \
	failed_calls_leak_no_memory '1 failing calls leak memory'
exit "$failed"
