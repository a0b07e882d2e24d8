#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The runtime of the test programs: output and exit code of a program built from
# it, for each way in which a subtest can end. Prints KTAP.

set -u

# shellcheck source=tests/meta/lib.sh
. "$(dirname "$0")/lib.sh"

# check NAME CODE ARGS...: run the program; stdin holds what it must print.
check() {
	cat >"$tmp/want"
	check_want "$@"
}

check_want() {
	name=$1
	code=$2
	shift 2
	"$fake" "$@" >"$tmp/got" 2>&1
	got=$?
	if [ "$got" = "$code" ] && cmp -s "$tmp/want" "$tmp/got"; then
		result ok "$name"
		return
	fi
	[ "$got" = "$code" ] || echo "# exit code $got, not $code"
	diff -u "$tmp/want" "$tmp/got" | sed 's/^/# /'
	result "not ok" "$name"
}

totals() {
	echo "# Totals: pass:$1 fail:$2 xfail:0 xpass:0 skip:$3 error:0"
}

# one NAME CODE RESULT [DIAGNOSTIC...] [-- ARGS...]: run one subtest.
one() {
	name=$1
	code=$2
	line=$3
	shift 3
	{
		printf 'KTAP version 1\n1..1\n'
		for diag; do
			[ "$diag" != -- ] || break
			echo "# $diag"
		done
		echo "$line"
		case $line in
		*SKIP*) totals 0 0 1 ;;
		not*) totals 0 1 0 ;;
		*) totals 1 0 0 ;;
		esac
	} >"$tmp/want"
	while [ $# -gt 0 ] && [ "$1" != -- ]; do shift; done
	[ $# -eq 0 ] || shift
	check_want "$name" "$code" "$name" "$@"
}

printf 'KTAP version 1\n1..27\n'

one pass 0 'ok 1 pass' 'pages 0 threads 0 iterations 0 duration 0' \
	'to stderr, no newline'
one assert 1 'not ok 1 assert' '==== Test Assertion Failure ====' \
	'assert: assertion failed'
one exit_1 1 'not ok 1 exit_1' 'exit_1: exit code 1'
one exit_0 1 'not ok 1 exit_0' \
	'exit_0: ended without a result, by exit(0)'
one exit_4 1 'not ok 1 exit_4' \
	'exit_4: exit code 4: something was denied or missing that is no declared need'
one skip 4 'ok 1 skip # SKIP only 1 moon'
one hang 1 'not ok 1 hang # TIMEOUT' 'hang: no end in 1 s'
one hang_hard 1 'not ok 1 hang_hard # TIMEOUT' 'hang_hard: no end in 1 s'
one crash 1 'not ok 1 crash' \
	'crash: killed by signal 11 (Segmentation fault)'
one leave 1 'not ok 1 leave' 'leave: left processes behind'
one ktap_inside 0 'ok 1 ktap_inside' 'ok 1 not_mine' '1..0 # SKIP' 'not ok 7'

# All unmet needs in one line, without a source whose need is not met.
export FAKE_NIGHT=1
one unmet 4 'ok 1 unmet # SKIP sun: night; rain: blue sky; snow: 21 degrees'
one quiet 4 'ok 1 quiet # SKIP sun: night'
unset FAKE_NIGHT

check platform 0 quiet <<END
KTAP version 1
1..1
# fakesun: a lamp
ok 1 quiet # fakesun
$(totals 1 0 0)
END

check platform_failure 1 'on_sun*' pass <<END
KTAP version 1
1..3
# fakesun: a lamp
# pages 0 threads 0 iterations 0 duration 0
# to stderr, no newline
ok 1 pass
ok 2 on_sun # fakesun
# on_sun_bad: exit code 1
not ok 3 on_sun_bad # fakesun
$(totals 2 1 0)
END

check pass_and_skip 0 skip pass -p 5 -j 6 -i 7 -d 8 <<END
KTAP version 1
1..2
# pages 5 threads 6 iterations 7 duration 8
# to stderr, no newline
ok 1 pass
ok 2 skip # SKIP only 1 moon
$(totals 1 0 1)
END

check only_skips 4 skip unmet <<END
KTAP version 1
1..2
# fakesun: a lamp
ok 1 skip # SKIP only 1 moon
ok 2 unmet # SKIP rain: blue sky; snow: 21 degrees, fakesun
$(totals 0 0 2)
END

check list 0 --list unmet quiet <<END
quiet                             prints nothing
                                    needs: sun
unmet                             needs what is not there
                                    needs: sun, rain, snow
END

check unknown_subtest 2 nosuch <<END
fake: nosuch: no such subtest, see --list
END
check unknown_option 2 --nosuch <<END
fake: --nosuch: unknown option, see --help
END
check bad_number 2 -p 0 <<END
fake: --pages: '0': not a number from 1 to 262144
END

# A hook fails a subtest that has not failed by itself.
export FAKE_WATCH=after
one quiet 1 'not ok 1 quiet # fakesun' 'fakesun: a lamp' 'quiet: a bulb broke'
one skip 1 'not ok 1 skip' 'skip: a bulb broke'
one exit_1 1 'not ok 1 exit_1' 'exit_1: exit code 1'
export FAKE_WATCH=before
one pass 1 'not ok 1 pass' 'pass: dark before it began'
unset FAKE_WATCH

# A bound on the command line replaces the subtest's own; --duration adds to it.
one hang 1 'not ok 1 hang # TIMEOUT' 'hang: no end in 2 s' -- -T 2
one hang 1 'not ok 1 hang # TIMEOUT' 'hang: no end in 2 s' -- -d 1

echo "# Totals: pass:$((number - failed)) fail:$failed xfail:0 xpass:0 skip:0 error:0"
[ "$failed" = 0 ]
