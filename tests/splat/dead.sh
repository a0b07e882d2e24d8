#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat run if lockdep is dead or its report was lost: nothing bad is seen, but
# the verdict is never CLEAN.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 17

begin control
run 0
has summary '^verdict=CLEAN$'
end

# A splat before the run, which turned lockdep off.
spent() {
	cat "$golden/circular-7.3.4-guess-kmsg.log" >>"$root/dev/kmsg"
	sed -i 's/\(debug_locks: *\)1/\10/' "$root/proc/lockdep_stats"
}

# Reports from before the run do not belong to it.
begin spent_before
spent
does <<-'END'
	ab
	off
END
run 4
has summary '^verdict=UNKNOWN$' '^lockdep=spent$' \
	'^reason=lockdep was spent before the run by possible deadlock in kvm_gmem_fault_user_mapping of n:'
has err '^splat: lockdep is spent: .* cannot be CLEAN'
lacks err '^splat: SPLAT'
end

# Turned off by a full table, which is no splat. The first cause is named.
begin spent_before_by_a_table
sed 's/^\[[^]]*\]\[[^]]*\] /4,10,1,-,caller=T44;/' \
	"$golden/lab-7.3.4-table-full-chains.log" >>"$root/dev/kmsg"
spent
does <<-'END'
	off
END
run 4
has summary '^reason=lockdep was spent before the run by .*MAX_LOCKDEP_CHAINS too low!'
end

begin prove_locking_off
echo 0 >"$root/proc/sys/kernel/prove_locking"
run 4
has summary '^verdict=UNKNOWN$' '^lockdep=unproven$' '^ab=unknown$' \
	'^reason=.*kernel.prove_locking is 0$'
end

# The classes exist, but have no usage and no edges.
begin validation_off
rm "$root/proc/sys/kernel/prove_locking"
does <<-'END'
	classes '/ -> .* mapping.invalidate_lock$/d'
	classes 's/+\.+\.\(: mapping.inv\)/....\1/'
END
run 4
has summary '^verdict=UNKNOWN$' '^lockdep=unproven$' '^ab=unknown$'
end

begin dependencies_stand_still
does <<-'END'
	stats 's/\(direct dependencies: *\)2580/\12120/'
END
run 4
has summary '^verdict=UNKNOWN$' '^reason=.*no dependency was added$'
end

begin no_prove_locking
rm "$root/proc/lockdep_chains"
run 4
has summary '^verdict=UNKNOWN$' '^reason=.*without PROVE_LOCKING'
end

begin no_lockdep
rm "$root"/proc/lockdep*
idle
run 4
has summary '^verdict=UNKNOWN$' '^lockdep=absent$'
end

# Even root cannot read a directory.
begin not_readable
rm "$root/proc/lockdep"
mkdir "$root/proc/lockdep"
idle
run 4
has summary '^verdict=UNKNOWN$' '^reason=.*/proc/lockdep: '
has err '^splat: lockdep is unproven: /proc/lockdep: '
end

begin table_full
does <<-'END'
	stats 's/\( dependency chains: *\)2688/\165530/'
END
run 4
has summary '^verdict=UNKNOWN$' \
	'^reason=.*dependency chains 65530 of 65536$'
end

begin chains_buggered
does <<-'END'
	echo '(buggered) all lock chains:' >$root/proc/lockdep_chains
END
run 4
has summary '^verdict=UNKNOWN$' '^reason=.*ran out of room$'
end

begin turned_off_by_table
does <<-'END'
	log '7,10,1,-;BUG: MAX_LOCKDEP_CHAINS too low!'
	off
END
run 4
has summary '^verdict=UNKNOWN$' '^lockdep=spent$' \
	'^reason=lockdep turned itself off in the run: BUG: MAX_LOCKDEP'
end

begin records_lost
does <<-'END'
	log '6,10,1,-;a' '6,11,2,-;b' '6,15,3,-;c'
END
run 4
has summary '^verdict=UNKNOWN$' '^reason=3 records of the kernel.s log'
end

begin no_log
rm "$root/dev/kmsg"
run 4
has summary '^verdict=UNKNOWN$' '^reason=/dev/kmsg: No such file'
end

begin guest_memfd_not_used
idle
run 4
has summary '^verdict=UNKNOWN$' '^reason=.*was guest_memfd used?$'
watch=
run 0
has summary '^verdict=CLEAN$' '^ab=unknown$'
run 0 --no-watch
has summary '^verdict=CLEAN$' '^ab=unknown$'
end

# A use of guest_memfd in an earlier run does not count for this one.
begin guest_memfd_used_before
"$tmp/cmd" >"$tmp/out"
idle
run 0 --json "$tmp/j"
has summary '^verdict=CLEAN$'
has err 'note .*in use before this run: whether this run used it is not known'
json "$tmp/j" '[n for n in j["notes"] if "in use before this run" in n]'
sed -i 's/ FD:/ OPS:      12 FD:/' "$root/proc/lockdep"
run 4
has summary '^verdict=UNKNOWN$' '^ab=unknown$' '^reason=.*was not taken in the'
# The control: with OPS.
does <<-'END'
	classes 's/ FD:/ OPS:      13 FD:/'
END
run 0
has summary '^verdict=CLEAN$'
lacks err 'in use before this run'
end

begin class_not_certain
does <<-'END'
	classes '/ -> .* mapping.invalidate_lock$/d'
END
run 4
has summary '^verdict=UNKNOWN$' '^ab=no$' '^reason=.*not certain'
# With unhashed addresses the key identifies the class.
printf '%s\n' 'ffffffff818224a0 d kvm_gmem_fs' 'ffffffff81822600 d after' \
	>"$root/proc/kallsyms"
run 0
has err 'key inside kvm_gmem_fs'
end

finish
