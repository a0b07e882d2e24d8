#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat run: exactly the WARNs that the program announced are excused, and
# counted. The command writes the lines of the test programs' runner and of the
# kernel to the log.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 7

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
	cat $golden/circular-7.3.4-guess-kmsg.log \
		>>$root/dev/kmsg
	off
	end zap
END
run 1
has summary '^verdict=SPLAT$' '^provoked=1$' '^signature=circular: '
end

# The end can be among the lost records: then the verdict is UNKNOWN.
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
