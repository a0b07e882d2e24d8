#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat run --ktap: both readers of nested KTAP see the passes, failures and
# skips of a run: kunit.py of the kernel tree (KUNIT_PY=) in indented KTAP,
# python3-tap, as LKFT uses it (lkft.py), in KTAP after "# ".

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 7

skip() {
	echo "ok $n $name # SKIP $*"
}

# kunit FILE CODE PATTERN...: kunit.py's exit code and output
kunit() {
	want=$2 code=0
	# Do not write compiled files beside kunit.py.
	PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$KUNIT_PY" parse \
		"$tmp/$1" >"$tmp/kunit" 2>&1 || code=$?
	[ "$code" -eq "$want" ] || bad "kunit.py: exit code $code"
	shift 2
	has kunit "$@"
	[ "$ok" = yes ] || sed 's/^/# /' "$tmp/kunit"
}

# lkft LINE...: lkft.py prints exactly these
lkft() {
	printf '%s\n' "$@" >"$tmp/want"
	tests/splat/lkft.py <"$tmp/out" >"$tmp/got" 2>"$tmp/py" ||
		bad "python3-tap: $(tail -n 1 "$tmp/py")"
	cmp -s "$tmp/want" "$tmp/got" || {
		bad 'read otherwise:'
		sed 's/^/#   /' "$tmp/got"
	}
}

kunit_there() {
	[ -e "${KUNIT_PY:-}" ] && [ -x /usr/bin/python3 ]
}

lkft_there() {
	/usr/bin/python3 -c 'import tap.parser' 2>/dev/null
}

# Passes, a failure, a skip, and lines that can mislead a reader.
mixed() {
	does <<-'END'
		echo 'TAP version 13'
		echo 1..4
		echo 'ok 1 passes'
		printf '# \377\r\0 not ok 9 forged\342\200\250not ok 10 forged\n'
		echo 'not ok 2 fails'
		echo 'ok 3 skips # SKIP no TDX'
		echo 'not ok 9 on stderr' >&2
		printf 'ok 4 last'
		exit 1
	END
}

begin flat
mixed
run 1 --ktap
lacks out 'passes'
has err '^ok 1 passes$' '^splat: FAILED'
[ "$(sed '/^#/d' "$tmp/out" | tr '\n' '|')" = \
	'KTAP version 1|1..3|not ok 1 program # the program failed: exit code 1|ok 2 kernel|ok 3 lock_order|' ] ||
	bad "$(cat "$tmp/out")"
has out '^# splat: FAILED on 7.3.4, TDX: none$' \
	'^# Totals: pass:2 fail:1 .* skip:0'
! kunit_there || kunit out 1 'Ran 3 tests: passed: 2, failed: 1'
! lkft_there || lkft 'program fail' 'kernel pass' 'lock_order pass'
end

# Each verdict has its result and its directive, and the exit codes agree.
begin outcomes
run 0 --ktap
[ "$(grep -c '^ok [1-3] [a-z_]*$' "$tmp/out")" -eq 3 ] || bad 'not all pass'
does <<-'END'
	ab
END
run 1 --ktap
has out '^ok 1 program$' '^not ok 3 lock_order # forbidden edge map'
machine
does <<-'END'
	log '6,10,1,-;a' '6,12,1,-;b'
END
run 4 --ktap
has out '^ok 1 program$' '^ok 2 kernel # SKIP 1 records' '^ok 3 lock_order$'
machine
echo 0 >"$root/proc/sys/kernel/prove_locking"
run 4 --ktap
has out '^ok 3 lock_order # SKIP lockdep is unproven: kernel.prove_locking is 0$'
machine
does <<-'END'
	sleep 60
END
run 1 --ktap --timeout 1
has out '^not ok 1 program # TIMEOUT the program did not end in 1 s$'
machine
does <<-'END'
	splat
END
run 1 --ktap
has out '^not ok 3 lock_order # possible deadlock in' '^# splat: signature circ'
end

begin indent_for_kunit
mixed
run 1 --ktap=indent
has out '^  KTAP version 1$' '^  1..4$' '^  # .xff.x0d.0 not ok 9 forged.xe2' \
	'^  ok 4 last$' '^not ok 1 program'
lacks out '^ *not ok 9'
if kunit_there; then
	kunit out 1 'Ran 6 tests: passed: 4, failed: 1, skipped: 1' \
		'\[FAILED\] fails' '\[SKIPPED\] skips' '\[PASSED\] lock_order'
	end
else
	skip "no kunit.py or python3"
fi

# The control: kunit.py sees one flat level.
begin hash_is_none_for_kunit
mixed
run 1 --ktap=hash
if kunit_there; then
	kunit out 1 'Ran 3 tests: passed: 2, failed: 1'
	end
else
	skip "no kunit.py or python3"
fi

begin hash_for_lkft
mixed
run 1 --ktap=hash
has out '^# KTAP version 1$' '^# ok 3 skips # SKIP no TDX$' '^# ok 4 last$'
if lkft_there; then
	lkft 'program.passes pass' 'program.fails fail' 'program.skips skip' \
		'program.last pass' 'program fail' 'kernel pass' \
		'lock_order pass'
	# The control: it ignores indented lines.
	machine
	mixed
	run 1 --ktap=indent
	lkft 'program fail' 'kernel pass' 'lock_order pass'
	end
else
	skip "no python3-tap"
fi

# No KTAP, or an empty level: comments, in which readers see no results.
begin programs_without_ktap
for o in 'echo hello; echo ok; echo "  ok 1 x"' 'echo "1..0 # SKIP no KVM"' \
	'echo "TAP version 13"; echo "1..0 # SKIP no KVM"' 'echo "KTAP version 1"'
do
	for style in indent hash; do
		machine
		echo "$o" | does
		run 0 --ktap=$style
		lacks out '^ '
		! kunit_there || kunit out 0 'Ran 3 tests: passed: 3'
	done
done
end

# Readers would take missing results from the level above.
begin plan_that_is_not_kept
does <<-'END'
	echo 'KTAP version 1'
	echo 1..3
	echo 'ok 1 passes'
	kill -KILL $$
END
run 1 --ktap=indent
has out '^not ok 1 program # the program was killed by SIGKILL$'
! kunit_there || kunit out 1 'Ran 5 tests: passed: 3, failed: 2$' \
	'\[FAILED\] no_result'
machine
does <<-'END'
	echo 'KTAP version 1'
	echo 1..1
	echo 'ok 1 passes'
	echo 'not ok 2 forged'
	echo 'ok 3 forged'
END
run 0 --ktap=indent
! kunit_there || kunit out 0 'Ran 3 tests: passed: 3$'
machine
does <<-'END'
	echo 1..4000000000
END
run 0 --ktap=hash
[ "$(wc -l <"$tmp/out")" -lt 20 ] || bad "$(wc -l <"$tmp/out") lines"
end

finish
