#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every subtest of both programs on the pristine kernel in the lab, watched by
# splat; those that need no TDX on this machine's own KVM as well, if it has
# one.  Each program's results become results here, under its name.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# collect PREFIX FILE: the result lines of a KTAP log
collect() {
	sed -nE "s/^(ok|not ok) [0-9]+ (.*)/\1 $1: \2/p" "$2" | tr -d '\r' \
		>>"$work/results"
}

# in_lab PROGRAM: its results, and the verdict as one more
in_lab() {
	local rc=0 out=$work/$1
	lab run --timeout 900 --out "$out" -- "$top/$1" \
		>"$work/$1.log" 2>&1 || rc=$?
	collect "$1" "$out/output.log"
	if [ "$rc" -eq 0 ] && [ "$(verdict_of "$out" verdict)" = CLEAN ]; then
		echo "ok $1: verdict CLEAN" >>"$work/results"
	else
		see "$work/$1.log"
		echo "not ok $1: verdict $(verdict_of "$out" verdict)" \
			>>"$work/results"
	fi
}

on_this_machine() {
	local rc=0
	"$top/$1" >"$work/native.log" 2>&1 || rc=$?
	collect "native $1" "$work/native.log"
	# 4: all skipped, by name, as on a kernel that is too old for it.
	[ "$rc" -eq 0 ] || [ "$rc" -eq 4 ] && return
	see "$work/native.log"
	echo "not ok native $1: exit code $rc" >>"$work/results"
}

: >"$work/results"
in_lab tdx_vm_huge_page
in_lab gmem_inplace_conversion
if [ -r /dev/kvm ] && [ -w /dev/kvm ]; then
	on_this_machine gmem_inplace_conversion
else
	echo "ok native gmem_inplace_conversion # SKIP no access to /dev/kvm" \
		>>"$work/results"
fi

plan "$(wc -l <"$work/results")"
n=0
while read -r line; do
	n=$((n + 1))
	case $line in
	'not ok '*) echo "not ok $n ${line#not ok }" && failed=1 ;;
	*) echo "ok $n ${line#ok }" ;;
	esac
done <"$work/results"
exit "$failed"
