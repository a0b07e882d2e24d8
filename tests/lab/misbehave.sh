#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# When softtdx misbehaves, the guest's subtest that checks for it fails and names
# the GPA.  All in one boot.  At its end the same subtests pass without that: the
# misbehaviour is what they failed for.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

program=$top/tdx_vm_huge_page
misbehave=$top/build/lab/misbehave
out=$work/misbehave
commands=() ways=() subtests=() says=()

# way TEXT SUBTEST REGEX
way() {
	ways+=("$1") subtests+=("$2") says+=("$3")
	commands+=("$misbehave" "$1" "$program" -t "$2" ---)
}

way 'add-corrupt gpa 0x100003000 byte 8' \
	guest_reads_init_mem 'gpa 0x100003008 is wrong'
way 'accept-corrupt gpa 0x1001ef000 byte 8' \
	private_fault_aug_accept 'gpa 0x1001ef008: not zero .*: 0xff$'
way 'accept-keep gpa 0x1001ef000' \
	private_fault_aug_accept 'gpa 0x1001ef000: not zero .*: 0xa5a5a5a5a5a5'
way 'accept-drop gpa 0x1001ef000' \
	private_fault_aug_accept 'gpa 0x1001ef000: 1 #VE, not 0$'
# Taken after the page at 0x1001ef000, which gets its contents.
way 'aug-wrong gpa 0x1001f6000' private_fault_aug_accept \
	'gpa 0x1001ef000: not its word .*: that of gpa 0x1001f6000,'
# A page that was private, shared and private again is as before all that.
way 'flush-skip gpa 0x1001fb000 times 0' map_gpa_round_trip \
	'gpa 0x1001fb000: not zero .*: that of gpa 0x1001fb000, salt 1'
way 'track-skip gpa 0x1001fb000 times 0' map_gpa_round_trip \
	'gpa 0x1001fb000: not zero .*: that of gpa 0x1001fb000, salt 1'

honest=()
for t in $(printf '%s\n' "${subtests[@]}" | sort -u); do
	honest+=(-t "$t")
done
lab run --plain --timeout 300 --out "$out" -- "$top/build/lab/provoke" each \
	"${commands[@]}" "$program" "${honest[@]}" >"$out.log" 2>&1 || true
tr -d '\r' <"$out/output.log" >"$out.text"

# part N: what the Nth program said, from 0, and then its misbehave
part() {
	awk -v n="$1" 'n == i + 0 { print } /^misbehave: / { i++ }' "$out.text"
}

plan $((${#ways[@]} + 1))
for i in "${!ways[@]}"; do
	part "$i" >"$out.part"
	r=0
	grep -q "^not ok 1 ${subtests[i]} " "$out.part" &&
		grep -qE "${says[i]}" "$out.part" &&
		grep -qE '^misbehave: misbehave .* done [1-9]' "$out.part" || r=1
	if [ "$r" -ne 0 ]; then
		echo "# wanted a failed ${subtests[i]} that says /${says[i]}/:"
		see "$out.part"
	fi
	result "${ways[i]%% *} is found by ${subtests[i]}" "$r"
done

part "${#ways[@]}" >"$out.part"
r=0
grep -q "^# Totals: pass:$((${#honest[@]} / 2)) fail:0 " "$out.part" || r=1
[ "$r" -eq 0 ] || see "$out.part"
result "they pass when softtdx behaves" "$r"
exit "$failed"
