#!/bin/sh
# SPDX-License-Identifier: MIT
# Nothing can go wrong: every state of every combination is looked at.
set -u
# shellcheck source=tests/spin/run.sh
. "${srcdir:-$(dirname "$0")}/run.sh"

# prove COMBINATION
prove() {
	explore "$1"
	if ! grep -q 'errors: 0$' "$work/pan.log" ||
		grep -Eq 'not completed|depth too small|out of memory|memory limit' "$work/pan.log"; then
		echo "FAIL: $1: refuted, or not all was looked at:"
		cat "$work/pan.log"
		[ ! -f "$work/mutex.pml.trail" ] || (cd "$work" && ./pan -r -n mutex.pml | tail -n 100)
		exit 1
	fi
	echo "$1: $(states) states, no error"
}

prove "ROUNDS=1"
prove "ROUNDS=1 ARMED"
prove "ROUNDS=1 COLLIDE"
prove "ROUNDS=1 RESCUE"
prove "ROUNDS=1 OTHER_LOT"
prove "ENDLESS"

# Millions of states each, and some minutes together.
for combination in "ROUNDS=2" "ROUNDS=1 ARMED COLLIDE" "ROUNDS=1 ARMED RESCUE" "ROUNDS=1 ARMED OTHER_LOT" \
	"ENDLESS ARMED"; do
	if [ -n "${PYTHREAD_TRACE_LONG_TESTS:-}" ]; then
		prove "$combination"
	else
		echo "$combination: with PYTHREAD_TRACE_LONG_TESTS=1 only"
	fi
done
