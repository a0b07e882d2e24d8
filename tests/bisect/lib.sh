# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Git histories to bisect in, behind tests/lab/lib.sh.  The kernel sources below
# a history are committed once and kept in the cache; the small commits on top of
# them are new each time, and always the same: no clock and no name of somebody's
# goes into a commit.
: "${top:?} ${cache:?}"

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=kvm-gmem GIT_AUTHOR_EMAIL=kvm-gmem@localhost
export GIT_COMMITTER_NAME=kvm-gmem GIT_COMMITTER_EMAIL=kvm-gmem@localhost
export GIT_AUTHOR_DATE='1700000000 +0000' GIT_COMMITTER_DATE='1700000000 +0000'

# base TREE...: set repo to a repository with a commit for each of these kernel
# sources, tags base-1 and on, the last of them checked out
base() {
	local tree name=linux n=0 parent=()
	for tree; do
		name+=-$(basename "$tree" | sed 's/^linux-//')
	done
	repo=$cache/bisect-test/$name
	hold "$(basename "$repo")-history"
	[ ! -e "$repo/.git/complete" ] || return 0
	need_space 6000
	rm -rf "$repo"
	git init -q -b main "$repo"
	git -C "$repo" config core.looseCompression 1
	git -C "$repo" config gc.auto 0
	for tree; do
		n=$((n + 1))
		git -C "$repo" --work-tree="$tree" add -A -f
		git -C "$repo" tag "base-$n" "$(git -C "$repo" commit-tree \
			"${parent[@]}" -m "Linux ${tree##*/linux-}" \
			"$(git -C "$repo" write-tree)")"
		parent=(-p "base-$n")
	done
	git -C "$repo" reset -q --hard "base-$n"
	touch "$repo/.git/complete"
}

# history BRANCH BASE CHANGE...: a commit for each CHANGE (see change) on BASE;
# another salt gives commits of other names
salt=0
history() {
	local branch=$1 base=$2 c f fixed='' n=0
	shift 2
	rm -rf "$work/scratch"
	mkdir "$work/scratch"
	git -C "$repo" archive "$base" "${files[@]}" | tar -x -C "$work/scratch"
	for c; do
		n=$((n + 1))
		f=$(file_of "$c") || f=$fixed
		case $c in broken | noboot | other) fixed=$f ;; esac
		printf 'commit refs/heads/%s\n' "$branch"
		printf 'committer kvm-gmem <kvm-gmem@localhost> %d +0000\n' \
			$((1700000000 + n))
		printf 'data <<EOT\n%s\nEOT\n' "$(subject "$c" "$n")"
		[ "$n" -gt 1 ] || printf 'from %s^0\n' "$base"
		(cd "$work/scratch" && change "$c" $((n + salt)) "$f")
		printf 'M 100644 inline %s\ndata %d\n' "$f" \
			"$(wc -c <"$work/scratch/$f")"
		cat "$work/scratch/$f"
		echo
	done >"$work/stream"
	git -C "$repo" fast-import --quiet --force <"$work/stream"
}

files=(virt/kvm/guest_memfd.c virt/kvm/kvm_main.c arch/x86/kvm/vmx/tdx.c
	fs/ext4/super.c Documentation/virt/kvm/api.rst init/main.c)

subject() {
	case $1 in
	note:*) echo "${1#note:}: note $2" ;;
	bug) echo "KVM: guest_memfd: hold the invalidate lock in more places" ;;
	broken) echo "KVM: use what is declared nowhere" ;;
	noboot) echo "init: panic" ;;
	other) echo "KVM: guest_memfd: two mutexes, in either order" ;;
	fix) echo "Revert what was not to be" ;;
	esac
}

# file_of CHANGE: the one that it changes, one of files; of fix history knows it
file_of() {
	case $1 in
	note:*) echo "${1#note:}" ;;
	bug | other) echo virt/kvm/guest_memfd.c ;;
	broken) echo virt/kvm/kvm_main.c ;;
	noboot) echo init/main.c ;;
	*) return 1 ;;
	esac
}

# change WHAT N FILE: FILE below the current folder.  fix takes back the last of
# broken, noboot and other; what comes in between is to leave their files alone.
change() {
	case $1 in
	broken | noboot | other) cp "$3" before ;;&
	note:*.c)
		printf '\nstatic int __maybe_unused note_%d(void)\n{\n\treturn %d;\n}\n' \
			"$2" "$2" >>"$3"
		;;
	note:*) printf '\nNote %d.\n' "$2" >>"$3" ;;
	bug) put_bug "$3" ;;
	broken)
		printf '\nstatic int __maybe_unused broken(void)\n{\n\treturn declared_nowhere;\n}\n' \
			>>"$3"
		;;
	noboot)
		printf '\nstatic int __init no_boot(void)\n{\n%s%s' \
			$'\tpanic("this commit does not boot");\n}\n' \
			$'core_initcall(no_boot);\n' >>"$3"
		;;
	other) put_other "$3" ;;
	fix) mv before "$3" ;;
	*) die "$1: no such change" ;;
	esac
}

# Both halves of the bug, as a commit would have them: no parameter, always on.
# The semantic patches make a diff once, which is applied to what notes have left.
put_bug() {
	local f=$1
	[ -e "$work/bug.diff" ] || {
		cp "$f" "$work/without"
		"$top/lab/inject/apply" . ab ba >/dev/null
		perl -0pi -e 's/static bool kvm_bug_(ab|ba);\n//g;
			s/__module_param_call\("kvm_bug\..*?;\n//sg;
			s/\bif \(kvm_bug_(ab|ba)\)\s+//g' "$f"
		! grep -q kvm_bug "$f" ||
			die "the known bug cannot be made unconditional"
		diff -u "$work/without" "$f" >"$work/bug.diff" || true
		cp "$work/without" "$f"
	}
	patch -s --no-backup-if-mismatch "$f" "$work/bug.diff" >&2
}

# Another cycle of lockdep's: taken one way when a guest_memfd is made, the other
# way when it is faulted.
put_other() {
	perl -0pi -e '
		s/\n(static vm_fault_t kvm_gmem_fault_user_mapping\()/
static DEFINE_MUTEX(gmem_first);
static DEFINE_MUTEX(gmem_second);

static void gmem_both(struct mutex *a, struct mutex *b)
{
	mutex_lock(a);
	mutex_lock(b);
	mutex_unlock(b);
	mutex_unlock(a);
}

$1/;
		s/(\nstatic vm_fault_t kvm_gmem_fault_user_mapping\(.*?\n\{\n)/$1\tgmem_both(&gmem_second, &gmem_first);\n/s;
		s/(\nstatic int __kvm_gmem_create\(.*?\n\{\n)/$1\tgmem_both(&gmem_first, &gmem_second);\n/s' \
		"$1"
	[ "$(grep -c gmem_both "$1")" -eq 3 ] ||
		die "the other splat cannot be put into this guest_memfd.c"
}

# commit REV: its full name
commit() {
	git -C "$repo" rev-parse --verify -q "$1^{commit}"
}

# first_bad: what the last bisection has named, from its log
first_bad() {
	git -C "$repo" bisect log | sed -n 's/^# first bad commit: \[\([0-9a-f]*\)\].*/\1/p'
}
