#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The options that actors add to a program. Needs no KVM. Prints KTAP.

set -u

# shellcheck source=tests/meta/lib.sh
. "$(dirname "$0")/lib.sh"

program=./gmem_inplace_conversion

# check NAME CODE PATTERN ARGS...
check() {
	name=$1 code=$2 pattern=$3
	shift 3
	if ! [ -x "$program" ]; then
		number=$((number + 1))
		echo "ok $number $name # SKIP $program is not built"
		return
	fi
	"$program" "$@" >"$tmp/got" 2>&1
	got=$?
	if [ "$got" = "$code" ] && grep -q "$pattern" "$tmp/got"; then
		result ok "$name"
		return
	fi
	echo "# exit code $got, wanted $code with '$pattern'"
	sed 's/^/# /' "$tmp/got"
	result "not ok" "$name"
}

me="^${program#./}"
printf 'KTAP version 1\n1..8\n'
check list 0 '^punch_hole  *holes in ' --list-actors nosuch
check help 0 '^      --actors A,B,...  the actors of race_mix' --help
check no_such_actor 2 "$me: --actors: 'nobody': no such actor" --actors nobody
check no_pair 2 "$me: --pair: not two different actors" --pair user_read
check twice_the_same 2 "$me: --pair: not two different actors" \
	--pair user_read,user_read
check reduce_nobody 2 "$me: --reduce: of which --actors?" --reduce true
# shellcheck disable=SC2016 # for the shell of --reduce
check reduce 0 '^user_read$' --actors user_read,user_write --reduce \
	'case ,$ACTORS, in *,user_read,*) exit 1 ;; esac'
check reduce_what_passes 1 "$me: --reduce: all of them together do not fail" \
	--actors user_read,user_write --reduce true
echo "# Totals: pass:$((number - failed)) fail:$failed xfail:0 xpass:0 skip:0 error:0"
[ "$failed" = 0 ]
