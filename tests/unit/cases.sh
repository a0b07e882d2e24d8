#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Arguments of a unit-test program are patterns of its cases; `make unit T=` runs
# one program. Prints KTAP.

set -u
unset MAKEFLAGS MAKELEVEL MFLAGS

number=0 failed=0
got=$(mktemp)
trap 'rm -f "$got"' EXIT
program=build/unit/base/test_number

# check NAME CODE OUTPUT COMMAND...
check() {
	name=$1 code=$2 want=$3
	shift 3
	number=$((number + 1))
	"$@" >"$got" 2>&1 && rc=0 || rc=$?
	if [ "$rc" = "$code" ] && [ "$(cat "$got")" = "$want" ]; then
		echo "ok $number $name"
		return
	fi
	failed=$((failed + 1))
	echo "# exit code $rc, wanted $code"
	sed 's/^/# /' "$got"
	echo "not ok $number $name"
}

# ktap CASE...: what a run of these cases prints.
ktap() {
	printf 'KTAP version 1\n1..%d\n' $#
	n=0
	for c; do
		n=$((n + 1))
		echo "ok $n $c"
	done
	echo "# Totals: pass:$n fail:0 xfail:0 xpass:0 skip:0 error:0"
}

printf 'KTAP version 1\n1..8\n'
all=$(ktap accepted not_numbers out_of_range)
check all 0 "$all" "$program"
check one 0 "$(ktap not_numbers)" "$program" not_numbers
# In the order of the program, each once.
check patterns 0 "$(ktap accepted out_of_range)" \
	"$program" 'out*' '*e*ed' accepted
check no_such_case 2 "test_number: nosuch: no such case" \
	"$program" accepted nosuch
# A program with a main() of its own.
program=build/unit/runner/test_platform
check own_main 0 "$(ktap with_softtdx)" "$program" with_softtdx
check own_main_no_case 2 "test_platform: x: no such case" "$program" x
check make_one 0 "$all" make -s unit T=base/test_number
check make_one_case 0 "$(ktap accepted)" \
	make -s unit T=base/test_number 'CASE=acc*'
echo "# Totals: pass:$((number - failed)) fail:$failed xfail:0 xpass:0 skip:0 error:0"
[ "$failed" = 0 ]
