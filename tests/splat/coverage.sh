#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat coverage: seen, missing and forbidden pairs in /proc/lockdep_chains.
# Python reads the JSON.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 5

# chain NAME...: add one to the machine's file
chain() {
	{
		echo 'irq_context: 0'
		for lock; do
			echo "[ffffffff81000000] $lock"
		done
		echo
	} >>"$root/proc/lockdep_chains"
}

gmem=mapping.invalidate_lock
cov() {
	code=$1
	shift
	call "$code" coverage --proc-root "$root" "$@"
}

begin coverage_table
"$tmp/cmd" >"$tmp/out"
cov 0
has out '^0 of [0-9]* reachable pairs seen; 0 of [0-9]* forbidden;' \
	'^  not seen .*kvm->slots_lock > gmem invalidate_lock .*kvm_gmem_release: close()'
lacks out '^  seen'
chain '&kvm->slots_lock' $gmem '&(kvm)->mmu_lock'
chain '&kvm->slots_lock' $gmem
cov 0
has out '^3 of ' \
	'^  seen  *kvm->slots_lock > gmem invalidate_lock  *kvm_gmem_release, virt' \
	'^  seen  *gmem invalidate_lock > mmu_lock'
lacks out 'FORBIDDEN'
lacks out 'unreachable: '
cov 0 --all
has out 'unreachable: ' 'mmap_lock > gmem invalidate_lock .* unreachable: BA' \
	'gmem invalidate_lock > mmap_lock  *forbidden: AB'
end

begin coverage_forbidden
"$tmp/cmd" >"$tmp/out"
chain '&kvm->slots_lock' $gmem '&mm->mmap_lock'
cov 1
has out '^  FORBIDDEN  *gmem invalidate_lock > mmap_lock .*: AB'
cov 1 --json
json "$tmp/out" 'j["forbidden_seen"] == 1 and j["reachable_seen"] == 1'
json "$tmp/out" '[(p["held"], p["taken"]) for p in j["pairs"]
	if p["seen"] and p["rule"] == "forbidden"] ==
	[("gmem invalidate_lock", "mmap_lock")]'
json "$tmp/out" 'len(j["pairs"]) == j["reachable"] + j["forbidden"] +
	j["unreachable"]'
# The control: the same order for another file system's class.
machine
"$tmp/cmd" >"$tmp/out"
chain "$gmem#7" '&mm->mmap_lock'
cov 0
lacks out FORBIDDEN
# Later kernels have BA by design; the list does not.
chain '&mm->mmap_lock' $gmem
cov 0
has out '^  unexpected  *mmap_lock > gmem' 'of which 1 were seen$'
end

begin coverage_of_a_command
"$tmp/cmd" >"$tmp/out"
chain '&kvm->slots_lock' $gmem
printf '#!/bin/sh\nprintf "[1] &kvm->slots_lock\\n[2] &mm->mmap_lock\\n\\n" >>%s\nexit 3\n' \
	"$root/proc/lockdep_chains" >"$tmp/cmd"
cov 4 -- "$tmp/cmd"
has out '^  before  *kvm->slots_lock > gmem' '^  seen  *kvm->slots_lock > mmap'
has err '^splat: the command ended with code 3$'
cov 2 -- /nonexistent/x
cov 4 --timeout 1 -- sleep 60
has err '^splat: the command did not end in time$'
cov 4 -- sh -c 'kill -KILL $$'
has err '^splat: the command was ended by signal 9$'
# The control; a failed command does not hide what was seen.
cov 0 -- true
chain $gmem '&mm->mmap_lock'
cov 1 -- false
end

begin coverage_cannot_tell
cov 4
has err 'class was not found: was guest_memfd used?$'
"$tmp/cmd" >"$tmp/out"
echo 0 >"$root/proc/sys/kernel/prove_locking"
cov 4
has err 'unproven: kernel.prove_locking is 0'
rm "$root/proc/lockdep_chains"
cov 4
has err 'lockdep_chains: No such file'
rm "$root/proc/lockdep"
cov 4
has err "^splat coverage: $root/proc/lockdep: No such file"
end

begin coverage_wrong_calls
cov 2 x
cov 2 --fly
cov 2 --timeout x
end

finish
