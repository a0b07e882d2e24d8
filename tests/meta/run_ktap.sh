#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/run-ktap: what a program must print to pass, and each way to fail.
# Prints KTAP.

set -u

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
number=0
failed=0

# check NAME WANT SCRIPT: what run-ktap says of a program; its last line first.
check() {
	number=$((number + 1))
	printf '#!/bin/sh\n%s\n' "$3" >"$tmp/prog"
	chmod +x "$tmp/prog"
	got=$(KTAP_TIMEOUT=1 tests/run-ktap s "$tmp/prog" 2>&1)
	code=$?
	got="$code $(echo "$got" | tail -n 1), $(echo "$got" |
		grep -E '^(ok  |FAIL) ')"
	if [ "$got" = "$2" ]; then
		echo "ok $number $1"
		return
	fi
	failed=$((failed + 1))
	printf '# got:  %s\n# want: %s\nnot ok %s %s\n' "$got" "$2" "$number" "$1"
}

printf 'KTAP version 1\n1..13\n'
check passes '0 s: 2 passed, 0 failed, 0 skipped, ok   prog: 2 passed, 0 skipped' \
	'printf "1..2\nok 1 a\nok 2 b\n"'
check skips '0 s: 1 passed, 0 failed, 1 skipped, ok   prog: 1 passed, 1 skipped' \
	'printf "1..2\nok 1 a # SKIP b\nok 2 b\n"'
check only_skips '0 s: 0 passed, 0 failed, 1 skipped, ok   prog: 0 passed, 1 skipped' \
	'printf "1..1\nok 1 a # SKIP b\n"; exit 4'
check skips_and_passes '1 s: 1 passed, 1 failed, 1 skipped, FAIL prog: exit code 4, but 1 passed' \
	'printf "1..2\nok 1 a # SKIP b\nok 2 b\n"; exit 4'
check skips_without_a_skip '1 s: 1 passed, 1 failed, 0 skipped, FAIL prog: exit code 4, but 1 passed' \
	'printf "1..1\nok 1 a\n"; exit 4'
check plans_nothing '1 s: 0 passed, 1 failed, 0 skipped, FAIL prog: a plan of 0' \
	'echo 1..0; exit 4'
check fails '1 s: 1 passed, 1 failed, 0 skipped, FAIL prog: 1 failed' \
	'printf "1..2\nok 1 a\nnot ok 2 b\n"; exit 1'
check hides_a_failure '1 s: 0 passed, 1 failed, 0 skipped, FAIL prog: 1 failed' \
	'printf "1..1\nnot ok 1 b\n"'
check too_few '1 s: 1 passed, 1 failed, 0 skipped, FAIL prog: 1 results, plan 2' \
	'printf "1..2\nok 1 a\n"'
check too_many '1 s: 2 passed, 1 failed, 0 skipped, FAIL prog: 2 results, plan 1' \
	'printf "1..1\nok 1 a\nok 2 b\n"'
check nothing '1 s: 0 passed, 1 failed, 0 skipped, FAIL prog: 0 results, plan none' \
	'exit 0'
check bad_code '1 s: 1 passed, 1 failed, 0 skipped, FAIL prog: exit code 7' \
	'printf "1..1\nok 1 a\n"; exit 7'
check hangs '1 s: 1 passed, 1 failed, 0 skipped, FAIL prog: no end in 1 s' \
	'printf "1..1\nok 1 a\n"; sleep 30'
echo "# Totals: pass:$((number - failed)) fail:$failed xfail:0 xpass:0 skip:0 error:0"
[ "$failed" = 0 ]
