/* SPDX-License-Identifier: MIT */
#include "hook/observe_mutex.h"

#include "base/clock.h"
#include "hook/mutex_caller.h"
#include "hook/mutex_host.h"
#include "hook/process.h"
#include "hook/runtime.h"
#include "hook/state.h"
#include "hook/thread.h"
#include "hook/tool.h"
#include "hook/watchdog.h"
#include "model/mutexes.h"
#include "stack/stack.h"

#define LEGAL_BITS (MUTEX_LOCKED | MUTEX_PARKED)

/* What _PyMutex_LockTimed returns: PyLockStatus (Include/internal/pycore_lock.h). */
#define FAILED 0
#define ACQUIRED 1

/* One operation, and who does it. */
struct operation {
	/* thread NULL: nothing is observed. record NULL: nothing is known of it. */
	struct mutex_request request;
	struct site site; /* the request's: the caller alone, until more is asked for */
	struct mutex *mutex;
	unsigned int caller; /* CALLER_* */
	bool ours;	     /* the core does it */
};

/* NULL for a thread that is in the tool's own work, has not begun or has ended. */
static inline struct mutex_thread *observed_thread(void)
{
	struct thread *thread = thread_current;

	return likely(thread && thread->mutexes.id && !process.muted) ? &thread->mutexes : NULL;
}

static inline bool is_set(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_RELAXED);
}

static inline bool is_armed(const struct operation *operation)
{
	return operation->ours && operation->request.record &&
	       is_set(&operation->request.record->armed);
}

static void note_missed(struct mutex_record *record)
{
	if (!is_set(&record->missed))
		__atomic_store_n(&record->missed, true, __ATOMIC_RELAXED);
}

/* Code of the object file that it lives in uses it, too. */
static bool lives_among_unseen(const struct mutex_record *record)
{
	return record->module && !(mutex_caller(record->address) & CALLER_SEEN);
}

/*
 * One that is locked already when the first call for it comes was taken unseen, whoever seems to
 * call: behind a function that ends in a jump to ours, the caller's caller is seen instead.
 */
static struct mutex_record *find_or_make(const struct operation *operation)
{
	/* Looked at first: between the two, others may make the record and lock. */
	bool locked = core_mutex_is_locked(operation->mutex);
	struct mutex_record *record = mutexes_look_up(operation->mutex);

	if (likely(record != NULL))
		return record;
	record = mutexes_find(operation->mutex, &operation->site);
	if (record && (locked || lives_among_unseen(record)))
		note_missed(record);
	return record;
}

static inline void find_record(struct operation *operation)
{
	struct mutex_thread *thread = operation->request.thread;
	struct mutex_record *record;

	operation->site.tid = 0;
	if (unlikely(!thread)) {
		operation->request.record = mutexes_look_up(operation->mutex);
		return;
	}
	operation->site.tid = thread->tid;
	/* What is locked is unlocked next, more often than not. Signal handlers write it, too. */
	record = __atomic_load_n(&thread->recent, __ATOMIC_RELAXED);
	if (!record || record->address != operation->mutex) {
		record = find_or_make(operation);
		__atomic_store_n(&thread->recent, record, __ATOMIC_RELAXED);
	}
	operation->request.record = record;
	/* Where one operation is inlined, others were, unseen. */
	if (record && unlikely(!(operation->caller & CALLER_SEEN)))
		note_missed(record);
}

/* The interpreter's own mutexes are known by where they are, too. */
static inline bool is_interpreters(const struct operation *operation)
{
	return operation->caller & CALLER_RUNTIME ||
	       (operation->request.record ? is_set(&operation->request.record->forward)
					  : runtime_contains(operation->mutex));
}

/* The other lot's waiters must be known of before the interpreter's function looks at the byte. */
static inline void choose_side(struct operation *operation)
{
	struct mutex_record *record = operation->request.record;

	operation->ours =
		mutex_host_is_ours && (!mutex_originals.lock || !is_interpreters(operation));
	if (unlikely(!operation->ours) && record && !is_set(&record->forwarded))
		__atomic_store_n(&record->forwarded, true, __ATOMIC_SEQ_CST);
}

static inline void begin(struct operation *operation, struct mutex *mutex, const void *caller)
{
	operation->mutex = mutex;
	operation->request.thread = observed_thread();
	operation->request.site = &operation->site;
	operation->request.try_only = operation->request.sure = false;
	operation->site.caller = caller;
	operation->site.native = operation->site.python = 0;
	operation->caller = mutex_caller(caller);
	find_record(operation);
	choose_side(operation);
}

/* Between tool_enter() and tool_leave(). */
static void take_stacks(struct operation *operation)
{
	if (operation->request.record->runtime)
		stack_capture_native(&operation->site, operation->site.caller);
	else
		stack_capture(&operation->site, operation->site.caller);
}

/* Whether the end of the hold will be seen, whoever unlocks. */
static inline void judge_sureness(struct operation *operation)
{
	const struct mutex_record *record = operation->request.record;

	operation->request.sure = is_armed(operation) ||
				  (operation->caller & CALLER_SEEN && !is_set(&record->missed));
}

static void judge_garbage(struct operation *operation, uint8_t bits)
{
	if (!operation->request.thread || !tool_enter())
		return;
	stack_capture(&operation->site, operation->site.caller);
	mutexes_report_garbage(operation->mutex, operation->request.record, bits, &operation->site);
	tool_leave();
}

/* The order in which the thread takes its mutexes, where that is news. */
static void judge_order(struct operation *operation)
{
	if (likely(!mutexes_wants_stack(operation->request.record, operation->request.thread)) ||
	    !tool_enter())
		return;
	take_stacks(operation);
	judge_sureness(operation);
	mutexes_requested(&operation->request);
	tool_leave();
}

/*
 * A mutex that was waited for before stays visible. Not at the first time: there are programs that
 * let one thread wait and then look at the byte, CPython's tests among them.
 */
static void arm(const struct operation *operation)
{
	struct mutex_record *record = operation->request.record;

	if (!operation->ours || record->runtime || is_set(&record->armed) ||
	    !__atomic_load_n(&record->contended, __ATOMIC_RELAXED) || !mutex_host_can_arm())
		return;
	__atomic_store_n(&record->armed, true, __ATOMIC_RELAXED);
}

static void do_lock(const struct operation *operation)
{
	if (operation->ours)
		core_mutex_lock(operation->mutex, is_armed(operation));
	else
		mutex_originals.lock(operation->mutex);
}

static void begin_to_wait(struct operation *operation, uint64_t now)
{
	if (!tool_enter())
		return;
	take_stacks(operation);
	judge_sureness(operation);
	mutexes_wait_begin(&operation->request, now);
	tool_leave();
	watchdog_wait_begins();
}

static void end_to_wait(struct operation *operation, uint64_t began)
{
	uint64_t now = clock_ticks();

	judge_sureness(operation);
	mutexes_wait_end(operation->request.thread);
	mutexes_acquired(&operation->request, now, true, now - began);
	if (unlikely(mutexes_is_long_wait(now - began)) && tool_enter()) {
		mutexes_report_long_wait(operation->request.record, now - began, &operation->site);
		tool_leave();
	}
}

static void lock_contended(struct operation *operation)
{
	uint64_t began = clock_ticks();

	if (!process_is_own()) {
		do_lock(operation);
		return;
	}
	/* Another library may be now where the one was that this is known of. */
	if (operation->caller & CALLER_SEEN)
		operation->caller = mutex_caller_look_up(operation->site.caller);
	arm(operation);
	begin_to_wait(operation, began);
	do_lock(operation);
	end_to_wait(operation, began);
}

/* It tells where those who hold what others wait for took it, and cannot ask them then. */
static void take_stacks_for_watchdog(struct operation *operation)
{
	if (operation->site.native || !tool_enter())
		return;
	take_stacks(operation);
	tool_leave();
}

void observe_mutex_lock(struct mutex *mutex, const void *caller)
{
	struct operation operation;
	uint8_t bits;

	begin(&operation, mutex, caller);
	bits = core_mutex_bits(mutex);
	if (unlikely(bits & ~LEGAL_BITS))
		judge_garbage(&operation, bits);
	if (unlikely(!operation.request.thread || !operation.request.record)) {
		do_lock(&operation);
		return;
	}
	judge_order(&operation);
	/* What the headers' fast path does, whoever calls. */
	if (unlikely(!core_mutex_try_lock(mutex, is_armed(&operation)))) {
		lock_contended(&operation);
		return;
	}
	if (unlikely(process.options.watchdog_ms))
		take_stacks_for_watchdog(&operation);
	judge_sureness(&operation);
	mutexes_acquired(&operation.request,
			 mutexes_times_hold(operation.request.record) ? clock_ticks() : 0, false,
			 0);
}

static void judge_unlocked(struct operation *operation)
{
	if (!operation->request.thread || !tool_enter())
		return;
	stack_capture(&operation->site, operation->site.caller);
	mutexes_report_unlocked(operation->mutex, operation->request.record, &operation->site);
	tool_leave();
}

static inline bool is_timed(const struct mutex_record *record)
{
	return __atomic_load_n(&record->taken_at, __ATOMIC_RELAXED);
}

/* While the mutex is still held. */
static void judge_hold(struct operation *operation)
{
	uint64_t now = is_timed(operation->request.record) ? clock_ticks() : 0;
	bool told = unlikely(mutexes_host.long_hold) &&
		    mutexes_is_long_hold(operation->request.record, now) && tool_enter();

	if (told)
		take_stacks(operation);
	mutexes_releasing(operation->request.record, operation->request.thread, &operation->site,
			  now);
	if (told)
		tool_leave();
}

static bool is_shared(const struct mutex_record *record)
{
	return !record || __atomic_load_n(&record->forwarded, __ATOMIC_SEQ_CST);
}

/* From the moment it is unlocked, only the address is used. */
static void do_unlock(const struct operation *operation)
{
	bool shared = is_shared(operation->request.record);

	if (!operation->ours) {
		mutex_originals.unlock(operation->mutex);
		core_mutex_wake(operation->mutex);
		return;
	}
	core_mutex_unlock(operation->mutex, is_armed(operation), shared);
	if (unlikely(!shared && is_shared(operation->request.record)))
		mutex_host_wake_other(operation->mutex);
}

void observe_mutex_unlock(struct mutex *mutex, const void *caller)
{
	struct operation operation;
	uint8_t bits;

	begin(&operation, mutex, caller);
	bits = core_mutex_bits(mutex);
	if (unlikely(bits & ~LEGAL_BITS))
		judge_garbage(&operation, bits);
	if (unlikely(!(bits & MUTEX_LOCKED)))
		judge_unlocked(&operation);
	if (likely(operation.request.record != NULL))
		judge_hold(&operation);
	do_unlock(&operation);
}

int observe_mutex_lock_timed(struct mutex *mutex, int64_t timeout, int flags, const void *caller)
{
	struct operation operation;
	bool contended = core_mutex_is_locked(mutex);
	uint64_t began = clock_ticks(), now;
	int status;

	if (!mutex_originals.lock_timed)
		return FAILED; /* no interpreter has it, so nobody can mean it */
	begin(&operation, mutex, caller);
	if (operation.request.record && operation.ours) {
		__atomic_store_n(&operation.request.record->forward, true, __ATOMIC_SEQ_CST);
		choose_side(&operation);
	}
	status = mutex_originals.lock_timed(mutex, timeout, flags);
	if (status != ACQUIRED || !operation.request.thread || !operation.request.record)
		return status;
	now = clock_ticks();
	judge_sureness(&operation);
	operation.request.try_only = timeout >= 0;
	mutexes_acquired(&operation.request, now, contended, contended ? now - began : 0);
	return status;
}
