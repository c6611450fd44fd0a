/* SPDX-License-Identifier: MIT */
/*
 * The everyday case of mutexes.h, inline: a thread that holds nothing else takes a mutex that is in
 * no order with others, without a wait, and gives it back itself. What these refuse the functions
 * of mutexes.h do.
 */
#ifndef PYTHREAD_TRACE_MUTEX_QUICK_H
#define PYTHREAD_TRACE_MUTEX_QUICK_H

#include "model/mutex_table.h"
#include "model/order.h"

/* What is not written stays in the caches of the other processors. */
#define put_news(place, value)                                                                     \
	do {                                                                                       \
		if (peek(place) != (value))                                                        \
			put(place, value);                                                         \
	} while (0)

/* One or more of a record's flags, as they stand in its state. */
#define MUTEX_STATE(...) (((const struct mutex_record){__VA_ARGS__}).state)

/* With one of these, the everyday functions here may not be called. */
#define MUTEX_NOT_EVERYDAY                                                                         \
	MUTEX_STATE(.runtime = true, .orphaned = MUTEX_ORPHAN | MUTEX_ORPHAN_TOLD)
#define MUTEX_NOT_TAKEN_QUICKLY                                                                    \
	(MUTEX_NOT_EVERYDAY | MUTEX_STATE(.keep_stacks = true, .timing = MUTEX_TIMED))

static inline uint64_t mutexes_state(const struct mutex_record *record)
{
	return peek(record->state);
}

static inline void mutex_note_owner(struct mutex_record *record, const struct mutex_thread *thread)
{
	pid_t last = peek(record->locked.tid);

	if (likely(last == thread->tid))
		return;
	if (last)
		add(&record->owner_changes, 1);
	put(record->locked.tid, thread->tid);
}

/*
 * mutexes_acquired() where the thread held nothing, so that there was no order to be judged, and
 * the site is the caller alone. now: of a sure hold only. False: nothing was done.
 */
static inline bool mutexes_acquired_quickly(struct mutex_record *record,
					    struct mutex_thread *thread, const void *caller,
					    bool sure, uint64_t now)
{
	struct order_node *alone = peek(record->alone);

	if (unlikely(peek(record->owner) || (sure && !alone)))
		return false;
	add(&record->acquired, 1);
	mutex_note_owner(record, thread);
	put_news(record->locked.caller, caller);
	if (unlikely(peek(record->locked.native) | peek(record->locked.python))) {
		put(record->locked.native, 0);
		put(record->locked.python, 0);
	}
	if (!sure)
		return true;
	if (now) {
		put(record->taken_at, now);
		put(record->timing, peek(record->timing) | MUTEX_TIMED);
	}
	thread->context = alone;
	__atomic_store_n(&record->owner, thread, __ATOMIC_RELEASE);
	return true;
}

/* mutexes_releasing() of a hold that is not timed, or counted already. False: nothing was done. */
static inline bool mutexes_releasing_quickly(struct mutex_record *record,
					     struct mutex_thread *thread)
{
	struct mutex_thread *owner = peek(record->owner);

	if (!owner)
		return true;
	if (unlikely(owner != thread || thread->context != peek(record->alone)))
		return false;
	thread->context = NULL;
	put(record->owner, NULL);
	return true;
}

#endif
