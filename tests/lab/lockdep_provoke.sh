#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Each sin of lab/lockdep_provoke in a boot of its own: what this kernel prints about it
# is one report of that kind, whole, about that lock and that function. If a
# kernel prints it in another way, this names the kind, and the log is shown.
#
#	lockdep_provoke.sh [all]	without "all": one or two of each kind
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# SIN LOCK FUNCTION: LOCK is where the JSON has it, "acquiring" or "held", and
# the class; "-" if the report names none.
short=(
	'circular-read acquiring:sin_map sin_fault'
	'circular-work acquiring:(work_completion)(&w->work) -'
	'recursive acquiring:&n->lock sin_take'
	'inconsistent-state-hardirq acquiring:sin_hard_a sin_inconsistent_hardirq'
	'irq-unsafe-order-softirq acquiring:sin_soft_b sin_take_soft_b'
	'irq-inversion acquiring:sin_hard_a sin_in_hardirq'
	'wait-context acquiring:sin_soft_a sin_wait_context'
	'nesting acquiring:sin_nested sin_nesting'
	'unlock-balance acquiring:sin_never_taken sin_unlock_balance'
	'held-lock-freed acquiring:&box->lock sin_held_lock_freed'
	'held-at-exit held:sin_kept sin_take_and_end'
	'returning-to-user held:sin_kept sin_returning_to_user'
	'rcu - -'
	'table-full-hlocks - -'
	'non-static-key - -'
	'lockdep-off - -'
	'hung-task held:sin_held_meanwhile sin_wait_for_lock'
)
long=(
	'circular acquiring:sin_a sin_take_ba'
	'circular-three acquiring:sin_a sin_take'
	'circular-subclass acquiring:sin_a sin_take_a_under_second'
	'circular-srcu acquiring:sin_a sin_circular_srcu'
	'circular-beside-rcu acquiring:sin_near sin_close_circle'
	'recursive-compared acquiring:&n->lock sin_take'
	'inconsistent-state-softirq acquiring:sin_soft_a sin_inconsistent_softirq'
	'irq-unsafe-order-hardirq acquiring:sin_hard_b sin_take_hard_b'
	'table-full-entries - -'
	'table-full-keys - -'
	'table-full-chains - -'
	'table-full-traces - -'
	'table-full-depth - -'
	'other-warn - -'
	'other-oops - -'
	'contention acquiring:sin_never_taken sin_contention'
)

# told LOG SIN LOCK FUNCTION: what splat makes of LOG is that, or why not
told() {
	"$top/splat" parse --json "$1" >"$work/json" || true
	python3 - "$work/json" "${@:2}" <<-'EOT'
		import json, sys
		path, sin, lock, func = sys.argv[1:]
		def of(kind):
		    return sin == kind or sin.startswith(kind + "-")
		all = json.load(open(path))
		# What the sin brings with it.
		beside = {"lockdep-off", "rcu"} if not of("lockdep-off") and \
		    not of("rcu") else set()
		seen = [r for r in all if r["kind"] not in beside]
		if not seen:
		    sys.exit("no report: does this kernel print another title?")
		if sin != "lockdep-off" and len(seen) > 1:
		    sys.exit("%d reports" % len(seen))
		r = seen[0]
		if not of(r["kind"]):
		    sys.exit("is taken for " + r["kind"])
		if not r["complete"]:
		    sys.exit("the report is not complete")
		where, _, name = lock.partition(":")
		locks = {"acquiring": [r["acquiring"] or {}], "held": r["holding"],
		         "-": []}[where]
		if lock != "-" and not any(l.get("class") == name and
		    func in ("-", l["at"]) for l in locks):
		    sys.exit("wanted %s at %s, got %s" % (lock, func, locks))
	EOT
}

# commit SIN LOCK FUNCTION
commit() {
	local sin=$1 log=$work/$1/console.log r=0 options=(--seeded)
	case $sin in
	hung-task) options+=(--sysctl 'kernel/hung_task_timeout_secs 1'
		--sysctl 'kernel/hung_task_warnings 1') ;;
	contention) options+=(--config "$top/lab/kernel/noprove.config") ;;
	esac
	lab run --plain "${options[@]}" --out "$work/$sin" -- \
		"$top/build/lab/provoke" sin "$sin" >"$work/$sin.log" 2>&1 || true
	told "$log" "$@" 2>"$work/why" || r=1
	if [ "$r" -ne 0 ]; then
		echo "# $sin: $(cat "$work/why"); what was printed:"
		see "$work/$sin.log"
		[ ! -f "$log" ] || tail -n 120 "$log" | tr -d '\r' | sed 's/^/# /'
	fi
	result "$sin" "$r"
}

sins=("${short[@]}")
[ "${1:-}" != all ] || sins=("${long[@]}")
plan $((${#sins[@]} + 1))
for sin in "${sins[@]}"; do
	read -r name lock func <<<"$sin"
	commit "$name" "$lock" "$func"
done

# The control: the last of them with another title, and with a line lost.
read -r name lock func <<<"${sins[0]}"
log=$work/$name/console.log
r=0
for change in 's/possible circular locking/locks taken in a circle/' \
	'/already holding lock:/d' '/trying to acquire lock:/,+1d'; do
	sed "$change" "$log" >"$work/changed"
	! told "$work/changed" "$name" "$lock" "$func" 2>"$work/why" || r=1
done
result "a changed log is noticed" "$r"
exit "$failed"
