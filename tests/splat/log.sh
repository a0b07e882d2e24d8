#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat run: the verdict for reports in the kernel's log, and for lost records.
# Python reads the JSON.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 10

begin splat_torn_by_loss
does <<-'END'
	splat /CPU0/d
END
run 1
has summary '^verdict=SPLAT$' '^signature=$' 'report incomplete'
has err 'also .*records of the kernel.s log were lost'
end

# In a cycle of three locks only neighbours were held together.
begin splat_of_three_locks
does <<-'END'
	n=9
	cat $golden/circular-three-classes-by-hand.log |
	while IFS= read -r line; do
		n=$((n + 1))
		printf '4,%d,1,-,caller=T912;%s\n' $n "${line#*T912\] }"
	done >>$root/dev/kmsg
	off
END
run 1
has summary '^verdict=SPLAT$' '^ab=yes$' '^ba=unknown$' \
	'^signature=circular: .*slots_lock'
has err 'AB  *yes  mapping.invalidate_lock#2 > &mm->mmap_lock, from' \
	'note .*BA, but a way through other locks: &mm->mmap_lock > &kvm->slots_lock > mapping.inv'
end

# Another CPU is still printing when the program has ended.
begin splat_ends_late
cat "$golden/circular-7.3.4-guess-kmsg.log" >"$root/splat"
does <<-'END'
	off
	head -n 40 $root/splat >>$root/dev/kmsg
END
(sleep 0.7; tail -n +41 "$root/splat" >>"$root/dev/kmsg") &
run 1
wait
has summary '^verdict=SPLAT$' '^signature=circular: '
end

begin warn_is_a_failure
does <<-'END'
	log '4,10,1,-;WARNING: virt/kvm/guest_memfd.c:667 at f+0x1/0x2, CPU#1: x/6'
	echo 512 >$root/proc/sys/kernel/tainted
END
run 1
has summary '^verdict=FAILED$' '^reason=WARNING: virt.*(x/6)$'
has err 'note .*kernel.tainted was 0 and is 512$'
end

# The log has no report, or had it before the run.
begin taint_without_a_report
does <<-'END'
	echo 512 >$root/proc/sys/kernel/tainted
END
run 1
has summary '^verdict=FAILED$' '^reason=kernel.tainted was 0 and is 512: W (WARN)'
machine
does <<-'END'
	echo 4096 >$root/proc/sys/kernel/tainted
END
run 0
has err 'note .*kernel.tainted was 0 and is 4096$'
end

begin more_reports_than_are_kept
does <<-'END'
	seq 10 309 | sed 's/.*/4,&,1,-;WARNING: at f+0x1\/0x2, CPU#1: x\/6/' \
		>>$root/dev/kmsg
END
run 1 --json "$tmp/j"
has summary '^reason=WARNING: .*, and 299 more$'
json "$tmp/j" 'len(j["reports"]) == 256 and j["reports_left_out"] == 44'
has err 'note .*44 reports are left out of the JSON$'
end

begin oops_is_a_crash
does <<-'END'
	log '0,10,1,-;kernel BUG at virt/kvm/kvm_main.c:1!'
	exit 1
END
run 1
has summary '^verdict=CRASHED$' '^reason=kernel BUG at virt'
end

# A program's records in /dev/kmsg are no reports, but are counted.
begin records_of_programs
does <<-'END'
	log '12,10,1,-;Oops, my daemon' '12,11,1,-;BUG: my own' \
		'11,12,1,-;Out of memory: Killed process 46 (hog)' '6,13,1,-;a'
END
run 0 --json "$tmp/j"
has summary '^verdict=CLEAN$'
lacks err 'Out of memory'
json "$tmp/j" 'j["log"]["records"] == 4 and j["log"]["complete"]'
machine
does <<-'END'
	log '6,10,1,-;a' '12,12,1,-;b' '6,13,1,-;c'
END
run 4
has summary '^reason=1 records of the kernel.s log were lost'
end

begin records_of_programs_between
does <<-'END'
	splat 's/^4,520,.*/12,520,3646548,-,caller=T43;Oops, my daemon/'
END
run 1
has summary '^verdict=SPLAT$' '^signature=circular: '
end

begin out_of_memory
does <<-'END'
	log '3,10,1,-;Out of memory: Killed process 46 (hog) total-vm:1kB, anon-rss:2kB'
	kill -KILL $$
END
run 1
has summary '^verdict=FAILED$' '^exit=137$' \
	'^reason=Out of memory: Killed process 46 (hog)'
has err 'also .*SIGKILL'
end

finish
