/* SPDX-License-Identifier: MIT */
/*
 * The fast path of operations on a PyMutex; the slow one is mutex_operation.h. For a known mutex
 * that is the core's to do, with nobody in the way. What these functions refuse is done by the slow
 * path, from the start. A recording's events, and the count of calls, are left to the caller.
 */
#ifndef PYTHREAD_TRACE_QUICK_H
#define PYTHREAD_TRACE_QUICK_H

#include "base/clock.h"
#include "hook/mutex_operation.h"
#include "hook/state.h"
#include "model/mutex_quick.h"

/* For a function that calls these: inlines them, however many others call them too. */
#define QUICK __attribute__((flatten))

struct quick {
	struct mutex_thread *thread;
	struct mutex_record *record;
	uint64_t *calls; /* of the thread */
	uint64_t state;	 /* of the record, as it was */
	bool armed, sure;
};

/* Looks up what the others only remember: the mutex's record, and what is known of the caller. */
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
	record = mutexes_find(mutex);
	if (record)
		__atomic_store_n(&thread->recent, record, __ATOMIC_RELAXED);
}

/*
 * False: the interpreter is to do it, or it is out of the ordinary, or quick_find() has to be
 * called before. unless: states of the record that are refused.
 */
static inline bool quick_begin(struct quick *quick, const struct mutex *mutex, const void *caller,
			       uint64_t unless)
{
	struct thread *thread = thread_current;
	uintptr_t known = mutex_caller_known(caller);
	struct mutex_record *record;
	uint64_t state;
	bool seen;

	if (unlikely(!mutex_host_is_everyday || !thread))
		return false;
	/* In a thread that has not begun there is none. */
	record = __atomic_load_n(&thread->mutexes.recent, __ATOMIC_RELAXED);
	if (unlikely(!record || record->address != mutex || known & ~(uintptr_t)CALLER_SEEN))
		return false;
	seen = known & CALLER_SEEN;
	state = mutexes_state(record);
	if (unlikely(state & unless) || unlikely(!seen && !(state & MUTEX_STATE(.missed = true))))
		return false;
	*quick = (struct quick){
		.thread = &thread->mutexes,
		.record = record,
		.calls = thread->calls,
		.state = state,
		.armed = state & MUTEX_STATE(.armed = true),
		.sure = state & MUTEX_STATE(.armed = true) ||
			!(state & MUTEX_STATE(.missed = true)),
	};
	return true;
}

static inline bool quick_begin_lock(struct quick *quick, const struct mutex *mutex,
				    const void *caller)
{
	return quick_begin(quick, mutex, caller,
			   MUTEX_NOT_TAKEN_QUICKLY | MUTEX_STATE(.forward = true)) &&
	       !quick->thread->context;
}

/* After it was taken: notes what mutexes_acquired_quickly() refused to. */
void quick_note_lock(struct mutex_record *record, struct mutex_thread *thread, const void *caller,
		     bool sure, uint64_t now);

/* Whether the hold that begins is to be timed. */
static inline bool quick_is_timed(const struct quick *quick)
{
	return quick->sure && (!(quick->state & MUTEX_STATE(.timing = MUTEX_BRIEF)) ||
			       mutexes_is_sampled(quick->record));
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

	return bits & MUTEX_LOCKED && !(bits & ~LEGAL_BITS) &&
	       quick_begin(quick, mutex, caller,
			   MUTEX_NOT_EVERYDAY | MUTEX_STATE(.forward = true, .forwarded = true));
}

static inline bool quick_was_timed(const struct quick *quick)
{
	return quick->state & MUTEX_STATE(.timing = MUTEX_TIMED);
}

/* The same after quick_find(); the hold, if it was timed, is counted. */
static inline bool quick_find_unlock(struct quick *quick, const struct mutex *mutex,
				     const void *caller)
{
	quick_find(mutex, caller);
	if (!quick_begin_unlock(quick, mutex, caller))
		return false;
	if (quick_was_timed(quick))
		mutexes_count_hold(quick->record, clock_ticks());
	return true;
}

/* The rest of quick_release(), where somebody waits. unlocked: the byte is unlocked already. */
void quick_finish_release(const struct mutex_record *record, struct mutex *mutex, bool armed,
			  bool unlocked);

/* Unlocks it, after mutexes_releasing_quickly(). */
static inline void quick_release(const struct quick *quick, struct mutex *mutex)
{
	bool unlocked = core_mutex_unlock_alone(mutex, quick->armed);

	if (unlikely(!unlocked || core_mutex_waiters(mutex) ||
		     __atomic_load_n(&quick->record->forwarded, __ATOMIC_SEQ_CST)))
		quick_finish_release(quick->record, mutex, quick->armed, unlocked);
}

#endif
