# shellcheck shell=sh
# SPDX-License-Identifier: MIT
#
# For proofs.sh and mutants.sh, which source it: spin makes a C program of the model, which looks at
# every interleaving.

srcdir=${srcdir:-$(dirname "$0")}
model=$(cd "$srcdir" && pwd)/mutex.pml
MEGABYTES=2000 # pan gives up there

if ! command -v spin >/dev/null; then
	echo "SKIP: spin is not there: Debian package spin"
	exit 77
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# explore COMBINATION [BROKEN]: what pan says is in $work/pan.log. A combination is a list of names
# of the model's switches; ENDLESS looks for cycles, with weak fairness, the others for dead ends.
explore() {
	switches=
	how="-DSAFETY" options="-m100000"
	for name in $1 ${2:+"BREAK_$2"}; do
		switches="$switches -D$name"
		[ "$name" != ENDLESS ] || how="-DNFAIR=3" options="-m8000000 -a -f"
	done
	# shellcheck disable=SC2086 # lists of words
	(cd "$work" && rm -f pan.* pan && spin -a $switches "$model" >spin.log 2>&1 && [ -f pan.c ] &&
		${CC:-cc} "${optimize:--O1}" -DCOLLAPSE -DMEMLIM=$MEGABYTES $how -o pan pan.c >cc.log 2>&1 &&
		./pan $options >pan.log 2>&1) && return 0
	echo "FAIL: $1 $2: the model cannot be run:"
	cat "$work"/*.log
	exit 1
}

states() {
	sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' "$work/pan.log"
}

# What pan found wrong, in its own words.
complaint() {
	sed -n 's/^pan:[0-9]*: \(.*\)/\1/p' "$work/pan.log"
}
