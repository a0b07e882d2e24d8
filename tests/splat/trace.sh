#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat trace: how it sets up tracefs, and its result, with a fake tracefs made
# of files. For finding cycles see tests/unit and tests/lab.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

tracing=$root/sys/kernel/tracing
mine=$tracing/instances/splat
traces=$golden/trace

# tracefs FILE: a tracefs with the instance, and a command for which the kernel
# delivers the events of the recorded trace FILE.
tracefs() {
	rm -rf "$tracing"
	mkdir -p "$mine/options" "$mine/per_cpu/cpu0"
	for e in lock/lock_acquire lock/lock_release sched/sched_switch \
		sched/sched_process_fork sched/sched_process_exec; do
		mkdir -p "$mine/events/$e"
		: >"$mine/events/$e/enable"
		: >"$mine/events/$e/filter"
	done
	for f in tracing_on trace_clock buffer_size_kb set_event_pid trace_pipe \
		options/event-fork options/irq-info options/context-info \
		options/overwrite options/hash-ptr options/stacktrace; do
		: >"$mine/$f"
	done
	stats "$(grep -c '^ [^=]' "$traces/$1")" 0
	cat >"$tmp/cmd" <<-END
		#!/bin/sh
		set -eu
		pid=\$(cat $mine/set_event_pid) on=\$(cat $mine/tracing_on)
		[ "\$pid,\$on" = "\$\$,1" ]
		grep -v '^#' $PWD/$traces/$1 >>$mine/trace_pipe
		echo "the program's own output"
	END
}

stats() {
	printf 'entries: 0\noverrun: %d\ncommit overrun: 0\n' "$2" \
		>"$mine/per_cpu/cpu0/stats"
	printf 'dropped events: 0\nread events: %d\n' "$1" \
		>>"$mine/per_cpu/cpu0/stats"
}

# trace CODE [OPTIONS]
trace() {
	want=$1 code=0
	shift
	"$splat" trace --proc-root "$root" --json "$tmp/j" "$@" -- "$tmp/cmd" \
		>"$tmp/out" 2>"$tmp/err" </dev/null || code=$?
	[ "$code" -eq "$want" ] || {
		bad "exit code $code, not $want"
		sed 's/^/#   /' "$tmp/err"
	}
}

plan 11

begin cycle
tracefs two_vms-ab-ba-7.3.4.txt
trace 1
has err '^splat: CYCLE$' '^  AB  *yes ' '^  BA  *yes ' '^  cycle '
has out "^the program's own output$"
json "$tmp/j" 'j["verdict"] == "CYCLE" and j["complete"]'
json "$tmp/j" 'j["cycles"][0]["certain"] and len(j["cycles"][0]["edges"]) == 2'
[ "$(cat "$mine/tracing_on")" = 0 ] || bad 'left on'
end

begin no_cycle
tracefs two_vms-pristine-7.3.4.txt
trace 0
has err '^splat: NO CYCLE$' '^  AB  *no$' '^  BA  *no$'
json "$tmp/j" 'j["complete"] and j["guest_memfd"] and not j["cycles"]'
lacks err '^  edge '
tracefs two_vms-pristine-7.3.4.txt
trace 0 --edges
has err '^  edge '
end

begin set_up
tracefs two_vms-pristine-7.3.4.txt
trace 0 --buffer 3 --stacks
[ "$(cat "$mine/trace_clock")" = counter ] || bad clock
[ "$(cat "$mine/options/event-fork")" = 1 ] || bad event-fork
[ "$(cat "$mine/options/stacktrace")" = 1 ] || bad stacktrace
[ "$(cat "$mine/buffer_size_kb")" = 3072 ] || bad 'buffer size'
[ "$(cat "$mine/events/lock/lock_acquire/enable")" = 1 ] || bad enable
end

# Only the statistics have the loss.
begin lost
tracefs two_vms-pristine-7.3.4.txt
stats 501 7
trace 4
has err '^splat: UNKNOWN: the trace is not complete: 7 events were lost$' \
	'^  AB  *unknown$'
json "$tmp/j" 'not j["complete"] and j["trace"]["lost"] == 7'
end

begin lost_in_the_pipe
tracefs two_vms-pristine-7.3.4.txt
echo "CPU:0 [LOST 5 EVENTS]" >"$mine/trace_pipe"
trace 4
has err '^splat: UNKNOWN: .*: 5 events were lost$'
end

begin not_all_read
tracefs two_vms-pristine-7.3.4.txt
stats 502 0
trace 4
has err 'UNKNOWN: the trace is not complete: it has 501 events of 502$'
end

begin not_there
tracefs two_vms-pristine-7.3.4.txt
rm -r "$mine/events/lock"
trace 4
has err '/events/lock/lock_acquire: .*CONFIG_LOCKDEP'
rm -r "$tracing"
trace 4
has err '^splat trace: /sys/kernel/tracing: .*CONFIG_EVENT_TRACING'
end

begin command_fails
tracefs two_vms-pristine-7.3.4.txt
echo 'exit 3' >>"$tmp/cmd"
trace 4
has err 'UNKNOWN: the command ended with code 3$' '^  AB  *no$'
tracefs two_vms-pristine-7.3.4.txt
# shellcheck disable=SC2016
echo 'kill -9 $$' >>"$tmp/cmd"
trace 4
has err 'UNKNOWN: the command was ended by signal 9$'
tracefs two_vms-pristine-7.3.4.txt
echo 'sleep 60' >>"$tmp/cmd"
trace 4 --timeout 1
has err 'UNKNOWN: the command did not end in time$'
# A cycle is a finding even if the command failed.
tracefs two_vms-ab-ba-7.3.4.txt
echo 'exit 3' >>"$tmp/cmd"
trace 1
has err '^splat: CYCLE$' 'note  *the command ended with code 3$'
end

begin interrupted
tracefs two_vms-pristine-7.3.4.txt
echo 'exec sleep 60' >>"$tmp/cmd"
: >"$tmp/out"
"$splat" trace --proc-root "$root" -- "$tmp/cmd" >"$tmp/out" 2>"$tmp/err" &
splat_pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ ! -s "$tmp/out" ] || break
	sleep 0.3
done
kill -TERM "$splat_pid"
code=0
wait "$splat_pid" || code=$?
[ "$code" -eq 143 ] || bad "exit code $code"
[ "$(cat "$mine/tracing_on")" = 0 ] || bad 'left on'
end

begin save_and_file
tracefs two_vms-ab-ba-7.3.4.txt
trace 1 --save "$tmp/saved"
call 1 trace --file "$tmp/saved"
has out '^splat: CYCLE$'
sed '$d' "$tmp/saved" >"$tmp/cut"
call 1 trace --file "$tmp/cut"
has out 'there may be more: its last line'
call 4 trace --file /dev/null
call 4 trace --file "$splat"
end

begin wrong_calls
call 2 trace
call 2 trace --
call 2 trace --fly -- true
call 2 trace --timeout x -- true
call 2 trace --buffer -1 -- true
call 2 trace --json /nonexistent/x -- true
call 2 trace --save "$tmp" -- true
call 2 trace --file /nonexistent
call 2 trace --file "$tmp"
gzip -c "$tmp/saved" >"$tmp/saved.gz"
call 2 trace --file "$tmp/saved.gz"
has err '^splat trace: .*/saved.gz: is compressed: zcat it$'
mkfifo "$tmp/fifo"
call 2 trace --file "$tmp/fifo"
has err 'a FIFO without a writer$'
call 2 trace --file "$tmp/saved" -- true
tracefs two_vms-pristine-7.3.4.txt
call 2 trace --proc-root "$root" -- /nonexistent
end

finish
