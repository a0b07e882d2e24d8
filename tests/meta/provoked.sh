#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The runner announces a subtest that provokes warnings and withdraws it, however
# the subtest or the runner itself ends. Prints KTAP.

set -u

# shellcheck source=tests/meta/lib.sh
. "$(dirname "$0")/lib.sh"

FAKE_KMSG=$tmp/kmsg
export FAKE_KMSG
unset SPLAT_RUN

# log_of SUBTEST [RUN]: the expected log; the 1 is written to clear_warn_once,
# which is the same file here.
log_of() {
	echo "<12>kvm-gmem: run ${2:--}: $1 provokes WARNs in fake/kernel.c"
	echo WARN
	echo "<12>kvm-gmem: run ${2:--}: $1 has ended"
	printf 1
}

# check NAME CODE SUBTEST...: one runner runs them; the log must hold the lines of
# those called warn*.
check() {
	name=$1 code=$2
	shift 2
	for subtest; do
		case $subtest in warn*) log_of "$subtest" "${SPLAT_RUN:-}" ;; esac
	done >"$tmp/want"
	: >"$FAKE_KMSG"
	"$fake" "$@" >"$tmp/got" 2>&1
	compare "$?"
}

compare() {
	if [ "$1" = "$code" ] && cmp -s "$tmp/want" "$FAKE_KMSG"; then
		result ok "$name"
		return
	fi
	echo "# exit code $1, wanted $code"
	diff -u "$tmp/want" "$FAKE_KMSG" | sed 's/^/# /'
	sed 's/^/# /' "$tmp/got"
	result "not ok" "$name"
}

printf 'KTAP version 1\n1..8\n'
check announced 0 warn
check process_dies 1 warn_crash
check process_hangs 1 warn_hang
check each_by_itself 1 warn warn_crash
check others_are_not 0 pass quiet

SPLAT_RUN=12ab
export SPLAT_RUN
check run_has_a_name 0 warn
unset SPLAT_RUN

# SIGTERM to the runner while the subtest runs.
name=runner_ends code=143
log_of warn_hang >"$tmp/want"
: >"$FAKE_KMSG"
"$fake" warn_hang -T 30 >"$tmp/got" 2>&1 &
for _ in 1 2 3 4 5 6 7 8 9 10; do
	grep -q '^WARN' "$FAKE_KMSG" && break
	sleep 0.2
done
kill -TERM $!
wait $!
compare "$?"

# Where it cannot be announced, it is not run.
name=unwritable code=4
FAKE_KMSG=$tmp/nosuch/kmsg
export FAKE_KMSG
"$fake" warn >"$tmp/got" 2>&1
got=$?
if [ "$got" = 4 ] && grep -q \
   "^ok 1 warn # SKIP warn: $FAKE_KMSG: No such file or directory\$" "$tmp/got"
then
	result ok unwritable
else
	sed 's/^/# /' "$tmp/got"
	result "not ok" unwritable
fi

echo "# Totals: pass:$((number - failed)) fail:$failed xfail:0 xpass:0 skip:0 error:0"
[ "$failed" = 0 ]
