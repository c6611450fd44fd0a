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

/* Whether no stack is wanted and no order to be judged: mutexes_requested() would do nothing. */
static inline bool mutexes_is_alone(const struct mutex_record *record,
				    const struct mutex_thread *thread)
{
	return !thread->context && !peek(thread->context_stale) && !peek(record->keep_stacks);
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
 * mutexes_acquired() of one that mutexes_is_alone(), whose site is the caller alone. False: nothing
 * was done.
 */
static inline bool mutexes_acquired_quickly(struct mutex_record *record,
					    struct mutex_thread *thread, const void *caller,
					    bool sure, uint64_t now)
{
	struct order_node *alone = peek(record->alone);

	if (unlikely(peek(record->owner) || peek(record->orphaned) || mutexes_is_timed(record) ||
		     (sure && (!alone || !mutex_is_judged(record)))))
		return false;
	add(&record->acquired, 1);
	mutex_note_owner(record, thread);
	put_news(record->locked.caller, caller);
	put_news(record->locked.native, 0);
	put_news(record->locked.python, 0);
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

/* mutexes_releasing() where no hold is worth a note, or to be counted. False: nothing was done. */
static inline bool mutexes_releasing_quickly(struct mutex_record *record,
					     struct mutex_thread *thread)
{
	struct mutex_thread *owner = peek(record->owner);

	if (unlikely(peek(record->orphaned) || mutexes_is_timed(record) ||
		     (owner && (owner != thread || !thread->context ||
				thread->context != peek(record->alone)))))
		return false;
	if (!owner)
		return true;
	thread->context = NULL;
	put(record->owner, NULL);
	return true;
}

#endif
