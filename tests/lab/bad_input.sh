#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Wrong calls and bad surroundings end in one clear line and a non-zero code,
# leave nothing half-built that a later run would trust, and no process.
set -uo pipefail
. "$(dirname "$0")/lib.sh"

# one_line NAME CODE REGEX COMMAND...: ends with CODE; its last line on stderr
# matches; nothing comes before it but the steps of long work.
one_line() {
	local name=$1 code=$2 regex=$3 rc=0 lines
	shift 3
	"$@" >"$work/out" 2>"$work/err" </dev/null || rc=$?
	lines=$(grep -cvE '\.\.\.$|: done in ' "$work/err")
	if [ "$rc" -eq "$code" ] && [ "$lines" -eq 1 ] &&
		tail -n 1 "$work/err" | grep -qE "$regex"; then
		result "$name" 0
	else
		echo "# code $rc (wanted $code), $lines lines (wanted 1, /$regex/):"
		see "$work/err"
		result "$name" 1
	fi
}

# A tree that looks like an old kernel.
old_tree() {
	mkdir -p "$work/old/virt/kvm" "$work/old/arch/x86/kvm"
	printf 'kernelversion:\n\t@echo 6.12.1\n' >"$work/old/Makefile"
	touch "$work/old/Kconfig" "$work/old/virt/kvm/kvm_main.c" \
		"$work/old/arch/x86/kvm/Kconfig"
}

# An empty cache that has the sources, so that a build starts at once.
fresh_cache() {
	mkdir -p "$work/cache"
	ln -sfn "$cache/src" "$work/cache/src"
	ln -sfn "$cache/dl" "$work/cache/dl"
}

# What still runs of a test: by group, by folder, or by a path on its command
# line.
survivors() {
	local p
	ps -eo pid=,pgid=,stat= | awk -v g="$1" '$2 == g && $3 !~ /Z/ { print $1 }'
	for p in /proc/[0-9]*; do
		[ "${p#/proc/}" != $$ ] || continue
		case $(readlink "$p/cwd" 2>/dev/null) in
		"$work"*) echo "${p#/proc/}" ;;
		esac
	done
	pgrep -f "$work" | grep -vx $$ || true
}

# interrupted NAME READY-COMMAND COMMAND...: SIGINT once READY-COMMAND says yes
interrupted() {
	local name=$1 ready=$2 pid i rc=0 left was_ready=no
	shift 2
	# A background job of a script ignores SIGINT unless told otherwise.
	env --default-signal=INT setsid "$@" >"$work/int.log" 2>&1 &
	pid=$!
	for i in {1..3000}; do
		eval "$ready" && was_ready=yes && break
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	kill -INT -- "-$pid"
	wait "$pid" || rc=$?
	sleep 1
	left=$(survivors "$pid" | sort -u | tr '\n' ' ')
	if [ "$rc" -eq 130 ] && [ "$was_ready" = yes ] && [ -z "$left" ]; then
		result "$name" 0
	else
		echo "# ready: $was_ready after $i, code $rc (wanted 130), left: $left"
		see "$work/int.log"
		result "$name" 1
	fi
}

plan 27
one_line unknown_command 2 'frob: unknown command' lab frob
one_line unknown_option 2 '^lab: --frob: unknown option' lab run --frob
one_line option_without_value 2 'ksrc: needs a value' lab run --ksrc
one_line option_with_empty_value 2 'ksrc: needs a value' lab repro --ksrc ''
one_line bad_number 2 'watchdog: x: not a number' lab run --watchdog x
one_line no_program 2 'run: no program' lab run --plain
one_line no_such_program 3 'nope: not an exec' lab run -- ./nope
one_line dynamic_program 3 'ls: not a static program' lab run -- /bin/ls
one_line ksrc_missing 3 'no such folder' lab build --ksrc "$work/none"
one_line ksrc_no_kernel 3 'not a Linux kernel source' lab build --ksrc "$top/lib"
old_tree
one_line ksrc_too_old 5 '6.12.1 has no TDX host support' \
	lab build --ksrc "$work/old"
one_line repro_too_old 5 '6.12.1 has no TDX host support' \
	lab repro --ksrc "$work/old"
one_line config_missing 3 'none: no such file' \
	lab build --config "$work/none"
one_line unknown_seed 2 'frob: no such known bug' \
	lab run --bug frob -- "$top/splat"
one_line libkvm_no_kernel 2 'LIBKVM_SRC: .*no kernel' \
	make -s -C "$top" LIBKVM_SRC="$top/lib" B="$work/build"
for program in tdx_vm_huge_page gmem_inplace_conversion splat; do
	one_line "$program: unknown option" 2 'frob' "$top/$program" --frob
done
one_line unknown_subtest 2 'frob' "$top/tdx_vm_huge_page" -t frob
one_line unreadable_log 2 'none' "$top/splat" parse "$work/none"

one_line no_network 3 'package lists.*failed' \
	env KVM_GMEM_CACHE="$work/net" http_proxy=http://127.0.0.1:9 \
	https_proxy=http://127.0.0.1:9 "$top/scripts/kernel-source" 7.3
[ ! -e "$work/net/apt/updated" ] && r=0 || r=1
result no_network_leaves_nothing "$r"

mkdir "$work/bin"
printf '#!/bin/sh\nexit 1\n' >"$work/bin/dpkg-query"
chmod +x "$work/bin/dpkg-query"
one_line package_missing 3 'missing packages; as root: apt-get install -y gcc' \
	env PATH="$work/bin:$PATH" SETUP=no "$top/scripts/setup"

if [ "$(id -u)" -eq 0 ] && mkdir "$work/small" &&
	mount -t tmpfs -o size=8m none "$work/small" 2>/dev/null; then
	one_line disk_full 3 'MiB free, [0-9]+ MiB needed' \
		env KVM_GMEM_CACHE="$work/small" "$top/scripts/kernel-source" 7.3
	umount "$work/small"
else
	skip disk_full "cannot mount a small tmpfs"
fi

fresh_cache
# shellcheck disable=SC2016 # for interrupted to expand
interrupted ctrl_c_in_build '[ -s "$work"/cache/kernels/*/make.log ]' \
	env KVM_GMEM_CACHE="$work/cache" "$top/lab/kernel/build"
r=0
for lock in "$work"/cache/*.lock; do
	flock -n "$lock" true || r=1
done
ls "$work"/cache/kernels/*/*/complete >/dev/null 2>&1 && r=1
result ctrl_c_leaves_no_lock_and_no_result "$r"
# shellcheck disable=SC2016 # for interrupted to expand
interrupted ctrl_c_in_run '[ -s "$work/run/console.log" ]' \
	"$top/scripts/lab" run --plain --out "$work/run" -- \
	"$top/build/lab/provoke" sleep
exit "$failed"
