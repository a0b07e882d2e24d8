#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The runtime of the test programs and its environment: a signal, a full disk,
# another parser of its output. Prints KTAP. KUNIT_PY= names the kernel's
# kunit.py, which parses the output, too.

set -u

# shellcheck source=tests/meta/lib.sh
. "$(dirname "$0")/lib.sh"
skipped=0

# SIGTERM to the program ends the subtest, too, at once.
interrupted() {
	"$fake" hang -T 30 >"$tmp/got" &
	pid=$!
	child=
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		child=$(pgrep -P "$pid") && [ -s "$tmp/got" ] && break
		sleep 0.1
	done
	kill -TERM "$pid"
	wait "$pid"
	got=$?
	if [ "$got" = 143 ] && [ -n "$child" ] &&
	   ! kill -0 "$child" 2>/dev/null; then
		result ok interrupted
	else
		echo "# exit code $got, not 143; child '$child'"
		result "not ok" interrupted
	fi
}

# /dev/full accepts no byte: a result that could not be written is no pass.
full_output() {
	"$fake" quiet >/dev/full 2>"$tmp/got"
	got=$?
	if [ "$got" = 1 ] &&
	   grep -q '^fake: stdout: No space left on device$' "$tmp/got"; then
		result ok full_output
	else
		echo "# exit code $got: $(cat "$tmp/got")"
		result "not ok" full_output
	fi
}

kunit() {
	if [ ! -e "${KUNIT_PY:-}" ] || [ ! -x /usr/bin/python3 ]; then
		number=$((number + 1))
		skipped=$((skipped + 1))
		echo "ok $number kunit_parses # SKIP no kunit.py or python3"
		return
	fi
	"$fake" -T 1 >"$tmp/ktap"
	# Without __pycache__ in the kernel tree.
	PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$KUNIT_PY" parse \
		"$tmp/ktap" >"$tmp/got" 2>&1
	got=$?
	if [ "$got" = 1 ] && grep -q \
	   'Ran 21 tests: passed: 4, failed: 9, skipped: 8' "$tmp/got"; then
		result ok kunit_parses
	else
		sed 's/^/# /' "$tmp/got"
		result "not ok" kunit_parses
	fi
}

printf 'KTAP version 1\n1..3\n'
interrupted
full_output
kunit
echo "# Totals: pass:$((number - failed - skipped)) fail:$failed xfail:0 xpass:0 skip:$skipped error:0"
[ "$failed" = 0 ]
