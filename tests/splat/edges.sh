#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat edges: paths, cycles, pictures and their differences, and which class of
# the name is guest_memfd's. Python reads the JSON.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 7

copy=$golden/proc/lockdep-7.3.4
boot() {
	mkdir -p "$root/proc/sys/kernel/random"
	echo "$1" >"$root/proc/sys/kernel/random/boot_id"
}

save() {
	call 0 edges --proc-root "$root" --save "$tmp/$1"
}

begin several_paths
call 0 edges --file "$copy" --count 2 --from '&kvm->slots_lock' \
	--to '&(kvm)->mmu_lock'
[ "$(grep -c '^&kvm->slots_lock$' "$tmp/out")" -eq 2 ] || bad 'not two paths'
call 0 edges --json --file "$copy" --all --from '&kvm->slots_lock' \
	--to '&(kvm)->mmu_lock'
json "$tmp/out" 'len(j) > 2 and j[0] == ["&kvm->slots_lock",
	"&(kvm)->mmu_lock"] and [len(w) for w in j] == sorted(map(len, j)) and
	len(set(map(tuple, j))) == len(j)'
call 0 edges --json --file "$copy" --from '&kvm->slots_lock' \
	--to '&(kvm)->mmu_lock'
json "$tmp/out" 'len(j) == 1'
call 1 edges --json --file "$copy" --all --from mapping.invalidate_lock \
	--to '&mm->mmap_lock'
json "$tmp/out" 'j == []'
end

begin potential_cycles
call 0 edges --file "$copy" --cycles
has out '^no cycle among 502 classes and 1196 edges$'
does <<-'END'
	ab
	ba
END
"$tmp/cmd" >"$tmp/out"
call 1 edges --proc-root "$root" --cycles
has out '^cycle 1, through 2 classes$' '^  &mm->mmap_lock$' \
	'^  > mapping.invalidate_lock$' '^1 pair of classes'
call 1 edges --proc-root "$root" --json --cycles
json "$tmp/out" 'len(j) == 1 and j[0]["cycle"] ==
	["&mm->mmap_lock", "mapping.invalidate_lock"] and j[0]["shortest"]'
# One edge alone is no cycle.
does <<-'END'
	ab
END
"$tmp/cmd" >"$tmp/out"
call 0 edges --proc-root "$root" --cycles
sed -i 's/\(debug_locks: *\)1/\10/' "$root/proc/lockdep_stats"
call 4 edges --proc-root "$root" --cycles
end

begin save_and_diff
boot one
save before
has before '^splat picture 1$' '^boot_id one$' '^release 7.3.4$' \
	'^lockdep alive$' '^all lock classes:$'
does <<-'END'
	ab
END
"$tmp/cmd" >"$tmp/out"
save after
call 1 edges --diff "$tmp/before" "$tmp/after"
has out '^+ mapping.invalidate_lock > &mm->mmap_lock$' \
	'^\* mapping.invalidate_lock  now in use$' \
	'^edges: .* classes: 0 added, 0 removed, 1 now in use$'
lacks out '^-'
call 1 edges --diff "$tmp/after" "$tmp/before"
has out '^- mapping.invalidate_lock > &mm->mmap_lock$'
lacks out '^+'
call 0 edges --diff "$tmp/after" "$tmp/after"
call 1 edges --json --diff "$tmp/before" "$tmp/after"
json "$tmp/out" '["mapping.invalidate_lock", "&mm->mmap_lock"] in
	j["edges_added"] and j["edges_removed"] == []'
call 1 edges --file "$tmp/after"
call 1 edges --diff "$tmp/before" "$root/proc/lockdep"
end

begin pictures_of_two_boots
boot one
save one
boot two
save two
call 2 edges --diff "$tmp/one" "$tmp/two"
has err '^splat edges: .*/two: is of another boot than the first; --other-boot'
call 0 edges --other-boot --diff "$tmp/one" "$tmp/two"
# Plain copies: the same names with other addresses.
sed 's/ffffffff8/ffffffff9/g' "$copy" >"$tmp/moved"
call 2 edges --diff "$copy" "$tmp/moved"
has err 'is of another boot'
call 0 edges --other-boot --diff "$copy" "$tmp/moved"
end

begin picture_of_a_dead_lockdep
echo 0 >"$root/proc/sys/kernel/prove_locking"
save dead
has err 'note: lockdep is unproven: kernel.prove_locking is 0$'
call 4 edges --file "$tmp/dead" --from mapping.invalidate_lock \
	--to '&mm->mmap_lock'
has err 'lockdep is unproven: kernel.prove_locking is 0 (in the picture)'
echo 1 >"$root/proc/sys/kernel/prove_locking"
save live
call 1 edges --file "$tmp/live" --from mapping.invalidate_lock \
	--to '&mm->mmap_lock'
end

begin no_addresses
sed 's/\[[0-9a-f]\{16\}\]/[(____ptrval____)]/; s/^[0-9a-f]\{16\}/(____ptrval____)/' \
	"$copy" >"$tmp/hidden"
call 0 edges --file "$tmp/hidden"
has out 'AB  *no$' 'taken under kvm->slots_lock$'
has err 'hidden: has no addresses: joined by name$'
call 0 edges --file "$tmp/hidden" --from '&kvm->slots_lock' \
	--to '&(kvm)->mmu_lock'
call 0 edges --diff "$copy" "$tmp/hidden"
has err 'of one boot is not known$'
# The control: with addresses there is no note.
call 0 edges --file "$copy"
lacks err 'addresses'
end

# Two classes of the name, and no edge from slots_lock.
begin whose_class
does <<-'END'
	classes '/ -> .* mapping.invalidate_lock$/d'
	sed 's/^\(ffffffff81822\)4c8\(.* mapping.invalidate_lock\)$/\1999\2#2\n/;t;d' \
		$golden/proc/lockdep-7.3.4 >>$root/proc/lockdep
END
save before
"$tmp/cmd" >"$tmp/out"
sed -i 's/+\.+\.\(: mapping.invalidate_lock#2\)$/....\1/' "$root/proc/lockdep"
call 4 edges --proc-root "$root"
has out 'class  *not found (of 2 of the name)$' '--probe uses a guest_memfd'
call 0 edges --proc-root "$root" --before "$tmp/before"
has out 'AB  *no$' \
	'class  *mapping.invalidate_lock, found by: first used in this run, not'
call 0 edges --json --proc-root "$root" --before "$tmp/before"
json "$tmp/out" 'j["class"]["certain"] is False'
# Both are newly used: then neither is identified.
sed -i 's/\.\.\.\.\(: mapping.invalidate_lock#2\)$/+.+.\1/' "$root/proc/lockdep"
call 4 edges --proc-root "$root" --before "$tmp/before"
# Unhashed addresses identify it with certainty.
printf '%s\n' 'ffffffff818224a0 d kvm_gmem_fs' 'ffffffff81822600 d after' \
	>"$root/proc/kallsyms"
call 0 edges --json --proc-root "$root"
json "$tmp/out" 'j["class"]["certain"] and
	j["class"]["found_by"] == "key inside kvm_gmem_fs"'
sed 's/ffffffff8/ffffffff9/g' "$tmp/before" >"$tmp/other"
call 2 edges --proc-root "$root" --before "$tmp/other"
has err 'other: is of another boot$'
end

finish
