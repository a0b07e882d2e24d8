#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat run: the verdict for what a kernel's lock order shows. For a dead
# lockdep see dead.sh.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 12

begin clean
run 0
has summary '^verdict=CLEAN$' '^ab=no$' '^ba=no$' '^lockdep=alive$' \
	'^reason=$' '^signature=$' '^exit=0$' '^release=7.3.4$' '^tdx=none$'
has err '^splat: lockdep reports once:' '^splat: CLEAN$' \
	'taken under kvm->slots_lock'
has out "^the program's own output$"
[ "$(wc -l <"$tmp/out")" -eq 1 ] || bad 'stdout is not only the program'
end

begin edge
does <<-'END'
	ab
END
run 1
has summary '^verdict=EDGE$' '^ab=yes$' '^ba=no$' '^lockdep=alive$' \
	'^reason=forbidden edge mapping.invalidate_lock > &mm->mmap_lock$'
end

begin edge_in_one_chain
does <<-'END'
	printf '%s\n' '[ffffffff818224c8] mapping.invalidate_lock' \
		'[ffffffff81f97650] &kvm->srcu' \
		'[ffffffff81fae310] &mm->mmap_lock' '' >>$root/proc/lockdep_chains
END
run 1
has summary '^verdict=EDGE$' '^ab=yes$' '^ba=no$' \
	'^reason=forbidden edge mapping.invalidate_lock > &kvm->srcu > &mm->mmap_lock$'
has err 'AB  *yes .*(held together in one chain)'
end

begin path_of_pieces_is_a_note
does <<-'END'
	by_arch_lock
END
run 0
has summary '^verdict=CLEAN$' '^ab=no$'
has err 'no AB, but a way through other locks: mapping.invalidate_lock > &kvm->slots_arch_lock > &mm->mmap_lock'
end

begin edge_recorded_before
does <<-'END'
	ab
END
"$tmp/cmd" >"$tmp/out"
idle
run 1
has summary '^verdict=EDGE$' '^reason=.*recorded before this run$'
end

begin ba_alone_is_a_note
does <<-'END'
	ba
END
run 0
has summary '^verdict=CLEAN$' '^ab=no$' '^ba=yes$' '^lockdep=alive$'
has err 'note .*BA alone is no fault'
end

begin splat_closes_the_cycle
does <<-'END'
	splat
END
run 1
has summary '^verdict=SPLAT$' '^ab=yes$' '^ba=yes$' '^lockdep=spent$' \
	'^signature=circular: &mm->mmap_lock > mapping.invalidate_lock | kvm_gmem_fallocate, kvm_gmem_fault_user_mapping$' \
	'^reason=possible deadlock in kvm_gmem_fault_user_mapping (n/43)$'
has err 'AB  *yes .*from the report' 'BA  *yes .*from the report'
end

# It turned lockdep off: later orders were not checked.
begin splat_of_others
does <<-'END'
	splat 's/kvm_gmem_/othfs_/g'
END
run 1
has summary '^verdict=SPLAT$' '^ab=unknown$' '^ba=unknown$'
end

begin splat_of_a_failing_program
does <<-'END'
	ab
	splat
	exit 1
END
run 1
has summary '^verdict=SPLAT$' '^exit=1$'
has err 'BA  *yes .*from the report' \
	'also  *the program failed: exit code 1'
lacks err 'AB  *yes .*from the report'
end

begin program_fails
does <<-'END'
	exit 254
END
run 1
has summary '^verdict=FAILED$' '^exit=254$' '^ab=no$' '^lockdep=alive$'
end

begin program_skips
does <<-'END'
	exit 4
END
run 4
has summary '^verdict=UNKNOWN$' '^reason=the program skipped'
end

begin program_hangs
does <<-'END'
	exec sleep 60
END
run 1 --timeout 1
has summary '^verdict=HUNG$' '^exit=124$' '^reason=.*did not end in 1 s$'
end

finish
