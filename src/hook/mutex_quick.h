/* SPDX-License-Identifier: MIT */
/*
 * The everyday operation, without all that one can be (mutex_operation.h): a known mutex, the
 * core's to do, nobody in the way. What these refuse is to be done from the start, as an operation.
 * A recording's events are the caller's.
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
	bool armed, sure;
};

static inline struct mutex_record *quick_record(struct mutex_thread *thread,
						const struct mutex *mutex)
{
	struct mutex_record *record = __atomic_load_n(&thread->recent, __ATOMIC_RELAXED);

	if (likely(record && record->address == mutex))
		return record;
	record = mutexes_look_up(mutex);
	if (record)
		__atomic_store_n(&thread->recent, record, __ATOMIC_RELAXED);
	return record;
}

/* False: not by us, or not everyday. */
static inline bool quick_begin(struct quick *quick, const struct mutex *mutex, const void *caller)
{
	struct mutex_thread *thread = operation_thread();
	struct mutex_record *record;
	unsigned int known;

	if (unlikely(!thread || !mutex_host_is_ours))
		return false;
	record = quick_record(thread, mutex);
	if (unlikely(!record || is_set(&record->forward)))
		return false;
	known = mutex_caller(caller);
	if (unlikely(known & CALLER_RUNTIME))
		return false;
	if (unlikely(!(known & CALLER_SEEN)))
		operation_missed(record);
	quick->thread = thread;
	quick->record = record;
	quick->armed = is_set(&record->armed);
	quick->sure = quick->armed || (known & CALLER_SEEN && !is_set(&record->missed));
	return true;
}

/* It is taken, but there is more to note than the everyday. */
void quick_note_lock(const struct quick *quick, const void *caller, uint64_t now);

static inline bool quick_begin_lock(struct quick *quick, const struct mutex *mutex,
				    const void *caller)
{
	return quick_begin(quick, mutex, caller) &&
	       mutexes_is_alone(quick->record, quick->thread) &&
	       likely(!process.options.watchdog_ms);
}

/* False: somebody has it. */
static inline bool quick_take(const struct quick *quick, struct mutex *mutex, const void *caller)
{
	uint8_t rest = MUTEX_REST(quick->armed);
	uint64_t now;

	if (!__atomic_compare_exchange_n(&mutex->bits, &rest, rest | MUTEX_LOCKED, false,
					 __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
		return false;
	now = quick->sure && mutexes_times_hold(quick->record) ? clock_ticks() : 0;
	if (unlikely(!mutexes_acquired_quickly(quick->record, quick->thread, caller, quick->sure,
					       now)))
		quick_note_lock(quick, caller, now);
	return true;
}

static inline bool quick_lock(struct mutex *mutex, const void *caller)
{
	struct quick quick;

	return quick_begin_lock(&quick, mutex, caller) && quick_take(&quick, mutex, caller);
}

static inline bool quick_begin_unlock(struct quick *quick, const struct mutex *mutex,
				      const void *caller)
{
	uint8_t bits = core_mutex_bits(mutex);

	return bits & MUTEX_LOCKED && !(bits & ~LEGAL_BITS) && likely(!mutexes_host.long_hold) &&
	       quick_begin(quick, mutex, caller) &&
	       !__atomic_load_n(&quick->record->forwarded, __ATOMIC_SEQ_CST);
}

/* Whose owner is nobody any more. */
static inline void quick_release(const struct quick *quick, struct mutex *mutex)
{
	core_mutex_unlock(mutex, quick->armed, false);
	if (unlikely(__atomic_load_n(&quick->record->forwarded, __ATOMIC_SEQ_CST)))
		mutex_host_wake_other(mutex);
}

static inline bool quick_unlock(struct mutex *mutex, const void *caller)
{
	struct quick quick;

	if (!quick_begin_unlock(&quick, mutex, caller) ||
	    !mutexes_releasing_quickly(quick.record, quick.thread))
		return false;
	quick_release(&quick, mutex);
	return true;
}

#endif
