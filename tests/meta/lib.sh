# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-only
#
# For the meta tests: the fake program, a temporary folder, KTAP result lines.

fake=${FAKE:-build/meta/fake}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
number=0
failed=0

result() {
	number=$((number + 1))
	[ "$1" = ok ] || failed=$((failed + 1))
	echo "$1 $number $2"
}
