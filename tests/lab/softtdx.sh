#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# softtdx' self-test in the lab's kernel, two CPUs at once included, and its
# controls: with any of its rules switched off it must fail, and pass again once
# they are on.  KVM makes a TD afterwards, as if nothing had been; and watched by
# splat, so that locks, sleeping and warnings on the way would show.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

out=$work/selftest rc=0
lab run --out "$out" -- "$top/build/lab/provoke" each \
	"$top/build/lab/selftest" --- \
	"$top/tdx_vm_huge_page" -t two_vms_populate_then_fault \
	>"$work/log" 2>&1 || rc=$?

# all REGEX: the self-test program printed such lines, and all are ok
all() {
	local lines
	lines=$(tr -d '\r' <"$out/output.log" | sed '/^provoke: /q' |
		grep -E "^(not )?ok [0-9]+ $1") || return 1
	grep '^not ok' <<<"$lines" | sed 's/^/# /'
	! grep -q '^not ok' <<<"$lines"
}

check() {
	local code=0
	all "$2" || code=1
	result "$1" "$code"
}

plan 5
check 'passes' 'passes$'
check 'passes again' 'passes again$'
check 'notices each rule that is off' 'notices that it lacks '
check 'passes with all rules on' 'passes with all rules on$'
if [ "$rc" -eq 0 ] && [ "$(verdict_of "$out" verdict)" = CLEAN ]; then
	result 'verdict CLEAN, and a TD afterwards' 0
else
	grep -v '^ok ' "$work/log" | sed 's/^/# /'
	result 'verdict CLEAN, and a TD afterwards' 1
fi
grep -h '^# selftest' "$out/output.log" | head -n 1
exit "$failed"
