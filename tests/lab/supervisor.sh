#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# labrun and splat judge with an emulator that is a shell script: each serial line
# reaches its file, whatever file descriptors the caller has open, and the console
# overrules a pass.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

fake=$work/emulator
cat >"$fake" <<-'EOT'
	#!/bin/bash
	echo "[    0.1][    T1] Linux version" >&10
	echo "mark start"
	echo "the program" >&11
	printf 'exit 5\nfile summary 14\nverdict=CLEAN\n'
	eval "$LATE"
	echo end
	eval "$LATER"
EOT
chmod +x "$fake"

# judge WATCH DIR
judge() {
	"$top/splat" judge --watch "$1" "$2" >"$2/verdict"
}

# ends NAME LATE LATER VERDICT REGEX: commands before and after the guest's `end`
ends() {
	local dir=$work/$1
	mkdir "$dir"
	echo test >"$dir/release"
	LATE=$2 LATER=$3 "$top/build/lab/labrun" -q -t 20 "$dir" "$fake" \
		>"$work/$1.out" 2>"$work/$1.err" || true
	judge no "$dir"
	if [ "$(verdict_of "$dir" verdict)" = "$4" ] &&
		grep -qE "$5" "$dir/verdict"; then
		result "$1" 0
	else
		see "$dir/result"
		see "$dir/verdict"
		result "$1" 1
	fi
}

# lines_arrive N: with N more file descriptors open than the usual three
lines_arrive() {
	local dir=$work/fds.$1
	mkdir "$dir"
	(
		for fd in {3..40}; do
			[ "$fd" -lt $(($1 + 3)) ] && eval "exec $fd</dev/null" ||
				eval "exec $fd<&-"
		done
		LATE='' LATER='' exec "$top/build/lab/labrun" -q -t 20 "$dir" "$fake"
	) >"$work/fds.out" 2>&1 || true
	grep -q 'Linux version' "$dir/console.log" &&
		grep -qx 'the program' "$dir/output.log" &&
		grep -qx 'exit=5' "$dir/result" &&
		grep -qx 'outcome=done' "$dir/result"
}

plan 19
r=0
for n in {0..12}; do
	lines_arrive "$n" || {
		echo "# lost with $n more file descriptors"
		r=1
	}
done
result whatever_is_open "$r"
say_on_console() {
	echo "echo '[    1.5][    T9] $1' >&10"
}
ends clean '' '' CLEAN '^code=0$'
ends oops "$(say_on_console 'Oops: general protection fault')" '' \
	CRASHED '^reason=Oops: general'
ends warning "$(say_on_console 'WARNING: mm/x.c:1 at f+0x1/0x2')" '' \
	FAILED '^reason=WARNING: mm'
# Warnings that the program has announced are counted and excused.
begins="kvm-gmem: run 1f: zap provokes WARNs in arch/x86/kvm/vmx/tdx.c"
over="kvm-gmem: run 1f: zap has ended"
warns="WARNING: arch/x86/kvm/vmx/tdx.c:9 at f+0x1/0x2, CPU#0: t/9"
ends provoked "$(say_on_console "$begins")
	$(say_on_console "$warns")
	$(say_on_console "$over")" '' CLEAN '^provoked=1$'
ends provoked_elsewhere "$(say_on_console "$begins")
	$(say_on_console 'WARNING: mm/x.c:1 at f+0x1/0x2, CPU#0: t/9')
	$(say_on_console "$over")" '' FAILED '^reason=WARNING: mm'
ends provoked_once_more "$(say_on_console "$begins")
	$(say_on_console "$warns")
	$(say_on_console "$over")
	$(say_on_console "$warns")" '' FAILED '^reason=WARNING: arch'
ends provoked_oops "$(say_on_console "$begins")
	$(say_on_console 'Oops: general protection fault')
	$(say_on_console "$over")" '' CRASHED '^reason=Oops'
ends provoked_no_end "$(say_on_console "$begins")
	$(say_on_console "$warns")" '' FAILED '^reason=zap provoked warnings, and'
ends lockup "$(say_on_console 'watchdog: BUG: soft lockup - CPU#1')" '' \
	FAILED 'soft lockup'
ends panic_on_the_way_down '' \
	"$(say_on_console 'Kernel panic - not syncing: late')" \
	CRASHED '^reason=Kernel panic'
ends reset_on_the_way_down '' "$(say_on_console 'lab: the guest was reset')" \
	CRASHED 'reset'

# The emulator ends by itself: in its own words, and a guest that powers off.
emulator_ends() {
	local dir=$work/$1
	mkdir "$dir"
	printf '#!/bin/bash\n%s\n' "$2" >"$work/emulator.$1"
	chmod +x "$work/emulator.$1"
	"$top/build/lab/labrun" -q -t 20 "$dir" "$work/emulator.$1" \
		>"$work/$1.out" 2>&1 || true
	judge yes "$dir"
	[ "$(verdict_of "$dir" verdict)" = UNKNOWN ] &&
		verdict_of "$dir" reason | grep -qE "$3" && r=0 || r=1
	[ "$r" -eq 0 ] || see "$dir/verdict"
	result "emulator_$1" "$r"
}
exiting="echo 'Bochs is exiting with the following message:' >&2"
emulator_ends panics "echo '0p[SIM   ] >>PANIC<< parameter is out of range' >&2
	echo '====' >&2; exit 1" \
	'^the emulator failed: parameter is out of range: see '
emulator_ends exits "$exiting; echo '[MEM0  ] no such image' >&2; exit 1" \
	'^the emulator failed: no such image: see '
emulator_ends dies 'kill -SEGV $$' '^the emulator failed: signal 11: see '
emulator_ends powers_off "echo 'mark start'; $exiting
	echo '[ACPI  ] ACPI control: soft power off' >&2; exit 1" \
	'^the guest was powered off before the program ended$'

# The subtests that failed are named.
mkdir "$work/named"
printf 'ok 1 a\r\nnot ok 2 b\r\nnot ok 3 c\r\nnot ok 4 d\r\nnot ok 5 e\r\n' \
	>"$work/named/output.log"
printf 'outcome=done\nexit=1\n' >"$work/named/result"
judge no "$work/named"
verdict_of "$work/named" reason | grep -q '; failed: b, c, d and 1 more$' &&
	r=0 || r=1
result failed_subtests_are_named "$r"

# A splat that gave no verdict proves nothing, however it ended.
silent() {
	printf 'outcome=done\nexit=%d\n' "$2" >"$work/silent/result"
	judge "$1" "$work/silent"
	[ "$(verdict_of "$work/silent" verdict)" = "$3" ]
}
mkdir "$work/silent"
silent yes 0 UNKNOWN && silent yes 2 UNKNOWN && silent no 0 PASSED &&
	silent no 2 FAILED && r=0 || r=1
result silent_splat "$r"

# Files of an earlier run in this folder do not count.
mkdir "$work/reused"
echo verdict=CLEAN >"$work/reused/summary"
lab run --plain -q --out "$work/reused" -- "$top/build/lab/provoke" exit 7 \
	>/dev/null 2>&1 && r=0 || r=$?
[ "$r" -eq 7 ] && [ "$(verdict_of "$work/reused" verdict)" = FAILED ] &&
	r=0 || r=1
result reused_folder "$r"
exit "$failed"
