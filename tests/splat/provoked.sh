#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat run: only announced warnings are excused, and they are counted. The
# command writes to the log what the programs' runner and the kernel would.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 13
tdx=arch/x86/kvm/vmx/tdx.c

# does_all: the lines of stdin, with begin, end, warn and others at hand. Records
# of programs have facility 1, the kernel's own 0.
does_all() {
	{
		cat <<-'END'
			seq=9
			record() { seq=$((seq + 1)); log "$1,$seq,$seq,-;$2"; }
			user() { record 12 "kvm-gmem: run $1"; }
			begin() { user "$SPLAT_RUN: $1 provokes WARNs in ${2:-$tdx}"; }
			end() { user "$SPLAT_RUN: $1 has ended"; }
			warn() { record 4 "WARNING: $1:12 at f+0x1/0x2, CPU#1: x/6"; }
		END
		echo "tdx=$tdx"
		cat
	} | does
}

begin announced
does_all <<-'END'
	begin zap
	warn $tdx
	warn ../$tdx
	end zap
	begin build
	warn $tdx
	end build
	echo 512 >$root/proc/sys/kernel/tainted
END
run 0 --json "$tmp/j"
has summary '^verdict=CLEAN$' '^provoked=3$' "^provoked_in=$tdx\$"
has err "^  provoked warnings: 3, in $tdx\$" \
	'note .*kernel.tainted was 0 and is 512$'
json "$tmp/j" 'j["provoked"] == {"warnings": 3, "files": "'$tdx'"}'
json "$tmp/j" '[r.get("provoked") for r in j["reports"]] == [True] * 3'
end

begin none_announced
does_all <<-'END'
	warn $tdx
END
run 1
has summary '^verdict=FAILED$' '^provoked=0$' '^provoked_in=$' \
	"^reason=WARNING: $tdx:12"
lacks err 'provoked warnings'
end

begin before_and_after
does_all <<-'END'
	warn $tdx
	begin zap
	end zap
END
run 1
has summary '^verdict=FAILED$' '^provoked=0$' "^reason=WARNING: $tdx:12"
machine
does_all <<-'END'
	begin zap
	warn $tdx
	end zap
	warn $tdx
END
run 1 --json "$tmp/j"
has summary '^verdict=FAILED$' '^provoked=1$' "^reason=WARNING: $tdx:12.*6)\$"
json "$tmp/j" '[r.get("provoked") for r in j["reports"]] == [True, None]'
end

begin other_file
does_all <<-'END'
	begin zap
	warn $tdx
	warn arch/x86/kvm/mmu/tdp_mmu.c
	end zap
END
run 1
has summary '^verdict=FAILED$' '^provoked=1$' \
	'^reason=WARNING: arch/x86/kvm/mmu/tdp_mmu.c:12'
end

# The kernel prints what programs are called and what they pass to it.
begin said_by_the_kernel
does_all <<-'END'
	record 4 "kvm-gmem: run $SPLAT_RUN: zap provokes WARNs in $tdx"
	warn $tdx
	record 4 "kvm-gmem: run $SPLAT_RUN: zap has ended"
END
run 1
has summary '^verdict=FAILED$' '^provoked=0$'
end

begin said_by_others
does_all <<-'END'
	user "0123456789abcdef: zap provokes WARNs in $tdx"
	user "-: zap provokes WARNs in $tdx"
	warn $tdx
	user "0123456789abcdef: zap has ended"
END
run 1
has summary '^verdict=FAILED$' '^provoked=0$' "^reason=WARNING: $tdx:12"
end

# A run inside of a run announces to itself.
begin name_of_an_outer_run
does_all <<-'END'
	user "outer: zap provokes WARNs in $tdx"
	warn $tdx
	user "outer: zap has ended"
END
SPLAT_RUN=outer
export SPLAT_RUN
run 1
unset SPLAT_RUN
has summary '^verdict=FAILED$' '^provoked=0$'
end

begin no_warning
does_all <<-'END'
	begin zap
	record 4 "BUG: sleeping function called from invalid context at $tdx:12"
	end zap
END
run 1
has summary '^verdict=FAILED$' '^reason=BUG: sleeping' '^provoked=0$'
machine
does_all <<-'END'
	begin zap
	record 0 "kernel BUG at $tdx:12!"
	end zap
END
run 1
has summary '^verdict=CRASHED$'
end

begin lockdep_between
does_all <<-'END'
	begin zap
	warn $tdx
	sed -e '1,/^#---/d' $golden/circular-7.3.4-guess-kmsg.log \
		>>$root/dev/kmsg
	off
	end zap
END
run 1
has summary '^verdict=SPLAT$' '^provoked=1$' '^signature=circular: '
end

begin nested
does_all <<-'END'
	begin zap
	begin build
	warn $tdx
	end build
	end zap
END
run 1
has summary '^verdict=FAILED$' '^provoked=0$' "^reason=WARNING: $tdx:12"
has err 'also .*zap and build provoke warnings at the same time'
end

begin never_withdrawn
does_all <<-'END'
	begin zap
	warn $tdx
END
run 1
has summary '^verdict=FAILED$' '^reason=zap provoked warnings, and its end'
end

begin end_alone
does_all <<-'END'
	end zap
END
run 1
has summary '^verdict=FAILED$' '^reason=zap has ended and was not announced'
end

# The end may be among what is lost: then nothing is known.
begin records_lost
does_all <<-'END'
	begin zap
	warn $tdx
	seq=$((seq + 5))
	end zap
END
run 4
has summary '^verdict=UNKNOWN$' '^reason=5 records' '^provoked=1$'
end

finish
