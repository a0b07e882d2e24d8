#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The answer that git bisect gets for a run, from the files that the run left; and
# that scripts/bisect-run ends the lab with itself. tests/lab/bisect.sh does it with
# the lab. The rules alone: tests/unit/splat/test_answer.c.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 6
dir=$tmp/step
cycle='circular: &mm->mmap_lock > mapping.invalidate_lock'
whole="$cycle | kvm_gmem_populate, kvm_gmem_fault_user_mapping"

# left VERDICT [LOG [RESULT...]]: a run with this end, its log, labrun's lines
left() {
	rm -rf "$dir"
	mkdir "$dir"
	printf 'verdict=%s\nreason=why\n' "$1" >"$dir/verdict"
	printf 'kvm_tdx=yes\n' >"$dir/summary"
	[ -z "${2:-}" ] || cp "$2" "$dir/kmsg.log"
	[ "$1" != SPLAT ] ||
		"$splat" parse "$2" | sed -n 's/^  signature  /signature=/p' |
		head -n 1 >>"$dir/verdict"
	shift "$(($# > 1 ? 2 : 1))"
	printf '%s\n' at_start=1 outcome=done "$@" | tac |
		awk -F= '!seen[$1]++' >"$dir/result"
}

# answer CODE PATTERN [SIG]
answer() {
	want=$1 pattern=$2
	shift 2
	"$splat" judge --bisect --bad-sig "${1:-}" "$dir" >"$tmp/out" \
		2>"$tmp/err" || bad "code $?"
	has out "^$want $pattern"
	[ ! -s "$tmp/err" ] && [ "$(wc -l <"$tmp/out")" -eq 1 ] ||
		bad "not one line: $(cat "$tmp/err" "$tmp/out")"
}

orc=$golden/circular-7.3.4-orc.log
other=$golden/lab-7.3.4-circular.log

begin answers_of_verdicts
left CLEAN
answer 0 'good CLEAN$'
for v in EDGE FAILED CRASHED HUNG; do
	left $v
	answer 1 "bad $v: why\$"
done
left SPLAT "$orc"
answer 1 'bad SPLAT: circular: '
left UNKNOWN
answer 125 'skip UNKNOWN: why$'
left FROB
answer 128 'stop .*FROB: no such verdict'
left FAILED
sed -i 's/yes/no/' "$dir/summary"
answer 125 'skip has no TDX'
left CRASHED
sed -i '/^at_start/d' "$dir/result"
answer 125 'skip does not boot: CRASHED: why$'
end

# A bound in this machine's time proves nothing where the machine is busy.
begin answers_of_hangs
left HUNG '' outcome=hung
answer 125 'skip HUNG: why, and the guest named no lockup$'
left HUNG '' outcome=hung 'lockup=watchdog: BUG: soft lockup'
answer 1 'bad HUNG'
end

begin answers_with_a_signature
for sig in "$cycle" "$whole"; do
	left SPLAT "$orc"
	answer 1 'bad SPLAT: circular: ' "$sig"
	# Whatever else the verdict is, and whichever task met it.
	for v in EDGE FAILED HUNG UNKNOWN; do
		left $v "$orc"
		answer 1 "bad $v: circular: " "$sig"
		left $v "$other"
		answer 125 "skip not the splat .*: $v: why\$" "$sig"
		left $v
		answer 125 "skip not the splat .*: $v: why\$" "$sig"
	done
	left SPLAT "$other"
	answer 125 'skip another splat: circular: ' "$sig"
	left CRASHED
	answer 1 'bad CRASHED: why$' "$sig"
	left CLEAN
	answer 0 'good CLEAN$' "$sig"
done
left SPLAT "$orc"
answer 125 'skip another splat' "$cycle | kvm_gmem_populate, vfs_read"
left HUNG '' outcome=hung 'lockup=watchdog: BUG: soft lockup'
answer 125 'skip not the splat' "$cycle"
end

# A copy of the project whose lab does nothing, for long, and a tree that looks like
# Linux.
fake_lab() {
	mkdir -p "$tmp/p/lab" "$tmp/linux/virt/kvm"
	cp -r scripts "$tmp/p/scripts"
	cp "$splat" "$tmp/p/splat"
	cat >"$tmp/p/scripts/lab" <<-END
		#!/bin/sh
		echo \$\$ >>$tmp/began
		sleep 20 &
		echo \$! >>$tmp/began
		wait
	END
	: >"$tmp/linux/Kconfig"
	: >"$tmp/linux/virt/kvm/kvm_main.c"
	git -C "$tmp/linux" init -q
	git -C "$tmp/linux" add -A
	git -C "$tmp/linux" -c user.name=x -c user.email=x commit -q -m x
}

# alive PID: it runs, and is no zombie
alive() {
	grep -q '^[0-9]* (.*) [^ZX]' "/proc/$1/stat" 2>/dev/null
}

# What is wrong with the surroundings is not the commit's: 128, in one line.
fake_lab
begin surroundings_stop_the_bisection
# stops PATTERN ENV...: with this environment and these options
stops() {
	pattern=$1 code=0
	shift
	env "$@" "$tmp/linux" -- /bin/true >"$tmp/out" 2>"$tmp/err" </dev/null ||
		code=$?
	[ "$code" -eq 128 ] || bad "$*: code $code, not 128"
	[ "$(wc -l <"$tmp/err")" -eq 1 ] || bad "not one line: $(cat "$tmp/err")"
	has err "^bisect-run: .*$pattern"
}
step=$tmp/p/scripts/bisect-run
stops 'HOME is not set' -u HOME -u XDG_CACHE_HOME -u KVM_GMEM_CACHE "$step"
stops '/etc/passwd: cannot write' KVM_GMEM_CACHE=/etc/passwd "$step"
stops '/proc: cannot write' KVM_GMEM_CACHE=/proc "$step"
stops '/dev/null/.* cannot be made' KVM_GMEM_CACHE="$tmp/cache" "$step" \
	--out /dev/null
stops 'white space' KVM_GMEM_CACHE="$tmp/a b" "$step"
end

for signal in TERM HUP; do
	begin "sig_${signal}_ends_the_lab"
	rm -f "$tmp/began"
	KVM_GMEM_CACHE=$tmp/cache "$tmp/p/scripts/bisect-run" --out "$tmp/steps" \
		"$tmp/linux" -- /bin/true >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	for _ in $(seq 100); do
		[ ! -f "$tmp/began" ] || [ "$(wc -l <"$tmp/began")" -lt 2 ] || break
		sleep 0.1
	done
	[ -s "$tmp/began" ] || bad "the lab was not started: $(cat "$tmp/err")"
	began=$(date +%s)
	kill -s "$signal" "$pid"
	code=0
	wait "$pid" || code=$?
	[ "$code" -eq 130 ] || bad "exit code $code, not 130"
	[ $(($(date +%s) - began)) -lt 10 ] || bad "it waited for the lab"
	sleep 0.2
	while read -r child; do
		! alive "$child" || {
			bad "$child is still there"
			kill "$child"
		}
	done <"$tmp/began"
	end
done

finish
