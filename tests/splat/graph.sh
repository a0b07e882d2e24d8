#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat graph: DOT that graphviz can draw, for reports and around classes.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 6

orc=$golden/circular-7.3.4-orc.log
copy=$golden/proc/lockdep-7.3.4
gmem=mapping.invalidate_lock

# svg FILE TEXT...: FILE has each of these texts
svg() {
	python3 - "$@" 2>&1 <<-'END' || bad "$1: not the picture expected"
		import sys, xml.etree.ElementTree as e
		texts = [t.text.strip() for t in e.parse(sys.argv[1]).getroot()
			 .iter("{http://www.w3.org/2000/svg}text")]
		missing = [w for w in sys.argv[2:] if w not in texts]
		sys.exit("# no text: %s" % missing if missing else 0)
	END
}

begin cycle_of_a_report
call 0 graph "$orc"
cp "$tmp/out" "$tmp/dot"
has dot '^digraph' 'n0 -> n1 .*kvm_gmem_fault_user_mapping.*#c00000'
call 0 graph --dot "$orc"
cmp -s "$tmp/out" "$tmp/dot" || bad '--dot is not the default'
code=0
"$splat" graph - <"$orc" >"$tmp/out" || code=$?
cmp -s "$tmp/out" "$tmp/dot" || bad "stdin, exit code $code"
cat "$golden/rcu-by-hand.log" "$orc" >"$tmp/log"
call 0 graph "$tmp/log"
call 2 graph --nth 1 "$tmp/log"
has err 'log: the report has no cycle$'
call 0 graph --nth 2 "$tmp/log"
call 2 graph --nth 3 "$tmp/log"
has err 'log: has fewer reports$'
end

begin around_a_class
call 0 graph --class $gmem --file "$copy"
has out "guest_memfd's" '"&kvm->slots_lock"'
lacks out '#c00000'
[ "$(grep -c ' -> n' "$tmp/out")" -eq 14 ] || bad 'not 14 edges'
call 0 graph --class $gmem --file "$copy" --depth 2
[ "$(grep -c ' -> n' "$tmp/out")" -gt 20 ] || bad 'not more edges'
call 0 graph --class $gmem --file "$copy" --max 5
has err 'note: 10 more classes are not drawn; see --max$'
does <<-'END'
	ab
	ba
END
"$tmp/cmd" >"$tmp/out"
call 0 graph --class $gmem --proc-root "$root"
[ "$(grep -c '#c00000' "$tmp/out")" -eq 2 ] || bad 'not two red edges'
end

begin svg
if command -v dot >"$tmp/which"; then
	call 0 graph --svg "$tmp/svg" "$orc"
	svg "$tmp/svg" '&mm->mmap_lock' "$gmem" "(guest_memfd's)" \
		kvm_gmem_populate kvm_gmem_fault_user_mapping '(read)'
	call 0 graph --svg "$tmp/svg" --class $gmem --file "$copy"
	svg "$tmp/svg" '&kvm->slots_lock' '&(kvm)->mmu_lock' fs_reclaim
	# Names that can break DOT.
	sed 's/&mm->mmap_lock/\&m"\\<b>\&amp;|{\o377m/' "$copy" >"$tmp/odd"
	call 0 graph --svg "$tmp/svg" --depth 3 --file "$tmp/odd" --class \
		'&kvm->slots_lock'
	svg "$tmp/svg" "$gmem"
	call 2 graph --svg "$tmp/no/svg" "$orc"
	TMPDIR=$tmp call 0 graph --svg "$tmp/svg" "$orc"
	! ls "$tmp"/splat.* >"$tmp/found" 2>&1 || bad 'a file was left'
fi
end

begin svg_without_graphviz
mkdir "$tmp/bin"
cp "$splat" "$tmp/bin/splat"
code=0
PATH=$tmp/bin "$tmp/bin/splat" graph --svg "$tmp/svg" "$orc" 2>"$tmp/err" || code=$?
[ $code -eq 2 ] || bad "exit code $code"
has err '^splat graph: dot: is not installed; it comes with graphviz'
[ "$(wc -l <"$tmp/err")" -eq 1 ] || bad 'more than one line'
# One that fails with a message.
printf '#!/bin/sh\necho "cannot draw"\nexit 3\n' >"$tmp/bin/dot"
chmod +x "$tmp/bin/dot"
code=0
PATH=$tmp/bin:$PATH "$tmp/bin/splat" graph --svg "$tmp/svg" "$orc" 2>"$tmp/err" || code=$?
[ $code -eq 2 ] || bad "exit code $code"
has err '^splat graph: dot: cannot draw$'
end

begin graph_unfit_input
call 2 graph /dev/null
has err 'no complete report with a cycle in it$'
call 2 graph "$golden/circular-truncated.log"
call 2 graph "$tmp"
has err 'Is a directory$'
mkfifo "$tmp/fifo"
call 2 graph "$tmp/fifo"
gzip -c "$orc" >"$tmp/log.gz"
call 2 graph "$tmp/log.gz"
has err '^splat graph: .*/log.gz: is compressed: zcat it$'
call 2 graph --class no_such --file "$copy"
has err 'no such lock class$'
call 2 graph --class x --file "$orc"
rm "$root/proc/lockdep"
call 4 graph --class x --proc-root "$root"
end

begin graph_wrong_calls
call 2 graph
call 2 graph "$orc" "$orc"
call 2 graph --class x "$orc"
call 2 graph --file "$copy" "$orc"
call 2 graph --dot --svg x "$orc"
call 2 graph --depth 0 --class x
call 2 graph --depth x --class x
has err "is no number of edges, 1 to 100000\$"
end

finish
