# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the project's scripts share: where things are kept, how an error is
# said, how long work is shown, and how something is made exactly once.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=$(realpath -m "${KVM_GMEM_CACHE:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/kvm-gmem}")
prog=${0##*/}
export top cache

# What the caller's make or shell has set for its own build is not for kernels
# and emulators.
unset MAKEFLAGS MFLAGS GNUMAKEFLAGS MAKEOVERRIDES MAKELEVEL CC CXX LD CFLAGS \
	CXXFLAGS LDFLAGS ARCH CROSS_COMPILE LLVM KCFLAGS O

# Not 1: that is a verdict on a kernel.
die() {
	printf '%s: %s\n' "$prog" "$*" >&2
	exit 3
}

# It is the kernel tree that cannot be used: another one, or another commit of
# it, may do.
die_of_tree() {
	printf '%s: %s\n' "$prog" "$*" >&2
	exit 5
}

usage_error() {
	printf '%s: %s\n' "$prog" "$*" >&2
	exit 2
}

say() {
	printf '%s: %s\n' "$prog" "$*" >&2
}

need_cache() {
	mkdir -p "$cache" 2>/dev/null || true
	[ -w "$cache" ] ||
		die "$cache: cannot write there (KVM_GMEM_CACHE= names another folder)"
}

# hold NAME: wait until no other run makes the same thing; the lock goes with
# this shell.
hold() {
	local fd
	need_cache
	exec {fd}>"$cache/$1.lock"
	flock -n "$fd" && return
	say "$1: another run is at it, waiting"
	flock "$fd"
}

# need_space MIB: a full disk is said before the work, not in its middle.
need_space() {
	local free
	need_cache
	free=$(df -Pm "$cache" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$1" ] ||
		die "$cache: $free MiB free, $1 MiB needed"
}

# clone_built FROM TO: a kernel tree and what was built of it in FROM/build.  Hard
# links, but for the objects, because the compiler writes over them.
clone_built() {
	mkdir "$2"
	find "$1" -mindepth 1 -maxdepth 1 ! -name build -exec cp -al -t "$2" {} +
	cp -a "$1/build" "$2/build"
}

# digest FILE...: one short key for the contents of these files.
digest() {
	cat -- "$@" | sha256sum | cut -c1-16
}

# cause LOG CODE: the line of a failed command's log that says most
cause() {
	local line
	line=$(grep -aE '(^|[ :])(E:|[Ee]rror:|ERROR:|fatal|\*\*\*|No space)' "$1" |
		head -n 1)
	[ -n "$line" ] || line=$(tail -n 1 "$1")
	echo "${line:-code $2}"
}

# spawn COMMAND...: start it, with all that it starts a process group of its own,
# $spawned, that a signal to this script alone ends at once.  Who waits for it sets
# the traps anew.
spawn() {
	setsid "$@" </dev/null &
	spawned=$!
	trap 'kill -- -'"$spawned"' 2>/dev/null; exit 130' INT TERM HUP
}

# step LOG TOTAL WHAT COMMAND...: run COMMAND with its output in LOG.  Shows
# how far it is on a terminal, counting the log's lines towards TOTAL (0: not
# known), and one line when it is done or has failed (then $step_failed, a
# function that gets LOG and that line, may say what it means).  How long it took
# is kept in $cache/times.
step() {
	local log=$1 total=$2 what=$3 start=$SECONDS spawned rc=0 n tty=no
	shift 3
	[ -t 2 ] && tty=yes
	[ "$tty" = yes ] || say "$what ..."
	: >"$log"
	spawn "$@" >"$log" 2>&1
	while [ "$tty" = yes ] && kill -0 "$spawned" 2>/dev/null; do
		n=$(wc -l <"$log")
		if [ "$total" -gt 0 ]; then
			[ "$n" -le "$total" ] || n=$total
			n="$((100 * n / total))%"
		fi
		printf '\r%s: %s  %s  %d:%02d ' "$prog" "$what" "$n" \
			$(((SECONDS - start) / 60)) $(((SECONDS - start) % 60)) >&2
		sleep 0.5
	done
	wait "$spawned" || rc=$?
	trap - INT TERM HUP
	[ "$tty" = no ] || printf '\r\033[K' >&2
	if [ "$rc" -ne 0 ]; then
		what="$what: failed: $(cause "$log" "$rc"); whole log: $log"
		[ -z "${step_failed:-}" ] || "$step_failed" "$log" "$what"
		die "$what"
	fi
	say "$what: done in $(((SECONDS - start) / 60)):$(printf %02d \
		$(((SECONDS - start) % 60)))"
	printf '%d\t%s\n' $((SECONDS - start)) "$what" >>"$cache/times"
}
