#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A few TDs, one after the other, leave nothing behind: neither in the TDX module
# nor of the kernel's memory.  And both would be missed.  `make bench` has the
# thousand.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

tds=(--plain --cpus 1 -- "$top/build/bench/bench_tds")
plan 3
expect nothing_is_left PASSED 'module has all back, no memory is gone' \
	"${tds[@]}" -n 12
expect memory_is_missed FAILED 'module has all back, memory is gone' \
	"${tds[@]}" -n 12 -k 32
expect a_td_is_missed FAILED 'module has not all back' "${tds[@]}" -n 3 -l
exit "$failed"
