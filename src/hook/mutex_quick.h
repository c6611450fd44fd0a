/* SPDX-License-Identifier: MIT */
/*
 * The everyday operation, without all that one can be (mutex_operation.h): a known mutex, the
 * core's to do, nobody in the way. What these refuse is to be done from the start, as an operation.
 * A recording's events are the caller's, and so is the count of calls.
 */
#ifndef PYTHREAD_TRACE_MUTEX_QUICK_HOOK_H
#define PYTHREAD_TRACE_MUTEX_QUICK_HOOK_H

#include "base/clock.h"
#include "hook/mutex_operation.h"
#include "hook/state.h"
#include "model/mutex_quick.h"

/* For a function that calls these: they are inlined, however many others call them too. */
#define QUICK __attribute__((flatten))

struct quick {
	struct mutex_thread *thread;
	struct mutex_record *record;
	uint64_t *calls; /* of the thread */
	bool armed, sure;
};

/* Finds what the others refuse to look for: of this mutex and of this caller. */
static inline void quick_find(const struct mutex *mutex, const void *caller)
{
	struct mutex_thread *thread = operation_thread();
	struct mutex_record *record;

	mutex_caller(caller);
	if (!thread)
		return;
	record = __atomic_load_n(&thread->recent, __ATOMIC_RELAXED);
	if (record && record->address == mutex)
		return;
	record = mutexes_look_up(mutex);
	if (record)
		__atomic_store_n(&thread->recent, record, __ATOMIC_RELAXED);
}

/* False: not by us, or not everyday, or to be looked for. */
static inline bool quick_begin(struct quick *quick, const struct mutex *mutex, const void *caller)
{
	struct mutex_thread *thread = operation_thread();
	struct mutex_record *record;
	unsigned int known;

	if (unlikely(!thread || !mutex_host_is_ours))
		return false;
	record = __atomic_load_n(&thread->recent, __ATOMIC_RELAXED);
	if (unlikely(!record || record->address != mutex || is_set(&record->forward)) ||
	    unlikely(!mutex_caller_is_known(caller, &known) || known & CALLER_RUNTIME))
		return false;
	if (unlikely(!(known & CALLER_SEEN)))
		operation_missed(record);
	quick->thread = thread;
	quick->record = record;
	quick->calls = thread_current->calls;
	quick->armed = is_set(&record->armed);
	quick->sure = quick->armed || (known & CALLER_SEEN && !is_set(&record->missed));
	return true;
}

static inline bool quick_begin_lock(struct quick *quick, const struct mutex *mutex,
				    const void *caller)
{
	return quick_begin(quick, mutex, caller) &&
	       mutexes_is_alone(quick->record, quick->thread) &&
	       likely(!process.options.watchdog_ms);
}

/* It is taken, but there is more to note than the everyday. */
void quick_note_lock(struct mutex_record *record, struct mutex_thread *thread, const void *caller,
		     bool sure, uint64_t now);

/* Whether the hold that begins is to be timed. */
static inline bool quick_is_timed(const struct quick *quick)
{
	return quick->sure && mutexes_times_hold(quick->record);
}

/* False: somebody has it. */
static inline bool quick_take(const struct quick *quick, struct mutex *mutex, const void *caller,
			      bool timed)
{
	uint8_t rest = MUTEX_REST(quick->armed);
	uint64_t now;

	if (!__atomic_compare_exchange_n(&mutex->bits, &rest, rest | MUTEX_LOCKED, false,
					 __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
		return false;
	now = timed ? clock_ticks() : 0;
	if (unlikely(!mutexes_acquired_quickly(quick->record, quick->thread, caller, quick->sure,
					       now)))
		quick_note_lock(quick->record, quick->thread, caller, quick->sure, now);
	return true;
}

static inline bool quick_begin_unlock(struct quick *quick, const struct mutex *mutex,
				      const void *caller)
{
	uint8_t bits = core_mutex_bits(mutex);

	return bits & MUTEX_LOCKED && !(bits & ~LEGAL_BITS) && likely(!mutexes_host.long_hold) &&
	       quick_begin(quick, mutex, caller) &&
	       !__atomic_load_n(&quick->record->forwarded, __ATOMIC_SEQ_CST);
}

/* The same with what it refuses to do: it looks for things, and counts a hold that was timed. */
static inline bool quick_find_unlock(struct quick *quick, const struct mutex *mutex,
				     const void *caller)
{
	quick_find(mutex, caller);
	if (!quick_begin_unlock(quick, mutex, caller))
		return false;
	if (mutexes_is_timed(quick->record))
		mutexes_count_hold(quick->record, clock_ticks());
	return true;
}

/* There is more to it than the everyday. unlocked: that is done. */
void quick_finish_release(const struct mutex_record *record, struct mutex *mutex, bool armed,
			  bool unlocked);

/* Whose owner is nobody any more. */
static inline void quick_release(const struct quick *quick, struct mutex *mutex)
{
	bool unlocked = core_mutex_unlock_alone(mutex, quick->armed);

	if (unlikely(!unlocked || core_mutex_waiters(mutex) ||
		     __atomic_load_n(&quick->record->forwarded, __ATOMIC_SEQ_CST)))
		quick_finish_release(quick->record, mutex, quick->armed, unlocked);
}

#endif
