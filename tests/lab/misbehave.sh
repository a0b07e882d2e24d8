#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# softtdx told to lie: the guest's subtest that is there to notice fails, and
# names the GPA.  All in one boot, and at its end the same subtests without a
# lie, which pass: it is the lies that they failed for.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

program=$top/tdx_vm_huge_page
misbehave=$top/build/lab/misbehave
out=$work/lies
commands=() lies=() subtests=() says=()

# lie TEXT SUBTEST REGEX
lie() {
	lies+=("$1") subtests+=("$2") says+=("$3")
	commands+=("$misbehave" "$1" "$program" -t "$2" ---)
}

lie 'add-corrupt gpa 0x100003000 byte 8' \
	guest_reads_init_mem 'gpa 0x100003008 is wrong'
lie 'accept-corrupt gpa 0x1001ef000 byte 8' \
	private_fault_aug_accept 'gpa 0x1001ef008: not zero .*: 0xff$'
lie 'accept-keep gpa 0x1001ef000' \
	private_fault_aug_accept 'gpa 0x1001ef000: not zero .*: 0xa5a5a5a5a5a5'
lie 'accept-drop gpa 0x1001ef000' \
	private_fault_aug_accept 'gpa 0x1001ef000: 1 #VE, not 0$'
# Taken after the page at 0x1001ef000, which gets its contents.
lie 'aug-wrong gpa 0x1001f6000' private_fault_aug_accept \
	'gpa 0x1001ef000: not its word .*: that of gpa 0x1001f6000,'
# A page that was private, shared and private again is as before all that.
lie 'flush-skip gpa 0x1001fb000 times 0' map_gpa_round_trip \
	'gpa 0x1001fb000: not zero .*: that of gpa 0x1001fb000, salt 1'
lie 'track-skip gpa 0x1001fb000 times 0' map_gpa_round_trip \
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

plan $((${#lies[@]} + 1))
for i in "${!lies[@]}"; do
	part "$i" >"$out.part"
	r=0
	grep -q "^not ok 1 ${subtests[i]} " "$out.part" &&
		grep -qE "${says[i]}" "$out.part" &&
		grep -qE '^misbehave: misbehave .* done [1-9]' "$out.part" || r=1
	if [ "$r" -ne 0 ]; then
		echo "# wanted a failed ${subtests[i]} that says /${says[i]}/:"
		see "$out.part"
	fi
	result "${lies[i]%% *} is found by ${subtests[i]}" "$r"
done

part "${#lies[@]}" >"$out.part"
r=0
grep -q "^# Totals: pass:$((${#honest[@]} / 2)) fail:0 " "$out.part" || r=1
[ "$r" -eq 0 ] || see "$out.part"
result "they pass without a lie" "$r"
exit "$failed"
