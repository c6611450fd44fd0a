/* SPDX-License-Identifier: MIT */
/*
 * The everyday case of mutexes.h, inline: a thread that holds nothing else takes a mutex that is in
 * no order with others, for sure and without a wait, and gives it back itself. What these refuse
 * the functions of mutexes.h do.
 */
#ifndef PYTHREAD_TRACE_MUTEX_QUICK_H
#define PYTHREAD_TRACE_MUTEX_QUICK_H

#include "model/mutexes.h"
#include "model/order.h"

/* What is not written stays in the caches of the other processors. */
#define put_news(place, value)                                                                     \
	do {                                                                                       \
		if (unlikely(peek(place) != (value)))                                              \
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
	uint64_t last = peek(record->last_owner);

	if (likely(last == thread->id))
		return;
	if (last)
		add(&record->owner_changes, 1);
	put(record->last_owner, thread->id);
}

/*
 * mutexes_acquired() of one that mutexes_is_alone(), whose site is the caller alone. False: nothing
 * was done.
 */
static inline bool mutexes_acquired_quickly(struct mutex_record *record,
					    struct mutex_thread *thread, const void *caller,
					    uint64_t now)
{
	struct order_node *alone = peek(record->alone);

	if (unlikely(!alone || peek(record->owner) || peek(record->orphaned) ||
		     !mutex_is_judged(record)))
		return false;
	add(&record->acquired, 1);
	mutex_note_owner(record, thread);
	put_news(record->locked.caller, caller);
	put_news(record->locked.native, 0);
	put_news(record->locked.python, 0);
	put_news(record->locked.tid, thread->tid);
	put_news(record->taken_at, now);
	thread->context = alone;
	__atomic_store_n(&record->owner, thread, __ATOMIC_RELEASE);
	return true;
}

/* mutexes_releasing() of a hold that was not timed. False: nothing was done. */
static inline bool mutexes_releasing_quickly(struct mutex_record *record,
					     struct mutex_thread *thread)
{
	const struct order_node *context = thread->context;

	if (unlikely(!context || context != peek(record->alone) || peek(record->owner) != thread ||
		     peek(record->taken_at) || peek(record->orphaned)))
		return false;
	thread->context = NULL;
	put(record->owner, NULL);
	return true;
}

#endif
