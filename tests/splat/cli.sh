#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat's command line: outputs, exit codes, wrong calls, hostile commands.
# Python reads the JSON.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 11

begin help_fits_a_screen
for c in '' run parse edges compare graph trace coverage; do
	# shellcheck disable=SC2086
	call 0 $c --help
	[ "$(wc -l <"$tmp/out")" -le 24 ] || bad "splat $c --help is too long"
	[ "$(wc -L <"$tmp/out")" -le 80 ] || bad "splat $c --help is too wide"
done
end

# Each option in a --help is in the manual page, and no other one.
begin manual_has_all_options
for c in run parse edges compare graph trace coverage; do
	call 0 $c --help
	# Except options of other commands: "a picture of splat edges --save".
	sed '/^usage:\|^       splat/!s/splat [a-z]* --[a-z]*//' "$tmp/out" |
		grep -o -e '--[a-z][a-z-]*' | sort -u | sed 's/^--//' |
		grep -vx -e help >"$tmp/options" || bad "splat $c: no options"
	sed -n "/^\.Ss splat $c\$/,/^\.S[sh] /p" docs/splat.1 >"$tmp/page"
	while read -r o; do
		case $c:$o in *:proc-root) continue ;; esac
		grep -q -e "Fl -$o\>" "$tmp/page" ||
			bad "docs/splat.1: splat $c has --$o"
	done <"$tmp/options"
	grep -o -e 'Fl -[a-z-]*' "$tmp/page" | sed 's/Fl -//' | sort -u |
		grep -vxF -f "$tmp/options" | while read -r o; do
			[ "$c:$o" = run:proc-root ] || echo "$o"
		done >"$tmp/more"
	[ ! -s "$tmp/more" ] || bad "splat $c has no --$(cat "$tmp/more")"
done
end

begin wrong_calls
call 2
call 2 fly
call 2 run
call 2 run --
call 2 run --fly -- true
call 2 run --timeout -- true
call 2 run --timeout x -- true
call 2 run --timeout -1 -- true
call 2 run --bisect=yes -- true
call 2 run --json /nonexistent/x -- true
call 2 run --log "$tmp" -- true
call 2 parse --fly
call 2 parse /nonexistent
call 2 parse "$tmp"
call 2 edges --from x
call 2 edges --to x
call 2 edges a b
call 2 edges a --from x --to y
call 2 edges --file /nonexistent
call 2 edges --file "$golden/README"
call 2 edges --file "$golden/proc/lockdep-7.3.4" no_such_lock
has err '^splat edges: no_such_lock: no such lock class$'
end

# With 1 to 127, except 125, the bisection would continue with a wrong result.
begin wrong_calls_in_a_bisection
call 128 run --bisect --fly -- true
call 128 run --timeout x --bisect -- true
call 128 run --bisect
end

begin no_such_command
code=0
"$splat" run --proc-root "$root" -- /nonexistent/x >"$tmp/out" \
	2>"$tmp/err" || code=$?
[ "$code" -eq 2 ] || bad "exit code $code"
has err '^splat run: /nonexistent/x: No such file or directory$'
end

begin bisect_codes
run 0 --bisect
does <<-'END'
	ab
END
machine
does <<-'END'
	ab
END
run 1 --bisect
machine
rm "$root/dev/kmsg"
run 125 --bisect
end

begin run_json
does <<-'END'
	ab
	splat
END
run 1 --json "$tmp/j" --log "$tmp/log"
json "$tmp/j" 'j["verdict"] == "SPLAT" and j["tdx"] == "none"'
json "$tmp/j" 'j["ab"]["state"] == j["ba"]["state"] == "yes"'
json "$tmp/j" 'j["ba"]["from_report"] and not j["ab"]["from_report"]'
json "$tmp/j" 'j["lockdep"]["before"] == "alive"'
json "$tmp/j" 'j["lockdep"]["after"] == "spent"'
json "$tmp/j" 'j["program"]["exit"] == 0 and not j["program"]["signal"]'
json "$tmp/j" 'j["log"]["records"] == 72 and j["log"]["complete"]'
json "$tmp/j" 'j["reports"][0]["signature"] == j["signature"]'
json "$tmp/j" 'j["reports"][0]["pid"] == 43'
end

# parse can read the file of --log.
begin log_of_the_run
does <<-'END'
	splat
END
run 1 --log "$tmp/log"
call 1 parse --json "$tmp/log"
json "$tmp/out" 'len(j) == 1 and j[0]["complete"] and j[0]["pid"] == 43'
lacks log 'old news'
end

# stdout has only the JSON: the command's output goes to stderr.
begin json_on_stdout
for json in '--json' '--json -' '--json=-'; do
	machine
	# shellcheck disable=SC2086
	run 0 $json
	has err "^the program's own output$" '^splat: CLEAN$'
	json "$tmp/out" 'j["verdict"] == "CLEAN" and j["reports"] == []'
done
end

begin softtdx_and_hardware
mkdir -p "$root/sys/kernel/debug/softtdx"
run 0
has summary '^tdx=softtdx$'
has err 'TDX: softtdx'
lacks err 'reports once'
machine
mkdir -p "$root/sys/module/kvm_intel/parameters"
echo Y >"$root/sys/module/kvm_intel/parameters/tdx"
# Without debugfs, or with another file system there, it is not "hardware".
run 0 --json "$tmp/j"
has summary '^tdx=unknown$'
has err 'TDX: unknown$' 'reports once'
json "$tmp/j" 'j["tdx"] == "unknown"'
mkdir -p "$root/sys/kernel/debug"
run 0
has summary '^tdx=unknown$'
rmdir "$root/sys/kernel/debug"
ln -s /sys/kernel/debug "$root/sys/kernel/debug"
tdx=unknown
[ ! -d /sys/kernel/debug/kvm ] || tdx=hardware
[ ! -d /sys/kernel/debug/softtdx ] || tdx=softtdx
run 0
has summary "^tdx=$tdx\$"
machine
mkdir -p "$root/sys/module/kvm_intel/parameters"
echo N >"$root/sys/module/kvm_intel/parameters/tdx"
run 0
has summary '^tdx=none$'
end

begin hostile_commands
does <<-'END'
	trap '' TERM
	exec >&- 2>&-
	sleep 60 &
	sleep 60
END
run 1 --timeout 1
has summary '^verdict=HUNG$'
machine
does <<-'END'
	kill -SEGV $$
END
run 1
has summary '^verdict=FAILED$' '^exit=139$' '^reason=.*SIGSEGV$'
machine
does <<-'END'
	head -c 20000000 /dev/zero | tr '\0' '\377'
END
run 0
[ "$(wc -c <"$tmp/out")" -eq 20000025 ] || bad "$(wc -c <"$tmp/out") bytes"
end

finish
