# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For lab/kernel/build: $dir/src, the private copy of the tree that is judged. A
# tree of the cache never changes, so its copy is hard links. A user's tree is
# compared by contents, and a changed file gets the time of the copy: make checks
# only whether a file is newer than its object, and a checkout may bring an older
# file. The next time only those files are compared whose size, times or inode have
# changed. ksrc, own, base, dir, logs, name, version and variant are build's.
# shellcheck disable=SC2154

# Files that a build of the user's has made are not the tree's source.
not_source=(--exclude /.git --exclude '*.o' --exclude '*.cmd'
	--exclude /.config --exclude /include/config
	--exclude /include/generated --exclude /vmlinux
	--exclude '/arch/*/include/generated' --exclude /build
	--exclude /arch/x86/virt/vmx/tdx/softtdx
	--exclude /arch/x86/virt/vmx/tdx/Makefile)

# Names and what changes with each write, zero-terminated: a copy can keep the
# time of the last change, but not that of the inode.
listing() {
	find "$ksrc" \( -path "$ksrc/.git" -o -path "$ksrc/build" \) -prune -o \
		\( -type f -o -type l \) -printf '%P\t%s\t%T@\t%C@\t%i\0' |
		LC_ALL=C sort -z
}

# A new mirror starts as a copy of a built one, with its objects: files that are
# equal in both trees need no compiler.
start_from_built() {
	local from
	from=$(for from in "$cache"/kernels/linux-*"$variant"; do
		[ -e "$from/src/build/vmlinux" ] || continue
		from=${from##*/linux-}
		from=${from%"$variant"}
		[[ $from == *+* ]] || echo "$from"
	done | sort -V)
	from=$(grep -xF "$version" <<<"$from" || tail -n 1 <<<"$from")
	[ -n "$from" ] || return 0
	from=linux-$from$variant
	(
		hold "kernel-$from"
		rm -rf "$dir/src.new"
		clone_built "$cache/kernels/$from/src" "$dir/src.new"
	)
	mv "$dir/src.new" "$dir/src"
}

mirror_all() {
	[ -e "$dir/src" ] || start_from_built
	step "$logs/rsync.log" 0 "$name: mirroring the source" \
		rsync -rlE --checksum --delete "${not_source[@]}" \
		"$ksrc/" "$dir/src/"
}

# mirror_changed OLD NEW: two listings
mirror_changed() {
	LC_ALL=C comm -z -23 <(cut -zf1 "$1") <(cut -zf1 "$2") >"$dir/gone"
	LC_ALL=C comm -z -13 "$1" "$2" | cut -zf1 >"$dir/touched"
	(cd "$dir/src" && xargs -0r rm -f -- <"$dir/gone")
	[ -s "$dir/touched" ] || return 0
	rsync -lE --checksum --from0 --files-from="$dir/touched" \
		"${not_source[@]}" "$ksrc/" "$dir/src/" >"$logs/rsync.log" 2>&1 ||
		die "$name: mirroring the source: $(tail -n 1 "$logs/rsync.log")"
}

mirror_source() {
	if [ "$own" = no ]; then
		listing >"$dir/listing.new"
		if [ -e "$dir/listing" ]; then
			mv "$dir/listing" "$dir/listing.old"
			mirror_changed "$dir/listing.old" "$dir/listing.new"
		else
			mirror_all
		fi
		mv "$dir/listing.new" "$dir/listing"
	elif [ ! -e "$dir/mirrored" ]; then
		rm -rf "$dir/src"
		# Most objects are the same for other options.
		if [ -n "$variant" ] && [ -e "$base/src/build/vmlinux" ]; then
			hold "kernel-${base##*/}"
			clone_built "$base/src" "$dir/src"
		else
			cp -al "$ksrc" "$dir/src"
		fi
		touch "$dir/mirrored"
	fi
}
