/* SPDX-License-Identifier: MIT */
/*
 * The parking lot: where threads wait for a byte to change. Inside src/core/ only; how many wait is
 * in mutex.h. Thread safe, by a lock for each bucket of addresses.
 *
 * Waiters are found by the address they wait for, never through it: whoever wakes somebody touches
 * no memory of the mutex. A waiter is out of the lot when lot_park() returns, whatever ended its
 * wait.
 */
#ifndef PYTHREAD_TRACE_LOT_H
#define PYTHREAD_TRACE_LOT_H

#include "core/mutex.h"

enum lot_outcome {
	LOT_CHANGED, /* the byte is to be read again */
	LOT_HANDED,  /* the mutex is the caller's: nobody unlocked it for others */
};

/*
 * Waits while the mutex is locked and MUTEX_PARKED is set. since: CLOCK_MONOTONIC ns, of the moment
 * when the thread began to wait for it.
 */
enum lot_outcome lot_park(struct mutex *mutex, uint64_t since);

/*
 * For whoever holds the mutex: wakes the one that has waited longest, and unlocks, or hands over.
 * MUTEX_PARKED stays set where more wait here, or when keep_parked says so. False when nobody waits
 * here: nothing was done.
 */
bool lot_unlock(struct mutex *mutex, bool keep_parked);

#endif
