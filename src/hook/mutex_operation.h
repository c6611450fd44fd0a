/* SPDX-License-Identifier: MIT */
/*
 * One PyMutex operation: who asks for what, what is known of it, and who does it. Inside src/hook/
 * only, and all inline: it is the hot path. Takes no lock for a mutex that is known.
 */
#ifndef PYTHREAD_TRACE_MUTEX_OPERATION_H
#define PYTHREAD_TRACE_MUTEX_OPERATION_H

#include "hook/mutex_caller.h"
#include "hook/mutex_host.h"
#include "hook/runtime.h"
#include "hook/state.h"
#include "hook/thread.h"
#include "model/mutexes.h"

#define LEGAL_BITS (MUTEX_LOCKED | MUTEX_PARKED)

struct operation {
	/* thread NULL: nothing is observed. record NULL: nothing is known of it. */
	struct mutex_request request;
	struct site site; /* the request's: the caller alone, until more is asked for */
	struct mutex *mutex;
	unsigned int caller; /* CALLER_* */
	bool ours;	     /* the core does it */
	bool armed;	     /* what the core is told: another thread may arm it meanwhile */
	uint8_t bits;	     /* of the mutex, when the operation began */
};

/* NULL for a thread that is in the tool's own work, has not begun or has ended. */
static inline struct mutex_thread *operation_thread(void)
{
	struct thread *thread = thread_current;

	return likely(thread && thread->mutexes.id && !process.muted) ? &thread->mutexes : NULL;
}

static inline bool is_set(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_RELAXED);
}

/* An operation on it went unseen. */
static inline void operation_missed(struct mutex_record *record)
{
	if (!is_set(&record->missed))
		__atomic_store_n(&record->missed, true, __ATOMIC_RELAXED);
}

/* Fills in the site's stacks. Between tool_enter() and tool_leave(); the record is there. */
void operation_take_stacks(struct operation *operation);

/* The byte is no PyMutex. */
void operation_judge_garbage(struct operation *operation);

/* The record of the operation's mutex, made where there is none. NULL where memory ran out. */
struct mutex_record *operation_record(const struct operation *operation);

static inline void operation_find_record(struct operation *operation)
{
	struct mutex_thread *thread = operation->request.thread;
	struct mutex_record *record;

	operation->site.tid = 0;
	if (unlikely(!thread)) {
		operation->request.record = mutexes_find(operation->mutex);
		return;
	}
	operation->site.tid = thread->tid;
	/* What is locked is unlocked next, more often than not. Signal handlers write it, too. */
	record = __atomic_load_n(&thread->recent, __ATOMIC_RELAXED);
	if (!record || record->address != operation->mutex) {
		record = operation_record(operation);
		__atomic_store_n(&thread->recent, record, __ATOMIC_RELAXED);
	}
	operation->request.record = record;
	/* Where one operation is inlined, others were, unseen. */
	if (record && unlikely(!(operation->caller & CALLER_SEEN)))
		operation_missed(record);
}

/* The interpreter's own mutexes are known by where they are, too. */
static inline bool operation_is_interpreters(const struct operation *operation)
{
	return operation->caller & CALLER_RUNTIME ||
	       (operation->request.record ? is_set(&operation->request.record->forward)
					  : runtime_contains(operation->mutex));
}

/* The other lot's waiters must be known of before the interpreter's function looks at the byte. */
static inline void operation_choose_side(struct operation *operation)
{
	struct mutex_record *record = operation->request.record;

	operation->ours = mutex_host_is_ours &&
			  (!mutex_originals.lock || !operation_is_interpreters(operation));
	if (unlikely(!operation->ours) && record && !is_set(&record->forwarded))
		__atomic_store_n(&record->forwarded, true, __ATOMIC_SEQ_CST);
	operation->armed = operation->ours && record && is_set(&record->armed);
}

static inline void operation_begin(struct operation *operation, struct mutex *mutex,
				   const void *caller)
{
	operation->mutex = mutex;
	operation->bits = core_mutex_bits(mutex);
	operation->request.thread = operation_thread();
	operation->request.site = &operation->site;
	operation->request.try_only = operation->request.sure = false;
	operation->site.caller = caller;
	operation->site.native = operation->site.python = 0;
	operation->caller = mutex_caller(caller);
	operation_find_record(operation);
	operation_choose_side(operation);
	if (unlikely(operation->bits & ~LEGAL_BITS))
		operation_judge_garbage(operation);
}

/* Whether the end of the hold will be seen, whoever unlocks. */
static inline void operation_judge_sureness(struct operation *operation)
{
	operation->request.sure = operation->armed || (operation->caller & CALLER_SEEN &&
						       !is_set(&operation->request.record->missed));
}

#endif
