/* SPDX-License-Identifier: MIT */
#include "core/mutex.h"

#include "base/clock.h"
#include "core/lot.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define LOOKS 40 /* of a few ns each, or a few dozens */

static void *detach_nothing(void)
{
	return NULL;
}

static void attach_nothing(void *state)
{
	(void)state;
}

static void store(struct mutex *mutex, uint8_t rest)
{
	__atomic_store_n(&mutex->bits, rest, __ATOMIC_SEQ_CST);
}

/* CPython's words, where there is no CPython. */
static void die(struct mutex *mutex)
{
	static const char message[] =
		"Fatal Python error: PyMutex_Unlock: unlocking mutex that is not locked\n";

	(void)mutex;
	if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
		abort();
	abort();
}

struct mutex_host mutex_host = {
	.detach = detach_nothing,
	.attach = attach_nothing,
	.unlock_other = store,
	.not_locked = die,
};

/* Detached from before the waiter is queued until after it has left the queue. */
static enum lot_outcome wait_detached(struct mutex *mutex, uint64_t since)
{
	void *state = mutex_host.detach();
	enum lot_outcome outcome = lot_park(mutex, since);

	if (state)
		mutex_host.attach(state);
	return outcome;
}

/* Says that somebody waits. False when that is not so any more: it was unlocked. */
static bool mark_parked(struct mutex *mutex)
{
	uint8_t bits = core_mutex_bits(mutex);

	while (bits & MUTEX_LOCKED) {
		if (bits & MUTEX_PARKED ||
		    __atomic_compare_exchange_n(&mutex->bits, &bits, (uint8_t)(bits | MUTEX_PARKED),
						false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			return true;
	}
	return false;
}

/* Handed over by one that may have begun to unlock before it was to be armed. */
static void arm_held(struct mutex *mutex, bool armed)
{
	if (armed)
		__atomic_fetch_or(&mutex->bits, MUTEX_PARKED, __ATOMIC_SEQ_CST);
}

static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* Not before those that wait already. */
bool core_mutex_lock_soon(struct mutex *mutex, bool armed)
{
	for (unsigned int i = 0; i < LOOKS && !core_mutex_waiters(mutex); i++) {
		if (core_mutex_try_lock(mutex, armed))
			return true;
		relax();
	}
	return false;
}

void core_mutex_lock(struct mutex *mutex, bool armed)
{
	uint64_t since;
	int saved = errno;

	if (core_mutex_try_lock(mutex, armed))
		return;
	since = clock_monotonic_ns();
	while (!core_mutex_try_lock(mutex, armed)) {
		if (mark_parked(mutex) && wait_detached(mutex, since) == LOT_HANDED) {
			arm_held(mutex, armed);
			break;
		}
	}
	errno = saved;
}

void core_mutex_unlock(struct mutex *mutex, bool armed, bool shared)
{
	if (!core_mutex_is_locked(mutex)) {
		mutex_host.not_locked(mutex);
		return;
	}
	/* What the headers' fast path does. */
	if (!armed && core_mutex_unlock_alone(mutex, false))
		return;
	if (core_mutex_waiters(mutex) && lot_unlock(mutex, armed || shared))
		return;
	if (shared)
		mutex_host.unlock_other(mutex, MUTEX_REST(armed));
	else
		store(mutex, MUTEX_REST(armed));
	/* Somebody may have begun to wait since: the byte is theirs to read, not ours. */
	if (unlikely(core_mutex_waiters(mutex)))
		core_mutex_wake(mutex);
}
