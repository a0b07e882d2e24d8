# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For lab/kernel/build: the options of the lab's kernel, from tinyconfig and the
# files in frags, of which a later one has the last word.  Runs in the mirror of
# the tree; name, dir and own are build's.
# shellcheck disable=SC2154

# The options that are to be set; of several words on one the last counts.
wanted() {
	cat "${frags[@]}" | awk -F'[ =]' '
		/^CONFIG_/ { want[$1] = $0 }
		/^# CONFIG_.* is not set$/ { delete want[$2] }
		END { for (o in want) print want[o] }' | sort
}

# Every wanted option must have survived; one that the tree does not know at
# all is said and let pass, so that older trees can be judged.
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
	[ ${#bad[@]} -eq 0 ] || die "$name: options that did not survive: ${bad[*]}"
}

configure() {
	if [ -e build/.config ] && [ "$(cat build/fragments 2>/dev/null)" = \
		"$(digest "${frags[@]}")" ] && [ "$own" = yes ]; then
		return
	fi
	mkdir -p build
	rm -f build/fragments
	step "$dir/config.log" 0 "$name: configuring" bash -ec '
		make O=build tinyconfig
		scripts/kconfig/merge_config.sh -m -O build build/.config "$@"
		make O=build olddefconfig' - "${frags[@]}"
	digest "${frags[@]}" >build/fragments
}
