#!/bin/sh
# SPDX-License-Identifier: MIT
# What the proofs would see: each way to break the protocol is refuted, and for the reason it is there
# for.
set -u
# shellcheck source=tests/spin/run.sh
. "${srcdir:-$(dirname "$0")}/run.sh"

# They are refuted within few states: the compiler takes longer.
# shellcheck disable=SC2034 # for run.sh
optimize=-O0

DEAD_END="invalid end state"
CYCLE="acceptance cycle"
BYTE_GONE="assertion violated.*gone"
WAITER_GONE="assertion violated.*in_lot"
WRONG_COUNT="assertion violated.*waiting"

# refute COMBINATION BROKEN COMPLAINT
refute() {
	explore "$1" "$2"
	if ! complaint | grep -q "$3"; then
		echo "FAIL: $1 $2 should end in \"$3\":"
		cat "$work/pan.log"
		exit 1
	fi
	echo "$1 $2: $(complaint | head -n 1)"
}

refute "ROUNDS=1" LOOKS_BEFORE_STORE "$DEAD_END"
refute "ROUNDS=1" ENTER_LOOKS_FIRST "$DEAD_END"
refute "ROUNDS=1" ENTER_DOES_NOT_LOOK "$DEAD_END"
refute "ROUNDS=1" FORGETS_THE_OTHERS "$DEAD_END"
refute "ROUNDS=1" WAKES_ONE "$DEAD_END"
refute "ENDLESS" WAKES_ONE "$CYCLE"
refute "ROUNDS=1" WAKES_BEFORE_STORE "assertion violated"
refute "ROUNDS=1" LOOKS_AT_THE_BYTE "$BYTE_GONE"
refute "ROUNDS=1 ARMED" ARMS_AFTER_STORE "$BYTE_GONE"
refute "ROUNDS=1 ARMED" IS_ALONE_FOR_SURE "$DEAD_END"
refute "ROUNDS=1" HANDS_OVER_UNLOCKED "assertion violated"
refute "ROUNDS=1 RESCUE" LEAVES_UNASKED "$WAITER_GONE"
refute "ROUNDS=1" FORGETS_TO_COUNT "$WRONG_COUNT"
refute "ROUNDS=1 OTHER_LOT" STORES_FOR_OTHER "$DEAD_END"
refute "ROUNDS=1 OTHER_LOT" KEEPS_NO_PARKED "$DEAD_END"
refute "ROUNDS=1 OTHER_LOT" DOES_NOT_LOOK_AGAIN "$DEAD_END"
refute "ROUNDS=1 OTHER_LOT" FORGETS_MORE_IN_OTHER "$DEAD_END"
refute "ROUNDS=1 OTHER_LOT" FORWARDS_ONLY "$DEAD_END"
