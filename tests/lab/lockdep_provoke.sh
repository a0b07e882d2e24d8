#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Each case of lab/lockdep_provoke in a boot of its own: what this kernel prints about it
# is one report of that kind, whole, about that lock and that function. If a
# kernel prints it in another way, this names the kind, and the log is shown.
#
#	lockdep_provoke.sh [all]	without "all": one or two of each kind
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# CASE LOCK FUNCTION: LOCK is where the JSON has it, "acquiring" or "held", and
# the class; "-" if the report names none.
short=(
	'circular-read acquiring:invalidate_rwsem take_like_fault'
	'circular-work acquiring:(work_completion)(&w->work) -'
	'recursive acquiring:&n->lock take_pair'
	'inconsistent-state-hardirq acquiring:hard_lock_a case_inconsistent_hardirq'
	'irq-unsafe-order-softirq acquiring:soft_lock_b take_soft_b'
	'irq-inversion acquiring:hard_lock_a take_a_in_hardirq'
	'wait-context acquiring:soft_lock_a case_wait_context'
	'nesting acquiring:inner_lock case_nesting'
	'unlock-balance acquiring:never_taken_lock case_unlock_balance'
	'held-lock-freed acquiring:&box->lock case_held_lock_freed'
	'held-at-exit held:kept_lock take_and_exit'
	'returning-to-user held:kept_lock case_returning_to_user'
	'rcu - -'
	'table-full-hlocks - -'
	'non-static-key - -'
	'lockdep-off - -'
	'hung-task held:waiters_lock wait_for_lock'
)
long=(
	'circular acquiring:lock_a take_b_then_a'
	'circular-three acquiring:lock_a take_pair'
	'circular-subclass acquiring:lock_a take_nested_b_then_a'
	'circular-srcu acquiring:lock_a case_circular_srcu'
	'circular-beside-rcu acquiring:first_lock take_second_then_first'
	'recursive-compared acquiring:&n->lock take_pair'
	'inconsistent-state-softirq acquiring:soft_lock_a case_inconsistent_softirq'
	'irq-unsafe-order-hardirq acquiring:hard_lock_b take_hard_b'
	'table-full-entries - -'
	'table-full-keys - -'
	'table-full-chains - -'
	'table-full-traces - -'
	'table-full-depth - -'
	'other-warn - -'
	'other-oops - -'
	'contention acquiring:never_taken_lock case_contention'
)

# reports LOG CASE LOCK FUNCTION: splat reads that from LOG; if not, why
reports() {
	"$top/splat" parse --json "$1" >"$work/json" || true
	python3 - "$work/json" "${@:2}" <<-'EOT'
		import json, sys
		path, case, lock, func = sys.argv[1:]
		def of(kind):
		    return case == kind or case.startswith(kind + "-")
		all = json.load(open(path))
		# What the case brings with it.
		beside = {"lockdep-off", "rcu"} if not of("lockdep-off") and \
		    not of("rcu") else set()
		seen = [r for r in all if r["kind"] not in beside]
		if not seen:
		    sys.exit("no report: does this kernel print another title?")
		if case != "lockdep-off" and len(seen) > 1:
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

# provoke CASE LOCK FUNCTION
provoke() {
	local case=$1 log=$work/$1/console.log r=0 options=(--bugs)
	case $case in
	hung-task) options+=(--sysctl 'kernel/hung_task_timeout_secs 1'
		--sysctl 'kernel/hung_task_warnings 1') ;;
	contention) options+=(--config "$top/lab/kernel/noprove.config") ;;
	esac
	lab run --plain "${options[@]}" --out "$work/$case" -- \
		"$top/build/lab/provoke" lockdep "$case" >"$work/$case.log" 2>&1 || true
	reports "$log" "$@" 2>"$work/why" || r=1
	if [ "$r" -ne 0 ]; then
		echo "# $case: $(cat "$work/why"); what was printed:"
		see "$work/$case.log"
		[ ! -f "$log" ] || tail -n 120 "$log" | tr -d '\r' | sed 's/^/# /'
	fi
	result "$case" "$r"
}

cases=("${short[@]}")
[ "${1:-}" != all ] || cases=("${long[@]}")
plan $((${#cases[@]} + 1))
for case in "${cases[@]}"; do
	read -r name lock func <<<"$case"
	provoke "$name" "$lock" "$func"
done

# The control: the last of them with another title, and with a line lost.
read -r name lock func <<<"${cases[0]}"
log=$work/$name/console.log
r=0
for change in 's/possible circular locking/locks taken in a circle/' \
	'/already holding lock:/d' '/trying to acquire lock:/,+1d'; do
	sed "$change" "$log" >"$work/changed"
	! reports "$work/changed" "$name" "$lock" "$func" 2>"$work/why" || r=1
done
result "a changed log is noticed" "$r"
exit "$failed"
