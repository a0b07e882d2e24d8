#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# splat edges: files that cannot be read, are damaged, or are no /proc/lockdep;
# and wrong calls.

# shellcheck source=tests/splat/lib.sh
. "$(dirname "$0")/lib.sh"

plan 2

copy=$golden/proc/lockdep-7.3.4

begin what_cannot_be_read
rm "$root/proc/lockdep"
call 4 edges --proc-root "$root"
has err "^splat edges: $root/proc/lockdep: No such file or directory\$"
mkdir "$root/proc/lockdep"
call 4 edges --proc-root "$root" --cycles
has err "proc/lockdep: Is a directory\$"
call 4 edges --proc-root "$root" --save "$tmp/x"
[ ! -e "$tmp/x" ] || bad 'a picture of nothing'
call 2 edges --file "$tmp"
: >"$tmp/empty"
call 2 edges --file "$tmp/empty"
has err 'empty: is empty$'
mkfifo "$tmp/fifo"
call 2 edges --file "$tmp/fifo"
has err 'a FIFO without a writer$'
gzip -c "$copy" >"$tmp/x.gz"
call 2 edges --file "$tmp/x.gz"
has err 'x.gz: is compressed: zcat it$'
sed '100s/.*/garbage/' "$copy" >"$tmp/damaged"
call 2 edges --file "$tmp/damaged"
has err 'damaged: is damaged'
head -n 700 "$copy" >"$tmp/cut"
call 4 edges --file "$tmp/cut"
has err 'cut: [0-9]* edges lead to classes that it does not list$'
call 2 edges --diff "$copy" "$tmp/empty"
call 2 edges --diff "$tmp/empty" "$copy"
if [ "$(id -u)" -eq 0 ] && command -v setpriv >"$tmp/which"; then
	rmdir "$root/proc/lockdep"
	cp "$copy" "$root/proc/lockdep"
	chmod 700 "$root/proc/lockdep"
	chmod 755 "$tmp"
	cp "$splat" "$tmp/splat"
	code=0
	setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/splat" edges \
		--proc-root "$root" 2>"$tmp/err" || code=$?
	[ $code -eq 4 ] || bad "exit code $code"
	has err "^splat edges: $root/proc/lockdep: Permission denied\$"
fi
end

begin wrong_questions
call 2 edges --diff "$copy"
call 2 edges --diff "$copy" "$copy" "$copy"
call 2 edges --cycles --from a --to b
call 2 edges --cycles x
call 2 edges --count 0 --from a --to b
call 2 edges --count x --from a --to b
call 2 edges --count +1 --from a --to b
call 2 edges --count 99999999999999999999 --from a --to b
has err ': is no number of paths$'
call 2 edges --save "$tmp/x" --file "$copy"
call 2 edges --probe --file "$copy"
call 2 edges --before "$copy" --cycles
call 2 edges --proc-root "$root" --save "$tmp/no/x"
end

finish
