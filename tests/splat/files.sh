#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat parse and splat edges on files. Python reads the JSON.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 9

begin parse_all_keys
cat "$golden/circular-6.17-tdx.log" >"$tmp/log"
call 1 parse --json "$tmp/log"
json "$tmp/out" 'set(j[0]) >= {"kind", "title", "release", "comm", "pid",
	"acquiring", "holding", "cycle", "chain", "signature", "complete",
	"first_line", "last_line"}'
json "$tmp/out" 'j[0]["acquiring"] == {"class": "mapping.invalidate_lock",
	"mode": "read", "at": "kvm_gmem_fault_user_mapping"}'
json "$tmp/out" 'j[0]["cycle"] == ["&mm->mmap_lock",
	"mapping.invalidate_lock"]'
json "$tmp/out" 'j[0]["title"] ==
	"possible deadlock in kvm_gmem_fault_user_mapping"'
json "$tmp/out" 'j[0]["chain"][0]["frames"][5] == "tdx_gmem_post_populate"'
call 1 parse "$tmp/log"
has out '^circular: possible deadlock in kvm_gmem_fault_user_mapping$'
call 0 parse --json /dev/null
json "$tmp/out" 'j == []'
end

begin parse_stdin_and_several_files
cat "$golden/others-by-hand.log" >"$tmp/log"
code=0
"$splat" parse --json <"$tmp/log" >"$tmp/out" || code=$?
[ "$code" -eq 1 ] || bad "exit code $code"
json "$tmp/out" 'len(j) == 6 and j[0]["acquiring"] is None'
call 1 parse --json "$tmp/log" /dev/null "$tmp/log"
json "$tmp/out" 'len(j) == 12'
end

begin parse_records_of_programs
printf '%s\n' '12,1,1,-;Oops, my daemon' ' SUBSYSTEM=x' >"$tmp/log"
call 0 parse "$tmp/log"
printf '%s\n' '0,2,1,-;Oops: 0000 [#1]' >>"$tmp/log"
call 1 parse --json "$tmp/log"
json "$tmp/out" 'len(j) == 1 and j[0]["first_line"] == 3'
end

begin parse_hostile_input
head -c 3000000 /dev/zero | tr '\0' 'W' >"$tmp/log"
{
	cat "$golden/circular-6.17-tdx.log"
	printf 'WARNING: \377\376/1 still has locks held!\n'
	head -c 100000 "$splat"
} >>"$tmp/log"
call 1 parse --json "$tmp/log"
json "$tmp/out" 'sum(r["complete"] and r["kind"] == "circular" for r in j)'
gzip -c "$tmp/log" >"$tmp/log.gz"
call 2 parse "$tmp/log.gz"
has err '^splat parse: .*/log.gz: is compressed: zcat it$'
call 2 parse "$tmp"
has err ': Is a directory$'
mkfifo "$tmp/fifo"
call 2 parse "$tmp/fifo"
has err ': a FIFO without a writer$'
# It waits for a late writer.
(sleep 0.2; timeout 9 cat "$golden/circular-6.17-tdx.log" >"$tmp/fifo") &
call 1 parse "$tmp/fifo"
has out '^circular: '
wait
exec 9<>"$tmp/fifo"
(sleep 0.2; cat "$golden/circular-6.17-tdx.log" >&9) &
exec 9>&-
call 1 parse "$tmp/fifo"
has out '^circular: '
wait
call 0 parse /dev/null
has err '^splat parse: /dev/null: is empty$'
end

begin edges_of_guest_memfd
call 0 edges --file "$golden/proc/lockdep-7.3.4"
has out 'AB *no$' 'BA *no$' 'taken under kvm->slots_lock'
does <<-'END'
	ab
END
"$tmp/cmd" >"$tmp/out"
call 1 edges --json --proc-root "$root"
json "$tmp/out" 'j["ab"]["state"] == "yes" and j["ab"]["direct"]'
machine
call 4 edges --json --proc-root "$root"
json "$tmp/out" 'j["ab"]["state"] == "unknown"'
end

# A missing AB means nothing if lockdep did not check.
begin edges_of_a_dead_lockdep
"$tmp/cmd" >"$tmp/out"
call 0 edges --json --proc-root "$root"
json "$tmp/out" 'j["ab"]["state"] == "no" and j["lockdep"]["reason"] is None'
echo 0 >"$root/proc/sys/kernel/prove_locking"
call 4 edges --proc-root "$root"
has out 'AB *unknown$' 'BA *unknown$' \
	'^  lockdep  *unproven: kernel.prove_locking is 0$'
call 4 edges --json --proc-root "$root"
json "$tmp/out" 'j["lockdep"]["state"] == "unproven"'
call 0 edges --file "$root/proc/lockdep"
call 4 edges --proc-root "$root" --from mapping.invalidate_lock \
	--to '&mm->mmap_lock'
has err '^splat: lockdep is unproven: .* it cannot tell$'
echo 1 >"$root/proc/sys/kernel/prove_locking"
sed -i 's/\(debug_locks: *\)1/\10/' "$root/proc/lockdep_stats"
call 4 edges --json --proc-root "$root"
json "$tmp/out" 'j["ab"]["state"] == "unknown" and
	j["lockdep"]["reason"] == "debug_locks is 0"'
# A recorded edge is known even so.
does <<-'END'
	ab
	off
END
"$tmp/cmd" >"$tmp/out"
call 1 edges --proc-root "$root"
end

begin edges_of_a_class_without_usage
"$tmp/cmd" >"$tmp/out"
sed -i 's/+\.+\.\(: mapping.invalidate_lock\)$/....\1/' "$root/proc/lockdep"
call 4 edges --proc-root "$root"
has out 'AB *unknown$' 'has no usage'
call 4 edges --file "$root/proc/lockdep"
end

begin edges_of_a_class

call 0 edges --file "$golden/proc/lockdep-7.3.4" mapping.invalidate_lock
has out '^mapping.invalidate_lock  +.+.$' '^  > fs_reclaim$'
call 0 edges --json --file "$golden/proc/lockdep-7.3.4" '&mm->mmap_lock'
json "$tmp/out" '[c["class"] for c in j] == ["&mm->mmap_lock",
	"&mm->mmap_lock/1"] or [c["class"] for c in j] == ["&mm->mmap_lock/1",
	"&mm->mmap_lock"]'
json "$tmp/out" 'any("fs_reclaim" in c["then"] for c in j)'
end

begin path_between_classes
call 0 edges --file "$golden/proc/lockdep-7.3.4" \
	--from '&kvm->slots_lock' --to '&(kvm)->mmu_lock'
[ "$(head -n 1 "$tmp/out")" = '&kvm->slots_lock' ] || bad 'not from X'
call 1 edges --file "$golden/proc/lockdep-7.3.4" \
	--from mapping.invalidate_lock --to '&mm->mmap_lock'
has out '^no path from'
end

finish
