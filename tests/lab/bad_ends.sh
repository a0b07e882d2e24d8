#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Every way in which a guest can come to a bad end gets its verdict, with the
# last lines of the console: panic, oops, silence behind an oops, reset, hangs of
# a program, of one CPU and of all, out of memory.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

provoke=$top/build/lab/provoke
bound=60

plan 11
expect passes PASSED "^verdict=PASSED" --plain -- "$provoke" exit 0
expect panic CRASHED "Kernel panic - not syncing" -- "$provoke" lkdtm PANIC
expect oops CRASHED "Oops: |NULL pointer" -- "$provoke" lkdtm EXCEPTION
expect oops_and_silence CRASHED "^reason=.*(Oops: |NULL pointer).*did not end" \
	--watchdog 300 -- "$provoke" each "$provoke" lkdtm EXCEPTION --- \
	"$provoke" deaf
expect reset CRASHED "lab: the guest was reset" -- "$provoke" reset
expect program_hangs HUNG "Show Blocked State|ended after 5 s" \
	--plain --timeout 5 -- "$provoke" sleep
expect one_cpu_hangs HUNG "^reason=.*hard LOCKUP" \
	--watchdog "$bound" -- "$provoke" lkdtm HARDLOCKUP
expect all_cpus_hang HUNG "no end within the watchdog" \
	--watchdog 20 -- "$provoke" deaf
expect out_of_memory FAILED "^reason=.*Out of memory: Killed process" \
	--memory 512 -- "$provoke" oom
# What the kernel says of itself is no pass, though the program has passed.
line="BUG: Bad page state in process test  pfn:00000"
expect bad_page FAILED "^reason=$line" --plain -- "$provoke" say "$line"
line="rcu: INFO: rcu_preempt self-detected stall on CPU"
expect rcu_stall FAILED "^reason=$line" --plain -- "$provoke" say "$line"
exit "$failed"
