# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For all scripts of the project: the cache folder, error messages, progress of long
# work, locks, and the one reader of KEY=VALUE files.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
prog=${0##*/}

# The caller's make and shell may have set these for a build of their own.
unset MAKEFLAGS MFLAGS GNUMAKEFLAGS MAKEOVERRIDES MAKELEVEL CC CXX LD CFLAGS \
	CXXFLAGS LDFLAGS ARCH CROSS_COMPILE LLVM KCFLAGS O

# Exit code 1 would be a verdict on a kernel: none of these uses it.
die() {
	printf '%s: %s\n' "$prog" "$*" >&2
	exit 3
}

# The kernel tree cannot be used; another one, or another commit of it, may do.
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

# make and the kernel's build take no blanks in paths.
no_blank() {
	case $1 in *[[:space:]]*) die "$1: white space in the path" ;; esac
}

cache=${KVM_GMEM_CACHE:-${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}}
[ -n "$cache" ] ||
	die "HOME is not set: KVM_GMEM_CACHE= must name a folder to build in"
[ -n "${KVM_GMEM_CACHE:-}" ] || cache=$cache/kvm-gmem
cache=$(realpath -m -- "$cache")
no_blank "$top"
no_blank "$cache"
export top cache

# value FILE KEY: of the first line KEY=VALUE; nothing if FILE has none, or is none
value() {
	[ ! -f "$1" ] || sed -n "/^$2=/{s///p;q}" "$1"
}

# is_writable FOLDER: the permissions alone do not say
is_writable() {
	local probe
	probe=$(mktemp "$1/.probe-XXXXXX" 2>/dev/null) && rm -f "$probe"
}

need_cache() {
	mkdir -p "$cache" 2>/dev/null && is_writable "$cache" ||
		die "$cache: cannot write there (KVM_GMEM_CACHE= names another folder)"
}

# need_space MIB [FOLDER]: report a full disk before the work, not in its middle.
need_space() {
	local free folder=${2:-$cache}
	[ -n "${2:-}" ] || need_cache
	free=$(df -Pm "$folder" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$1" ] ||
		die "$folder: $free MiB free, $1 MiB needed"
}

# hold NAME: wait until no other run makes the same thing. The lock ends with this
# shell.
hold() {
	local fd
	need_cache
	exec {fd}>"$cache/$1.lock"
	flock -n "$fd" && return
	say "$1: waiting for another run, which makes it"
	flock "$fd"
}

# clone_built FROM TO: a kernel tree and its objects in FROM/build. All files are
# hard links but the objects, since the compiler writes over them.
clone_built() {
	mkdir "$2"
	find "$1" -mindepth 1 -maxdepth 1 ! -name build -exec cp -al -t "$2" {} +
	cp -a "$1/build" "$2/build"
}

# digest FILE...: one short key for the contents of these files
digest() {
	cat -- "$@" | sha256sum | cut -c1-16
}

# cause LOG CODE: the line of a failed command's log that explains most
cause() {
	local line
	line=$(grep -aE '(^|[ :])(E:|[Ee]rror:|ERROR:|fatal|\*\*\*|No space)' "$1" |
		head -n 1)
	[ -n "$line" ] || line=$(tail -n 1 "$1")
	echo "${line:-code $2}"
}

# spawn COMMAND...: start it in a process group of its own, $spawned. A signal to
# this script alone ends the group at once.
spawn() {
	setsid "$@" </dev/null &
	spawned=$!
	trap 'kill -- -'"$spawned"' 2>/dev/null; exit 130' INT TERM HUP
}

# reap: wait for what was spawned; its exit code. Signals are as by default again.
reap() {
	local rc=0
	wait "$spawned" || rc=$?
	trap - INT TERM HUP
	return "$rc"
}

# attend COMMAND...: run it; a signal to this script alone ends it
attend() {
	spawn "$@"
	reap
}

# step LOG TOTAL WHAT COMMAND...: run COMMAND with its output in LOG. On a terminal
# show the progress by counting the log's lines towards TOTAL (0: unknown). One line
# says that it is done or has failed; a function $step_failed, if set, gets LOG and
# that line, and may know better. $cache/times keeps how long it took.
step() {
	local log=$1 total=$2 what=$3 start=$SECONDS spawned rc=0 n tty=no
	shift 3
	[ -t 2 ] && tty=yes
	[ "$tty" = yes ] || say "$what ..."
	: 2>/dev/null >"$log" || die "$log: cannot be written"
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
	reap || rc=$?
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
