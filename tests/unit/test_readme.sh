#!/bin/sh
# SPDX-License-Identifier: MIT
# The tests that the README names as those that show what is promised are there, and are run; and it
# names one for each promise and each limit.

top=${srcdir:-.}/../..
readme=$top/README.md

named() {
	grep -oE "$1" "$readme" | sort -u
}

# The rows of the tables of promises and limits.
promises() {
	sed -n '/^## Promises and limits$/,/^## Options$/p' "$readme" | grep '^|' | grep -vE '^\|( \||-)'
}

missing=$(
	named '\bt[0-9]{3}\b' | while read -r name; do
		grep -qE "^[[:space:]]*${name}_[a-z_0-9]+\.py" "$top/tests/e2e/Makefile.am" ||
			echo "README.md names $name, which tests/e2e/Makefile.am does not run"
	done
	named '\btests/unit/test_[a-z_0-9]+\.c' | while read -r path; do
		name=$(basename "$path" .c)
		grep -qE "^check_PROGRAMS.*\b$name\b|^[a-z_]+_tests = .*\b$name\b" "$top"/tests/unit/*.am ||
			echo "README.md names $path, which tests/unit does not run"
	done
	named '\b(tests|scripts)/[a-zA-Z_0-9/.-]*[a-z_0-9]' | while read -r path; do
		[ -e "$top/$path" ] || echo "README.md names $path, which is not there"
	done
	promises | grep -vE '\| [^|]*(\bt[0-9]{3}\b|\btests/[a-z]|\bscripts/(matrix|same)\b)[^|]*\|$' |
		sed 's/^/README.md names no test for this: /'
	[ "$(promises | wc -l)" -ge 40 ] || echo "README.md has too few promises and limits"
)
[ -z "$missing" ] || {
	echo "FAIL: $missing"
	exit 1
}
