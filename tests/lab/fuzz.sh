#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# splat's parsers under libFuzzer for FUZZ_S seconds (20), with the sanitizers.
# And libFuzzer itself: a bug that the control has, which none of the seeds
# shows, is found.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${FUZZ_S:-20}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "KTAP version 1"
if ! echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
	clang -fsanitize=fuzzer -x c -o "$work/t" - 2>/dev/null; then
	echo "1..0 # SKIP clang has no libFuzzer"
	exit 4
fi
echo 1..2
make -s fuzz-programs >&2

rc=0
tests/fuzz/run build/fuzz/parser "$seconds" >"$work/log" 2>&1 || rc=$?
runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
if [ "$rc" -eq 0 ] && [ "${runs:-0}" -gt 200 ]; then
	echo "ok 1 parsers: $runs inputs in $seconds s"
else
	tail -n 30 "$work/log" | sed 's/^/# /'
	echo "not ok 1 parsers"
fi

rm -f build/fuzz/control-*
rc=0
FUZZ_CORPUS=$work/corpus tests/fuzz/run build/fuzz/control 120 -max_len=4096 \
	>"$work/control" 2>&1 || rc=$?
if [ "$rc" -ne 0 ] && grep -q 'heap-buffer-overflow' "$work/control" &&
	ls build/fuzz/control-crash-* >/dev/null 2>&1 &&
	build/fuzz/control build/fuzz/seeds/* >"$work/seeds" 2>&1; then
	echo "ok 2 control: its bug is found, and not in the seeds"
else
	tail -n 20 "$work/control" | sed 's/^/# /'
	echo "not ok 2 control"
fi
rm -f build/fuzz/control-crash-*
