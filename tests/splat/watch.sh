#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat run --watch: a watched edge is found in all forms in which /proc/lockdep
# or a report can have it, and only then. Python reads the JSON.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 11
pool='&kvm->slots_lock -> mapping.invalidate_lock'

# watched CODE EDGE [OPTIONS]
watched() {
	want_code=$1 edge=$2
	shift 2
	watch=
	run "$want_code" --watch "$edge" --json "$tmp/j" "$@"
}

begin direct_edge
watched 1 "$pool"
has summary '^verdict=EDGE$' '^lockdep=alive$' \
	'^reason=watched edge &kvm->slots_lock > mapping.invalidate_lock$'
has err 'watch  *yes  &kvm->slots_lock > mapping.invalidate_lock$'
json "$tmp/j" 'j["watch"][0]["state"] == "yes" and j["watch"][0]["direct"]'
json "$tmp/j" 'not j["watch"][0]["before"] and "ab" not in j'
end

# The control: the reverse edge in the same run.
begin edge_that_is_not_there
watched 0 'mapping.invalidate_lock -> &kvm->slots_lock'
has summary '^verdict=CLEAN$' '^ab=unknown$'
has err 'watch  *no  mapping.invalidate_lock -> &kvm->slots_lock$'
json "$tmp/j" 'j["watch"][0]["state"] == "no" and not j["watch"][0]["path"]'
end

begin edge_through_others
does <<-'END'
	by_arch_lock
END
watched 1 'mapping.invalidate_lock -> &mm->mmap_lock'
has summary '^reason=watched edge mapping.invalidate_lock > &kvm->slots_arch_lock > &mm->mmap_lock, through other classes$'
json "$tmp/j" 'not j["watch"][0]["direct"]'
end

begin edge_recorded_before
"$tmp/cmd" >"$tmp/out"
idle
watched 1 "$pool"
has summary '^reason=watched edge .*, recorded before this run$'
json "$tmp/j" 'j["watch"][0]["before"]'
end

# A name without number and subclass means all; with them only those.
begin subclass_and_number
does <<-'END'
	classes 's/mapping.invalidate_lock$/mapping.invalidate_lock#3/'
	classes '/: mapping.invalidate_lock#3$/a\
		 -> [ffffffff81fae311] \&mm->mmap_lock/1'
	printf '%s\n' 'ffffffff81fae311 FD:    1 BD:    1 +.+.: &mm->mmap_lock/1' \
		'' >>$root/proc/lockdep
END
sed -i '/: &mm->mmap_lock\/1$/,/^$/d' "$root/proc/lockdep"
watched 1 'mapping.invalidate_lock -> &mm->mmap_lock'
has summary '^reason=watched edge mapping.invalidate_lock#3 > &mm->mmap_lock/1'
watched 1 'mapping.invalidate_lock#3 -> &mm->mmap_lock/1'
watched 4 'mapping.invalidate_lock#4 -> &mm->mmap_lock/1'
watched 4 'mapping.invalidate_lock#3 -> &mm->mmap_lock/2'
end

begin class_never_registered
watched 4 'mapping.invalidate_lock -> &mm->mmap_lok'
has summary '^verdict=UNKNOWN$' \
	'^reason=watched edge .*: &mm->mmap_lok is no lock class that was ever registered$'
json "$tmp/j" 'j["watch"][0]["from_registered"]'
json "$tmp/j" 'not j["watch"][0]["to_registered"]'
end

begin class_never_taken
idle
watched 4 'mapping.invalidate_lock -> &mm->mmap_lock'
has summary '^reason=watched edge .*: mapping.invalidate_lock was never taken'
end

# The edge that a report closes is never in /proc/lockdep.
begin edge_of_a_report
does <<-'END'
	splat
END
watched 1 '&mm->mmap_lock -> mapping.invalidate_lock' \
	--watch 'mapping.invalidate_lock -> &mm->mmap_lock' \
	--watch '&mm->mmap_lock -> &kvm->slots_lock'
has summary '^verdict=SPLAT$'
json "$tmp/j" '[w["state"] for w in j["watch"]] == ["yes", "yes", "unknown"]'
json "$tmp/j" 'j["watch"][0]["from_report"] and j["watch"][1]["from_report"]'
end

begin several_and_ab
does <<-'END'
	ab
END
watched 1 'mapping.invalidate_lock -> &kvm->slots_lock' --watch AB \
	--watch "$pool"
has summary '^verdict=EDGE$' '^ab=yes$'
json "$tmp/j" '[w["state"] for w in j["watch"]] == ["no", "yes"]'
json "$tmp/j" 'len([r for r in j["reasons"] if " edge " in r]) == 2'
end

begin our_programs_watch_ab
does <<-'END'
	ab
END
watch=
run 0
lacks err 'watching AB'
for prog in tdx_vm_huge_page gmem_inplace_conversion; do
	mv "$tmp/cmd" "$tmp/$prog"
	code=0
	"$splat" run --proc-root "$root" -- "$tmp/$prog" >"$tmp/out" \
		2>"$tmp/err" || code=$?
	[ "$code" -eq 1 ] || bad "$prog: exit code $code"
	has err "^splat: $prog: watching AB, " '^splat: EDGE: forbidden edge'
	"$splat" run --proc-root "$root" --no-watch -- "$tmp/$prog" \
		>"$tmp/out" 2>"$tmp/err" || bad "$prog: --no-watch: $?"
	mv "$tmp/$prog" "$tmp/cmd"
done
end

begin no_edge
for e in '' 'a' 'a->b' 'a ->b' ' -> b' 'a -> ' 'a -> b -> c'; do
	call 2 run --watch "$e" -- true
	has err '^splat run: .*: '
done
call 2 run --watch "$(printf '%0300d' 0) -> b" -- true
call 2 run --no-watch --watch 'a -> b' -- true
call 128 run --bisect --watch x -- true
# The control: names can hold arrows and blanks.
watched 4 '(work_completion)(&(&kvm->x)->work) -> &a->b c'
json "$tmp/j" 'not j["watch"][0]["from_registered"]'
has summary 'edge (work_completion)(&(&kvm->x)->work) -> &a->b c: (work_completion)(&(&kvm->x)->work) is no'
end

finish
