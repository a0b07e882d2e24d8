# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For the tests of known bugs, behind lib.sh: with one of them on, the subtests
# that are there to catch it fail and say why.
: "${top:?} ${work:?}"

program=$top/tdx_vm_huge_page
options=()     # of the program, in all that follows
lab_options=() # of the lab
kernel_with() {
	kernel=$(lab build "$1" 2>"$work/build.log") || {
		see "$work/build.log"
		exit 1
	}
}
kernel_with --bugs

# ended OUT RESULT SUBTEST
ended() {
	tr -d '\r' <"$1/output.log" | grep -qE "^$2 [0-9]+ $3( |\$)"
}

# said OUT SUBTEST: its lines of the output, and the kernel's
said() {
	tr -d '\r' <"$1/output.log" | awk -v name="$2" '
		/^ok / { text = "" }
		/^not ok / { if ($4 == name) printf "%s", text; text = "" }
		/^#/ { text = text $0 "\n" }'
	grep -a 'kvm' "$1/console.log" || true
	verdict_of "$1" reason
}

# record SUBTEST REGEX: for tests/controls-table; the bug's records begin anew
# with the first of a run.  REGEX is Perl's: what differs from run to run is looked
# for behind (?= or before \K, and not recorded.
record() {
	local file=$top/build/controls/$bug
	mkdir -p "$top/build/controls"
	case $recorded in *" $bug "*) ;; *) : >"$file" ;; esac
	recorded+="$bug "
	printf '%s\t%s\n' "$1" "$(said "$out" "$1" | grep -oP "$2" |
		sed -n 1p)" >>"$file"
}
recorded=' '

# caught SUBTEST REGEX: it failed, for this reason
caught() {
	local name="$bug is caught by $1"
	# With a lock that nobody gives back a program may not come to its end.
	if { [ "$(verdict_of "$out" code)" = 1 ] ||
		[ "$(verdict_of "$out" verdict)" = SPLAT ]; } &&
		ended "$out" 'not ok' "$1" &&
		[ -n "$(said "$out" "$1" | grep -oP "$2")" ]; then
		record "$1" "$2"
		result "$name" 0
		return
	fi
	echo "# wanted a failed $1 that says /$2/, got:"
	see "$out.log"
	result "$name" 1
}

# bug NAME OTHER [SUBTEST REGEX]...: with this bug on every SUBTEST fails, and
# OTHER (-: none) passes
bug() {
	local bug=$1 other=${2#-} out=$work/$1 tests=() t i r=0
	shift 2
	for ((i = 1; i < $#; i += 2)); do
		tests+=("${!i}")
	done
	tests+=(${other:+"$other"})
	if ! grep -qx "$bug" "$kernel/bugs"; then
		for t in "${tests[@]}"; do
			skip "$bug and $t" "$bug does not apply to this tree"
		done
		return
	fi
	# shellcheck disable=SC2046 # names of subtests
	lab run --out "$out" "${lab_options[@]}" --bug "$bug" -- "$program" "${options[@]}" \
		$(printf -- '-t %s ' "${tests[@]}") >"$out.log" 2>&1 || true
	while [ $# -gt 0 ]; do
		caught "$1" "$2"
		shift 2
	done
	[ -n "$other" ] || return 0
	ended "$out" ok "$other" || r=1
	result "$bug does not touch $other" "$r"
}
