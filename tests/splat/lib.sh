# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# For tests of ./splat: a fake machine made of files, and KTAP. The command that
# splat runs changes the files like a kernel would.

set -eu
cd "$(dirname "$0")/../.."

tmp=$(mktemp -d)
root=$tmp/root
splat=${SPLAT:-./splat}
golden=tests/golden
n=0
failed=0
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# A 7.3.4 with lockdep alive, before the first use of guest_memfd.
machine() {
	rm -rf "$root" "$tmp/cmd"
	mkdir -p "$root/proc/sys/kernel" "$root/dev" "$root/sys"
	sed -e '/ -> .* mapping.invalidate_lock$/d' \
		-e 's/+\.+\.\(: mapping.invalidate_lock\)$/....\1/' \
		$golden/proc/lockdep-7.3.4 >"$root/proc/lockdep"
	sed 's/\(direct dependencies: *\)2580/\12120/' \
		$golden/proc/lockdep_stats-7.3.4 >"$root/proc/lockdep_stats"
	printf 'all lock chains:\nirq_context: 0\n' >"$root/proc/lockdep_chains"
	echo 1 >"$root/proc/sys/kernel/prove_locking"
	echo 7.3.4 >"$root/proc/sys/kernel/osrelease"
	echo 0 >"$root/proc/sys/kernel/tainted"
	printf '6,9,900,-,caller=T1;old news\n' >"$root/dev/kmsg"
	idle
	does </dev/null
	watch='--watch AB'
}

# A command that changes nothing.
idle() {
	printf '#!/bin/sh\n' >"$tmp/cmd"
	chmod +x "$tmp/cmd"
}

# The command changes lockdep's files like any use of guest_memfd, then runs the
# lines of stdin.
does() {
	cat >"$tmp/cmd" <<-END
		#!/bin/sh
		set -eu
		root=$root golden=$PWD/$golden
		cp \$golden/proc/lockdep-7.3.4 \$root/proc/lockdep
		cp \$golden/proc/lockdep_stats-7.3.4 \$root/proc/lockdep_stats
		echo "the program's own output"
		stats() { sed -i "\$1" \$root/proc/lockdep_stats; }
		classes() { sed -i "\$1" \$root/proc/lockdep; }
		log() { printf '%s\n' "\$@" >>\$root/dev/kmsg; }
		ab() { classes '/: mapping.invalidate_lock\$/a\\
		 -> [ffffffff81fae310] &mm->mmap_lock'; }
		ba() { classes '/: &mm->mmap_lock\$/a\\
		 -> [ffffffff818224c8] mapping.invalidate_lock'; }
		# A path from gmem's lock to mmap_lock through another.
		by_arch_lock() {
			classes '/: mapping.invalidate_lock\$/a\\
			 -> [ffffffff81f97670] \\&kvm->slots_arch_lock'
			classes '/: &kvm->slots_arch_lock\$/a\\
			 -> [ffffffff81fae310] \\&mm->mmap_lock'
		}
		off() { stats 's/\(debug_locks: *\)1/\10/'; }
		splat() {
			sed -e "\${1:-}" \\
				\$golden/circular-7.3.4-guess-kmsg.log \\
				>>\$root/dev/kmsg
			off
		}
	END
	cat >>"$tmp/cmd"
}

tdx=arch/x86/kvm/vmx/tdx.c

# does_all: the lines of stdin, with functions that write announcements and
# WARNs (include/klog/provoked.h). Programs' records have facility 1, the
# kernel's 0.
does_all() {
	{
		cat <<-'END'
			seq=9
			record() { seq=$((seq + 1)); log "$1,$seq,$seq,-;$2"; }
			user() { record 12 "kvm-gmem: run $1"; }
			begin() { user "$SPLAT_RUN: $1 provokes WARNs in ${2:-$tdx}"; }
			end() { user "$SPLAT_RUN: $1 has ended"; }
			warn() { record 4 "WARNING: $1:12 at f+0x1/0x2, CPU#1: x/6"; }
		END
		echo "tdx=$tdx"
		cat
	} | does
}

# run CODE [OPTIONS]: output in $tmp/out, $tmp/err; the exit code must be CODE.
# $watch has the option --watch; the default is AB.
run() {
	want=$1 code=0
	shift
	# shellcheck disable=SC2086
	"$splat" run --proc-root "$root" --summary "$tmp/summary" \
		$watch "$@" \
		-- "$tmp/cmd" >"$tmp/out" 2>"$tmp/err" </dev/null || code=$?
	[ "$code" -eq "$want" ] || bad "exit code $code, not $want"
}

bad() {
	echo "# $*"
	ok=no
}

# has FILE PATTERN...: FILE matches each of these basic regular expressions
has() {
	file=$tmp/$1
	shift
	for p in "$@"; do
		grep -q -e "$p" "$file" || {
			bad "$(basename "$file") has no '$p':"
			sed 's/^/#   /' "$file"
		}
	done
}

lacks() {
	! grep -e "$2" "$tmp/$1" >"$tmp/found" ||
		bad "$1 has: $(head -n 1 "$tmp/found")"
}

# call CODE ARG...: run splat; a wrong call prints one line
call() {
	want=$1 code=0
	shift
	"$splat" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null || code=$?
	[ "$code" -eq "$want" ] || bad "splat $*: exit code $code, not $want"
	[ "$want" -ne 2 ] || [ "$(wc -l <"$tmp/err")" -eq 1 ] ||
		bad "splat $*: $(wc -l <"$tmp/err") lines on stderr"
}

# json FILE EXPRESSION: python over the object or array `j`
json() {
	python3 -c 'import json, sys
j = json.load(open(sys.argv[1]))
sys.exit(0 if eval("(" + sys.argv[2] + ")") else 1)' "$1" "$2" 2>"$tmp/py" ||
		bad "not so: $2: $(tail -n 1 "$tmp/py")"
}

plan() {
	printf 'KTAP version 1\n1..%d\n' "$1"
}

begin() {
	name=$1
	ok=yes
	n=$((n + 1))
	machine
}

end() {
	if [ "$ok" = yes ]; then
		echo "ok $n $name"
	else
		echo "not ok $n $name"
		failed=1
	fi
}

finish() {
	exit $failed
}
