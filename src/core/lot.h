/* SPDX-License-Identifier: MIT */
/*
 * The parking lot: where threads wait for a byte to change. Inside src/core/ only.
 *
 * Waiters are found by the address they wait for, never through it: whoever wakes somebody touches
 * no memory of the mutex. A waiter leaves the lot before this returns, whatever ended its wait.
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

#define LOT_BUCKETS 256

/* How many wait in each bucket. */
struct lot_count {
	unsigned int waiting;
} __attribute__((aligned(64)));

extern struct lot_count lot_counts[LOT_BUCKETS];

static inline size_t lot_bucket(const struct mutex *mutex)
{
	return ((uintptr_t)mutex * UINT64_C(0x9e3779b97f4a7c15)) >> 56;
}

/* Whether somebody may wait for this mutex. False is certain for all that unlocked it before. */
static inline bool lot_may_have(const struct mutex *mutex)
{
	return __atomic_load_n(&lot_counts[lot_bucket(mutex)].waiting, __ATOMIC_SEQ_CST) > 0;
}

#endif
