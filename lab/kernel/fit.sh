# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For lab/kernel/build: does softtdx fit the tree?  Found out before the rest of
# the kernel is compiled, because a step of a bisection must not take minutes to
# fail.  What does not fit is the lab's fault: exit code 3, which stops a
# bisection, not 5, which skips the commit.  name, version, dir,
# logs and top are build's.
# shellcheck disable=SC2154

softtdx=arch/x86/virt/vmx/tdx/softtdx

# SEAMCALLs that the tree issues and softtdx has no row for.  A number alone
# says nothing: newer ones are only used if the TDX module offers the feature.
missing_leaves() {
	local tdx=$dir/src/arch/x86/virt/vmx/tdx leaf nr
	sed -nE 's/^#define[[:space:]]+(TDH_[A-Z0-9_]+)[[:space:]]+([0-9]+|0x[0-9a-f]+)([[:space:]].*)?$/\1 \2/p' \
		"$tdx/tdx.h" 2>/dev/null | while read -r leaf nr; do
		grep -qE "^(LEAF\($((nr)),| \*[[:space:]]+$((nr)) TDH)" \
			"$top/lab/softtdx/seamcall/leaves.def" && continue
		! grep -qsrw --include='*.[chS]' --exclude=tdx.h \
			--exclude-dir=softtdx "$leaf" "$tdx" || echo "$leaf"
	done
}

# on_failure LOG TEXT: what step calls when make failed.  Neither a full disk nor
# an error in softtdx is the tree's fault.
on_failure() {
	local line
	! grep -qaE 'No space left|Disk quota|Killed signal|annot allocate memory' \
		"$1" || die "$2"
	line=$(grep -aE -m 1 "$softtdx/.*: (fatal )?error: " "$1" || true)
	[ -n "$line" ] || die_of_tree "$2"
	line=${line#*"$softtdx/"}
	die "$name: softtdx does not fit this tree:" \
		"lab/softtdx/${line%%:*}:${line#*error:}; whole log: $1"
}

# fit MAKE...: compile softtdx and what it includes, and nothing else, the first
# time that a version is built in this mirror.
fit() {
	local missing
	[ "$(cat "$dir/fits" 2>/dev/null)" != "$version" ] || return 0
	missing=$(missing_leaves | paste -sd' ')
	[ -z "$missing" ] ||
		say "$name: softtdx has no row for $missing, which this tree issues"
	step "$logs/fit.log" 0 "$name: softtdx" "$@" "$softtdx/"
	echo "$version" >"$dir/fits"
}
