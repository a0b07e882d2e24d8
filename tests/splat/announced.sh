#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat run: which announcements of WARNs count, and the verdict if they are
# inconsistent.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 6

# The kernel prints strings that programs choose.
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

# A run within a run has its own announcements.
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

finish
