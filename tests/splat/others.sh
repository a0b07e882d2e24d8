#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat run: a report belongs to the program, to another process, or is from
# before the run; this changes the verdict, but the report is always shown.
# Python reads the JSON.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 9

# For the command: task PID COMM PARENT [FLAGS], a process of the fake machine.
# The golden splat names n/43; splat looks that task up when the report ends.
task() {
	cat <<-'END'
		task() {
			mkdir -p $root/proc/$1
			echo "$1 ($2) S $3 $1 $1 0 -1 ${4:-4194304} 0 0" \
				>$root/proc/$1/stat
		}
	END
	cat
}

begin of_the_program
task <<-'END' | does
	task $$ cmd $PPID
	task 43 n $$
	splat 's/kvm_gmem_/othfs_/g'
END
run 1 --json "$tmp/j"
has summary '^verdict=SPLAT$' '^reason=possible deadlock in .* (n/43)$'
json "$tmp/j" 'j["reports_by"] == ["program"]'
end

begin of_another_process
task <<-'END' | does
	task 43 n 1
	splat 's/kvm_gmem_/othfs_/g'
END
run 4 --json "$tmp/j"
has summary '^verdict=UNKNOWN$' '^lockdep=spent$' \
	'^reason=possible deadlock in .* (n/43, another process)$' '^signature=$'
lacks err 'lockdep turned itself off'
json "$tmp/j" 'j["reports_by"] == ["other"] and len(j["reports"]) == 1'
machine
task <<-'END' | does
	task 43 n 1
	splat 's/kvm_gmem_/othfs_/g'
END
run 125 --bisect
end

# It may have closed a cycle whose other half the program made.
begin of_another_process_on_a_watched_edge
task <<-'END' | does
	task 43 n 1
	splat
END
run 1
has summary '^verdict=SPLAT$' '^reason=.*(n/43, another process)$' '^ab=yes$'
machine
watch=
task <<-'END' | does
	task 43 n 1
	splat 's/kvm_gmem_/othfs_/g'
END
run 1 --watch '&mm->mmap_lock -> mapping.invalidate_lock'
has summary '^verdict=SPLAT$'
end

begin of_a_kernel_thread
task <<-'END' | does
	task 43 n-events 2 69238880
	splat 's/kvm_gmem_/othfs_/g'
END
run 1 --json "$tmp/j"
has summary '^verdict=SPLAT$' '^reason=.*(n/43, a kernel thread)$'
json "$tmp/j" 'j["reports_by"] == ["kernel"]'
end

# Not certain: the pid belongs to a new task, or its ancestors have exited.
begin of_nobody_who_is_known
task <<-'END' | does
	task 43 m 1
	splat 's/kvm_gmem_/othfs_/g'
END
run 1 --json "$tmp/j"
has summary '^verdict=SPLAT$' '(n/43)$'
json "$tmp/j" 'j["reports_by"] == ["unknown"]'
machine
task <<-'END' | does
	task 43 n 42
	splat 's/kvm_gmem_/othfs_/g'
END
run 1
has summary '^verdict=SPLAT$' '(n/43)$'
end

begin warning_of_another
task <<-'END' | does
	task 43 n 1
	log '4,10,1,-;WARNING: fs/x.c:1 at f+0x1/0x2, CPU#1: n/43'
	echo 512 >$root/proc/sys/kernel/tainted
END
run 4
has summary '^verdict=UNKNOWN$' '^lockdep=alive$' \
	'^reason=WARNING: fs/x.c:1 .*(n/43, another process)$'
machine
task <<-'END' | does
	task $$ cmd $PPID
	task 43 n $$
	log '4,10,1,-;WARNING: fs/x.c:1 at f+0x1/0x2, CPU#1: n/43'
END
run 1
has summary '^verdict=FAILED$' '^reason=WARNING: fs/x.c:1 .*(n/43)$'
end

begin hung_task_of_another
task <<-'END' | does
	task 43 n 1
	log '3,10,1,-;INFO: task n:43 blocked for more than 122 seconds.'
END
run 4 --json "$tmp/j"
json "$tmp/j" 'j["reports_by"] == ["other"] and j["verdict"] == "UNKNOWN"'
end

# The program may have corrupted another process's memory.
begin oops_of_another
task <<-'END' | does
	task 43 n 1
	log '0,10,1,-,caller=T43;BUG: kernel NULL pointer dereference, address: 0' \
		'0,11,1,-,caller=T43;Oops: Oops: 0000 [#1] SMP' \
		'0,12,1,-,caller=T43;CPU: 0 UID: 0 PID: 43 Comm: n Not tainted 7.3.4'
END
run 1 --json "$tmp/j"
has summary '^verdict=CRASHED$'
end

# The program fails, and another process has a splat: the failure is certain.
begin both
task <<-'END' | does
	task 43 n 1
	splat 's/kvm_gmem_/othfs_/g'
	exit 3
END
run 1
has summary '^verdict=FAILED$' '^exit=3$'
has err 'also  *possible deadlock in .*another process'
end

finish
