#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat run where the machine, the command or the reader of the output behaves
# badly: one clear line, the right exit code, an end in time. Python reads the
# JSON.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 10

# Root without the capabilities to read all files: mode 0 denies access. For
# other users it does so anyway.
plain=$splat
denied=
[ "$(id -u)" -ne 0 ] ||
	denied='setpriv --bounding-set -dac_override,-dac_read_search --'

as_denied() {
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nexec %s %s "$@"\n' "$denied" "$(readlink -f "$plain")" \
		>"$tmp/denied"
	chmod +x "$tmp/denied"
	splat=$tmp/denied
}

begin files_that_may_not_be_read
as_denied
for f in dev/kmsg proc/lockdep proc/lockdep_stats proc/lockdep_chains; do
	machine
	run 0
	machine
	chmod 0 "$root/$f"
	run 4 --json "$tmp/j"
	has err "^splat: UNKNOWN: not run: /$f: Permission denied\$" \
		'program  *not run$'
	has summary '^verdict=UNKNOWN$' '^exit=4$'
	lacks out 'own output'
	lacks err spent
	json "$tmp/j" 'not j["program"]["run"] and j["program"]["exit"] is None'
	run 125 --bisect
done
machine
chmod 0 "$root/dev/kmsg" "$root/proc/lockdep"
run 4 --ktap
has out '^1..3$' '^ok 1 program # SKIP not run: /dev/kmsg: Permission denied, /proc/lockdep: Perm' \
	'^ok 3 lock_order # SKIP not run'
end

# A missing file is different: the program runs.
begin files_that_are_not_there
splat=$plain
rm "$root/dev/kmsg"
run 4
has out 'own output'
has summary '^reason=/dev/kmsg: No such file or directory$'
end

begin commands_that_cannot_be_run
splat=$plain
for c in /nonexistent/x "$tmp" "$root/dev/kmsg"; do
	code=0
	"$splat" run --proc-root "$root" -- "$c" >"$tmp/out" 2>"$tmp/err" ||
		code=$?
	[ "$code" -eq 2 ] || bad "$c: exit code $code"
	has err "^splat run: $c: [NP]"
	"$splat" run --bisect --proc-root "$root" -- "$c" >"$tmp/out" \
		2>"$tmp/err" && code=0 || code=$?
	[ "$code" -eq 128 ] || bad "$c: exit code $code with --bisect"
done
end

# interrupt SIGNAL: send it to splat during a long command
interrupt() {
	does <<-END
		echo \$\$ >$tmp/pid
		exec sleep 60
	END
	rm -f "$tmp/pid"
	"$splat" run --proc-root "$root" --json "$tmp/j" -- "$tmp/cmd" \
		>"$tmp/out" 2>"$tmp/err" </dev/null &
	pid=$! i=0
	until [ -s "$tmp/pid" ] || [ $i -eq 100 ]; do
		sleep 0.1
		i=$((i + 1))
	done
	kill -s "$1" $pid
	code=0
	wait $pid || code=$?
}

# sh lets background commands ignore SIGINT: test HUP instead.
begin splat_is_interrupted
for s in TERM:143 HUP:129; do
	machine
	interrupt ${s%:*}
	[ "$code" -eq ${s#*:} ] || bad "$s: exit code $code"
	has err "^splat: UNKNOWN: splat was interrupted by SIG${s%:*}\$"
	json "$tmp/j" 'j["verdict"] == "UNKNOWN"'
	! kill -0 "$(cat "$tmp/pid")" 2>/dev/null || bad 'the command lives on'
done
end

begin grandchildren
does <<-END
	setsid sh -c 'echo \$\$ >$tmp/pid; trap "" TERM HUP; sleep 60' &
	while [ ! -s $tmp/pid ]; do sleep 0.1; done
END
rm -f "$tmp/pid"
run 0
has err 'note .*left processes behind: killed$'
! kill -0 "$(cat "$tmp/pid")" 2>/dev/null || bad 'the grandchild lives on'
machine
run 0
lacks err 'left processes behind'
end

begin stdin_is_the_commands
does <<-'END'
	read -r line
	[ "$line" = given ]
END
code=0
echo given | "$splat" run --proc-root "$root" -- "$tmp/cmd" >"$tmp/out" \
	2>"$tmp/err" || code=$?
[ "$code" -eq 0 ] || bad "exit code $code"
run 1
end

begin hundred_megabytes
does <<-'END'
	head -c 100000000 /dev/zero
	head -c 1000 /dev/zero >&2
END
run 0 --out "$tmp/kept"
[ "$(wc -c <"$tmp/out")" -eq 100000025 ] || bad "$(wc -c <"$tmp/out") bytes"
cmp -s "$tmp/out" "$tmp/kept/stdout" || bad 'not what is kept'
[ "$(wc -c <"$tmp/kept/stderr")" -eq 1000 ] || bad 'not all of stderr'
machine
does <<-'END'
	head -c 100000000 /dev/zero
END
run 0 --ktap=hash
has out '^# .*more bytes\]$' '^ok 3 lock_order$'
[ "$(wc -c <"$tmp/out")" -lt 10000 ] || bad 'a line is not cut'
end

# Without a reader the command waits, its time limit still works, and splat ends
# with the pipe.
begin nobody_reads
does <<-'END'
	yes
END
start=$(date +%s)
{ "$splat" run --proc-root "$root" --timeout 1 --ktap=hash -- "$tmp/cmd" \
	2>"$tmp/err" || :; } | { sleep 4; head -c 1; } >"$tmp/out"
[ $(($(date +%s) - start)) -lt 15 ] || bad 'splat hung'
machine
does <<-'END'
	yes
END
code=0
"$splat" run --proc-root "$root" --timeout 1 --ktap=hash -- "$tmp/cmd" \
	>/dev/null 2>"$tmp/err" || code=$?
[ "$code" -eq 1 ] || bad "exit code $code"
has err '^splat: HUNG: '
end

begin streams_of_splat
code=0
"$splat" run --proc-root "$root" --summary "$tmp/summary" -- "$tmp/cmd" \
	<&- >&- 2>&- || code=$?
[ "$code" -eq 0 ] || bad "closed: exit code $code"
has summary '^verdict=CLEAN$'
for o in --json --ktap --ktap=indent; do
	machine
	code=0
	"$splat" run --proc-root "$root" $o -- "$tmp/cmd" >/dev/full \
		2>"$tmp/err" || code=$?
	[ "$code" -eq 2 ] || bad "$o: full: exit code $code"
	has err '^splat run: stdout: No space left on device$'
done
end

begin folders_that_cannot_be
call 2 run --out /proc/x -- true
has err '^splat run: /proc/x: '
call 2 run --out "$tmp/cmd" -- true
has err '^splat run: .*/cmd/kmsg.records: Not a directory$'
call 2 run --json --ktap -- true
call 2 run --ktap=tree -- true
end

finish
