#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat run --out: all files of a run exist and can be read again. Python reads
# the JSON.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 5
out=$tmp/kept

begin everything_is_kept
does <<-'END'
	echo 'on stderr' >&2
	splat
	exit 3
END
run 1 --out "$out" --json "$tmp/j"
[ "$(cd "$out" && echo *)" = 'command kmsg.log kmsg.records lockdep.after lockdep.before lockdep_stats.after lockdep_stats.before reports.json stderr stdout summary verdict.json verdict.txt' ] ||
	bad "$(cd "$out" && echo *)"
[ "$(cat "$out/command")" = "$tmp/cmd" ] || bad "$(cat "$out/command")"
[ "$(cat "$out/stdout")" = "the program's own output" ] || bad stdout
[ "$(cat "$out/stderr")" = 'on stderr' ] || bad stderr
cmp -s "$tmp/out" "$out/stdout" || bad 'not what went to stdout'
has err '^on stderr$'
cmp -s "$tmp/summary" "$out/summary" || bad summary
cmp -s "$tmp/j" "$out/verdict.json" || bad verdict.json
has kept/verdict.txt '^splat: SPLAT: possible deadlock'
cmp -s "$root/proc/lockdep" "$out/lockdep.after" || bad lockdep.after
cmp -s "$root/proc/lockdep_stats" "$out/lockdep_stats.after" || bad stats
grep -q 'debug_locks: *1' "$out/lockdep_stats.before" || bad stats.before
json "$out/reports.json" 'len(j) == 1 and j[0]["kind"] == "circular"'
end

# Records and text are two forms of one log, without records from before the
# run.
begin what_is_kept_can_be_read
does <<-'END'
	ab
	splat
END
run 1 --out "$out"
[ "$(wc -l <"$out/kmsg.records")" -eq 72 ] || bad "$(wc -l <"$out/kmsg.records") records"
lacks kept/kmsg.records 'old news'
for f in kmsg.log kmsg.records; do
	call 1 parse --json "$out/$f"
	json "$tmp/out" 'len(j) == 1 and j[0]["complete"] and j[0]["pid"] == 43'
done
call 0 edges --file "$out/lockdep.before" mapping.invalidate_lock
lacks out ' > &mm->mmap_lock'
call 0 edges --file "$out/lockdep.after" mapping.invalidate_lock
has out ' > &mm->mmap_lock'
end

# WARNs have a body, which the run itself does not read.
begin reports_are_those_of_parse
does <<-'END'
	seq=99
	while IFS= read -r line; do
		seq=$((seq + 1))
		printf '4,%d,1,-,caller=T7;%s\n' $seq "${line#*] }"
	done <$golden/lab-7.3.4-other-warn.log >>$root/dev/kmsg
	splat
END
run 1 --out "$out"
call 1 parse --json "$out/kmsg.log"
cmp -s "$tmp/out" "$out/reports.json" || bad 'not as of kmsg.log'
json "$out/reports.json" '[r["kind"] for r in j] == ["other", "circular"] and
	j[0]["release"] and j[0]["title"] == "WARNING in sin_warn"'
run 1 --out "$out" --log "$tmp/log"
call 1 parse --json "$out/kmsg.records"
cmp -s "$tmp/out" "$out/reports.json" || bad 'not as of kmsg.records'
json "$out/reports.json" 'len(j) == 2 and j[0]["comm"]'
end

# A second run removes the files of the first.
begin same_folder_again
run 0 --out "$out" --log "$tmp/log"
[ ! -s "$out/kmsg.records" ] || bad 'old records'
json "$out/reports.json" 'j == []'
json "$out/verdict.json" 'j["verdict"] == "CLEAN"'
[ -e "$tmp/log" ] && [ ! -e "$out/kmsg.log" ] || bad 'an old log'
"$splat" run --proc-root "$root" --out "$out" -- /nonexistent \
	2>"$tmp/err" && bad 'exit code 0'
[ ! -e "$out/verdict.json" ] || bad 'an old verdict'
end

begin without_it
run 0
[ "$(cd "$tmp" && echo kept.*)" = 'kept.*' ] || bad 'files beside it'
end

finish
