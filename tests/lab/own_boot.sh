#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Subtests that want a lab of their own.  With both CPUs in one package a CPU
# really goes offline under a TD; the lab's usual packages of one CPU must not.
# And a misc cgroup's limit makes KVM up to 7.3.4 miscount until reboot.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

plan 3
expect two_cpus_one_package CLEAN 'CPU 1 went offline under a TD' \
	--cores 2 -- "$top/tdx_vm_huge_page" -t cpu_offline_with_td

expect misc_cgroup_limit CLEAN '^ok 1 misc_cgroup_limit # softtdx' \
	--param KVM_GMEM_CGROUP_LIMIT=1 -- \
	"$top/tdx_vm_huge_page" -t misc_cgroup_limit

rc=0
lab run --cpus 3 --cores 2 -- "$top/tdx_vm_huge_page" >"$work/odd" 2>&1 || rc=$?
grep -q '^lab: --cores 2: 3 CPUs are no multiple$' "$work/odd" && [ "$rc" = 2 ] &&
	rc=0 || rc=1
[ "$rc" = 0 ] || see "$work/odd"
result cores_that_do_not_divide "$rc"
exit "$failed"
