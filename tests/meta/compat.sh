#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# How the lab finds out what an older kernel has, on made trees: the probes for
# softtdx (lab/softtdx/probe.mk), the SEAMCALLs that it has no row for, and whose
# fault a failed compilation is (lab/kernel/fit.sh). Prints KTAP.
set -u

# shellcheck source=tests/meta/lib.sh
. "$(dirname "$0")/lib.sh"
top=$(cd "$(dirname "$0")/../.." && pwd)
folder=arch/x86/virt/vmx/tdx

# flags_of TREE: what the probes define for it
flags_of() {
	# shellcheck disable=SC2016 # for make
	printf 'include %s\nall:\n\t@echo $(stx_flags)\n' \
		"$top/lab/softtdx/probe.mk" | make -s -f - "srctree=$1"
}

# defines NAME YES|NO TREE
defines() {
	local got=no
	case " $(flags_of "$3") " in *" -DSTX_HAVE_$1 "*) got=yes ;; esac
	[ "$got" = "$2" ] && result ok "probe_$1_$2" && return
	echo "# $(flags_of "$3")"
	result "not ok" "probe_$1_$2"
}

# said NAME WANTED GOT
said() {
	[ "$2" = "$3" ] && result ok "$1" && return
	printf '# wanted: %s\n# got: %s\n' "$2" "$3"
	result "not ok" "$1"
}

mkdir -p "$tmp/new/include/crypto" "$tmp/new/$folder" "$tmp/old/include/crypto"
echo 'struct sha384_ctx {' >"$tmp/new/include/crypto/sha2.h"
echo 'u64 seamcall_ret(u64 fn);' >"$tmp/new/$folder/seamcall_internal.h"
echo '/* no struct sha384_ctx */' >"$tmp/old/include/crypto/sha2.h"

echo "KTAP version 1"
echo "1..10"
defines SHA384_LIB yes "$tmp/new"
defines SHA384_LIB no "$tmp/old"
defines SEAMCALL_INTERNAL yes "$tmp/new"
defines SEAMCALL_INTERNAL no "$tmp/old"

# fit COMMAND...: with fit.sh's surroundings, which lab/kernel/build has else
fit() {
	(
		# shellcheck disable=SC2317,SC2329 # fit.sh calls them
		die() {
			echo "3 $*"
			exit 3
		}
		# shellcheck disable=SC2317,SC2329
		die_of_tree() {
			echo "5 $*"
			exit 5
		}
		# shellcheck disable=SC2034 # fit.sh reads them
		name=linux-x dir=$tmp/tree logs=$tmp version=x
		. "$top/lab/kernel/fit.sh"
		"$@"
	)
}

mkdir -p "$tmp/tree/src/$folder"
cat >"$tmp/tree/src/$folder/tdx.h" <<-EOT
	#define TDH_MEM_PAGE_ADD	2
	#define TDH_SYS_UPDATE		53
	#define TDH_PHYMEM_PAMT_ADD	58
	#define TDH_NEVER_CALLED	99
EOT
echo 'seamcall(TDH_MEM_PAGE_ADD); seamcall(TDH_SYS_UPDATE);' \
	>"$tmp/tree/src/$folder/tdx.c"
said all_leaves_answered '' "$(fit missing_leaves)"
echo 'seamcall(TDH_PHYMEM_PAMT_ADD)' >>"$tmp/tree/src/$folder/tdx.c"
said leaf_without_row TDH_PHYMEM_PAMT_ADD "$(fit missing_leaves)"

# blames NAME CODE LINE: who is at fault when make printed that
blames() {
	local got
	echo "$3" >"$tmp/log"
	got=$(fit on_failure "$tmp/log" "make failed")
	case $got in "$2 "*"$4"*) result ok "$1" && return ;; esac
	echo "# $got"
	result "not ok" "$1"
}

blames error_of_softtdx 3 \
	"../$folder/softtdx/view/td.c:88:16: error: 'x' undeclared" \
	"lab/softtdx/view/td.c: 'x' undeclared"
blames header_softtdx_lacks 3 \
	"$folder/softtdx/include/a.h:1:10: fatal error: b.h: No such file" \
	'lab/softtdx/include/a.h: b.h: No such file'
blames error_of_the_tree 5 "../virt/kvm/kvm_main.c:8:1: error: no" 'make failed'
blames no_space 3 "as: No space left on device" 'make failed'
[ "$failed" -eq 0 ]
