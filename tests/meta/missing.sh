#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A machine that lacks what a race could use: named actors are a SKIP that names
# all that is missing in one line, others are left out and listed, and the
# machine is not changed. Prints KTAP.

set -u

# shellcheck source=tests/meta/lib.sh
. "$(dirname "$0")/lib.sh"

program=./gmem_inplace_conversion
without=build/meta/without
skip=
[ -x "$program" ] || skip="$program is not built"
[ -n "$skip" ] || "$program" init_shared_fault >"$tmp/kvm" 2>&1 &&
	! grep -q '# SKIP' "$tmp/kvm" || skip=${skip:-"no guest_memfd here"}

# Settings that a run may not change.
machine() {
	cat /proc/sys/vm/nr_hugepages /proc/sys/kernel/io_uring_disabled \
		/proc/sys/vm/overcommit_memory \
		/sys/kernel/mm/transparent_hugepage/enabled 2>/dev/null
}

# check NAME CODE PATTERN COMMAND...
check() {
	name=$1 code=$2 pattern=$3
	shift 3
	if [ -n "$skip" ]; then
		number=$((number + 1))
		echo "ok $number $name # SKIP $skip"
		return
	fi
	machine >"$tmp/before"
	"$@" >"$tmp/got" 2>&1
	got=$?
	machine >"$tmp/after"
	if [ "$got" = "$code" ] && grep -Eq "$pattern" "$tmp/got" &&
		cmp -s "$tmp/before" "$tmp/after"; then
		result ok "$name"
		return
	fi
	echo "# exit code $got, wanted $code with '$pattern'"
	sed 's/^/# /' "$tmp/got"
	diff "$tmp/before" "$tmp/after" | sed 's/^/# /'
	result "not ok" "$name"
}

mix="$program race_mix -d 1 --actors"
# $mix is split into words.
# shellcheck disable=SC2086
{
	printf 'KTAP version 1\n1..13\n'
	check control 0 '^ok 1 race_mix$' \
		$mix user_write,uring_fixed,process_vm,mbind
	check no_io_uring 4 'SKIP io_uring: io_uring_setup: ' \
		"$without" io_uring_setup $mix user_write,uring_fixed
	check no_io_uring_nor_numa_nor_copies 4 \
		'SKIP mempolicy: .*; io_uring: .*; process_vm: ' \
		"$without" io_uring_setup,get_mempolicy,process_vm_readv \
		$mix uring_fixed,mbind,process_vm,user_write
	check others_go_on_without 0 \
		'left out: .*uring_fixed.*io_uring: io_uring_setup: ' \
		"$without" io_uring_setup "$program" race_mix -d 1
	check pairs_go_on_without 0 'left out: .*process_vm.*: process_vm_readv: ' \
		"$without" process_vm_readv "$program" race_pairs -d 1
	check no_userfaultfd 4 'SKIP .*userfaultfd: ' \
		"$without" userfaultfd $mix init_mem_uffd,user_write
	check no_async_userfaultfd 4 'SKIP userfaultfd_wp_async: userfaultfd, ' \
		"$without" userfaultfd $mix uffd_gmem,user_write
	check no_memlock 4 'SKIP io_uring: .*RLIMIT_MEMLOCK' \
		setpriv --bounding-set=-ipc_lock \
		prlimit --memlock=0:0 $mix uring_fixed,user_write
	check one_node 4 'SKIP two_nodes: 1 node with memory|SKIP .*two_nodes: ' \
		"$without" get_mempolicy "$program" numa_mbind
	# Resources of the whole process run out: one clear line, and no hang.
	check no_memory 1 'ENOMEM|Cannot allocate|thread: Resource temporarily unavailable' \
		prlimit --as=12000000:12000000 $mix user_write,gmem_life
	check no_files 1 'RLIMIT_NOFILE|Too many open files' \
		prlimit --nofile=12:12 $mix user_write,uring_fixed,vmsplice
	check no_such_actor 2 "^$(basename "$program"): --actors: 'nobody': " \
		$mix user_write,nobody
	check hurts_only_by_name 1 . \
		sh -c "$program race_mix -d 1 | grep -E 'hwpoison|soft_off|control_'; [ \$? = 0 ] || { echo .; exit 1; }"
}
echo "# Totals: pass:$((number - failed)) fail:$failed xfail:0 xpass:0 skip:0 error:0"
[ "$failed" = 0 ]
