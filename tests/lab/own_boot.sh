#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Subtests that want a lab of their own.  With both CPUs in one package a CPU
# really goes offline under a TD; the lab's usual packages of one CPU must not.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

plan 2
expect two_cpus_one_package CLEAN 'CPU 1 went offline under a TD' \
	--cores 2 -- "$top/tdx_vm_huge_page" -t cpu_offline_with_td

rc=0
lab run --cpus 3 --cores 2 -- "$top/tdx_vm_huge_page" >"$work/odd" 2>&1 || rc=$?
grep -q '^lab: --cores 2: 3 CPUs are no multiple$' "$work/odd" && [ "$rc" = 2 ] &&
	rc=0 || rc=1
[ "$rc" = 0 ] || see "$work/odd"
result cores_that_do_not_divide "$rc"
exit "$failed"
