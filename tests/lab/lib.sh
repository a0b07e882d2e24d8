# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For the lab tests: KTAP lines from shell. A test calls `plan N`, then N times
# `result NAME CODE` (0: ok) or `skip NAME REASON`; `see FILE` shows a log.
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
# In the cache folder: some tests need gigabytes, and /tmp may be memory.
need_cache
work=$(mktemp -d "$cache/test-XXXXXX")
trap 'umount "$work/small" 2>/dev/null || true; rm -rf "$work"' EXIT
count=0
export failed=0

plan() {
	echo "KTAP version 1"
	echo "1..$1"
}

result() {
	count=$((count + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $count $1"
	else
		failed=1
		echo "not ok $count $1"
	fi
}

skip() {
	count=$((count + 1))
	echo "ok $count $1 # SKIP $2"
}

see() {
	sed 's/^/# /' "$1"
}

lab() {
	"$top/scripts/lab" "$@"
}

# verdict_of DIR KEY
verdict_of() {
	value "$1/verdict" "$2"
}

# expect NAME VERDICT REGEX OPTIONS...: a lab run must get this verdict, and its
# output or the verdict's lines must match.
expect() {
	local name=$1 verdict=$2 regex=$3 rc=0 out=$work/$1
	shift 3
	lab run --out "$out" "$@" >"$work/$name.log" 2>&1 || rc=$?
	if [ "$(verdict_of "$out" verdict)" = "$verdict" ] &&
		[ "$rc" = "$(verdict_of "$out" code)" ] &&
		grep -qE "$regex" "$work/$name.log" "$out/verdict"; then
		result "$name" 0
		return
	fi
	echo "# wanted $verdict and /$regex/, got code $rc and:"
	see "$work/$name.log"
	result "$name" 1
}
