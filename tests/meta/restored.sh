#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The runner restores what a subtest changes of the machine, however the subtest
# or the runner itself ends. Prints KTAP.

set -u

# shellcheck source=tests/meta/lib.sh
. "$(dirname "$0")/lib.sh"

FAKE_LAMP=$tmp/lamp
export FAKE_LAMP

# compare NAME CODE GOT LAMP
compare() {
	lamp=$(cat "$FAKE_LAMP")
	if [ "$2" = "$3" ] && [ "$lamp" = "$4" ]; then
		result ok "$1"
		return
	fi
	echo "# exit code $3, wanted $2; lamp $lamp, wanted $4"
	sed 's/^/# /' "$tmp/got"
	result "not ok" "$1"
}

# check NAME CODE LAMP SUBTEST...
check() {
	name=$1 code=$2 lamp=$3
	shift 3
	echo as-it-was >"$FAKE_LAMP"
	"$fake" "$@" >"$tmp/got" 2>&1
	compare "$name" "$code" "$?" "$lamp"
}

printf 'KTAP version 1\n1..7\n'
check passes 0 on dark
check dies 1 on dark_crash
check hangs 1 on dark_hang
check others_are_left_alone 0 as-it-was pass

# A failing begin(): not run. A failing end(): reported, and no subtest follows.
export FAKE_STUCK=note
check not_noted 1 as-it-was dark
export FAKE_STUCK=restore
check not_brought_back 1 off dark dark_crash
if grep -q '^# dark: the lamp stays off$' "$tmp/got" &&
	! grep -q 'ok 2' "$tmp/got"; then :; else
	sed 's/^/# /' "$tmp/got"
	failed=$((failed + 1))
fi
unset FAKE_STUCK

# SIGTERM to the runner while the subtest runs.
echo as-it-was >"$FAKE_LAMP"
"$fake" dark_hang -T 30 >"$tmp/got" 2>&1 &
for _ in 1 2 3 4 5 6 7 8 9 10; do
	grep -q off "$FAKE_LAMP" && break
	sleep 0.2
done
kill -TERM $!
wait $!
compare runner_ends 143 "$?" on

echo "# Totals: pass:$((number - failed)) fail:$failed xfail:0 xpass:0 skip:0 error:0"
[ "$failed" = 0 ]
