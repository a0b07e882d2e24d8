#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Kernels in which lockdep cannot find the bug that is in them: built without
# PROVE_LOCKING, or with tables so small that it gave up before the program
# started. It is not found, and that is no pass.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

scenario=("$top/tdx_vm_huge_page" -t two_vms_populate_then_fault)
both=(--bug ab --bug ba)

plan 4
expect no_prove_locking UNKNOWN '^reason=.*built without PROVE_LOCKING' \
	--config "$top/lab/kernel/noprove.config" "${both[@]}" -- "${scenario[@]}"
expect tiny_tables UNKNOWN '^reason=lockdep was spent before the run' \
	--config "$top/lab/kernel/tiny.config" "${both[@]}" -- "${scenario[@]}"
# They were full, and not of something else.
grep -qE 'BUG: MAX_(LOCKDEP_[A-Z_]+|STACK_TRACE_ENTRIES) too low!' \
	"$work/tiny_tables/console.log" && r=0 || r=1
result "tables were full at boot" "$r"
expect plain_tables SPLAT '^lockdep=spent' "${both[@]}" -- "${scenario[@]}"
exit "$failed"
