#!/bin/sh
# SPDX-License-Identifier: MIT
# The tests that the README names as those that show what is promised are there, and are run.

top=${srcdir:-.}/../..
readme=$top/README.md

named() {
	grep -oE "$1" "$readme" | sort -u
}

missing=$(
	named '\bt[0-9]{3}\b' | while read -r name; do
		grep -qE "^[[:space:]]*${name}_[a-z_0-9]+\.py" "$top/tests/e2e/Makefile.am" ||
			echo "README.md names $name, which tests/e2e/Makefile.am does not run"
	done
	named '\b(tests|scripts)/[a-zA-Z_0-9/.-]*[a-z_0-9]' | while read -r path; do
		[ -e "$top/$path" ] || echo "README.md names $path, which is not there"
	done
	[ "$(grep -cE '\| .*\bt[0-9]{3}\b' "$readme")" -ge 20 ] ||
		echo "README.md does not say what shows its promises"
)
[ -z "$missing" ] || {
	echo "FAIL: $missing"
	exit 1
}
