#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat compare: the same bug or not, for logs and JSON; one line for input that
# cannot be compared.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 6

old=$golden/circular-6.17-tdx.log
orc=$golden/circular-7.3.4-orc.log
mirrored=$golden/circular-7.3.4-orc-mirrored.log

begin compare_two_logs
call 1 compare "$old" "$orc"
[ "$(head -n 1 "$tmp/out")" = 'same cycle, other path' ] || bad 'not so'
has out "A  $old, report 1 of 1, lines 2-114, 6.17.0-rc7-upstream+\$" \
	'differs: &mm->mmap_lock is taken by tdx_gmem_post_populate in A, k'
call 0 compare "$mirrored" "$orc"
has out '^same$'
lacks out 'differs'
# The control: one function renamed, one lock renamed.
sed 's/kvm_gmem_populate+/kvm_gmem_fill+/' "$orc" >"$tmp/log"
call 1 compare "$tmp/log" "$orc"
has out '^same cycle, other path$'
sed 's/&mm->mmap_lock/\&mm->other_lock/' "$orc" >"$tmp/log"
call 1 compare "$tmp/log" "$orc"
has out '^different$' 'other_lock only in A, &mm->mmap_lock only in B$'
end

begin compare_json
call 1 parse --json "$orc"
cp "$tmp/out" "$tmp/orc.json"
call 0 compare "$tmp/orc.json" "$mirrored"
call 1 compare "$old" "$tmp/orc.json"
has out '^same cycle, other path$'
call 1 compare --json "$old" "$tmp/orc.json"
json "$tmp/out" 'j["result"] == "same cycle, other path" and
	j["a"]["signature"] != j["b"]["signature"] and j["b"]["report"] == 1'
head -c 1000 "$tmp/orc.json" >"$tmp/cut.json"
call 2 compare "$old" "$tmp/cut.json"
has err 'cut.json: is no JSON of splat parse$'
end

begin compare_stdin
code=0
"$splat" compare - "$orc" <"$mirrored" >"$tmp/out" || code=$?
[ "$code" -eq 0 ] || bad "exit code $code"
call 2 compare - -
has err 'only one can be stdin'
end

begin compare_one_of_several
cat "$golden/rcu-by-hand.log" "$orc" >"$tmp/log"
call 1 compare "$tmp/log" "$orc"
has out '^different$' 'report 1 of 2'
call 0 compare --nth 2,1 "$tmp/log" "$orc"
has out 'report 2 of 2' 'report 1 of 1'
call 2 compare --nth 2 "$tmp/log" "$orc"
has err 'orc.log: has 1 reports, no 2th$'
# One of them is incomplete: it is listed when the parser gives it up.
cat "$golden/circular-truncated.log" "$orc" >"$tmp/log"
call 0 compare "$tmp/log" "$orc"
has out 'report . of 2, lines 51-'
call 2 compare --nth 2,1 "$tmp/log" "$orc"
has err 'not complete$'
# Reports that are not lockdep's are skipped.
cat "$golden/lockups-by-hand.log" "$orc" >"$tmp/log"
call 0 compare "$tmp/log" "$orc"
end

begin compare_unfit
call 2 compare "$golden/circular-truncated.log" "$orc"
has err '^splat compare: .*/circular-truncated.log: the report is not complete$'
call 2 compare "$orc" "$golden/nothing-by-hand.log"
has err 'no report of lockdep in it$'
call 2 compare "$orc" /dev/null
call 2 compare "$orc" "$tmp"
has err 'Is a directory$'
call 2 compare /nonexistent "$orc"
gzip -c "$orc" >"$tmp/log.gz"
call 2 compare "$orc" "$tmp/log.gz"
has err '^splat compare: .*/log.gz: is compressed: zcat it$'
mkfifo "$tmp/fifo"
call 2 compare "$tmp/fifo" "$orc"
has err 'a FIFO without a writer$'
# A late writer.
{ sleep 0.2 && cat "$mirrored"; } >"$tmp/fifo" &
call 0 compare "$tmp/fifo" "$orc"
wait
end

begin compare_wrong_calls
call 2 compare
call 2 compare "$orc"
call 2 compare "$orc" "$orc" "$orc"
call 2 compare --nth 0 "$orc" "$orc"
call 2 compare --nth 1,x "$orc" "$orc"
call 2 compare --nth 1,2,3 "$orc" "$orc"
call 2 compare --nth 1, "$orc" "$orc"
call 2 compare --nth 18446744073709551617 "$orc" "$orc"
call 2 compare --fly "$orc" "$orc"
end

finish
