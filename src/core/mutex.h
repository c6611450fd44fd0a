/* SPDX-License-Identifier: MIT */
/*
 * The project's own PyMutex: one byte, with CPython's meaning (Include/cpython/lock.h, pylock.h in
 * 3.15), on a parking lot made of pthreads. Extensions have the fast path of the interpreter's
 * headers in their own code, which takes and gives back an unlocked byte without a call; what
 * comes here is the rest.
 *
 * Another lot may serve the same byte: the interpreter's. It is meant not to, and the host keeps
 * the two apart; but who called is a guess. So an unlock of a byte that the other lot was seen to
 * serve is done through the host where nobody waits here, or else leaves MUTEX_PARKED set, for the
 * next to look at the other lot; and a waiter re-reads the byte now and then: a wake-up that went
 * to the other lot costs it a delay, never a hang. core_mutex_rescues() counts those; a healthy run
 * has none.
 *
 * Thread safe; needs neither Python nor the GIL; keeps errno. Not async-signal-safe.
 */
#ifndef PYTHREAD_TRACE_CORE_MUTEX_H
#define PYTHREAD_TRACE_CORE_MUTEX_H

#include "base/common.h"

/* PyMutex. */
struct mutex {
	uint8_t bits;
};

#define MUTEX_LOCKED 1
#define MUTEX_PARKED 2 /* somebody waits, or the mutex is armed */

/* The byte of a mutex that nobody holds, armed or not. */
#define MUTEX_REST(armed) ((armed) ? MUTEX_PARKED : 0)

/* A waiter that has waited this long is given the mutex instead of a chance to take it. */
#define MUTEX_FAIR_NS 1000000

/* What the mutexes need of their host. The defaults know of no interpreter. */
struct mutex_host {
	/* Gives up what a waiting thread may not keep (the GIL). NULL: there was nothing. */
	void *(*detach)(void);
	/* Takes it back; may never return when the interpreter is being finalised. */
	void (*attach)(void *state);
	/*
	 * Unlocks a locked mutex: stores `rest`, in one atomic store and never after it, and wakes
	 * a waiter in the interpreter's own lot, if there is one. Must not block.
	 */
	void (*unlock_other)(struct mutex *mutex, uint8_t rest);
	/* Unlocked although nobody had locked it: CPython's fatal error. Does not return. */
	void (*not_locked)(struct mutex *mutex);
};

extern struct mutex_host mutex_host;

static inline uint8_t core_mutex_bits(const struct mutex *mutex)
{
	return __atomic_load_n(&mutex->bits, __ATOMIC_SEQ_CST);
}

static inline bool core_mutex_is_locked(const struct mutex *mutex)
{
	return core_mutex_bits(mutex) & MUTEX_LOCKED;
}

/*
 * Armed: MUTEX_PARKED stays set, locked and unlocked, so that the fast paths of the headers miss
 * and every operation comes here. The caller says for each operation whether the mutex is to be
 * armed from then on.
 */

/* Takes it if nobody holds it. */
static inline bool core_mutex_try_lock(struct mutex *mutex, bool armed)
{
	uint8_t bits = __atomic_load_n(&mutex->bits, __ATOMIC_RELAXED);

	while (!(bits & MUTEX_LOCKED)) {
		if (__atomic_compare_exchange_n(&mutex->bits, &bits,
						(uint8_t)(bits | MUTEX_LOCKED | MUTEX_REST(armed)),
						false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
			return true;
	}
	return false;
}

/* Takes it if it is given back within a moment: less than to wait in the lot would cost. */
bool core_mutex_lock_soon(struct mutex *mutex, bool armed);

/* Waits for it, detached from the interpreter. Signals are handled and do not end the wait. */
void core_mutex_lock(struct mutex *mutex, bool armed);

/*
 * From the moment it is unlocked the byte is not touched again: its memory may be gone. shared:
 * somebody may wait for it in the interpreter's lot, so it is unlocked through the host.
 */
void core_mutex_unlock(struct mutex *mutex, bool armed, bool shared);

#define MUTEX_BUCKETS 256

/* How many wait here, by bucket. */
extern struct mutex_waiters {
	unsigned int count;
} __attribute__((aligned(64))) mutex_waiters[MUTEX_BUCKETS] NOT_EXPORTED;

static inline size_t core_mutex_bucket(const struct mutex *mutex)
{
	return ((uintptr_t)mutex * HASH_MULTIPLIER) >> 56;
}

/*
 * How many wait here for this mutex, or for others of its bucket. Whoever has unlocked the mutex
 * before asking can rely on a 0.
 */
static inline unsigned int core_mutex_waiters(const struct mutex *mutex)
{
	return __atomic_load_n(&mutex_waiters[core_mutex_bucket(mutex)].count, __ATOMIC_SEQ_CST);
}

/*
 * core_mutex_unlock() where it is locked and nobody waits here. False: nothing was done, that one
 * has to do it. After true, core_mutex_wake() has to be called if there are core_mutex_waiters()
 * by then.
 */
static inline bool core_mutex_unlock_alone(struct mutex *mutex, bool armed)
{
	uint8_t bits = MUTEX_LOCKED;

	if (!armed)
		return __atomic_compare_exchange_n(&mutex->bits, &bits, 0, false, __ATOMIC_SEQ_CST,
						   __ATOMIC_RELAXED);
	if (unlikely(core_mutex_waiters(mutex)))
		return false;
	__atomic_store_n(&mutex->bits, MUTEX_PARKED, __ATOMIC_SEQ_CST);
	return true;
}

/* After an unlock by somebody else: wakes all that wait here for it, to look at the byte again. */
void core_mutex_wake(const struct mutex *mutex);

/* Waiters that no unlock had woken although the mutex was free. */
uint64_t core_mutex_rescues(void);

/* In the forked child: nobody waits. */
void core_mutex_after_fork(void);

#endif
