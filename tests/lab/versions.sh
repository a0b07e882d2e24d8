#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The other kernel that is tested, 7.2: the four rows and every subtest of both
# programs.  And a user's own tree with uncommitted changes: it is judged as it
# is and left as it was.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

tree=''
if "$top/scripts/kernel-source" --list 2>/dev/null | grep -qx 7.2; then
	tree=$("$top/scripts/kernel-source" 7.2)
fi
plan 7
if [ -z "$tree" ]; then
	for name in repro tdx_vm_huge_page gmem_inplace_conversion; do
		skip "7.2: $name" "no suite has linux-source-7.2"
	done
else
	rc=0
	lab repro --ksrc "$tree" >"$work/table" 2>&1 || rc=$?
	see "$work/table"
	result "7.2: repro" "$rc"
	for name in tdx_vm_huge_page gmem_inplace_conversion; do
		rc=0
		lab run -q --ksrc "$tree" -- "$top/$name" >"$work/log" 2>&1 ||
			rc=$?
		[ "$rc" -eq 0 ] || see "$work/log"
		result "7.2: $name" "$rc"
	done
fi

# A tree of a user's, with AB in it, unconditionally and not committed.
own=$work/linux
cp -a "$("$top/scripts/kernel-source")" "$own"
(cd "$own" && git init -q && git add -f virt/kvm &&
	git -c user.name=t -c user.email=t@localhost commit -qm base)
"$top/lab/inject/apply" "$own" ab
perl -0pi -e 's/static bool kvm_bug_ab;\n//;
	s/__module_param_call\("kvm_bug\..*?;\n//s;
	s/\s*if \(kvm_bug_ab\)//g' "$own/virt/kvm/guest_memfd.c"
before=$(cd "$own" && git status --porcelain virt && sha256sum virt/kvm/*)
rc=0
lab repro --ksrc "$own" >"$work/table" 2>&1 || rc=$?
see "$work/table"
[ "$rc" -eq 1 ] && r=0 || r=1
result "own tree: exit code 1" "$r"
grep -qE '^[0-9][^ ]* +yes +no +alive +EDGE' "$work/table" && r=0 || r=1
result "own tree: EDGE" "$r"
grep -qE '^[0-9][^ ]*\+ba +yes +yes +spent +SPLAT' "$work/table" &&
	grep -q '^control: the suite sees' "$work/table" && r=0 || r=1
result "own tree: the control holds" "$r"
after=$(cd "$own" && git status --porcelain virt && sha256sum virt/kvm/*)
[ "$before" = "$after" ] && r=0 || r=1
result "own tree: left as it was" "$r"
rm -rf "$(dirname "$(lab build --ksrc "$own" 2>/dev/null)")"
exit "$failed"
