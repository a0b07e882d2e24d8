#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat judge: its command line and its files. The rules themselves are in
# tests/unit/splat/test_judge.c and test_answer.c, git bisect's answers from logs in
# bisect.sh.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 6
dir=$tmp/run

# left RESULT... : labrun's lines
left() {
	rm -rf "$dir"
	mkdir "$dir"
	printf '%s\n' "$@" >"$dir/result"
}

begin help_fits_a_screen
call 0 judge --help
[ "$(wc -l <"$tmp/out")" -le 24 ] || bad "too long"
[ "$(wc -L <"$tmp/out")" -le 80 ] || bad "too wide"
end

begin wrong_calls
call 2 judge
call 2 judge a b
call 2 judge --fly "$dir"
call 2 judge --watch "$dir"
call 2 judge --watch maybe "$dir"
call 2 judge --bad-sig 'circular: a > b' "$dir"
call 2 judge --bisect --control "$dir"
call 2 judge "$tmp/none"
left outcome=done
rm "$dir/result"
mkdir "$dir/result"
call 2 judge "$dir"
left outcome=done
call 2 judge --bisect "$dir"
call 2 judge --control "$dir"
[ ! -w /dev/full ] || "$splat" judge "$dir" >/dev/full 2>"$tmp/err" || code=$?
[ "$code" -eq 2 ] || bad "full stdout: code $code"
end

begin verdict_of_a_run
left at_start=2 exit=1 outcome=done at_off=12.50
printf 'verdict=SPLAT\nab=yes\nba=yes\nlockdep=spent\nreason=r\nexit=1\n' \
	>"$dir/summary"
call 0 judge --watch yes "$dir"
cat >"$tmp/want" <<-END
	verdict=SPLAT
	code=1
	reason=r
	ab=yes
	ba=yes
	lockdep=spent
	signature=
	exit=1
	provoked=
	provoked_in=
	seconds=12.50
END
diff "$tmp/want" "$tmp/out" >"$tmp/diff" || bad "$(cat "$tmp/diff")"
end

# The same files, but for who ran the program.
begin watched_or_not
left at_start=2 exit=0 outcome=done
call 0 judge "$dir"
has out '^verdict=PASSED$'
call 0 judge --watch yes "$dir"
has out '^verdict=UNKNOWN$' '^reason=splat gave no verdict, code 0$'
printf 'a line\r\nsplat run: x: no\r\n' >"$dir/output.log"
call 0 judge --watch yes "$dir"
has out '^reason=splat gave no verdict, code 0: splat run: x: no$'
end

begin failed_subtests_are_named
left at_start=2 exit=1 outcome=done
printf 'not ok 1 a\r\nok 2 b\r\nnot ok 3 c # softtdx\r\n' >"$dir/output.log"
call 0 judge "$dir"
has out '^reason=the program ended with code 1; failed: a, c$'
end

# row NAME AB BA LOCKDEP VERDICT
row() {
	mkdir -p "$dir/$1"
	printf 'ab=%s\nba=%s\nlockdep=%s\nverdict=%s\n' "$2" "$3" "$4" "$5" \
		>"$dir/$1/verdict"
}

begin control_rows
left none
row pristine no no alive CLEAN
call 0 judge --control "$dir"
has out '^verdict=CLEAN$' '^code=0$' '^control=none$'
row +ab yes no alive EDGE
row +ba no yes alive CLEAN
row +ab+ba yes yes spent SPLAT
call 0 judge --control "$dir"
has out '^verdict=CLEAN$' '^code=0$' '^control=holds$' '^failed_rows=$'
lacks out '^failed='
row +ba no no alive CLEAN
row +ab no no alive CLEAN
call 0 judge --control "$dir"
has out '^verdict=UNKNOWN$' '^code=4$' '^reason=the control failed$' \
	'^control=failed$' '^failed_rows=+ab +ba$' \
	"^failed=+ab: got 'no no alive CLEAN', wanted 'yes no alive EDGE'\$" \
	"^failed=+ba: got 'no no alive CLEAN', wanted 'no yes alive CLEAN'\$"
row pristine yes no alive EDGE
call 0 judge --control "$dir"
has out '^verdict=EDGE$' '^code=1$' '^control=failed$'
echo >"$dir/+ab/verdict"
call 2 judge --control "$dir"
end

finish
