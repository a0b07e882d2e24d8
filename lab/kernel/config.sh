# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For lab/kernel/build: the options of the lab's kernel, from tinyconfig and the
# files in frags, where a later file wins. Runs in the mirror of the tree; name and
# logs are build's.
# shellcheck disable=SC2154

# The options to be set; the last line about an option counts.
wanted() {
	cat "${frags[@]}" | awk -F'[ =]' '
		/^CONFIG_/ { want[$1] = $0 }
		/^# CONFIG_.* is not set$/ { delete want[$2] }
		END { for (o in want) print want[o] }' | sort
}

# Every wanted option must have survived. One that the tree does not have at all is
# reported and tolerated, so that older trees can be judged.
check_config() {
	local line sym bad=()
	while read -r line; do
		grep -qxF "$line" build/.config && continue
		sym=${line%%=*} sym=${sym#CONFIG_}
		if grep -rqsE --include='Kconfig*' "^(menu)?config $sym\$" .; then
			bad+=("$line")
		else
			say "$name: this tree has no CONFIG_$sym"
		fi
	done < <(wanted)
	[ ${#bad[@]} -eq 0 ] || die_of_tree "$name: options that did not survive: ${bad[*]}"
}

# What the options follow from: the fragments, every Kconfig file and the compiler,
# which these probe. Files of the mirror count by size and time.
config_key() {
	{
		cat "${frags[@]}"
		gcc --version
		ld --version
		find . -path ./build -prune -o -type f \( -name 'Kconfig*' -o \
			-path './scripts/kconfig/*' -o -path './scripts/*.sh' -o \
			-path '*/configs/*' -o -name Makefile \) \
			-printf '%P %s %T@\n' | LC_ALL=C sort
	} | digest -
}

configure() {
	local key
	key=$(config_key)
	[ ! -e build/.config ] || [ "$(cat build/configured 2>/dev/null)" != "$key" ] ||
		return 0
	mkdir -p build
	rm -f build/configured
	step "$logs/config.log" 0 "$name: configuring" bash -ec '
		make O=build tinyconfig
		scripts/kconfig/merge_config.sh -m -O build build/.config "$@"
		make O=build olddefconfig' - "${frags[@]}"
	echo "$key" >build/configured
}
