/* SPDX-License-Identifier: MIT */
/*
 * The everyday operation on an armed mutex, without all that an operation (mutex_operation.h) can
 * be: the thread's last mutex once more, done by the core, nobody waits and nobody records. What
 * these refuse is to be done from the start, as an operation.
 */
#ifndef PYTHREAD_TRACE_MUTEX_QUICK_HOOK_H
#define PYTHREAD_TRACE_MUTEX_QUICK_HOOK_H

#include "base/clock.h"
#include "hook/mutex_operation.h"
#include "hook/state.h"
#include "hook/trace.h"
#include "model/mutex_quick.h"

/* NULL: not this mutex, or not by us. */
static inline struct mutex_record *quick_record(const struct mutex_thread *thread,
						const struct mutex *mutex, const void *caller)
{
	struct mutex_record *record = __atomic_load_n(&thread->recent, __ATOMIC_RELAXED);

	if (!record || record->address != mutex || !is_set(&record->armed) ||
	    is_set(&record->forward) || !mutex_host_is_ours)
		return NULL;
	if (unlikely(mutex_caller(caller) & CALLER_RUNTIME))
		return NULL;
	return likely(is_set(&record->missed)) || mutex_caller(caller) & CALLER_SEEN ? record
										     : NULL;
}

static inline bool quick_lock(struct mutex *mutex, const void *caller)
{
	struct mutex_thread *thread = operation_thread();
	struct mutex_record *record = thread ? quick_record(thread, mutex, caller) : NULL;
	uint8_t bits = MUTEX_REST(true);

	if (!record || !mutexes_is_alone(record, thread) || trace_get() ||
	    unlikely(process.options.watchdog_ms))
		return false;
	if (!__atomic_compare_exchange_n(&mutex->bits, &bits, MUTEX_LOCKED | MUTEX_REST(true),
					 false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
		return false;
	return true;
}

#endif
