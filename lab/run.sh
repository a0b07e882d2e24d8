# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A run of the lab, for scripts/lab and lab/repro: prepare once, then for each run
# a folder, the image, power-on, the verdict. After lib.sh.
#
#	command		the program and its arguments
#	out		the run's folder, "" for one in the cache
#	tree, bugs	for lab/kernel/build
#	bug		known bugs that are on
#	image		options for lab/image
#	watch, timeout, watchdog
: "${top:?} ${cache:?}"

command=() out='' tree=() bugs='' bug=() image=()
watch=yes timeout=300 watchdog=1200
kernel='' emulator='' own_out='' judged=''

# For the EXIT trap: leave no image, and take no failure of a script for a verdict.
leave() {
	local rc=$?
	if [ -n "$out" ]; then
		rm -f "$out/ram.img" "$out/initramfs.cpio" "$out/tty"
		[ -z "$own_out" ] || [ -e "$out/result" ] || rm -rf "$out"
	fi
	[ "$rc" -ne 1 ] || [ -n "$judged" ] || exit 3
}

# The guest has neither libraries nor a shell. Say so before anything is built.
check_program() {
	local file=${command[0]} header
	[ -f "$file" ] && [ -x "$file" ] || die "$file: not an executable file"
	header=$(LC_ALL=C readelf -hlW "$file" 2>/dev/null) &&
		grep -q 'Machine:.*X86-64' <<<"$header" ||
		die "$file: not a program for x86-64: the lab has no shell for scripts"
	! grep -q INTERP <<<"$header" ||
		die "$file: not a static program: the lab has no libraries"
}

# Runs that are in use, whose folders are locked, stay beside the newest twenty.
drop_old_runs() {
	local dir
	find "$cache/runs" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' |
		sort -rn | tail -n +21 | cut -d' ' -f2- |
		while read -r dir; do
			flock -n "$dir" rm -rf "$dir" || true
		done
}

# cache_out NAME: a new folder in the cache
cache_out() {
	need_cache
	mkdir -p "$cache/runs"
	drop_old_runs
	out=$(mktemp -d "$cache/runs/$1-XXXX")
	own_out=yes
}

# The lock ends with this shell and with labrun, which inherits it.
lock_out() {
	local lock rc=0
	exec {lock}<"$out"
	flock -n -E 75 "$lock" || rc=$?
	[ "$rc" -ne 75 ] || die "--out: $out: another run is using it"
}

new_out() {
	if [ -z "$out" ]; then
		cache_out "$(date +%m%d-%H%M%S)"
	else
		no_blank "$out"
		mkdir -p "$out" 2>/dev/null && is_writable "$out" ||
			die "--out: $out: cannot write there"
	fi
	out=$(readlink -f "$out")
	lock_out
	need_space 200 "$out"
	(cd "$out" && rm -f result verdict summary splat.json kmsg.log prepared)
}

# path_of COMMAND...: sets path to what it prints
path_of() {
	attend "$@" >"$out/path"
	path=$(cat "$out/path")
	rm -f "$out/path"
}

build_tools() {
	attend make -s -C "$top/lab" O="$top/build/lab" >&2
	[ -x "$top/splat" ] || attend make -s -C "$top" splat >&2
}

# Tools, emulator and kernel; what they are stays in the run's folder.
prepare() {
	local start=$SECONDS b
	[ -n "$own_out" ] || tree+=(--logs "$out")
	build_tools
	path_of "$top/lab/bochs/build"
	emulator=$path
	path_of "$top/lab/kernel/build" "${tree[@]}" ${bugs:+"$bugs"}
	kernel=$path
	for b in "${bug[@]}"; do
		grep -qx "$b" "$kernel/bugs" ||
			die "$b: this known bug does not apply to that tree"
	done
	printf '%s\n' "kernel=$kernel" "emulator=$emulator" \
		"seconds=$((SECONDS - start))" >"$out/prepared"
}

# make_image BOUND: the program ends after so many seconds of the guest's time
make_image() {
	local b params=()
	for b in "${bug[@]}"; do
		params+=(--param "kvm_bug.$b=1")
	done
	attend "$top/lab/image" --kernel "$kernel" --emulator "$emulator" \
		--tools "$top/build/lab" --out "$out" "${image[@]}" \
		"${params[@]}" --timeout "$1" -- "${command[@]}"
}

# start OPTIONS...: power on, with the options of labrun. A signal to this script
# alone ends labrun, and labrun the emulator.
start() {
	local rc=0 pid
	"$top/build/lab/labrun" -q "$@" "$out" \
		"$emulator/bochs" -q -f "$out/bochsrc" <&0 &
	pid=$!
	trap 'kill '"$pid"' 2>/dev/null; wait '"$pid"'; exit 130' INT TERM HUP
	wait "$pid" || rc=$?
	trap - INT TERM HUP
	rm -f "$out/ram.img" "$out/initramfs.cpio" "$out/tty"
	[ "$rc" -ne 130 ] || exit 130
	[ "$rc" -le 1 ] || die "$out: labrun has failed: code $rc"
}

# run_command: image, power-on, verdict, all left in $out
run_command() {
	local bound=$timeout refused
	if [ "$watch" = yes ]; then
		# splat's bound comes first, so that splat can report it.
		bound=$((timeout + 30))
		command=("$top/splat" run --timeout "$timeout"
			--summary /lab/out/summary --json /lab/out/splat.json
			--log /lab/out/kmsg.log -- "${command[@]}")
	fi
	make_image "$bound"
	start -t "$watchdog"
	refused=$(value "$out/result" refused)
	[ -z "$refused" ] || die "$refused"
	"$top/splat" judge --watch "$watch" "$out" >"$out/verdict.new"
	mv "$out/verdict.new" "$out/verdict"
	judged=yes
}
